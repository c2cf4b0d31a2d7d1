/** HKDF with SHA-256, one block long: all that receipts and age files need. */

import { hmac } from "@stablelib/hmac";
import { SHA256 } from "@stablelib/sha256";
import { concat, utf8 } from "./bytes.ts";

/** Compute HMAC-SHA-256. */
export function mac(key: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(SHA256, key, data);
}

/** Derive 32 bytes from `key` (RFC 5869: extract, then one block of expand). */
export function hkdf(key: Uint8Array, salt: Uint8Array, info: string): Uint8Array {
  return mac(mac(salt, key), concat(utf8(info), [1]));
}
