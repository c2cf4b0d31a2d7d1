/** Whether an entry stands in a log, as RFC 9162 (section 2.1.3.2) has it: the same as core/ledger. */

import { hash } from "@stablelib/sha256";
import { concat, fromHex, hex, utf8 } from "../bytes.ts";

/** Give the hash (hex) of the leaf that an entry is: its bytes as text. */
export function leafOf(entry: string): string {
  return hex(hash(concat([0], utf8(entry))));
}

/** Say whether the leaf (hex) of entry `index` leads by these hashes (hex) to the root (hex) of the first `size` entries. */
export function isIncluded(leaf: string, index: number, path: readonly string[], size: number, root: string): boolean {
  if (!(Number.isSafeInteger(index) && index >= 0 && index < size)) return false;
  let [at, last, found] = [index, size - 1, fromHex(leaf)];
  for (const step of path.map(fromHex)) {
    if (last === 0) return false;
    const isRight = at % 2 === 1;
    found = hash(isRight || at === last ? concat([1], step, found) : concat([1], found, step));
    // The last entry of a row may stand alone: it goes up until it has a neighbor.
    if (!isRight && at === last) while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && hex(found) === root;
}
