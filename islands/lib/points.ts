/** Points of Curve25519 that are no keys, the same as core/points.py: anybody can sign with them, or open what is locked to them. */

import { hex } from "./bytes.ts";

const MOST = "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"; // p - 1, its lowest byte first
const Y8 = [
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
];
const U8 = [
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
];

/** Say whether 32 bytes can be an Ed25519 key; the last bit is the sign of its other half. */
export function canSign(key: Uint8Array): boolean {
  const y = new Uint8Array(key);
  y[31] = (y[31] as number) & 127;
  return !isWeak(y, Y8);
}

/** Say whether 32 bytes can be an X25519 key. */
export function canBeLockedTo(key: Uint8Array): boolean {
  return !isWeak(key, U8);
}

/** Say whether a coordinate is not the least way to write it, is 0, 1 or p - 1, or is one of these. */
function isWeak(key: Uint8Array, others: readonly string[]): boolean {
  const [low, text] = [key[0] as number, hex(key)];
  const isHigh = (key[31] as number) > 127 || (text.slice(2) === MOST.slice(2) && low >= 0xec);
  return isHigh || /^0[01]0{62}$/.test(text) || others.indexOf(text) >= 0;
}
