/** The page of `<take-in>` as one file on a computer: it sends nothing; what is locked leaves it as another file, which the page on the site brings in. */

import { hash } from "@stablelib/sha256";
import { chooseLanguage } from "../lib/alone.ts";
import { utf8 } from "../lib/bytes.ts";
import { all, attribute, one, saveText } from "../lib/page.ts";
import type { Sealed } from "../seal/core.ts";

type Sent = Sealed["sent"];

const KIND = "alongside voices 1";
const FIELDS = ["mark", "act", "sealed"] as const;

/** Save locked voices of an engagement as a file. */
export function saveFile(engagement: string, recipient: string, voices: readonly Sent[]): void {
  saveText(
    JSON.stringify({ kind: KIND, recipient, voices }),
    `${engagement}-${voices.length}-${Date.now().toString(36)}.json`,
  );
}

/** Read the locked voices of an engagement from such a file; null where it is none, or of another one. */
export function readFile(text: string, recipient: string): Sent[] | null {
  try {
    const told = JSON.parse(text);
    const isOurs = told.kind === KIND && told.recipient === recipient && Array.isArray(told.voices);
    if (!isOurs || !told.voices.length) return null;
    return told.voices.map((voice: Record<string, unknown>) => {
      if (!FIELDS.every((name) => typeof voice[name] === "string")) throw new Error("It holds something else.");
      const [mark, act, sealed] = FIELDS.map((name) => voice[name] as string) as [string, string, string];
      return { mark, act, sealed };
    });
  } catch (_) {
    return null;
  }
}

/** Open the page in the language that is chosen, where this is such a file, and show to which key it locks. */
export function openAlone(): void {
  chooseLanguage(() => {
    for (const host of all(document, "take-in")) {
      const shown = one(host, "[data-key-digits]");
      if (shown) shown.textContent = keyDigits(attribute(host, "recipient"));
    }
  });
}

/** Compute the 24 digits by which people compare the key of an engagement, the same as core/sealing/leads.py. */
export function keyDigits(recipient: string): string {
  const digest = new DataView(hash(utf8(`alongside/key-digits/v1\n${recipient}\n`)).buffer);
  return [0, 4, 8, 12, 16, 20].map((at) => `000${digest.getUint32(at) % 1e4}`.slice(-4)).join(" ");
}

/** Say whether a page is such a file. */
export function isAlone(host: HTMLElement): boolean {
  return !!attribute(host, "alone");
}
