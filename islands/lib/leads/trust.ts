/** Which keys belong to leads, judged here and not by the server: two found the set, two vouch for each later one. */

import { recipientBytes } from "../bech32.ts";
import { canonical } from "../canonical.ts";
import { canBeLockedTo } from "../points.ts";
import { actBytes, actStatement, type Draft, type Head } from "./acts.ts";
import { isSigned, type Keyring, signKeyOf } from "./keyring.ts";
import { lockedStatement, type PublicKeys, vouchStatement } from "./statements.ts";

const FOUNDERS = 2;

/** The keys that a lead brings for their seat, signed by themselves. */
export interface Brought {
  readonly seat: string;
  readonly recipient: string;
  readonly sign_key: string;
  readonly signature: string;
}

/** An entry of the record that founds or certifies a key. */
export interface KeyEntry {
  readonly index: number;
  readonly kind: string;
  readonly cites: { readonly key?: readonly number[] };
  readonly data: Brought & { readonly certs?: readonly { readonly seat: string; readonly signature: string }[] };
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

/** The keys in force by seat, from one entry on. */
export interface Since {
  readonly index: number;
  readonly keys: ReadonlyMap<string, PublicKeys>;
}

/** Give the public keys that an entry brings. */
export function keysOf({ data }: KeyEntry): PublicKeys {
  return { recipient: data.recipient, signKey: data.sign_key };
}

/** What a device makes of the entries that the server shows. */
export interface Judged {
  /** Which keys were in force, from entry to entry. */
  readonly past: readonly Since[];
  /** The keys in force by seat. */
  readonly keys: ReadonlyMap<string, PublicKeys>;
  /** The first founding key, which waits to be compared with a second one. */
  readonly first: KeyEntry | undefined;
  /** Those who founded a set, two by two. */
  readonly founders: readonly KeyEntry[];
}

/**
 * Follow which keys were in force, entry by entry. One whose signatures do not hold is passed over: a server cannot add a ghost.
 *
 * Two whose keys `keyring` does not take found nothing for it: a server cannot show one lead a set of ghosts.
 */
export function judge(entries: readonly KeyEntry[], origin: string, keyring?: Keyring): Judged {
  const good = entries.filter(({ data }) => signsItself(origin, data)).sort((one, other) => one.index - other.index);
  const past: Since[] = [];
  const founders: KeyEntry[] = [];
  let keys: ReadonlyMap<string, PublicKeys> = new Map();
  let first: KeyEntry | undefined;
  for (const one of good) {
    const isFirst = one.kind === "key.founded" && !one.cites.key && !one.data.certs?.length;
    const other = good.find(({ index, kind }) => kind === "key.founded" && index === one.cites.key?.[0]);
    if (isFirst) first = one;
    else if (one.kind === "key.founded" && other && signedEachOther(other, one, origin)) {
      if (keyring && !isTaken([other, one], keyring)) continue;
      first = undefined;
      founders.push(other, one);
      keys = new Map([other, one].map((each) => [each.data.seat, keysOf(each)]));
      past.push({ index: one.index, keys });
    } else if (one.kind === "key.certified" && vouchers(one.data, keys, origin).size >= FOUNDERS) {
      keys = new Map([...keys, [one.data.seat, keysOf(one)]]);
      past.push({ index: one.index, keys });
    }
  }
  return { past, keys, first, founders };
}

/** Say whether a keyring takes this founding: its own, or one that it remembers; one that remembers nothing takes all. */
function isTaken(pair: readonly KeyEntry[], keyring: Keyring): boolean {
  const [own, signing] = [signKeyOf(keyring), pair.map(({ data }) => data.sign_key)];
  return !keyring.founders || signing.includes(own) || signing.every((one) => keyring.founders?.includes(one));
}

/** Say whether whoever brings keys can sign with them: they signed themselves, for this seat, and anyone can lock to them. */
export function signsItself(origin: string, data: Brought): boolean {
  const keys = { recipient: data.recipient, signKey: data.sign_key };
  return isKey(keys.recipient) && isSigned(keys.signKey, vouchStatement(origin, data.seat, keys), data.signature);
}

function isKey(recipient: string): boolean {
  try {
    return canBeLockedTo(recipientBytes(recipient));
  } catch (_) {
    return false;
  }
}

/** Give the keys that the record names for a seat: those it waits with as the first founder, or its last ones in force. */
export function ownKeys({ past, first }: Judged, seat: string): PublicKeys | undefined {
  if (first?.data.seat === seat) return keysOf(first);
  return past.flatMap(({ keys }) => keys.get(seat) ?? []).at(-1);
}

/** Say whether each of two founders signed the key of the other, as the second entry says. */
function signedEachOther(first: KeyEntry, second: KeyEntry, origin: string): boolean {
  const hasSigned = (by: KeyEntry, of: KeyEntry): boolean => {
    const signature = (second.data.certs ?? []).find(({ seat }) => seat === by.data.seat)?.signature ?? "";
    return isSigned(by.data.sign_key, vouchStatement(origin, of.data.seat, keysOf(of)), signature);
  };
  return first.data.seat !== second.data.seat && hasSigned(first, second) && hasSigned(second, first);
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

/** An entry of an act, as the log holds it. */
export interface SignedEntry extends Draft {
  readonly index: number;
  readonly v: number;
  readonly act?: {
    readonly nonce: string;
    readonly of: number;
    readonly place: number;
    readonly sigs?: { readonly [seat: string]: Head & { readonly sig: string } };
  };
}

/** Read entries that come with their bytes as text. Throws where one is written in another way than the one. */
export function entriesOf(listed: readonly { readonly index: number; readonly entry: string }[]): SignedEntry[] {
  return listed.map(({ index, entry }) => {
    const read = JSON.parse(entry);
    if (canonical(read) !== entry) throw new SyntaxError("This is no entry as a log holds one.");
    return { ...read, index };
  });
}

/** From this grammar on leads sign promises. */
const PROMISES = 5;

/** Say whether an entry stands at a place of an act, in its one version and under its one nonce. */
function isPartOfAct({ v, act }: SignedEntry, place: number, first: SignedEntry): boolean {
  const isSame = act?.nonce === first.act?.nonce && act?.of === first.act?.of && v === first.v;
  return isSame && act?.place === place && "sigs" in act === (place === 0);
}

/**
 * Say whether the leads in whose name an entry stands signed it, and all that was entered with it, with the last keys that were theirs before.
 * Not where what is told has another shape.
 */
export function isSignedByLeads(
  told: readonly SignedEntry[],
  index: number,
  past: readonly Since[],
  origin: string,
): boolean {
  try {
    const first = told.find((one) => one.index === index) as SignedEntry;
    const { nonce, of, sigs = {} } = first.act as NonNullable<SignedEntry["act"]>;
    const act = told.filter((one) => one.index >= index && one.index < index + of).sort((a, b) => a.index - b.index);
    const before = past.filter((since) => since.index < index);
    const keys = first.by.flatMap((seat) => {
      const own = before.flatMap((since) => since.keys.get(seat) ?? []).at(-1);
      return own ? [[seat, own.signKey] as const] : [];
    });
    if (keys.length === 0 || keys.length !== Object.keys(sigs).length || act.length !== of) return false;
    if (first.v < PROMISES || !act.every((one, place) => isPartOfAct(one, place, first))) return false;
    const bytes = actBytes(first.v, origin, nonce, act, index);
    return keys.every(([seat, key]) => {
      const signed = sigs[seat] as Head & { readonly sig: string };
      return isSigned(key, actStatement(origin, seat, bytes, signed), signed.sig);
    });
  } catch (_) {
    return false;
  }
}
