/** What was spoken, as words: what its person typed beside it, and what leads heard and typed. No page. */

import { isSpoken } from "../lib/spoken.ts";
import type { Said } from "../lib/voice.ts";
import type { Notes } from "./session.ts";

/** Give what leads typed of one sound; empty where nobody did. */
export function heardOf({ heard }: Pick<Notes, "heard">, mark: string, question: string): string {
  return heard[mark]?.[question] ?? "";
}

/** Keep what a lead typed of one sound. */
export function hear({ heard }: Pick<Notes, "heard">, mark: string, question: string, words: string): void {
  const one = heard[mark] ?? {};
  heard[mark] = one;
  if (words.trim()) one[question] = words;
  else delete one[question];
}

/** Give an answer in somebody's own words as words; of a sound what was typed beside it and what leads heard, empty where neither is. */
export function wordsOf(notes: Pick<Notes, "heard">, mark: string, question: string, said: Said | undefined): string {
  if (isSpoken(said)) return [said.words, heardOf(notes, mark, question)].filter(Boolean).join("\n");
  return typeof said === "string" ? said : "";
}

/** Write seconds as a clock does. */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
