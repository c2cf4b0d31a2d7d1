/** What goes out with a finding: a band instead of a count, and a salted root instead of the voices it rests on. */

import { hash } from "@stablelib/sha256";
import { concat, fromHex, hex, utf8 } from "../lib/bytes.ts";
import { canonical, type Json } from "../lib/canonical.ts";

/** A count of people as the public may see it. */
export type Band = "fewer" | { readonly low: number; readonly high: number };

/** Give the range in which a count is told, as core/disclosure.py does. */
export function bandOf(count: number, k: number, edges: readonly number[]): Band {
  if (count < k) return "fewer";
  let low = k;
  for (const high of edges) {
    if (high - low + 1 < k) continue;
    if (count <= high) return { low, high };
    low = high + 1;
  }
  const wide = Math.max(edges[edges.length - 1] as number, k); // whatever edges the server names
  const first = Math.floor((low + k - 2) / wide) * wide + wide;
  if (count <= first) return { low, high: first };
  const step = Math.floor((count - 1) / wide);
  return { low: step * wide + 1, high: (step + 1) * wide };
}

/** Give a range as it may stand beside the marks on the record, as core/disclosure.py does. */
export function beside(band: Band, k: number, of: number): Band {
  if (band === "fewer" || band.low > of) return band; // the record refuses what lies above
  const high = Math.min(band.high, of);
  return { low: Math.max(k, Math.min(band.low, high - k + 1)), high };
}

/** Compute the Merkle root (RFC 6962) over sorted tags, SHA-256 of salt and seal mark each; hex. */
export function rootOf(salt: Uint8Array, marks: readonly string[]): string {
  const label = utf8("alongside/finding-tag/v1\n");
  const tags = marks.map((mark) => hex(hash(concat(label, salt, fromHex(mark))))).sort();
  return hex(tree(tags.map((tag) => hash(concat([0], fromHex(tag))))));
}

function tree(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return hash(new Uint8Array(0));
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return hash(concat([1], tree(leaves.slice(0, split)), tree(leaves.slice(split))));
}

/** Hash a finding as leads attest it: SHA-256 of its canonical JSON; hex. */
export function findingHash(finding: { readonly [name: string]: Json }): string {
  return hex(hash(utf8(canonical(finding))));
}
