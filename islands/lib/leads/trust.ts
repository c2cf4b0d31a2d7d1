/** Which keys belong to leads, judged here and not by the server: two found the set, two vouch for each later one. */

import { isSigned } from "./keyring.ts";
import { lockedStatement, type PublicKeys, vouchStatement } from "./statements.ts";

const FOUNDERS = 2;

/** An entry of the record that founds or certifies a key. */
export interface KeyEntry {
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

/** An entry of the record that makes the key of an engagement. */
export interface MadeEntry {
  readonly index: number;
  readonly by: readonly string[];
  readonly data: {
    readonly engagement: string;
    readonly recipient: string;
    readonly wrapped_to: readonly string[];
    readonly signature?: string;
  };
}

/** The keys in force by seat, from one entry on; `founds` where that entry founds the set, or founds it anew. */
interface Since {
  readonly index: number;
  readonly founds: boolean;
  readonly keys: ReadonlyMap<string, PublicKeys>;
}

/** Give the public keys that an entry brings. */
export function keysOf({ data }: KeyEntry): PublicKeys {
  return { recipient: data.recipient, signKey: data.sign_key };
}

function inOrder(entries: readonly KeyEntry[]): KeyEntry[] {
  return [...entries].sort((one, other) => one.index - other.index);
}

/** Follow which keys were in force, entry by entry. One whose signatures do not hold is passed over: a server cannot add a ghost. */
export function history(entries: readonly KeyEntry[], origin: string): Since[] {
  const found: Since[] = [];
  let keys: ReadonlyMap<string, PublicKeys> = new Map();
  for (const one of inOrder(entries)) {
    const first = entries.find(({ index, kind }) => kind === "key.founded" && index === one.cites.key?.[0]);
    const founds = one.kind === "key.founded" && first !== undefined && signedEachOther(first, one, origin);
    if (founds) keys = new Map([first, one].map((each) => [each.data.seat, keysOf(each)]));
    else if (one.kind === "key.certified" && vouchers(one.data, keys, origin).size >= FOUNDERS)
      keys = new Map([...keys, [one.data.seat, keysOf(one)]]);
    else continue;
    found.push({ index: one.index, founds, keys });
  }
  return found;
}

/** Say whether each of two founders signed the key of the other, as the second entry says. */
function signedEachOther(first: KeyEntry, second: KeyEntry, origin: string): boolean {
  const hasSigned = (by: KeyEntry, of: KeyEntry): boolean => {
    const signature = (second.data.certs ?? []).find(({ seat }) => seat === by.data.seat)?.signature ?? "";
    return isSigned(by.data.sign_key, vouchStatement(origin, of.data.seat, keysOf(of)), signature);
  };
  return first.data.seat !== second.data.seat && hasSigned(first, second) && hasSigned(second, first);
}

/** Give the first founding key, which waits to be compared with a second one. */
export function firstKey(entries: readonly KeyEntry[], origin: string): KeyEntry | undefined {
  const last =
    history(entries, origin)
      .filter(({ founds }) => founds)
      .at(-1)?.index ?? -1;
  return inOrder(entries)
    .filter(({ kind, index }) => kind === "key.founded" && index > last)
    .at(-1);
}

/** Give the keys in force by seat. */
export function keysInForce(entries: readonly KeyEntry[], origin: string): Map<string, PublicKeys> {
  return new Map(history(entries, origin).at(-1)?.keys);
}

/** Say whether a lead made this key for this engagement: who did signed it, and the keys that it was locked to, with the key that was theirs then. */
export function isMadeByLead(made: MadeEntry, engagement: string, past: readonly Since[], origin: string): boolean {
  const keys = past.filter(({ index }) => index < made.index).at(-1)?.keys ?? new Map<string, PublicKeys>();
  const { recipient, wrapped_to, signature = "" } = made.data;
  const own = made.by.length === 1 ? keys.get(made.by[0] as string) : undefined;
  if (!own || made.data.engagement !== engagement) return false;
  const locked = wrapped_to.map((seat): [string, string] => [seat, keys.get(seat)?.recipient ?? ""]);
  return isSigned(own.signKey, lockedStatement(origin, engagement, recipient, locked), signature);
}

/** Give the other seats whose own key signed for this one. */
function vouchers(data: KeyEntry["data"], keys: ReadonlyMap<string, PublicKeys>, origin: string): Set<string> {
  const statement = vouchStatement(origin, data.seat, { recipient: data.recipient, signKey: data.sign_key });
  const good = (data.certs ?? []).filter(({ seat, signature }) => {
    const theirs = keys.get(seat);
    return seat !== data.seat && theirs !== undefined && isSigned(theirs.signKey, statement, signature);
  });
  return new Set(good.map(({ seat }) => seat));
}
