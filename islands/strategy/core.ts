/** An organizing strategy without a page: what it holds, how it is sealed and checked, how two versions are compared. */

import { hash } from "@stablelib/sha256";
import { hex, padded, random, utf8 } from "../lib/bytes.ts";
import { canonical, type Json, whole } from "../lib/canonical.ts";
import { isSigned } from "../lib/leads/keyring.ts";
import { lines, type PublicKeys } from "../lib/leads/statements.ts";
import type { Judged } from "../lib/leads/trust.ts";

/** The single fields, and the fields of each kind of row. Every value is text. */
export const WORDS = ["title", "long", "intermediate", "short", "bring", "gain"] as const;
export const ROWS = {
  targets: ["office", "level", "decides", "hears", "influence", "position"],
  groups: ["who", "role", "cares", "influence", "position"],
  tactics: ["what", "to", "on", "owner"],
  asks: ["kind", "title", "words", "out"],
} as const;
export type Kind = keyof typeof ROWS;
export const KINDS = Object.keys(ROWS) as Kind[];

/** One row, with an id that stays while its words change. */
export type Row = { readonly id: string; readonly [field: string]: string };

/** What a strategy holds. */
export interface Doc {
  readonly words: { readonly [name: string]: string };
  readonly rows: { readonly [kind in Kind]: readonly Row[] };
}

/** A strategy as it was opened: which version, who signed it, and who is in it. */
export interface Opened {
  readonly version: number;
  readonly seat: string;
  readonly members: readonly string[];
  readonly doc: Doc;
}

/** The sizes of a strategy before it is sealed, in bytes: those of core/sealing/strategy.py, held together by vectors/strategy.json. */
export const BUCKETS = [16_384, 65_536, 262_144];
const MOST_ROWS = 300;

/** Draw an id for a row. */
export function newId(): string {
  return hex(random(6));
}

/** Give a strategy in which nothing is written yet. */
export function blank(): Doc {
  return tidy({});
}

/** Read anything as a strategy: known fields only, text only; what is missing is empty. */
export function tidy(found: unknown): Doc {
  const given = asObject(found);
  const words: { [name: string]: string } = {};
  for (const name of WORDS) words[name] = asText(asObject(given.words)[name]);
  const rows = {} as { [kind in Kind]: Row[] };
  for (const kind of KINDS) {
    const list = asObject(given.rows)[kind];
    rows[kind] = (Array.isArray(list) ? list : []).slice(0, MOST_ROWS).map((one) => row(kind, asObject(one)));
  }
  return { words, rows };
}

function row(kind: Kind, given: { [name: string]: unknown }): Row {
  const made: { id: string; [field: string]: string } = { id: asText(given.id).slice(0, 40) || newId() };
  for (const field of ROWS[kind]) made[field] = asText(given[field]);
  return made;
}

function asObject(value: unknown): { [name: string]: unknown } {
  return value !== null && typeof value === "object" ? (value as { [name: string]: unknown }) : {};
}

function asText(value: unknown): string {
  return typeof value === "string" ? whole(value) : "";
}

/** Write what a lead signs when saving, the same as core/sealing/strategy.py. */
export function statement(
  origin: string,
  strategy: string,
  version: number,
  seat: string,
  members: readonly string[],
  doc: Json,
): Uint8Array {
  const inside = hex(hash(utf8(canonical({ doc, members }))));
  return lines("alongside/strategy/v1", origin, strategy, String(version), seat, inside);
}

/** Write what is sealed, padded with spaces up to a bucket; null where it is more than fits. */
export function plaintext(
  strategy: string,
  version: number,
  seat: string,
  members: readonly string[],
  doc: Json,
  signature: string,
): Uint8Array | null {
  return padded(utf8(canonical({ v: 1, strategy, version, seat, members, doc, signature })), BUCKETS);
}

/** Give every key by which each lead ever signed: old versions stay readable after a new keyring. */
export function signKeys({ past }: Judged): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { keys } of past) {
    for (const [seat, { signKey }] of keys) found.set(seat, (found.get(seat) ?? new Set()).add(signKey));
  }
  return found;
}

/**
 * Read an opened text as a version of a strategy; null where it is none, is another strategy's, or where none of the
 * leads in it signed it: whoever keeps the files could have made it.
 */
