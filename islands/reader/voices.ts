/** Opens sealed voices and judges each: only a voice of this engagement, under its own seal mark, and only once. */

import { ChaCha20Poly1305 } from "@stablelib/chacha20poly1305";
import { hash } from "@stablelib/sha256";
import { Decrypter } from "age-encryption";
import { CHUNK } from "../lib/age.ts";
import { fromBase64, fromHex, hex, utf8 } from "../lib/bytes.ts";
import { canonical, type Json } from "../lib/canonical.ts";
import { hkdf } from "../lib/kdf.ts";
import { sealMark } from "../lib/receipt/digits.ts";
import { isSpoken, type Sounds, soundsIn, tellsOfSound } from "../lib/spoken.ts";
import { BUCKETS, type Said, type TakenIn, type Voice } from "../lib/voice.ts";

/** A voice as the server keeps it; of one with sounds, its beginning alone. */
export interface SealedVoice {
  readonly mark: string;
  readonly sealed: string;
  readonly spoken?: boolean;
}

/** What an opened file holds: the voice, its text to the last byte but the padding, and its sounds. */
export interface Read {
  readonly voice: Voice & Partial<Omit<TakenIn, "v">>;
  readonly text: string;
  readonly sounds: Sounds;
}

/** A voice that was opened and found good. `text` is what was sealed, to the last byte but the padding. */
export interface OpenedVoice extends Voice, Partial<Omit<TakenIn, "v">> {
  readonly mark: string;
  readonly text: string;
}

/** Why a voice was left out. */
export type Reason =
  | "unreadable"
  | "not-a-voice"
  | "other-engagement"
  | "other-form"
  | "other-promise"
  | "other-receipt"
  | "twin";

/** What a voice must be meant for. */
export interface Expected {
  readonly slug: string;
  readonly form_hash: string;
  /** The leaf hash of the promise, in hexadecimal: what people agreed to. */
  readonly notice: string;
}

const FIELDS = ["answers", "engagement", "form", "lang", "quote", "r", "v"];
const TAKEN_IN = [...FIELDS, "consent", "taken"].sort();
/** How a voice comes that a lead took in for somebody; one that its person sent came by `OWN`: as core/sealing/voice.py has them. */
export const WAYS = ["paper", "session", "door", "phone"];
const OWN = "self";
const HEAD = /^age-encryption\.org\/v1\n-> X25519 [A-Za-z0-9+/]{43}\n[A-Za-z0-9+/]{43}\n--- /;
const MAC = 44; // letters of the header's mark, with its end of line
const NONCE = 16;
const TAG = 16;
const LINE = 10; // "\n"
const SPOKEN = 3; // the version with sounds
const BREATH = 24; // ms of work between two breaths of the page

/** Say whether a form is the one that people were asked: a voice, and the promise, hold its hash alone. */
export function isAsked(form: unknown, expected: Expected): boolean {
  return hex(hash(utf8(canonical(form as Json)))) === expected.form_hash;
}

/** Open every voice, page by page; `breathe` is told how many are done and lets the page draw. */
export async function openAll(
  pages: AsyncIterable<readonly SealedVoice[]> | Iterable<readonly SealedVoice[]>,
  identity: string,
  expected: Expected,
  breathe: (done: number) => Promise<void>,
): Promise<{ opened: OpenedVoice[]; left: Map<string, Reason> }> {
  const opener = new Decrypter();
  opener.addIdentity(identity);
  const opened: OpenedVoice[] = [];
  const left = new Map<string, Reason>();
  const seen = new Set<string>();
  let count = 0;
  let last = performance.now();
  for await (const page of pages) {
    for (const one of page) {
      const found = await openOne(opener, one, expected);
      if (typeof found === "string") left.set(one.mark, found);
      else if (seen.has(found.r)) left.set(one.mark, "twin");
      else {
        seen.add(found.r);
        opened.push(found);
      }
      count += 1;
      if (performance.now() - last < BREATH) continue;
      await breathe(count);
      last = performance.now();
    }
    await breathe(count);
  }
  return { opened, left };
}

async function openOne(opener: Decrypter, one: SealedVoice, expected: Expected): Promise<OpenedVoice | Reason> {
  let opened: Uint8Array;
  try {
    const file = fromBase64(one.sealed);
    opened = one.spoken ? await openBeginning(opener, file) : await openWhole(opener, file);
  } catch (_) {
    return "unreadable";
  }
  const read = one.spoken ? headIn(opened) : voiceIn(opened);
  if (!read) return "not-a-voice";
  const { voice, text } = read;
  if (voice.engagement !== expected.slug) return "other-engagement";
  if (voice.form !== expected.form_hash) return "other-form";
  if (voice.consent && voice.consent.notice !== expected.notice) return "other-promise";
  if (hex(sealMark(fromHex(voice.r))) !== one.mark) return "other-receipt";
  return { ...voice, mark: one.mark, text };
}

