/** What leads sign before it goes on the public log: the same as core/sealing/acts.py writes. */

import { hash } from "@stablelib/sha256";
import { concat, fromHex, hex, random, utf8 } from "../bytes.ts";
import { canonical, type Json } from "../canonical.ts";
import { isSigned, type Keyring, sign } from "./keyring.ts";
import { lines } from "./statements.ts";

/** An entry of an act, without index and day; what it cites of the same act is "+n". */
export interface Draft {
  readonly kind: string;
  readonly by: readonly string[];
  readonly data: { readonly [name: string]: Json };
  readonly cites: { readonly [role: string]: readonly (number | string)[] };
  readonly texts: { readonly [name: string]: { readonly lang: string; readonly sha256: string } };
}

/** An act as it is signed. */
export interface Act {
  readonly origin: string;
  readonly nonce: string;
  readonly v: number;
  readonly drafts: readonly Draft[];
}

/** The day, and the head of the log, over which a lead signs. */
export interface Head {
  readonly day: string;
  readonly size: number;
  readonly root: string;
}

/** Public words: the place of their entry in the act, their name, the salt in hex, the words. */
export type Said = readonly [number, string, string, string];

/** Write an act: entries in a row, the first of which has or gets the index `first`. */
export function actBytes(
  v: number,
  origin: string,
  nonce: string,
  entries: readonly Draft[],
  first: number,
): Uint8Array {
  const drafts = entries.map(({ kind, by, data, cites, texts }) => {
    const roles = Object.entries(cites).map(([role, cited]) => [
      role,
      cited.map((one) => (typeof one === "number" && one >= first ? `+${one - first}` : one)),
    ]);
    return { kind, by, data, cites: Object.fromEntries(roles) as Draft["cites"], texts };
  });
  return utf8(canonical({ v, origin, nonce, drafts } as unknown as Json));
}

/** Write what a lead signs for an act. */
export function actStatement(origin: string, seat: string, act: Uint8Array, { day, size, root }: Head): Uint8Array {
  return lines("alongside/lead-act/v1", origin, seat, hex(hash(act)), day, String(size), root);
}

const DAY = 86_400_000;

/** Say whether the day is still to come, give or take one for other time zones: what is signed is good for some days from it. */
export function isAhead({ day }: Head): boolean {
  return Date.parse(`${day}T12:00:00Z`) - Date.now() > 2 * DAY;
}

/** Say whether a head holds all that an act cites outside of it: what she saw there is then what she signs. */
export function holdsCited(drafts: readonly Draft[], { size }: Head): boolean {
  return drafts.every(({ cites }) => Object.values(cites).every((cited) => cited.every((one) => isBelow(one, size))));
}

/** Say whether an entry is the act's own ("+n"), or stands below so many entries. */
function isBelow(one: number | string, size: number): boolean {
  return typeof one === "number" ? one < size : one.startsWith("+");
}

/** A salt: 16 bytes in hex. */
const SALT = /^[0-9a-f]{32}$/;

/** Say whether these are the words of an act, all of them and no others. */
export function areWordsOf(drafts: readonly Draft[], said: readonly Said[]): boolean {
  const named = drafts.flatMap(({ texts }, place) => Object.keys(texts).map((name) => `${place} ${name}`));
  const given = new Set(said.map(([place, name]) => `${place} ${name}`));
  const fits = said.every(
    ([place, name, salt, words]) =>
      Number.isInteger(place) &&
      SALT.test(salt) && // of another length it could hold some of the words
      hex(hash(concat(fromHex(salt), utf8(words)))) === drafts[place]?.texts[name]?.sha256,
  );
  return fits && given.size === said.length && named.length === given.size;
}

/** What another lead signed before: their part, its words, their key, and over which head. */
export interface Before {
  readonly seat: string;
  readonly key: string;
  readonly act: string;
  readonly said: readonly Said[];
  readonly signed: Head & { readonly sig: string };
}

/** What each lead says for herself of these kinds: all else is the same in the part of each. */
const OWN: { readonly [kind: string]: readonly string[] } = {
  "delivery.verified": ["saw", "check"],
  "delivery.disputed": ["saw", "check"],
};

