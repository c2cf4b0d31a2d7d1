/** The page on which a lead writes down what somebody said, seals it, and sends it under the digits of a stub. */

import { recipientBytes } from "../lib/bech32.ts";
import { canonical } from "../lib/canonical.ts";
import { all, attribute, empty, one, post, remove, show, warn } from "../lib/page.ts";
import { groups, make, parse } from "../lib/receipt/digits.ts";
import { clear, problemOf, showProblem, speechOf } from "../lib/speaking.ts";
import { type Sealed, type Speech, sealSpeech } from "../seal/core.ts";
import { isAlone, readFile, saveFile } from "./alone.ts";
import { isKept, keepPages } from "./kit.ts";
import { Session } from "./session.ts";
import { fate, Store } from "./waiting.ts";

const PATIENCE = 60; // seconds
const A_SECOND = 16e3; // letters that a slow line sends in one
const PAUSED = 423;

/** One page on which a lead takes in one voice after another. */
export class Taking {
  protected readonly host: HTMLElement;
  private readonly button: HTMLElement;
  private readonly store = Store.open();
  private look = (_taken: readonly string[]): Promise<void> => Promise.resolve();
  private busy = false;
  private sending = false;
  private count = 0;
  private saved: readonly string[] = [];
  private last: { readonly words: string; readonly sealed: Sealed } | null = null;

  constructor(host: HTMLElement, button: HTMLElement) {
    this.host = host;
    this.button = button;
    button.addEventListener("click", this.start);
    addEventListener("beforeunload", (event) => {
      if (this.isBegun(speechOf(host))) warn(event);
    });
    for (const name of ["online", "pageshow"]) addEventListener(name, this.sendWaiting);
    for (const [name, does] of [
      ["[data-send-waiting]", this.sendWaiting],
      ["[data-drop-refused]", this.dropRefused],
      ["[data-keep]", this.keepPage],
      ["[data-save-waiting]", this.saveWaiting],
      ["[data-drop-saved]", this.dropSaved],
    ] as const) {
      one(host, name)?.addEventListener("click", does);
    }
    one(host, "[data-brought]")?.addEventListener("change", this.bring);
    if (!isAlone(host)) isKept().then((kept) => this.tellKept(kept));
    show(one(host, "[data-past]"), this.isPast());
    this.openSession();
    show(one(host, "[data-form]"), true);
    show(button, true);
  }

  private readonly start = (): void => {
    if (this.busy) return;
    this.wait(true);
    all(this.host, "[data-problems-shown]").forEach(remove);
    show(one(this.host, "[data-taken]"), false);
    setTimeout(() => {
      this.send().catch(() => this.fail("refused"));
    }, 50); // let the page show that something happens
  };

  private async send(): Promise<void> {
    const speech = this.speech();
    if (typeof speech === "string") return this.fail(speech);
    const code = (one(this.host, "[data-code]") as HTMLInputElement).value;
    const typed = code.trim() ? parse(code) : null;
    if (typed?.problem) return this.fail("code");
    const sealed = await this.sealed(speech, code, typed ? typed.secret : make());
    if (typeof sealed === "string") return this.fail(sealed);
    const store = await this.store;
    const address = attribute(this.host, "post");
    await store?.add({ recipient: attribute(this.host, "recipient"), post: address, sent: sealed.sent }); // before it is sent: a phone may go off at any moment
    const status = await this.sendOne(address, sealed.sent);
    const isPast = status !== PAUSED && fate(status) === "later" && this.isPast(); // it would wait for a day that is over
    const comes = status === PAUSED || isPast ? "never" : fate(status); // what is typed while it is paused stays in the form
    if (comes !== "later") await store?.drop(sealed.sent.mark);
    if (isAlone(this.host) && !store && !isPast) {
      this.saveAll([sealed.sent]); // this browser keeps nothing: it leaves as a file at once
      return this.told(sealed, !!typed, false);
    }
    if (comes === "never" || (comes === "later" && !store)) return this.fail(isPast ? "past" : problemOf(status));
    await this.told(sealed, !!typed, comes === "taken");
  }

  /** Say that a voice is locked, and whether it was sent. */
  private async told(sealed: Sealed, hasStub: boolean, isSent: boolean): Promise<void> {
    this.last = null;
    this.count += 1;
    this.next(hasStub ? "" : sealed.digits, isSent);
    await this.tellWaiting();
  }

