/** Bytes and how they are written: UTF-8, hex, base64. No TextEncoder, no BigInt: this runs on old phones. */

export type Random = (size: number) => Uint8Array;

/** Ask the browser for random bytes. */
export function random(size: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(size));
}

/** Join arrays of bytes. */
export function concat(...parts: ArrayLike<number>[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Write text as UTF-8; half a character becomes U+FFFD. */
export function utf8(text: string): Uint8Array {
  const out: number[] = [];
  for (const letter of text) {
    let code = letter.codePointAt(0) as number;
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) out.push(code);
    else if (code < 0x800) out.push(0xc0 | (code >> 6), tail(code));
    else if (code < 0x10000) out.push(0xe0 | (code >> 12), tail(code >> 6), tail(code));
    else out.push(0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code));
  }
  return new Uint8Array(out);
}

function tail(code: number): number {
  return 0x80 | (code & 0x3f);
}

/** Write bytes as small hex letters. */
export function hex(bytes: ArrayLike<number>): string {
  let out = "";
  for (let at = 0; at < bytes.length; at++) out += (256 + (bytes[at] as number)).toString(16).slice(1);
  return out;
}

/** Read hex as bytes; the caller knows it is hex. */
export function fromHex(text: string): Uint8Array {
  const out = new Uint8Array(text.length / 2);
  for (let at = 0; at < out.length; at++) out[at] = parseInt(text.substr(at * 2, 2), 16);
  return out;
}

/** Write bytes as base64 with padding. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Read base64 with padding. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** Write bytes as base64 without padding, as age headers do. */
export function rawBase64(bytes: Uint8Array): string {
  return base64(bytes).replace(/={1,2}$/, "");
}

/** Add spaces up to the next bucket, so that the size tells little; null where there is none. */
export function padded(text: Uint8Array, buckets: readonly number[]): Uint8Array | null {
  for (const bucket of buckets) {
    if (text.length > bucket) continue;
    const spaced = new Uint8Array(bucket).fill(32);
    spaced.set(text);
    return spaced;
  }
  return null;
}

/** Say whether two arrays hold the same bytes. For public values: it stops at the first difference. */
export function same(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