/** Say whether another lead's key signed this part, in these words, and whether it is the same as this act but for what each says. */
export function fitsBeside(act: Act, { seat, key, act: text, said, signed }: Before): boolean {
  const theirs = JSON.parse(text) as Act;
  return (
    theirs.drafts.every(({ by }) => by.length === 1 && by[0] === seat) &&
    shared(theirs) === shared(act) &&
    areWordsOf(theirs.drafts, said) &&
    isSigned(key, actStatement(theirs.origin, seat, utf8(text), signed), signed.sig)
  );
}

/** Write what is the same in the part of each who signs an act. */
function shared({ v, origin, nonce, drafts }: Act): string {
  const told = drafts.map(({ kind, cites, data, texts }) => {
    const rest = <T>(held: { readonly [name: string]: T }): { [name: string]: T } =>
      Object.fromEntries(Object.entries(held).filter(([name]) => !(OWN[kind] ?? []).includes(name)));
    return { kind, cites, data: rest(data), texts: rest(texts) };
  });
  return canonical([v, origin, nonce, told] as unknown as Json);
}

/** What a lead would have on the public log: an entry with its words as they are, each in its language. */
export interface Meant {
  readonly kind: string;
  readonly data: Draft["data"];
  readonly cites: { readonly [role: string]: readonly number[] };
  readonly texts: { readonly [name: string]: { readonly lang: string; readonly words: string } };
}

/** What the server names for an act whose words it has not: the grammar, the nonce, the day and a head. */
export interface ToSign extends Head {
  readonly v: number;
  readonly nonce: string;
  /** What the act rests on, as the log holds it, and the hashes that lead from it to the root. */
  readonly entry: string;
  readonly path: readonly string[];
}

/** What a lead signed of an act: all that its words need beside themselves. */
export interface Part {
  readonly v: number;
  readonly nonce: string;
  /** What the salts of the words follow from. */
  readonly seed: string;
  readonly signed: Head & { readonly sig: string };
}

const SALT_BYTES = 16;

/** Give the salt of a text, as core/sealing/acts.py does: it follows from the nonce, too, so that no text has that of another. */
function saltOf({ nonce, seed }: Pick<Part, "nonce" | "seed">, place: number, name: string): Uint8Array {
  return hash(lines("alongside/reader-salt/v1", nonce, seed, String(place), name)).slice(0, SALT_BYTES);
}

/** Write a lead's own part of what leads sign apart. */
export function partBytes(
  origin: string,
  seat: string,
  meant: readonly Meant[],
  { v, nonce, seed }: Pick<Part, "v" | "nonce" | "seed">,
): Uint8Array {
  const drafts = meant.map(({ kind, data, cites, texts }, place): Draft => {
    const hashed = Object.entries(texts).map(([name, { lang, words }]) => {
      const salted = concat(saltOf({ nonce, seed }, place, name), utf8(words));
      return [name, { lang, sha256: hex(hash(salted)) }];
    });
    const cited = Object.entries(cites).filter(([, entries]) => entries.length > 0);
    return { kind, by: [seat], data, cites: Object.fromEntries(cited), texts: Object.fromEntries(hashed) };
  });
  return actBytes(v, origin, nonce, drafts, Number.POSITIVE_INFINITY);
}

/** Sign a part over a head; with the seed of who signed before, or a new one. */
export function signPart(
  keyring: Keyring,
  origin: string,
  seat: string,
  meant: readonly Meant[],
  { v, nonce, day, size, root }: Omit<ToSign, "path" | "entry">,
  seed: string = hex(random(SALT_BYTES)),
): Part {
  const head = { day, size, root };
  const part = partBytes(origin, seat, meant, { v, nonce, seed });
  return { v, nonce, seed, signed: { ...head, sig: sign(keyring, actStatement(origin, seat, part, head)) } };
}

/** Say whether a lead signed exactly this with the key (hex) of their seat; not where what is told as their part is none. */
export function isPartOf(key: string, origin: string, seat: string, meant: readonly Meant[], part: unknown): boolean {
  try {
    const { signed, ...rest } = part as Part;
    return isSigned(key, actStatement(origin, seat, partBytes(origin, seat, meant, rest), signed), signed.sig);
  } catch (_) {
    return false;
  }
}
