/** Which keys belong to leads, judged here and not by the server: two found the set, two vouch for each later one. */

import { isSigned } from "./keyring.ts";
import { type PublicKeys, vouchStatement } from "./statements.ts";

const FOUNDERS = 2;

/** An entry of the record that founds, certifies or withdraws a key. */
export interface KeyEntry {
  readonly index: number;
  readonly kind: string;
  readonly data: {
    readonly seat: string;
    readonly recipient: string;
    readonly sign_key: string;
    readonly certs?: readonly { readonly seat: string; readonly signature: string }[];
  };
}

/** Give the keys in force by seat. An entry whose signatures do not hold is passed over: a server cannot add a ghost. */
export function keysInForce(entries: readonly KeyEntry[], origin: string): Map<string, PublicKeys> {
  const keys = new Map<string, PublicKeys>();
  let founded = 0;
  for (const { kind, data } of [...entries].sort((one, other) => one.index - other.index)) {
    const own = { recipient: data.recipient, signKey: data.sign_key };
    if (kind === "key.founded" && founded < FOUNDERS) {
      founded += 1;
      keys.set(data.seat, own);
    } else if (kind === "key.certified" && vouchers(data, own, keys, origin).size >= FOUNDERS) keys.set(data.seat, own);
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
