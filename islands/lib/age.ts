/** Seals bytes to one X25519 recipient as an age file (C2SP age, version 1). It cannot open anything. */

import { ChaCha20Poly1305 } from "@stablelib/chacha20poly1305";
import { scalarMult, scalarMultBase } from "@stablelib/x25519";
import { concat, type Random, random, rawBase64, utf8 } from "./bytes.ts";
import { hkdf, mac } from "./kdf.ts";

const CHUNK = 65536;
const NOTHING = new Uint8Array(0);

/**
 * Seal `plaintext` to the 32 bytes of a recipient.
 * `draw(n)` is asked for the file key, the ephemeral secret and the payload nonce, in this order.
 * Throws where the recipient is a point of low order, to which nothing can be sealed.
 */
export function seal(plaintext: Uint8Array, recipient: Uint8Array, draw: Random = random): Uint8Array {
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
  const file = concat(signed, utf8(` ${mark}\n`), nonce, ...chunks(plaintext, hkdf(key, nonce, "payload")));
  for (const spent of [key, secret, shared, wrap]) spent.fill(0);
  return file;
}

/** Seal the payload in chunks of 64 KiB, each under its count and whether it is the last. */
function chunks(plaintext: Uint8Array, key: Uint8Array): Uint8Array[] {
  const cipher = new ChaCha20Poly1305(key);
  const count = Math.max(1, Math.ceil(plaintext.length / CHUNK));
  const sealed: Uint8Array[] = [];
  for (let place = 0; place < count; place++) {
    const nonce = new Uint8Array(12);
    new DataView(nonce.buffer).setUint32(7, place);
    nonce[11] = place === count - 1 ? 1 : 0;
    sealed.push(cipher.seal(nonce, plaintext.subarray(place * CHUNK, (place + 1) * CHUNK)));
  }
  return sealed;
}
