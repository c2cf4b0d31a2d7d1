/** What people answered, counted: each closed question with its own words, and how often each answer was given. No page. */

import { isSpoken } from "../lib/spoken.ts";
import type { Spoken } from "../lib/voice.ts";
import type { Frame, Question } from "./session.ts";
import { type OpenedVoice, WAYS } from "./voices.ts";

/** One answer of a question, and how many gave it. `end` says what the end of a scale means. */
export interface Row {
  readonly value: string;
  readonly label: string;
  readonly end: string;
  readonly count: number;
}

/** One closed question: its rows, and how many people answered it at all. */
export interface Tally {
  readonly id: string;
  readonly question: string;
  readonly rows: readonly Row[];
  readonly answered: number;
}

const STEPS = ["1", "2", "3", "4", "5"]; // of a scale, as the page of an engagement asks it

/** Give words in a language, else in the first that they stand in. */
export function say(words: { readonly [lang: string]: string }, lang: string): string {
  return words[lang] ?? Object.values(words)[0] ?? "";
}

/** Say whether a question has answers to choose from. */
export function isClosed({ kind }: Question): boolean {
  return kind !== "text";
}

/** Give what the end of a scale means; empty for every step between. */
/** Stands for every language that the engagement is not held in: a voice can name any. */
export const ANOTHER = "*";

/** Give the language of a voice where the engagement is held in it, or the page is; else `ANOTHER`. */
export function heldIn({ languages, lang }: Pick<Frame, "languages" | "lang">, spoken: string): string {
  return spoken === lang || languages.includes(spoken) ? spoken : ANOTHER;
}

/** Count the voices in each language that is not the page's, most first; those that the engagement is not held in as one. */
export function inOtherLanguages(
  opened: readonly Pick<OpenedVoice, "lang">[],
  frame: Pick<Frame, "languages" | "lang">,
): [string, number][] {
  const counts = new Map<string, number>();
  for (const voice of opened) {
    const lang = heldIn(frame, voice.lang);
    if (lang !== frame.lang) counts.set(lang, (counts.get(lang) ?? 0) + 1);
  }
  return [...counts].sort(([one, many], [other, more]) => more - many || one.localeCompare(other));
}

/** Count the voices that leads took in for people, by how they reached a lead, most first. */
export function takenIn(opened: readonly Pick<OpenedVoice, "taken">[]): [string, number][] {
  const counts = WAYS.map((way): [string, number] => [way, opened.filter(({ taken }) => taken === way).length]);
  return counts.filter(([, count]) => count > 0).sort(([, many], [, more]) => more - many);
}

function endOf(question: Question, step: string, lang: string): string {
  const [low, high] = question.ends ?? [];
  if (step === STEPS[0] && low) return say(low, lang);
  return step === STEPS[STEPS.length - 1] && high ? say(high, lang) : "";
}

/** Say one answer in words: the option as people read it, a step with what its end means, or what they wrote. */
export function labelOf(question: Question | undefined, said: string | number | Spoken, lang: string): string {
  if (isSpoken(said)) return said.words;
  const option = question?.options?.find((one) => one.id === said);
  if (option) return say(option.words, lang);
  if (question?.kind !== "scale" || !question.ends) return String(said);
  const end = endOf(question, String(said), lang);
  const ends = question.ends.map((words, at) => `${at ? STEPS.length : 1}: ${say(words, lang)}`);
  return `${said} (${end || ends.join(" · ")})`;
}

/** Say whether a voice gave this answer. */
export function gave({ answers }: OpenedVoice, question: string, value: string): boolean {
  const said = answers[question];
  return said !== undefined && [said].flat().some((one) => String(one) === value);
}

/** Count the closed questions of a form, in its order. */
export function tally({ form, lang }: Pick<Frame, "form" | "lang">, voices: readonly OpenedVoice[]): Tally[] {
  return form.questions.filter(isClosed).map((question) => {
    const counts = new Map<string, number>();
    let answered = 0;
    for (const { answers } of voices) {
      const said = answers[question.id];
      if (said === undefined) continue;
      answered += 1;
      for (const one of new Set([said].flat().map(String))) counts.set(one, (counts.get(one) ?? 0) + 1);
    }
    const values = question.kind === "scale" ? STEPS : (question.options ?? []).map(({ id }) => id);
    const rows = values.map((value) => ({
      value,
      label: question.kind === "scale" ? value : labelOf(question, value, lang),
      end: question.kind === "scale" ? endOf(question, value, lang) : "",
      count: counts.get(value) ?? 0,
    }));
    return { id: question.id, question: say(question.words, lang), rows, answered };
  });
}
