/** What the site saves for a lead as a file: an act to sign, as core/act_files.py has it, or what people sealed, as core/sealing/saved.py has it. No page. */

import { hash } from "@stablelib/sha256";
import { identityToRecipient } from "age-encryption";
import { concat, fromHex, hex, utf8 } from "../lib/bytes.ts";
import { canonical, type Json } from "../lib/canonical.ts";
import type { Act, Before, Head, Said } from "../lib/leads/acts.ts";
import { isIncluded } from "../lib/leads/inclusion.ts";
import { type Keyring, openText, publicKeys, signKeyOf } from "../lib/leads/keyring.ts";
import {
  entriesOf,
  isMadeByLead,
  isSignedByLeads,
  judge,
  type KeyEntry,
  type MadeEntry,
  ownKeys,
  type SignedEntry,
} from "../lib/leads/trust.ts";
import { BUCKETS } from "../lib/voice.ts";
import type { Frame } from "../reader/session.ts";
import { type Expected, isAsked, type SealedVoice } from "../reader/voices.ts";
import { openHead } from "./head.ts";

/** What a file is: one to sign, or one to read. */
export type Kind = "act" | "voices";

/** Something of a file is not as it should be. `why` names the words that say so, `values` what stands in them. */
export class FileError extends Error {
  readonly why: string;
  readonly values: { readonly [name: string]: string };

  constructor(why: string, values = {}) {
    super(why);
    this.why = why;
    this.values = values;
  }
}

/** An act that a lead would sign. */
export interface ActFile {
  readonly seat: string;
  readonly key: string;
  readonly act: string;
  readonly said: readonly Said[];
  readonly head: Head;
  readonly before: readonly Before[];
  readonly form: string;
}

