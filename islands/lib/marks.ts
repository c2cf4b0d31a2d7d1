/** The list of seal marks that a browser downloads to look for its own: 13 bytes a row. */

import { hash } from "@stablelib/sha256";
import { concat, same } from "./bytes.ts";

const ROW = 13;
export const PUBLISHED = 1;
export const OPENED = 2;
export const FEWER = 3;

/** A state (published 1, opened 2, fewer than k 3) and the index of the record's entry that says it. */
export interface Row {
  readonly state: number;
  readonly entry: number;
}

/** Find the rows of one seal mark, the furthest state first. */
export function find(list: Uint8Array, mark: Uint8Array): Row[] {
  const own = rows(list, (row) => row[0] !== FEWER && same(row.subarray(1, 9), mark.subarray(0, 8)));
  return own.sort((one, other) => other.state - one.state);
}

/** Find the rows of engagements that had fewer than k voices. */
export function fewer(list: Uint8Array): Row[] {
  return rows(list, (row) => row[0] === FEWER);
}

const SALT = 16;
const HASHED = 8;

/** Say whether a list of what is here and not yet published (salt, then rows of 8 bytes) holds an act hash. */
export function isReceived(list: Uint8Array, act: Uint8Array): boolean {
  const own = hash(concat(list.subarray(0, SALT), act)).subarray(0, HASHED);
  for (let at = SALT; at + HASHED <= list.length; at += HASHED)
    if (same(list.subarray(at, at + HASHED), own)) return true;
  return false;
}

/** Give what stands for a voice in that list: its act hash, and the promise (a record's index) that it answered. */
export function answering(act: Uint8Array, promise: number): Uint8Array {
  const told = new Uint8Array(4);
  new DataView(told.buffer).setUint32(0, promise);
  return concat(act, told);
}

function rows(list: Uint8Array, fits: (row: Uint8Array) => boolean): Row[] {
  const found: Row[] = [];
  for (let at = 0; at + ROW <= list.length; at += ROW) {
    const row = list.subarray(at, at + ROW);
    const view = new DataView(row.buffer, row.byteOffset, ROW);
    if (fits(row)) found.push({ state: view.getUint8(0), entry: view.getUint32(9) });
  }
  return found;
}
