/** Seals bytes to one X25519 recipient as an age file (C2SP age, version 1). It cannot open anything. */

import { ChaCha20Poly1305 } from "@stablelib/chacha20poly1305";
import { scalarMult, scalarMultBase } from "@stablelib/x25519";
import { concat, type Random, random, rawBase64, utf8 } from "./bytes.ts";
import { hkdf, mac } from "./kdf.ts";

/** Bytes that are sealed at once. */
export const CHUNK = 65536;
const NOTHING = new Uint8Array(0);

/**
 * Seal `plaintext` to the 32 bytes of a recipient.
 * `draw(n)` is asked for the file key, the ephemeral secret and the payload nonce, in this order.
 * Throws where the recipient is a point of low order, to which nothing can be sealed.
 */
export function seal(plaintext: Uint8Array, recipient: Uint8Array, draw: Random = random): Uint8Array {
  const [head, cipher] = begin(recipient, draw);
  const sealed = [head];
  for (let at = 0; !at || at < plaintext.length; at += CHUNK) sealed.push(chunk(cipher, plaintext, at));
  return concat(...sealed);
}

/** Make a file's header and nonce, and the cipher of its payload. */
export function begin(recipient: Uint8Array, draw: Random): [Uint8Array, ChaCha20Poly1305] {
  const key = draw(16);
  const secret = draw(32);
  const nonce = draw(16);
  const share = scalarMultBase(secret);
  const shared = scalarMult(secret, recipient);
  if (shared.every((byte) => byte === 0)) throw new Error("The key is of low order; copy the right key.");
  const wrap = hkdf(shared, concat(share, recipient), "age-encryption.org/v1/X25519");
  const body = new ChaCha20Poly1305(wrap).seal(new Uint8Array(12), key);
  const signed = utf8(`age-encryption.org/v1\n-> X25519 ${rawBase64(share)}\n${rawBase64(body)}\n---`);
  const mark = rawBase64(mac(hkdf(key, NOTHING, "header"), signed));
  const cipher = new ChaCha20Poly1305(hkdf(key, nonce, "payload"));
  for (const spent of [key, secret, shared, wrap]) spent.fill(0);
  return [concat(signed, utf8(` ${mark}\n`), nonce), cipher];
}

/** Seal the 64 KiB that begin at `at`, under their count and whether they are the last. */
export function chunk(cipher: ChaCha20Poly1305, plaintext: Uint8Array, at: number): Uint8Array {
  const nonce = new Uint8Array(12);
  nonce[9] = at >> 24; // counts of up to 32,767: 2 GiB
  nonce[10] = at >> 16;
  nonce[11] = at + CHUNK < plaintext.length ? 0 : 1;
  return cipher.seal(nonce, plaintext.subarray(at, at + CHUNK));
}