/** Open the sounds of a voice whose text was opened before; null where they are not those that it tells of. */
export async function openSounds(sealed: string, identity: string, voice: OpenedVoice): Promise<Sounds | null> {
  const opener = new Decrypter();
  opener.addIdentity(identity);
  try {
    const read = voiceIn(await openWhole(opener, fromBase64(sealed)));
    return read && read.text === voice.text ? read.sounds : null;
  } catch (_) {
    return null;
  }
}

/** Give the header up to its mark. Only a single X25519 stanza: a passphrase stanza would let a stranger make this device work for minutes. */
function startOf(file: Uint8Array): number {
  const found = HEAD.exec(String.fromCharCode(...file.subarray(0, 160)));
  if (!found) throw new Error("It is not a voice that a page sealed.");
  return found[0].length;
}

async function openWhole(opener: Decrypter, file: Uint8Array): Promise<Uint8Array> {
  const isOneChunk = file.length <= startOf(file) + MAC + NONCE + CHUNK + TAG; // what is typed, without a stream for each
  return isOneChunk ? openFirst(opener, file, 1) : opener.decrypt(file);
}

/** Open the first chunk of a file that has more: it stands under its own mark, so it is whole and the first. */
async function openBeginning(opener: Decrypter, file: Uint8Array): Promise<Uint8Array> {
  return openFirst(opener, file, 0);
}

/** Open the first chunk of a file; `last` is 1 where it is the only one, as age counts. */
async function openFirst(opener: Decrypter, file: Uint8Array, last: 0 | 1): Promise<Uint8Array> {
  const payload = startOf(file) + MAC;
  const key = await opener.decryptHeader(file.subarray(0, payload));
  const [nonce, sealed] = [file.subarray(payload, payload + NONCE), file.subarray(payload + NONCE)];
  const counter = new Uint8Array(12);
  counter[11] = last;
  const cipher = new ChaCha20Poly1305(hkdf(key, nonce, "payload"));
  const opened = cipher.open(counter, sealed.subarray(0, CHUNK + TAG));
  if (!opened) throw new Error("It was changed.");
  return opened;
}

/** Read an opened file as a voice; null for anything else, however hostile. */
export function voiceIn(opened: Uint8Array): Read | null {
  if (opened.length > (BUCKETS[BUCKETS.length - 1] as number)) {
    const head = headIn(opened);
    const sounds = head && soundsIn(head.voice.answers, opened.subarray(opened.indexOf(LINE) + 1));
    return head && sounds && { ...head, sounds };
  }
  const read = textIn(opened);
  return read && versionOf(read.voice) !== SPOKEN ? read : null;
}

/** Read the text of a voice with sounds, from its beginning. */
function headIn(opened: Uint8Array): Read | null {
  const end = opened.indexOf(LINE);
  const read = end < 0 ? null : textIn(opened.subarray(0, end));
  return read && versionOf(read.voice) === SPOKEN ? read : null;
}

function versionOf(voice: Voice): unknown {
  return (voice as unknown as { v: unknown }).v;
}

function textIn(bytes: Uint8Array): Read | null {
  let text: string;
  let fields: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    fields = JSON.parse(text);
  } catch (_) {
    return null;
  }
  if (typeof fields !== "object" || fields === null) return null;
  const one = fields as Voice & Partial<Omit<TakenIn, "v">> & { v: number };
  const isTaken = one.v === 2 || one.v === SPOKEN;
  if (Object.keys(fields).sort().join() !== (isTaken ? TAKEN_IN : FIELDS).join()) return null;
  const good =
    (isTaken ? [OWN, ...WAYS].includes(one.taken as string) && isAgreed(one.consent) : one.v === 1) &&
    short(one.engagement) &&
    matches(/^[0-9a-f]{64}$/, one.form) &&
    matches(/^[0-9a-f]{64}$/, one.r) &&
    matches(/^(?=.{2,35}$)[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*$/, one.lang) &&
    typeof one.quote === "boolean" &&
    typeof one.answers === "object" &&
    one.answers !== null &&
    !Array.isArray(one.answers) &&
    Object.entries(one.answers).every(([name, said]) => short(name) && isSaid(said)) &&
    Object.values(one.answers).some(isSpoken) === (one.v === SPOKEN);
  return good ? { voice: one, text: text.replace(/ +$/, ""), sounds: {} } : null;
}

function isAgreed(consent: unknown): boolean {
  if (typeof consent !== "object" || consent === null || Object.keys(consent).sort().join() !== "how,notice,on")
    return false;
  const { notice, how, on } = consent as TakenIn["consent"];
  return matches(/^[0-9a-f]{64}$/, notice) && ["paper", "aloud", "screen"].includes(how) && isDay(on);
}

function isDay(value: unknown): boolean {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === value;
}

function isSaid(said: Said): boolean {
  if (Array.isArray(said)) return said.every((one) => typeof one === "string");
  if (typeof said === "object") return said !== null && tellsOfSound(said);
  return typeof said === "string" || Number.isSafeInteger(said);
}

function short(value: unknown): boolean {
  return typeof value === "string" && value.length > 0 && value.length <= 64;
}

function matches(pattern: RegExp, value: unknown): boolean {
  return typeof value === "string" && pattern.test(value);
}
