/** What people are asked, taken apart from frozen questions as a person reads it (no page). What this does not know is given as it stands: nothing is left out. */

import { canonical, type Json } from "../canonical.ts";

/** An answer to choose from, an end of a scale: its words, and its id where that is no mere number. */
export interface Choice {
  readonly words: string;
  readonly id: string;
}

/** A question or a statement in one language. */
export interface InLanguage {
  readonly lang: string;
  readonly words: string;
  readonly hint: string;
  readonly choices: readonly Choice[];
}

/** A question or a statement, in each language that any part of it has. */
export interface Asked {
  readonly id: string;
  readonly kind: string;
  readonly inEach: readonly InLanguage[];
  /** Lines of what nobody knows here. */
  readonly rest: readonly string[];
}

export interface Form {
  readonly questions: readonly Asked[];
  readonly statements: readonly Asked[];
  readonly isSpoken: boolean;
  readonly rest: readonly string[];
}

type Held = { [name: string]: Json };
type Words = { readonly [lang: string]: string };

/** What the site numbers: a question, an answer, a statement. */
const NUMBERED = /^[qas][1-9]\d*$/;
/** The steps of a scale, as core/questions.py and the form have them. */
const STEPS = 5;

/** Take frozen questions apart; null where these words are none. */
export function formOf(written: string): Form | null {
  const held = heldIn(written);
  if (!held) return null;
  const rest = { ...held };
  const isSpoken = taken(rest, "spoken", (one) => one === true) !== undefined;
  taken(rest, "v", (one) => one === 1);
  const questions = askedAt(rest, "questions");
  const statements = askedAt(rest, "statements");
  if (!questions.length) return null;
  return { questions, statements, isSpoken, rest: linesOf(rest) };
}

/** Give what words hold that are canonical JSON; null where they are other words. */
export function heldIn(written: string): Held | null {
  try {
    const held = JSON.parse(written) as Json;
    if (isHeld(held) && canonical(held) === written) return held;
  } catch {}
  return null;
}

/** Write what is held, each name and what it holds on a line. */
export function linesOf(held: Json, name = ""): readonly string[] {
  const start = name && `${name}: `;
  if (!held || typeof held !== "object") return [start + String(held)];
  const inside = Array.isArray(held)
    ? held.flatMap((each) => linesOf(each))
    : Object.entries(held).flatMap(([each, one]) => linesOf(one, each));
  return [...(name ? [`${name}:`] : []), ...inside];
}

/** Take all of a list apart, out of the rest. */
function askedAt(rest: Held, name: string): readonly Asked[] {
  return ((taken(rest, name, isList) ?? []) as readonly Held[]).map(askedIn);
}

/** Take one question or statement apart. */
function askedIn(held: Held): Asked {
  const rest = { ...held };
  const id = taken(rest, "id", isText) as string | undefined;
  const kind = taken(rest, "kind", isText) as string | undefined;
  const words = (taken(rest, "words", isWords) ?? {}) as Words;
  const hint = (taken(rest, "hint", isWords) ?? {}) as Words;
  const ends = ((taken(rest, "ends", areEnds) ?? []) as readonly Words[]).map((end, place) => ({
    id: "",
    words: Object.fromEntries(Object.entries(end).map(([lang, one]) => [lang, `${place ? STEPS : 1}: ${one}`])),
  }));
  const options = ((taken(rest, "options", areOptions) ?? []) as unknown as readonly Option[]).map(({ id, words }) => ({
    id: numberless(id),
    words,
  }));
  const choices = [...options, ...ends];
  const langs = new Set([words, hint, ...choices.map((one) => one.words)].flatMap((one) => Object.keys(one)));
  const inEach = [...langs].map((lang) => ({
    lang,
    words: words[lang] ?? "",
    hint: hint[lang] ?? "",
    choices: choices.flatMap((one) => (lang in one.words ? [{ id: one.id, words: one.words[lang] as string }] : [])),
  }));
  return { id: numberless(id ?? ""), kind: kind ?? "", inEach, rest: linesOf(rest) };
}

interface Option {
  readonly id: string;
  readonly words: Words;
}

/** Take a part out where it has the shape that is known; else it stays with the rest. */
function taken(rest: Held, name: string, fits: (one: Json) => boolean): Json | undefined {
  const one = Object.hasOwn(rest, name) ? rest[name] : undefined;
  if (one === undefined || !fits(one)) return undefined;
  delete rest[name];
  return one;
}

function numberless(id: string): string {
  return NUMBERED.test(id) ? "" : id;
}

function isText(one: Json): boolean {
  return typeof one === "string";
}

function isHeld(one: Json): one is Held {
  return one !== null && typeof one === "object" && !Array.isArray(one);
}

function isList(one: Json): boolean {
  return Array.isArray(one) && one.every(isHeld);
}

/** Say whether this is something in at least one language: in none it would be drawn nowhere. */
function isWords(one: Json): boolean {
  return isHeld(one) && Object.keys(one).length > 0 && Object.values(one).every(isText);
}

function areEnds(one: Json): boolean {
  return Array.isArray(one) && one.length === 2 && one.every(isWords);
}

/** Say whether each is an id and words alone: one that holds more is shown as it stands, with all beside it. */
function areOptions(one: Json): boolean {
  return Array.isArray(one) && one.every((each) => isOption(each));
}

function isOption(one: Json): boolean {
  if (!isHeld(one)) return false;
  const { id = null, words = null, ...more } = one;
  return isText(id) && isWords(words) && Object.keys(more).length === 0;
}
