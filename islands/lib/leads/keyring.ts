/** A lead's keyring: made here, sealed under six words, never anywhere in the clear but in the memory of the page. */

import { generateKeyPairFromSeed, sign as signed, verify } from "@stablelib/ed25519";
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { base64, fromBase64, fromHex, hex, padded, random, utf8 } from "../bytes.ts";
import { canSign } from "../points.ts";
import type { PublicKeys } from "./statements.ts";

const WORK = 16; // scrypt with N = 2^16: 64 MiB, half a second, and old phones survive

/** The secret halves, an age identity and the 32 bytes that sign; and which keys had founded the leads' set when it was made, in hex. */
export interface Keyring {
  readonly identity: string;
  readonly seed: Uint8Array;
  /** Empty for who founds; missing in keyrings of before, and in those made by others while two found the set. */
  readonly founders?: readonly string[];
}

/** Make a new keyring that remembers these founders. */
export async function makeKeyring(founders?: readonly string[]): Promise<Keyring> {
  return { identity: await generateX25519Identity(), seed: random(32), ...(founders ? { founders } : {}) };
}

/** Compute the public halves. */
export async function publicKeys(keyring: Keyring): Promise<PublicKeys> {
  const recipient = await identityToRecipient(keyring.identity);
  return { recipient, signKey: signKeyOf(keyring) };
}

/** Compute the public half of what signs, in hex. */
export function signKeyOf({ seed }: Keyring): string {
  return hex(generateKeyPairFromSeed(seed).publicKey);
}

/** Bring typed words to how they were drawn: small letters, one space between. */
export function tidy(typed: string): string {
  return typed
    .normalize("NFKC")
    .trim()
    .toLowerCase()
    .split(/[\s,.]+/)
    .join(" ");
}

/** Seal a keyring under a passphrase. */
export async function sealKeyring(keyring: Keyring, passphrase: string): Promise<Uint8Array> {
  const sealer = new Encrypter();
  sealer.setPassphrase(tidy(passphrase));
  sealer.setScryptWorkFactor(WORK);
  return sealer.encrypt(written(keyring));
}

/** Write a keyring as what is sealed of it. */
export function written(keyring: Keyring): string {
  return JSON.stringify({ v: 1, ...keyring, seed: hex(keyring.seed) });
}

/** Read a keyring that was written. Throws where it is none. */
export function readKeyring(text: string): Keyring {
  const { v: _, seed, ...kept } = JSON.parse(text);
  return { ...kept, seed: fromHex(seed) };
}

/** Open a keyring; null where the words do not fit. */
export async function openKeyring(file: Uint8Array, passphrase: string): Promise<Keyring | null> {
  const opener = new Decrypter();
  opener.addPassphrase(tidy(passphrase));
  try {
    return readKeyring(await opener.decrypt(file, "text"));
  } catch (_) {
    return null;
  }
}

/** Open the keyring that the words are for: a lead who serves again has one of each term, and acts in the seat of that one. */
export async function openAny(
  sealed: readonly string[],
  seats: readonly string[],
  typed: string,
): Promise<{ keyring: Keyring; seat: string } | null> {
  for (const [place, seat] of seats.entries()) {
    const keyring = await openKeyring(fromBase64(sealed[place] ?? ""), typed);
    if (keyring) return { keyring, seat };
  }
  return null;
}

/** Sign a statement; base64. */
export function sign(keyring: Keyring, statement: Uint8Array): string {
  return base64(signed(generateKeyPairFromSeed(keyring.seed).secretKey, statement));
}

/** Say whether a base64 signature by a key (hex) stands under a statement. */
export function isSigned(signKey: string, statement: Uint8Array, signature: string): boolean {
  try {
    return canSign(fromHex(signKey)) && verify(fromHex(signKey), statement, fromBase64(signature));
  } catch (_) {
    return false;
  }
}

/** Seal bytes or text to one recipient, or to several of whom each can open it alone; base64. */
export async function sealTo(recipient: string | string[], content: string | Uint8Array): Promise<string> {
  const sealer = new Encrypter();
  for (const one of [recipient].flat()) sealer.addRecipient(one);
  return base64(await sealer.encrypt(content));
}

const SIZES = [16_384, 32_768, 65_536, 131_072, 196_608, 262_144, 393_216, 786_432, 1_572_864];

/** Seal what leads write for one another, with spaces up to a size, so that nobody counts voices by its length. */
export async function sealNote(recipient: string, note: unknown): Promise<string> {
  const text = utf8(JSON.stringify(note));
  return sealTo(recipient, padded(text, SIZES) ?? text);
}

/** Open a file, or its base64, with an identity, as text. Throws where it does not open. */
export async function openText(identity: string, file: string | Uint8Array): Promise<string> {
  const opener = new Decrypter();
  opener.addIdentity(identity);
  return opener.decrypt(typeof file === "string" ? fromBase64(file) : file, "text");
}

/** The 32 random bytes, in hex, that the server sealed to a new key. */
const NONCE = /^[0-9a-f]{64}$/;

/** Open a test voice; null where something else was sealed, which then goes nowhere: it might be somebody's voice. */
export async function openNonce(identity: string, file: string): Promise<string | null> {
  const nonce = (await openText(identity, file)).trim();
  return NONCE.test(nonce) ? nonce : null;
}

/** Open what another lead wrote; null where it does not open, or has not the shape: it stops nobody. */
export async function openAs<T>(identity: string, file: string, fits: (found: T) => boolean): Promise<T | null> {
  try {
    const found = JSON.parse(await openText(identity, file)) as T;
    return fits(found) ? found : null;
  } catch (_) {
    return null;
  }
}