  /** Take notes where a lead says that it is a session, unless the whole form is filled in for one person, or this browser keeps nothing. */
  private async openSession(): Promise<void> {
    const [part, store] = [one(this.host, "[data-notes]"), await this.store];
    if (!part || !store) return;
    const session = new Session(this.host, part, store, this.sendWaiting, today);
    this.look = (taken) => session.look(taken);
    const whole = one(part, "[data-whole]") as HTMLElement;
    let isWhole = false;
    const choose = (): void => {
      const chosen = one(this.host, "input[name=taken]:checked") as HTMLInputElement | null;
      const notes = chosen?.value === "session" && !isWhole;
      show(part, notes);
      show(one(this.host, "[data-person]"), !notes);
    };
    for (const radio of all(this.host, "input[name=taken]")) {
      radio.addEventListener("change", () => {
        isWhole = false;
        choose();
      });
    }
    whole.addEventListener("click", () => {
      isWhole = true;
      choose();
      (one(this.host, "[data-code]") as HTMLElement).focus();
    });
    choose();
  }

  /** Say whether the last day of this page is over, by the clock of this device. */
  private isPast(): boolean {
    return today() > attribute(this.host, "closes");
  }

  private sendOne(address: string, sent: Sealed["sent"]): Promise<number> {
    if (isAlone(this.host)) return Promise.resolve(0);
    const body = Object.assign({}, sent, { website: "" });
    return post(address, body, PATIENCE + sent.sealed.length / A_SECOND).then(({ status }) => status);
  }

  /** Send what waits, one after the other; the same bytes count once, however often they arrive. */
  private readonly sendWaiting = async (): Promise<void> => {
    const store = await this.store;
    if (!store || this.sending) return;
    this.sending = true;
    const taken: string[] = [];
    for (const voice of await store.all(attribute(this.host, "recipient"))) {
      if (voice.refused || voice.held) continue;
      const comes = fate(await this.sendOne(voice.post, voice.sent));
      if (comes === "taken") {
        await store.drop(voice.sent.mark);
        taken.push(voice.sent.mark);
      } else if (comes === "never") await store.refuse(voice);
      else break; // no signal, or the site is busy: the others wait, too
      await this.tellWaiting();
    }
    this.sending = false;
    const left = await this.tellWaiting();
    show(one(this.host, "[data-all-sent]"), taken.length > 0 && !left);
    await this.look(taken);
  };

  private readonly dropRefused = async (): Promise<void> => {
    const store = await this.store;
    if (!store) return;
    for (const voice of await store.all(attribute(this.host, "recipient"))) {
      if (voice.refused) await store.drop(voice.sent.mark);
    }
    await this.tellWaiting();
  };

  /** Save what waits as a file; it stays here until the lead, who looked whether the file is there, deletes it. */
  private readonly saveWaiting = async (): Promise<void> => {
    const store = await this.store;
    const every = store ? await store.all(attribute(this.host, "recipient")) : [];
    const waiting = every.filter(({ held }) => !held).map(({ sent }) => sent);
    if (!waiting.length) return;
    this.saveAll(waiting);
    this.saved = waiting.map(({ mark }) => mark);
    show(one(this.host, "[data-saved]"), true);
  };

  private saveAll(voices: readonly Sealed["sent"][]): void {
    saveFile(attribute(this.host, "alone"), attribute(this.host, "recipient"), voices);
  }

  private readonly dropSaved = async (): Promise<void> => {
    const store = await this.store;
    for (const mark of this.saved) await store?.drop(mark);
    this.saved = [];
    show(one(this.host, "[data-saved]"), false);
    await this.tellWaiting();
  };

  /** Bring in what a computer saved, and send it as what waited here: the same bytes count once. */
  private readonly bring = async (): Promise<void> => {
    all(this.host, "[data-problems-shown]").forEach(remove);
    const [store, field] = [await this.store, one(this.host, "[data-brought]") as HTMLInputElement];
    const recipient = attribute(this.host, "recipient");
    for (const file of field.files ? Array.from(field.files) : []) {
      const voices = readFile(await file.text(), recipient);
      if (!voices || !store) return showProblem(this.host, "brought");
      for (const sent of voices) {
        await store.add({ recipient, post: attribute(this.host, "post"), sent }).catch(() => undefined); // it waits here already
      }
    }
    field.value = "";
    await this.tellWaiting();
    await this.sendWaiting();
  };

