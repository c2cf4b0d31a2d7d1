import assert from "node:assert/strict";
import { test } from "node:test";
import { canonical, type Json } from "../canonical.ts";
import { type Asked, type Form, formOf } from "./asked.ts";

const FORM = {
  v: 1,
  spoken: true,
  questions: [
    { id: "q1", kind: "text", words: { en: "What happened?", es: "¿Qué pasó?" }, hint: { en: "In your own words" } },
    {
      id: "q2",
      kind: "one",
      words: { en: "Do you get letters?", es: "¿Recibe cartas?" },
      options: [
        { id: "a1", words: { en: "Often", es: "A menudo" } },
        { id: "never", words: { en: "Never", es: "Nunca" } },
      ],
    },
    {
      id: "q3",
      kind: "scale",
      words: { en: "How clear?", es: "¿Qué tan claras?" },
      ends: [
        { en: "Not at all", es: "Nada" },
        { en: "Very", es: "Mucho" },
      ],
    },
  ],
  statements: [{ id: "s1", words: { en: "Letters should be short.", es: "Las cartas deben ser cortas." } }],
};

type Loose = { [name: string]: Json };

/** Give FORM, changed. */
function changed(change: (form: { questions: Loose[]; statements: Loose[] } & Loose) => void): Form {
  const form = structuredClone(FORM);
  change(form as unknown as { questions: Loose[]; statements: Loose[] } & Loose);
  return formOf(canonical(form as Json)) as Form;
}

/** List every word that a form shows. */
function shown(form: Form): string[] {
  const of = ({ id, kind, inEach, rest }: Asked) => [
    id,
    kind,
    ...inEach.flatMap(({ lang, words, hint, choices }) => [
      lang,
      words,
      hint,
      ...choices.flatMap((one) => [one.id, one.words]),
    ]),
    ...rest,
  ];
  return [...form.questions, ...form.statements].flatMap(of).concat(form.rest);
}

/** List everything that is written in JSON, but for numbers of questions, answers and statements. */
function written(held: Json): string[] {
  if (!held || typeof held !== "object") return [String(held)];
  return Array.isArray(held) ? held.flatMap(written) : Object.values(held as Loose).flatMap(written);
}

test("a question is read in each language, with its hint, its answers and the ends of its scale", () => {
  const { questions, statements, isSpoken, rest } = formOf(canonical(FORM as Json)) as Form;
  assert.equal(isSpoken, true);
  assert.deepEqual(rest, []);
  assert.deepEqual(questions[0], {
    id: "",
    kind: "text",
    inEach: [
      { lang: "en", words: "What happened?", hint: "In your own words", choices: [] },
      { lang: "es", words: "¿Qué pasó?", hint: "", choices: [] },
    ],
    rest: [],
  });
  assert.deepEqual(questions[1]?.inEach[1]?.choices, [
    { id: "", words: "A menudo" },
    { id: "never", words: "Nunca" },
  ]);
  assert.deepEqual(questions[2]?.inEach[0]?.choices, [
    { id: "", words: "1: Not at all" },
    { id: "", words: "5: Very" },
  ]);
  assert.deepEqual(statements[0]?.inEach[1]?.words, "Las cartas deben ser cortas.");
});

test("every word of the form is shown", () => {
  const all = shown(formOf(canonical(FORM as Json)) as Form).join("\n");
  const lacking = written({ questions: FORM.questions, statements: FORM.statements }).filter(
    (one) => !all.includes(one),
  );
  assert.deepEqual(lacking, ["q1", "q2", "a1", "q3", "s1"]);
});

test("what the drawing does not know is shown as it stands", () => {
  const cases: [string, (form: { questions: Loose[]; statements: Loose[] } & Loose) => void][] = [
    ["spoken: false", (form) => Object.assign(form, { spoken: false })],
    ["v: 2", (form) => Object.assign(form, { v: 2 })],
    ["needs: a code", (form) => Object.assign(form, { needs: "a code" })],
    ["price: 5", (form) => Object.assign(form.questions[0] as Loose, { price: 5 })],
    ["pay: dearly", (form) => Object.assign(form.statements[0] as Loose, { pay: "dearly" })],
    ["words: a word", (form) => Object.assign(form.questions[0] as Loose, { words: "a word" })],
    ["hint:", (form) => Object.assign(form.questions[0] as Loose, { hint: {} })],
    ["id: 7", (form) => Object.assign(form.questions[0] as Loose, { id: 7 })],
    ["kind: null", (form) => Object.assign(form.questions[0] as Loose, { kind: null })],
    ["price: 6", (form) => Object.assign(((form.questions[1] as Loose).options as Loose[])[0] as Loose, { price: 6 })],
    ["id: nowhere", (form) => ((form.questions[1] as Loose).options as Json[]).push({ id: "nowhere", words: {} })],
    ["en: Middle", (form) => ((form.questions[2] as Loose).ends as Json[]).push({ en: "Middle" })],
    ["statements: none", (form) => Object.assign(form, { statements: "none" })],
  ];
  for (const [line, change] of cases) assert.deepEqual([line, shown(changed(change)).includes(line)], [line, true]);
});

test("a kind that nobody knows is shown by its name, and answers of a question in words too", () => {
  const form = changed((one) => Object.assign(one.questions[1] as Loose, { kind: "vote" }));
  assert.equal(form.questions[1]?.kind, "vote");
  assert.equal(form.questions[1]?.inEach[0]?.choices.length, 2);
});

test("words that are no frozen questions are taken apart by nobody", () => {
  assert.equal(formOf("What happened?"), null);
  assert.equal(formOf('{"v":1, "questions":[]}'), null);
  assert.equal(formOf(canonical({ activities: [], v: 1 })), null);
});
