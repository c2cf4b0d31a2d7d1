/** The receipt: 12 random bytes as 30 digits, and the four values that come from them. */

import { hash } from "@stablelib/sha256";
import { concat, type Random, random, utf8 } from "../bytes.ts";
import { hkdf } from "../kdf.ts";

export const DIGITS = 30;
const SECRET_BYTES = 12;
const NOTHING = new Uint8Array(0);
/** What people put between digits: spaces, dashes, points, and marks of direction that cannot be seen. */
const BETWEEN =
  /[\t-\r \u00a0\u00ad\u061c\u1680\u2000-\u2015\u2028-\u202f\u205f-\u2069\u2212\u3000\ufe58\ufe63\uff0d\ufeff.,/_\u00b7-]+/g;
/** The totally anti-symmetric quasigroup of order 10 that H. Michael Damm gives (Dissertation, Marburg 2004). */
const DAMM = "0317598642709215486342068713591750983426612304597836742095815869720134894536201794386172052581436790";
/** The zero of each script that has ten digits of its own, by code point. */
const ZEROS =
  "30 660 6f0 7c0 966 9e6 a66 ae6 b66 be6 c66 ce6 d66 de6 e50 ed0 f20 1040 1090 17e0 1810 1946 19d0 1a80 1a90 1b50 1bb0 1c40 1c50 a620 a8d0 a900 a9d0 a9f0 aa50 abf0 ff10 104a0 10d30 11066 110f0 11136 111d0 112f0 11450 114d0 11650 116c0 11730 118e0 11950 11c50 11d50 11da0 11f50 16a60 16ac0 16b50 1d7ce 1d7d8 1d7e2 1d7ec 1d7f6 1e140 1e2f0 1e4f0 1e950 1fbf0";

/** A receipt that was read, or what is wrong: a letter, the count of digits, or a digit that does not fit. */
export type Typed =
  | { readonly secret: Uint8Array; readonly problem?: undefined }
  | { readonly problem: "letter"; readonly letter: string }
  | { readonly problem: "count"; readonly count: number }
  | { readonly problem: "wrong" };

/** Make a new receipt: 12 random bytes, the secret of one voice. */
export function make(draw: Random = random): Uint8Array {
  return draw(SECRET_BYTES);
}

/** Write 12 bytes as 30 digits: a big-endian number in 29 and the Damm check digit. */
export function digits(secret: Uint8Array): string {
  const rest = Array.from(secret);
  let number = "";
  for (let place = 1; place < DIGITS; place++) {
    let carry = 0;
    for (let at = 0; at < rest.length; at++) {
      const value = carry * 256 + (rest[at] as number);
      rest[at] = Math.floor(value / 10);
      carry = value % 10;
    }
    number = carry + number;
  }
  return number + damm(number);
}

/** Cut 30 digits into the six groups that people see. */
export function groups(row: string): string[] {
  return row.match(/.{5}/g) as string[];
}

/** Read a receipt from what a person typed, in the digits of any script. */
export function parse(typed: string): Typed {
  let row = "";
  for (const letter of typed.replace(BETWEEN, "")) {
    const value = digit(letter.codePointAt(0) as number);
    if (value === undefined) return { problem: "letter", letter };
    row += value;
  }
  if (row.length !== DIGITS) return { problem: "count", count: row.length };
  const secret = number(row.slice(0, -1));
  return damm(row) || !secret ? { problem: "wrong" } : { secret };
}

/** Derive r, the 32 bytes that are sealed inside the voice. */
export function readSecret(secret: Uint8Array): Uint8Array {
  return hkdf(secret, NOTHING, "alongside/read/v1");
}

/** Derive w, the 32 bytes that are shown only to withdraw. */
export function actSecret(secret: Uint8Array): Uint8Array {
  return hkdf(secret, NOTHING, "alongside/act/v1");
}

/** Compute from r the public 32 bytes that stand for the voice. */
export function sealMark(read: Uint8Array): Uint8Array {
  return hash(concat(utf8("alongside/seal-mark/v1\n"), read));
}

/** Compute from w the 32 bytes that the server keeps, to know who may withdraw. */
export function actHash(act: Uint8Array): Uint8Array {
  return hash(concat(utf8("alongside/act-hash/v1\n"), act));
}

/** Compute from r the 32 bytes under which the record says what became of a statement that somebody offered. */
export function offerTag(read: Uint8Array): Uint8Array {
  return hash(concat(utf8("alongside/offer/v1\n"), read));
}

/** Give the digits of what was typed, in any script; null where something else stands in it. */
export function digitsOf(typed: string): string | null {
  let row = "";
  for (const letter of typed.replace(BETWEEN, "")) {
    const value = digit(letter.codePointAt(0) as number);
    if (value === undefined) return null;
    row += value;
  }
  return row;
}

/** Compute the check digit of a row; 0 where the row ends with its own. */
export function damm(row: string): number {
  let state = 0;
  for (const digit of row) state = Number(DAMM[state * 10 + Number(digit)]);
  return state;
}

function digit(code: number): number | undefined {
  for (const hexed of ZEROS.split(" ")) {
    const zero = parseInt(hexed, 16);
    if (code >= zero && code < zero + 10) return code - zero;
  }
  return undefined;
}

/** Read 29 digits as 12 bytes, or null where the number is beyond 2^96. */
function number(row: string): Uint8Array | null {
  const bytes = new Uint8Array(SECRET_BYTES);
  for (const digit of row) {
    let carry = Number(digit);
    for (let at = SECRET_BYTES - 1; at >= 0; at--) {
      const value = (bytes[at] as number) * 10 + carry;
      bytes[at] = value & 255;
      carry = value >> 8;
    }
    if (carry) return null;
  }
  return bytes;
}
