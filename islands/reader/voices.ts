/** Opens sealed voices and judges each: only a voice of this engagement, under its own seal mark, and only once. */

import { hash } from "@stablelib/sha256";
import { Decrypter } from "age-encryption";
import { fromBase64, fromHex, hex, utf8 } from "../lib/bytes.ts";
import { canonical, type Json } from "../lib/canonical.ts";
import { sealMark } from "../lib/receipt/digits.ts";
import type { Said, TakenIn, Voice } from "../lib/voice.ts";

/** A voice as the server keeps it. */
export interface SealedVoice {
  readonly mark: string;
  readonly sealed: string;
}

/** A voice that was opened and found good. `text` is what was sealed, to the last byte but the padding. */
export interface OpenedVoice extends Voice, Partial<Omit<TakenIn, "v">> {
  readonly mark: string;
  readonly text: string;
}

/** Why a voice was left out. */
export type Reason = "unreadable" | "not-a-voice" | "other-engagement" | "other-form" | "other-receipt" | "twin";

/** What a voice must be meant for. */
export interface Expected {
  readonly slug: string;
  readonly form_hash: string;
}

const FIELDS = ["answers", "engagement", "form", "lang", "quote", "r", "v"];
const TAKEN_IN = [...FIELDS, "consent", "taken"].sort();
/** How a voice comes that a lead took in for somebody; one that its person sent came by `OWN`. */
export const WAYS = ["paper", "session", "door", "phone"];
const OWN = "self";
const HEAD = /^age-encryption\.org\/v1\n-> X25519 [A-Za-z0-9+/]{43}\n[A-Za-z0-9+/]{43}\n--- /;
const STEP = 20; // voices between two breaths of the page

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
      if (count % STEP === 0) await breathe(count);
    }
    await breathe(count);
  }
  return { opened, left };
}

async function openOne(opener: Decrypter, one: SealedVoice, expected: Expected): Promise<OpenedVoice | Reason> {
  let text: string;
  try {
    const file = fromBase64(one.sealed);
    // Only a single X25519 stanza: a passphrase stanza would let a stranger make this device work for minutes.
    if (!HEAD.test(String.fromCharCode(...file.subarray(0, 160)))) return "unreadable";
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await opener.decrypt(file));
  } catch (_) {
    return "unreadable";
  }
  const voice = voiceIn(text);
  if (!voice) return "not-a-voice";
  if (voice.engagement !== expected.slug) return "other-engagement";
  if (voice.form !== expected.form_hash) return "other-form";
  if (hex(sealMark(fromHex(voice.r))) !== one.mark) return "other-receipt";
  return { ...voice, mark: one.mark, text: text.replace(/ +$/, "") };
}

/** Read an opened text as a voice; null for anything else, however hostile. */
export function voiceIn(text: string): Voice | null {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch (_) {
    return null;
  }
  if (typeof fields !== "object" || fields === null) return null;
  const one = fields as Voice & Partial<Omit<TakenIn, "v">> & { v: number };
  const isTaken = one.v === 2;
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
    Object.entries(one.answers).every(([name, said]) => short(name) && isSaid(said));
  return good ? one : null;
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
  return typeof said === "string" || Number.isSafeInteger(said);
}

function short(value: unknown): boolean {
  return typeof value === "string" && value.length > 0 && value.length <= 64;
}

function matches(pattern: RegExp, value: unknown): boolean {
  return typeof value === "string" && pattern.test(value);
}