  private readonly keepPage = async (): Promise<void> => {
    all(this.host, "[data-problems-shown]").forEach(remove);
    show(one(this.host, "[data-keeping]"), true);
    const kept = await keepPages(all(document, "a[hreflang]") as HTMLAnchorElement[]).catch(() => false);
    show(one(this.host, "[data-keeping]"), false);
    if (kept) this.tellKept(true);
    else showProblem(this.host, "kit");
  };

  /** Say whether this page is on the device. */
  private tellKept(kept: boolean): void {
    show(one(this.host, "[data-kept-here]"), kept);
    show(one(this.host, "[data-not-kept-here]"), !kept);
  }

  /** Say how many voices wait on this device, and how many the site does not take; give how many there are. */
  private async tellWaiting(): Promise<number> {
    const store = await this.store;
    const every = store ? await store.all(attribute(this.host, "recipient")) : [];
    const all = every.filter(({ held }) => !held);
    const refused = all.filter((one) => one.refused).length;
    for (const [name, count] of [
      ["waiting", all.length - refused],
      ["refused", refused],
    ] as const) {
      (one(this.host, `[data-count-${name}]`) as HTMLElement).textContent = String(count);
      show(one(this.host, `[data-${name}]`), count > 0);
    }
    return all.length;
  }

  /** Give what was said with how it came, or what is missing. */
  private speech(): Speech | string {
    const chosen = (name: string): string => {
      const found = one(this.host, `input[name=${name}]:checked`) as HTMLInputElement | null;
      return found ? found.value : "";
    };
    const [taken, how] = [chosen("taken"), chosen("how")];
    this.host.setAttribute("on", today());
    const speech = speechOf(this.host, taken, how);
    if (!taken) return "taken";
    if (!how) return "how";
    if (!this.isBegun(speech)) return "empty";
    const lang = (one(this.host, "[data-spoken]") as HTMLSelectElement).value;
    return Object.assign(speech, { lang });
  }

  /** Say whether something was said. */
  protected isBegun(speech: Speech): boolean {
    return Object.keys(speech.answers).length > 0;
  }

  /** Seal a speech, or name the problem; a second try with the same words gives the same bytes, so that it can count only once. */
  protected sealed(speech: Speech, code: string, secret: Uint8Array): Sealed | string | Promise<Sealed | string> {
    const words = canonical([speech, code]);
    if (this.last?.words === words) return this.last.sealed;
    const fresh = sealSpeech(speech, recipientBytes(attribute(this.host, "recipient")), undefined, secret);
    this.last = fresh && { words, sealed: fresh };
    return fresh || "long";
  }

  /** Empty what the next person fills; where no stub was at hand, show the digits to write on one. */
  protected next(row: string, isSent: boolean): void {
    clear(one(this.host, "[data-person]") as HTMLElement);
    this.wait(false);
    (one(this.host, "[data-count]") as HTMLElement).textContent = String(this.count);
    const place = one(this.host, "[data-digits]") as HTMLElement;
    empty(place);
    for (const group of row ? groups(row) : []) {
      const item = document.createElement("li");
      item.textContent = group.split("").join(" ");
      place.appendChild(item);
    }
    show(one(this.host, "[data-written]"), !!row);
    show(one(this.host, "[data-sent]"), isSent);
    show(one(this.host, "[data-later]"), !isSent);
    const taken = one(this.host, "[data-taken]") as HTMLElement;
    show(taken, true);
    taken.scrollIntoView();
    if (row) taken.focus();
    else (one(this.host, "[data-code]") as HTMLElement).focus();
  }

  private fail(problem: string): void {
    this.wait(false);
    showProblem(this.host, problem);
  }

  private wait(busy: boolean): void {
    this.busy = busy;
    this.button.setAttribute("aria-disabled", String(busy));
    show(one(this.host, "[data-sending]"), busy);
  }
}

/** Give the day by the clock of this device. */
function today(): string {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => `0${part}`.slice(part > 99 ? 1 : -2))
    .join("-");
}