const KIND = /^\{\s*"kind":\s*"alongside (act|sealed voices) 1"/;
const SEAT = /^seat-[0-9a-f]{8}$/;
const HEX = /^[0-9a-f]{64}$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const [NEWLINE, AT_ONCE, LAST_LINE, ADAY] = [10, 20, 40, 86_400_000];
const MOST_ACT = 4_000_000; // bytes; a longer one is none of ours

/** Say what a file is, by how it begins; null where the site never saved it. */
export async function kindOf(file: Blob): Promise<Kind | null> {
  const found = KIND.exec(await file.slice(0, 100).text());
  return found && (found[1] === "act" ? "act" : "voices");
}

/** Read an act. Throws where it is not whole; what it would have signed is held against its words when it is drawn. */
export async function readAct(file: Blob): Promise<ActFile> {
  if (file.size > MOST_ACT) throw new FileError("not-whole");
  return orNotWhole(JSON.parse, await file.text(), (found: ActFile) => {
    const act = JSON.parse(found.act) as Act;
    return (
      canonical(act as unknown as Json) === found.act &&
      Object.keys(act).sort().join() === "drafts,nonce,origin,v" &&
      SEAT.test(found.seat) &&
      HEX.test(found.key) &&
      typeof found.form === "string" &&
      DAY.test(found.head.day) &&
      Number.isSafeInteger(found.head.size) &&
      HEX.test(found.head.root) &&
      [found.said, found.before, act.drafts].every(Array.isArray) &&
      act.drafts.length > 0
    );
  });
}

/** Give the last day on which an act can be entered; `days` says of each kind how long it is good. Throws where this release does not know it, or it is of another place. */
export function goodUntil({ act, seat, head }: ActFile, version: number, days: ReadonlyMap<string, number>): string {
  const { v, drafts } = JSON.parse(act) as Act;
  const good = days.get(drafts[0]?.kind ?? "");
  if (v !== version || !good || !drafts.every(({ kind }) => days.has(kind))) throw new FileError("other-release");
  if (!drafts.some(({ by }) => by.includes(seat))) throw new FileError("other-place");
  return new Date(Date.parse(`${head.day}T00:00:00Z`) + good * ADAY).toISOString().slice(0, 10);
}

/** Give the file with what a lead signed, to be brought back. Throws for another keyring than that of its place. */
export function signedFile(text: string, file: ActFile, keyring: Keyring, sig: string): string {
  if (signKeyOf(keyring) !== file.key) throw new FileError("other-keyring");
  const signed = { [file.seat]: { ...file.head, sig } };
  return `${JSON.stringify({ ...JSON.parse(text), signed }, null, 1)}\n`;
}

/** What people sealed to a lead: the first line, held against the promise in it. */
export interface SealedFile {
  readonly origin: string;
  readonly seat: string;
  readonly keyring: string;
  readonly wraps: readonly string[];
  /** A signed head of the log, and the key that signed it; all entries stand under it. */
  readonly head: string;
  readonly vkey: string;
  readonly entries: readonly Proved[];
  /** The number of the entry that made the key of the engagement, and of the promise. */
  readonly made: number;
  readonly promise: number;
  readonly form: Frame["form"];
  readonly title: Title;
  /** The titles of the translations that were signed together with the promise. */
  readonly titles?: readonly Title[];
}

/** A title with its language, and the salt of its hash; empty where it was taken down. */
interface Title {
  readonly words?: string;
  readonly salt?: string;
  readonly lang?: string;
}

/** An entry as the log holds it, and the hashes (hex) that lead from it to the root of the head. */
interface Proved {
  readonly index: number;
  readonly entry: string;
  readonly path: readonly string[];
}

interface Promised {
  readonly kind: string;
  readonly cites?: { readonly key?: readonly number[] };
  readonly data: {
    readonly engagement: string;
    readonly form: string;
    readonly recipient: string;
    readonly languages: readonly string[];
    readonly voices_kept_until?: string;
  };
  readonly texts: { readonly title?: Text };
  readonly act?: { readonly of: number };
}

/** What an entry holds of a text. */
interface Text {
  readonly sha256: string;
  readonly lang: string;
}

/** Read the first line of what people sealed. Throws where it is not whole, rests on what the log that it names lacks, or shows other questions, or another title, than were promised. */
export function readSealed(line: string): SealedFile {
  const found = orNotWhole(JSON.parse, line, (one: SealedFile) => {
    const areWhole = one.entries.every(({ path }) => path.every((step) => HEX.test(step))) && isObject(one.title);
    const places = new Set(one.entries.map(({ index }) => index));
    return (
      areWhole &&
      (one.titles === undefined || one.titles.every(isObject)) &&
      places.size === one.entries.length &&
      typeof promised(one).kind === "string"
    );
  });
  if (!stands(found)) throw new FileError("other-log");
  const text = promiseText(found);
  const isPromise = promised(found).kind === "engagement.promised";
  if (!isPromise || canonical(JSON.parse(text)) !== text) throw new FileError("not-whole");
  const { data, texts } = promised(found);
  if (!isAsked(found.form, { ...expected(found), form_hash: data.form })) throw new FileError("other-questions");
  const titled = found.title.words === undefined || isCalled(found.title, texts.title);
  const translated = translatedTitles(found);
  if (!titled || !(found.titles ?? []).every((one) => isCalled(one, translated.get(one.lang ?? ""))))
    throw new FileError("other-questions");
  return found;
}

/** Say whether a title is the one of which an entry holds the hash, in that language. */
function isCalled({ words = "", salt = "", lang }: Title, text?: Text): boolean {
  return salt.length === 32 && lang === text?.lang && hex(hash(concat(fromHex(salt), utf8(words)))) === text?.sha256;
}

/** Give, by language, what each translation holds of the title that was signed together with the promise. */
function translatedTitles({ entries, promise, ...file }: SealedFile): Map<string, Text | undefined> {
  const { act } = promised({ entries, promise, ...file });
  const together = entries.filter(({ index }) => index > promise && index < promise + (act?.of ?? 1));
  const told = together.map(({ entry }) => JSON.parse(entry) as Promised & { data: { lang: string } });
  const translations = told.filter(({ kind }) => kind === "text.translated");
  return new Map(translations.map(({ data, texts }) => [data.lang, texts.title]));
}

function isObject(found: unknown): boolean {
  return typeof found === "object" && found !== null && !Array.isArray(found);
}

/** Say whether each entry stands in its place under a head that the key of the log signed. */
function stands({ head, vkey, origin, entries }: SealedFile): boolean {
  const { size, root, ...signed } = openHead(head, vkey) ?? { origin: null, size: 0, root: "" };
  return (
    signed.origin === origin &&
    entries.every(({ index, entry, path }) => isIncluded(leafOf(entry), index, path, size, root))
  );
}

function leafOf(entry: string): string {
  return hex(hash(concat([0], utf8(entry))));
}

/** Give the promise, as the log holds it. */
function promiseText({ entries, promise }: SealedFile): string {
  return (entries.find(({ index }) => index === promise) as Proved).entry;
}

/** Give the entry of the promise. */
export function promised(file: SealedFile): Promised {
  return JSON.parse(promiseText(file)) as Promised;
}

/** Give what a voice must be meant for, by the promise alone. */
export function expected(file: SealedFile): Expected {
  const { engagement, form } = promised(file).data;
  return { slug: engagement, form_hash: form, notice: leafOf(promiseText(file)) };
}

/** Open the key of the engagement with a lead's own. Throws where other keys stand for her place, no lead made it or signed the promise, or it is not sealed to this keyring. */
export async function engagementKey(file: SealedFile, keyring: Keyring): Promise<string> {
  const { engagement, recipient } = promised(file).data;
  const told = orNotWhole(entriesOf, file.entries, (found: SignedEntry[]) => found.length > 0);
  const keys = told.filter(({ kind }) => kind === "key.founded" || kind === "key.certified") as unknown as KeyEntry[];
  const judged = judge(keys, file.origin, keyring);
  const [named, own] = [ownKeys(judged, file.seat), await publicKeys(keyring)];
  if (named?.recipient !== own.recipient || named.signKey !== own.signKey) throw new FileError("other-own");
  const made = told.find(({ index, kind }) => index === file.made && kind === "key.made") as unknown as
    | MadeEntry
    | undefined;
  if (made?.data.recipient !== recipient || !isMadeByLead(made, engagement, judged.past, file.origin))
    throw new FileError("forged");
  const isAfter = file.promise > file.made && promised(file).cites?.key?.[0] === file.made;
  if (!isAfter || !isSignedByLeads(told, file.promise, judged.past, file.origin)) throw new FileError("not-signed");
  for (const wrap of file.wraps) {
    const identity = await openText(keyring.identity, wrap).catch(() => "");
    if ((await identityToRecipient(identity).catch(() => "")) === recipient) return identity;
  }
  throw new FileError("no-key-fits");
}

/** How many voices a file says that it holds. Throws where it was cut short. */
export async function countOf(file: Blob): Promise<number> {
  const found = /\n\{"voices": (\d{1,7})\}\n$/.exec(await file.slice(-LAST_LINE).text());
  if (!found) throw new FileError("cut");
  return Number(found[1]);
}

/** Give the voices of a file, some at a time; where each with sounds stands goes into `places`. Throws where one is missing, or is none. */
export async function* voicesIn(
  file: Blob,
  count: number,
  places: Map<string, Place>,
): AsyncGenerator<readonly SealedVoice[]> {
  let page: SealedVoice[] = [];
  let seen = -1;
  for await (const { text, ...place } of linesOf(file)) {
    seen += 1;
    if (seen === 0) continue; // the first line is no voice
    if (seen > count) continue; // nor is the last
    const voice = orNotWhole(JSON.parse, text, ({ mark, sealed }: SealedVoice) => {
      return HEX.test(mark) && typeof sealed === "string";
    });
    const spoken = voice.sealed.length > LONGEST_TEXT;
    if (spoken) places.set(voice.mark, place);
    page.push({ ...voice, spoken });
    if (page.length < AT_ONCE) continue;
    yield page;
    page = [];
  }
  yield page;
  if (seen !== count + 1) throw new FileError("cut");
}

/** What is longer was spoken: the largest text as it is sealed, in base64. */
const LONGEST_TEXT = 4 * Math.ceil(((BUCKETS.at(-1) as number) + 200) / 3);

/** Where a line stands in a file. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Give the lines of a file one by one: it may be larger than a device can hold at once. */
export async function* linesOf(file: Blob): AsyncGenerator<Place & { readonly text: string }> {
  const reader = file.stream().getReader();
  let held: Uint8Array<ArrayBufferLike> = new Uint8Array();
  let start = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    held = concat(held, read.value);
    for (let end = held.indexOf(NEWLINE); end >= 0; end = held.indexOf(NEWLINE)) {
      yield { text: new TextDecoder().decode(held.subarray(0, end)), start, end: start + end };
      start += end + 1;
      held = held.subarray(end + 1);
    }
  }
}

/** Read text, and say that it is not whole where it does not read or has not the shape. */
function orNotWhole<T, S>(read: (told: S) => unknown, text: S, isWhole: (found: T) => boolean): T {
  let found: T;
  try {
    found = read(text) as T;
    if (!isWhole(found)) throw new FileError("not-whole");
  } catch (_) {
    throw new FileError("not-whole");
  }
  return found;
}