export function read(
  text: string,
  strategy: string,
  origin: string,
  keys: ReadonlyMap<string, ReadonlySet<string>>,
): Opened | null {
  try {
    const found = JSON.parse(text);
    const { version, seat, members, doc, signature } = found;
    if (found.strategy !== strategy || !Number.isInteger(version) || !Array.isArray(members)) return null;
    if (!members.every((one) => typeof one === "string") || !members.includes(seat)) return null;
    const said = statement(origin, strategy, version, seat, members, doc);
    const good = [...(keys.get(seat) ?? [])].some((key) => isSigned(key, said, signature));
    return good ? { version, seat, members, doc: tidy(doc) } : null;
  } catch (_) {
    return null;
  }
}

/** Say who stays in it: leads whom a signed version names, as far as the server still has them. It can add nobody. */
export function staying(signed: readonly string[], told: readonly string[]): string[] {
  return signed.filter((who) => told.includes(who));
}

/** Give the keys to seal to: those of leads that this device judged, in the order of the leads. */
export function recipients(members: readonly string[], keys: ReadonlyMap<string, PublicKeys>): string[] {
  return members.flatMap((seat) => keys.get(seat)?.recipient ?? []);
}

/** A place at which two versions differ: a field of words, or one of a row; `null` where that row is not there. */
export interface Difference {
  readonly kind: Kind | "words";
  readonly id: string;
  readonly field: string;
  readonly here: string | null;
  readonly beside: string | null;
}

/** List where two versions differ, in the order of the page. Rows that only one of them has come as a whole. */
export function differences(here: Doc, beside: Doc): Difference[] {
  const found: Difference[] = [];
  for (const field of WORDS) {
    const [one, other] = [here.words[field] as string, beside.words[field] as string];
    if (one !== other) found.push({ kind: "words", id: "", field, here: one, beside: other });
  }
  for (const kind of KINDS) {
    const [ours, theirs] = [byId(here.rows[kind]), byId(beside.rows[kind])];
    for (const id of new Set([...ours.keys(), ...theirs.keys()])) {
      const [one, other] = [ours.get(id), theirs.get(id)];
      if (!one || !other) {
        found.push({ kind, id, field: "", here: one ? sum(kind, one) : null, beside: other ? sum(kind, other) : null });
        continue;
      }
      for (const field of ROWS[kind]) {
        if (one[field] === other[field]) continue;
        found.push({ kind, id, field, here: one[field] as string, beside: other[field] as string });
      }
    }
  }
  return found;
}

/** What is taken where two versions differ: what stands here, what stands beside, or both one after the other. */
export type Choice = "here" | "beside" | "both";

/** Put two versions together. Where nothing was chosen, no words are lost: a row stays, and of two texts both do. */
export function merge(here: Doc, beside: Doc, choices: ReadonlyMap<Difference, Choice>): Doc {
  const words = { ...here.words };
  const rows = { ...here.rows } as { [kind in Kind]: Row[] };
  for (const kind of KINDS) rows[kind] = [...here.rows[kind]];
  for (const [difference, choice] of choices) {
    const { kind, id, field } = difference;
    if (kind === "words") words[field] = chosen(difference, choice);
    else if (field === "") rows[kind] = withRow(rows[kind], byId(beside.rows[kind]).get(id), id, difference, choice);
    else rows[kind] = rows[kind].map((one) => (one.id === id ? { ...one, [field]: chosen(difference, choice) } : one));
  }
  return { words, rows };
}

/** Say what is taken where the lead does not choose. */
export function safest({ here, beside }: Difference, canHoldBoth: boolean): Choice {
  if (!here) return "beside";
  return beside && canHoldBoth ? "both" : "here";
}

function withRow(list: Row[], other: Row | undefined, id: string, difference: Difference, choice: Choice): Row[] {
  if (difference.here === null) return choice !== "here" && other ? [...list, other] : list;
  return choice === "beside" ? list.filter((one) => one.id !== id) : list;
}

function chosen({ here, beside }: Difference, choice: Choice): string {
  if (choice === "here") return here ?? "";
  if (choice === "beside") return beside ?? "";
  return [here, beside].filter(Boolean).join("\n\n");
}

function byId(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((one) => [one.id, one]));
}

function sum(kind: Kind, one: Row): string {
  return ROWS[kind]
    .map((field) => one[field])
    .filter(Boolean)
    .join(" · ");
}
