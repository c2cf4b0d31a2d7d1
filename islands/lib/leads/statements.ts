/** What leads sign, word for word the same as core/sealing/leads.py, and the fingerprint by which they compare keys. */

import { hash } from "@stablelib/sha256";
import { hex, utf8 } from "../bytes.ts";

/** The two public halves of a lead's keyring: `age1...` and 64 hex digits. */
export interface PublicKeys {
  readonly recipient: string;
  readonly signKey: string;
}

/** Write what a lead signs to vouch that these keys are the keys of a seat, and the new key itself. */
export function vouchStatement(origin: string, seat: string, keys: PublicKeys): Uint8Array {
  return lines("alongside/vouch/v1", origin, seat, keys.recipient, keys.signKey);
}

/** Write what a lead signs who makes or shares the key of an engagement: it, and the leads' keys by seat that it is locked to. */
export function lockedStatement(
  origin: string,
  engagement: string,
  recipient: string,
  keys: Iterable<readonly [string, string]>,
): Uint8Array {
  const locked = [...keys].map(([seat, own]) => `${seat} ${own}`).sort();
  return lines("alongside/locked/v1", origin, engagement, recipient, ...locked);
}

interface MadePapers {
  readonly recipient: string;
  readonly needed: number;
  readonly papers: readonly string[];
}

/** Write what a lead signs who makes recovery papers. */
export function papersStatement(origin: string, made: MadePapers): Uint8Array {
  return lines("alongside/recovery/v1", origin, made.recipient, String(made.needed), ...made.papers);
}

/** Write what the second lead signs, whose device joined some and found all to be of one key. */
export function joinedStatement(origin: string, made: MadePapers): Uint8Array {
  return lines("alongside/recovery-joined/v1", origin, made.recipient, String(made.needed), ...made.papers);
}

/** Write what a lead signs who typed the digits of a recovery paper. */
export function checkedStatement(origin: string, recipient: string, paper: number, knownBy: string): Uint8Array {
  return lines("alongside/recovery-checked/v1", origin, recipient, String(paper), knownBy);
}

/** Write what a lead signs to sign in. */
export function challengeStatement(origin: string, seat: string, challenge: string): Uint8Array {
  return lines("alongside/sign-in/v1", origin, seat, challenge);
}

/** Compute the 30 digits that two leads compare, in groups of 5. */
export function fingerprint(origin: string, seat: string, keys: PublicKeys): string {
  const digest = hash(lines("alongside/fingerprint/v2", origin, seat, keys.recipient, keys.signKey));
  const number = BigInt(`0x${hex(digest)}`) % 10n ** 30n;
  return (number.toString().padStart(30, "0").match(/.{5}/g) as string[]).join(" ");
}

/** Write what is signed or hashed: each part on a line of its own. */
export function lines(...parts: string[]): Uint8Array {
  return utf8(parts.map((part) => `${part}\n`).join(""));
}
