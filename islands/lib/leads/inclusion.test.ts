/** An entry leads to the root of its log, and to no other one. */

import { equal } from "node:assert/strict";
import { test } from "node:test";
import { hash } from "@stablelib/sha256";
import { concat, hex, utf8 } from "../bytes.ts";
import { isIncluded } from "./inclusion.ts";

const leaves = Array.from({ length: 40 }, (_, at) => hash(concat([0], utf8(`entry ${at}`))));

/** Give the largest power of two below a size. */
function half(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1));
}

/** Compute a root by its definition (RFC 6962, section 2.1). */
function rootOf(some: readonly Uint8Array[]): Uint8Array {
  if (some.length === 1) return some[0] as Uint8Array;
  const left = half(some.length);
  return hash(concat([1], rootOf(some.slice(0, left)), rootOf(some.slice(left))));
}

/** Compute a path by its definition (RFC 6962, section 2.1.1). */
function pathOf(at: number, some: readonly Uint8Array[]): string[] {
  if (some.length === 1) return [];
  const left = half(some.length);
  return at < left
    ? [...pathOf(at, some.slice(0, left)), hex(rootOf(some.slice(left)))]
    : [...pathOf(at - left, some.slice(left)), hex(rootOf(some.slice(0, left)))];
}

test("every entry of every log leads to its root, and no other entry, place, size or path does", () => {
  for (let size = 1; size <= leaves.length; size++) {
    const some = leaves.slice(0, size);
    const root = hex(rootOf(some));
    for (let at = 0; at < size; at++) {
      const [leaf, path] = [hex(leaves[at] as Uint8Array), pathOf(at, some)];
      equal(isIncluded(leaf, at, path, size, root), true, `${at} of ${size}`);
      equal(isIncluded(hex(hash(utf8("ghost"))), at, path, size, root), false);
      equal(isIncluded(leaf, at, [...path, root], size, root), false);
      equal(isIncluded(leaf, at, path.slice(1), size, root), path.length === 0);
      equal(isIncluded(leaf, at, path, size, "00".repeat(32)), false);
      equal(isIncluded(leaf, at + 64, path, size, root), false, `${at + 64} of ${size}`);
      equal(isIncluded(leaf, at, path, 128, root), false, `a log of ${size} called one of 128`);
      if (size > 1) equal(isIncluded(leaf, (at + 1) % size, path, size, root), false, `${at + 1} of ${size}`);
    }
  }
  for (const none of [-1, 0.5, 40, Number.NaN]) equal(isIncluded("00".repeat(32), none, [], 40, "00"), false);
});
