/** A draft of a workplan kept in step with the server: what is sent, what is kept until it is taken in, and how text is retyped. No DOM. */

import * as Y from "yjs";
import { base64, fromBase64 } from "../lib/bytes.ts";

export const SERVER = "server"; // the origin of what the server sent
export const PAGE = "page"; // the origin of what was typed on this page

/** What the server answers: the number it has come to, what is new, its state after an update, and who is there. */
export interface Reply {
  readonly number: number;
  readonly updates: readonly string[];
  readonly state: string;
  readonly present: readonly string[];
}

/** How a question to the server ended. */
export type Outcome =
  | { readonly how: "taken"; readonly reply: Reply }
  | { readonly how: "refused"; readonly words: string }
  | { readonly how: "closed" }
  | { readonly how: "offline" };

export type Send = (after: number, update: string) => Promise<Outcome>;

/** Keeps words that the server has not taken in yet where they outlast a reload. */
export interface Shelf {
  put(update: string): void;
  take(): string;
}

/** One draft and its way to the server. A step at a time: send what is new here, take in what is new there. */
export class Link {
  readonly doc = new Y.Doc();
  refusal = "";
  #after = 0;
  #unsent: Uint8Array[] = [];
  readonly #send: Send;
  readonly #shelf: Shelf;

  constructor(send: Send, shelf: Shelf) {
    this.#send = send;
    this.#shelf = shelf;
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === SERVER) return;
      this.#unsent.push(update);
      this.refusal = ""; // what was refused may fit now
      this.#keep();
    });
    const kept = shelf.take();
    if (!kept) return;
    this.#unsent.push(fromBase64(kept)); // by hand: what it rests on may come with the first answer only
    Y.applyUpdate(this.doc, fromBase64(kept), SERVER);
  }

  /** Whether the server lacks anything that was written here. */
  get waits(): boolean {
    return this.#unsent.length > 0;
  }

  /** Send and take in once. After a refusal only news are asked for, until something is written again. */
  async step(): Promise<Outcome> {
    const sending = this.refusal ? [] : this.#unsent.slice();
    const outcome = await this.#send(this.#after, sending.length ? base64(Y.mergeUpdates(sending)) : "");
    if (outcome.how === "refused") this.refusal = outcome.words;
    if (outcome.how !== "taken") return outcome;
    this.#unsent.splice(0, sending.length);
    for (const update of outcome.reply.updates) Y.applyUpdate(this.doc, fromBase64(update), SERVER);
    this.#after = outcome.reply.number;
    if (outcome.reply.state) this.#mend(fromBase64(outcome.reply.state));
    this.#keep();
    return outcome;
  }

  /** Send everything again that the server's state does not cover, as after an update that came out of order. */
  #mend(state: Uint8Array): void {
    if (this.#unsent.length) return;
    const there = Y.decodeStateVector(state);
    const here = Y.decodeStateVector(Y.encodeStateVector(this.doc));
    const lacks = [...here].some(([client, clock]) => clock > (there.get(client) ?? 0));
    if (lacks) this.#unsent.push(Y.encodeStateAsUpdate(this.doc, state));
  }

  #keep(): void {
    this.#shelf.put(this.#unsent.length ? base64(Y.mergeUpdates(this.#unsent)) : "");
  }
}

/** What turns one text into another: so many signs gone at a place, and what comes instead. */
export interface Splice {
  readonly at: number;
  readonly gone: number;
  readonly come: string;
}

/** Find the one splice between two texts. Never cuts a sign of two halves apart. */
export function spliceOf(before: string, after: string): Splice {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  if (isSecondHalf(before, head) || isSecondHalf(after, head)) head--;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  if (isSecondHalf(before, before.length - tail) || isSecondHalf(after, after.length - tail)) tail--;
  return { at: head, gone: before.length - head - tail, come: after.slice(head, after.length - tail) };
}

function isSecondHalf(text: string, at: number): boolean {
  const code = at > 0 && at < text.length ? text.charCodeAt(at) : 0;
  return code >= 0xdc00 && code <= 0xdfff;
}

/** Write what was typed into the shared text. */
export function retype(text: Y.Text, before: string, after: string): void {
  const { at, gone, come } = spliceOf(before, after);
  text.doc?.transact(() => {
    if (gone) text.delete(at, gone);
    if (come) text.insert(at, come);
  }, PAGE);
}

/** Put words that were typed before the first answer into a text that has changed meanwhile; nothing of either is lost. */
export function addTo(text: Y.Text, shown: string, typed: string): void {
  const now = text.toString();
  if (typed === shown || typed === now) return;
  if (now === shown) {
    retype(text, shown, typed);
    return;
  }
  const { at, come } = spliceOf(shown, typed);
  if (come) text.doc?.transact(() => text.insert(Math.min(at, now.length), come), PAGE);
}

/** A change as Yjs tells it. */
export type Delta = readonly { retain?: number | undefined; insert?: unknown; delete?: number | undefined }[];

/** Say where a place in a text is after a change by someone else. */
export function moved(delta: Delta, place: number): number {
  let at = 0;
  let found = place;
  for (const one of delta) {
    if (one.retain) at += one.retain;
    else if (typeof one.insert === "string") {
      if (at <= found) found += one.insert.length;
      at += one.insert.length;
    } else if (one.delete && at < found) found = Math.max(at, found - one.delete);
  }
  return found;
}
