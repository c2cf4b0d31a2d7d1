/** The one way a value becomes text: canonical JSON, the same as core/canonical.py writes. */

import { utf8 } from "./bytes.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const LARGEST = 2 ** 53;

/** Write canonical JSON: keys sorted by code point, no spaces. Throws for a number that is not whole or beyond 2^53. */
export function canonical(value: Json): string {
  if (typeof value === "number") {
    if (value % 1 !== 0 || Math.abs(value) > LARGEST) throw new Error("Write whole numbers within 2^53.");
    return String(value + 0); // minus zero becomes zero
  }
  if (typeof value === "string") return JSON.stringify(whole(value));
  if (value === null || typeof value !== "object") return String(value);
  if (isList(value)) return `[${value.map(canonical).join(",")}]`;
  const names = Object.keys(value).sort(byCodePoint);
  return `{${names.map((name) => `${JSON.stringify(whole(name))}:${canonical(value[name] as Json)}`).join(",")}}`;
}

/** Put U+FFFD in place of half a character, which no UTF-8 can write. */
export function whole(text: string): string {
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) =>
    found.length > 1 ? found : "\ufffd",
  );
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

/** Order as UTF-8 does; JavaScript's own order puts U+FFFF after U+10000. */
export function byCodePoint(one: string, other: string): number {
  const [a, b] = [utf8(one), utf8(other)];
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) if (a[at] !== b[at]) return (a[at] as number) - (b[at] as number);
  return a.length - b.length;
}
