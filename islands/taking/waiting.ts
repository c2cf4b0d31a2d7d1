/** Sealed voices that wait on this device for a signal. It holds what is sent and nothing else: no word can be read here, not even by who typed it. */

import type { Sealed } from "../seal/core.ts";

/** What is sent of one voice, of which engagement (its recipient), where to, whether the site refused it for good, and whether it is held until the room heard it. */
export interface Waiting {
  readonly recipient: string;
  readonly post: string;
  readonly sent: Sealed["sent"];
  readonly refused?: boolean;
  readonly held?: boolean;
}

const NAME = "alongside-waiting";
const VOICES = "voices";

/** A store of voices that outlives the tab, by their seal marks. */
export class Store {
  private readonly database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.database = database;
  }

  /** Open the store of this site; null where the browser keeps nothing, as in a private window of some. */
  static open(): Promise<Store | null> {
    return new Promise((done) => {
      if (typeof indexedDB === "undefined") return done(null);
      let asked: IDBOpenDBRequest;
      try {
        asked = indexedDB.open(NAME, 1);
      } catch (_) {
        return done(null); // some browsers forbid it to a file on the disk
      }
      asked.onupgradeneeded = () => asked.result.createObjectStore(VOICES, { keyPath: "sent.mark" });
      asked.onsuccess = () => done(new Store(asked.result));
      asked.onerror = () => done(null);
    });
  }

  /** Keep a new voice; it is on the disk once this is done. Fails where another one waits under the same digits. */
  add(voice: Waiting): Promise<void> {
    return this.change((voices) => voices.add(voice));
  }

  /** Put a voice that is held in the place of another that is held still; say whether that one was there. */
  async replace(mark: string, voice: Waiting): Promise<boolean> {
    let isReplaced = false;
    await this.change((voices) => {
      const asked = voices.get(mark);
      asked.onsuccess = () => {
        if (!asked.result?.held) return;
        isReplaced = true;
        voices.delete(mark);
        voices.add(voice);
      };
    });
    return isReplaced;
  }

  /** Note of a voice that the site refused it for good. */
  refuse(voice: Waiting): Promise<void> {
    return this.change((voices) => voices.put(Object.assign({}, voice, { refused: true })));
  }

  /** Let a voice that was held be sent. */
  release({ recipient, post, sent }: Waiting): Promise<void> {
    return this.change((voices) => voices.put({ recipient, post, sent }));
  }

  /** Forget a voice that the site has, or that nobody wants any more. */
  drop(mark: string): Promise<void> {
    return this.change((voices) => voices.delete(mark));
  }

  /** Give all that waits for an engagement. */
  all(recipient: string): Promise<Waiting[]> {
    return new Promise((done, fail) => {
      const asked = this.database.transaction(VOICES).objectStore(VOICES).getAll();
      asked.onsuccess = () => done((asked.result as Waiting[]).filter((one) => one.recipient === recipient));
      asked.onerror = () => fail(asked.error);
    });
  }

  private change(act: (voices: IDBObjectStore) => void): Promise<void> {
    return new Promise((done, fail) => {
      const change = this.database.transaction(VOICES, "readwrite", { durability: "strict" });
      change.oncomplete = () => done();
      change.onerror = change.onabort = () => fail(change.error);
      act(change.objectStore(VOICES));
    });
  }
}

const IN_HAND = "alongside-note ";

/** Say to other tabs, for as long as this one is open, that it has a note in hand; an old browser cannot. */
export function takeInHand(mark: string): Promise<void> {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((done) => {
    navigator.locks.request(IN_HAND + mark, () => {
      done();
      return new Promise(() => undefined);
    });
  });
}

/** Give the marks of the notes that tabs which are open have in hand. */
export async function inHand(): Promise<string[]> {
  const { held } = navigator.locks ? await navigator.locks.query() : { held: [] };
  const names = (held || []).map(({ name }) => name || "");
  return names.filter((name) => name.indexOf(IN_HAND) === 0).map((name) => name.slice(IN_HAND.length));
}

/** What an answer of the site means for a voice: it has it, it takes it later, or never. */
export function fate(status: number): "taken" | "later" | "never" {
  if (status >= 200 && status < 300) return "taken";
  return [0, 423, 429].indexOf(status) >= 0 || status >= 500 ? "later" : "never";
}
