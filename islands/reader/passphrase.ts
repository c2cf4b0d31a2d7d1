/** The six words of a new keyring. */

import { DEFAULT_WORDLIST } from "secure-password-utilities/wordlists";
import { random } from "../lib/bytes.ts";

const WORDS = 6;

/** Draw six words out of 7,772, each as likely as any other: 77 bits. */
export function drawPassphrase(): string {
  const drawn: string[] = [];
  while (drawn.length < WORDS) drawn.push(DEFAULT_WORDLIST[draw(DEFAULT_WORDLIST.length)] as string);
  return drawn.join(" ");
}

/** Draw a whole number below `limit` without favoring any. */
function draw(limit: number): number {
  const range = 2 ** 32 - (2 ** 32 % limit);
  for (;;) {
    const value = new DataView(random(4).buffer).getUint32(0);
    if (value < range) return value % limit;
  }
}
