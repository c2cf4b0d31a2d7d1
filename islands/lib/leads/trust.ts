/** Which keys belong to leads, judged here and not by the server: two found the set, two vouch for each later one. */

import { isSigned } from "./keyring.ts";
import { type PublicKeys, vouchStatement } from "./statements.ts";

const FOUNDERS = 2;

/** From this version of the record's rules on, two keys found the set only when each lead has signed the other's. */
const COMPARED = 2;

/** An entry of the record that founds or certifies a key. */
export interface KeyEntry {
  readonly v: number;
  readonly index: number;
  readonly kind: string;
  readonly cites: { readonly key?: readonly number[] };
  readonly data: {
    readonly seat: string;
    readonly recipient: string;
    readonly sign_key: string;
    readonly certs?: readonly { readonly seat: string; readonly signature: string }[];
  };
}

/** Give the public keys that an entry brings. */
export function keysOf({ data }: KeyEntry): PublicKeys {
  return { recipient: data.recipient, signKey: data.sign_key };
}

function inOrder(entries: readonly KeyEntry[]): KeyEntry[] {
  return [...entries].sort((one, other) => one.index - other.index);
}

/** Give the two founding keys where each lead signed the other's, the newest where the set was founded anew; nothing before. */
export function founding(entries: readonly KeyEntry[], origin: string): KeyEntry[] {
  const told = inOrder(entries).filter(({ kind }) => kind === "key.founded");
  for (const second of [...told].reverse()) {
    const first = told.find(({ index }) => index === second.cites.key?.[0]);
    if (first && signedBy(first, second, second, origin) && signedBy(second, first, second, origin)) {
      return [first, second];
    }
  }
  const old = told.filter(({ v }) => v < COMPARED);
  return old.length >= FOUNDERS ? old.slice(0, FOUNDERS) : [];
}

/** Say whether one founder signed the key of the other, as the second entry says. */
function signedBy(by: KeyEntry, of: KeyEntry, second: KeyEntry, origin: string): boolean {
  const signature = (second.data.certs ?? []).find(({ seat }) => seat === by.data.seat)?.signature ?? "";
  const isOther = by.data.seat !== of.data.seat;
  return isOther && isSigned(by.data.sign_key, vouchStatement(origin, of.data.seat, keysOf(of)), signature);
}

/** Give the first founding key, which waits to be compared with a second one. */
export function firstKey(entries: readonly KeyEntry[], origin: string): KeyEntry | undefined {
  const last = founding(entries, origin).at(-1)?.index ?? -1;
  return inOrder(entries)
    .filter(({ kind, index }) => kind === "key.founded" && index > last)
    .at(-1);
}

/** Give the keys in force by seat. An entry whose signatures do not hold is passed over: a server cannot add a ghost. */
export function keysInForce(entries: readonly KeyEntry[], origin: string): Map<string, PublicKeys> {
  const two = founding(entries, origin);
  const keys = new Map(two.map((one) => [one.data.seat, keysOf(one)]));
  if (keys.size < FOUNDERS) return new Map();
  const since = two.at(-1)?.index ?? 0;
  for (const one of inOrder(entries)) {
    const own = keysOf(one);
    if (one.kind === "key.certified" && one.index > since && vouchers(one.data, own, keys, origin).size >= FOUNDERS) {
      keys.set(one.data.seat, own);
    }
  }
  return keys;
}

/** Give the other seats whose own key signed for this one. */
function vouchers(data: KeyEntry["data"], own: PublicKeys, keys: Map<string, PublicKeys>, origin: string): Set<string> {
  const statement = vouchStatement(origin, data.seat, own);
  const good = (data.certs ?? []).filter(({ seat, signature }) => {
    const theirs = keys.get(seat);
    return seat !== data.seat && theirs !== undefined && isSigned(theirs.signKey, statement, signature);
  });
  return new Set(good.map(({ seat }) => seat));
}
