/** What leads do in the reader goes on the public log under their own keys: each signs her part here, of words that the site does not have yet. */

import { isAhead, isPartOf, type Meant, type Part, signPart, type ToSign } from "../lib/leads/acts.ts";
import { isIncluded, leafOf } from "../lib/leads/inclusion.ts";
import { Refused } from "../lib/leads/server.ts";
import { words } from "../lib/leads/views.ts";
import type { Frame, Session } from "./session.ts";

/** The entry that an act rests on: its number, and whether what stands there (its bytes as text) is the one that this device knows. */
export interface Upon {
  readonly index: number;
  readonly isIt: (entry: string) => boolean;
}

/** Give the promise to which the opened voices agreed. */
export function upon({ promise, notice }: Frame): Upon {
  return { index: promise, isIt: (entry) => leafOf(entry) === notice };
}

/** Who signed what is sent with it: the seed of the salts, and each lead's signature by their seat. */
export interface Signatures {
  readonly seed: string;
  readonly signed: { readonly [seat: string]: Part["signed"] };
}

/** What another lead signed before, and their seat. */
export interface Earlier {
  readonly seat: string;
  readonly part: Part;
}

/**
 * Sign this lead's part of an act, `about` which the server knows what hash or number; with the same nonce and seed as another lead before.
 * Nothing is signed where what the server names does not fit: what it rests on stands in the log as this device knows it.
 */
export async function signAct(
  session: Session,
  { index, isIt }: Upon,
  about: string,
  meant: readonly Meant[],
  before?: Earlier,
): Promise<Part> {
  const { host, server, keyring } = session;
  const cited = meant.flatMap(({ cites }) => Object.values(cites).flat());
  const asked = { kind: meant[0]?.kind, about, cited: Math.max(0, ...cited), upon: index };
  const told = await server.post<ToSign>("to-sign", asked);
  const stop = (why: string): never => {
    throw new Refused(words(host, why), 0);
  };
  if (isAhead(told)) stop("other-day");
  if (!cited.every((one) => one < told.size)) stop("other-head");
  const stands = isIncluded(leafOf(told.entry), index, told.path, told.size, told.root);
  if (!stands || !isIt(told.entry)) stop("other-promise");
  if (before && (before.part.nonce !== told.nonce || before.part.v !== told.v)) stop("other-before");
  return signPart(keyring, server.origin, server.seat, meant, told, before?.part.seed);
}

/** Say whether another lead signed exactly this, with the key that leads certified for their seat. */
export function isSignedBy({ server, keys }: Session, seat: string, meant: readonly Meant[], part: unknown): boolean {
  const key = keys.get(seat);
  return key !== undefined && isPartOf(key.signKey, server.origin, seat, meant, part);
}

/** Give what is sent of what this lead and those before signed. */
export function signatures({ server }: Session, own: Part, before: readonly Earlier[] = []): Signatures {
  const signed = before.map(({ seat, part }) => [seat, part.signed]);
  return { seed: own.seed, signed: { ...Object.fromEntries(signed), [server.seat]: own.signed } };
}
