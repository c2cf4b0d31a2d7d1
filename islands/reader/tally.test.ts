/** What people answered, counted without a page: every answer with its own words, also those that nobody gave. */

import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import type { Frame } from "./session.ts";
import { ANOTHER, gave, inOtherLanguages, labelOf, takenIn, tally } from "./tally.ts";
import type { OpenedVoice } from "./voices.ts";

const FORM = {
  questions: [
    {
      id: "use",
      kind: "one",
      words: { en: "Do you use it?", es: "¿Lo usa?" },
      options: [
        { id: "yes", words: { en: "Yes", es: "Sí" } },
        { id: "no", words: { en: "No" } },
      ],
    },
    { id: "feel", kind: "scale", words: { en: "How is it?" }, ends: [{ en: "Uneasy" }, { en: "Fine" }] },
    { id: "tell", kind: "several", words: { en: "What?" }, options: [{ id: "who", words: { en: "Who looks" } }] },
    { id: "open", kind: "text", words: { en: "What should be done?" } },
  ],
};
const FRAME = { form: FORM, lang: "es" } as unknown as Frame;

function voice(answers: OpenedVoice["answers"]): OpenedVoice {
  return { answers } as OpenedVoice;
}

const VOICES = [
  voice({ use: "yes", feel: 3, tell: ["who", "who"], open: "yes" }),
  voice({ use: "yes", feel: 5 }),
  voice({ open: "no" }),
];

test("voices that leads took in are counted apart, by how they came", () => {
  const opened = ["paper", undefined, "door", "door"].map((taken) => ({ taken }));
  deepEqual(takenIn(opened as { taken?: string }[]), [
    ["door", 2],
    ["paper", 1],
  ]);
  deepEqual(takenIn([{}]), []);
});

test("closed questions are counted in their order, in the reader's language, and words are not", () => {
  const told = tally(FRAME, VOICES);
  deepEqual(
    told.map(({ question, answered, rows }) => [question, answered, rows.map(({ label, count }) => [label, count])]),
    [
      [
        "¿Lo usa?",
        2,
        [
          ["Sí", 2],
          ["No", 0],
        ],
      ],
      [
        "How is it?",
        2,
        [
          ["1", 0],
          ["2", 0],
          ["3", 1],
          ["4", 0],
          ["5", 1],
        ],
      ],
      ["What?", 1, [["Who looks", 1]]],
    ],
  );
});

test("who said the same thing twice is counted once", () => {
  const [, , told] = tally(FRAME, VOICES);
  equal(told?.rows[0]?.count, 1);
});

test("a step of a scale is said with what its ends mean", () => {
  const [, feel] = FORM.questions;
  equal(labelOf(feel, 5, "en"), "5 (Fine)");
  equal(labelOf(feel, 3, "en"), "3 (1: Uneasy · 5: Fine)");
  equal(labelOf(undefined, "anything", "en"), "anything");
});

test("a voice gave an answer only to the question it was asked in", () => {
  equal(gave(VOICES[0] as OpenedVoice, "use", "yes"), true);
  equal(gave(VOICES[2] as OpenedVoice, "use", "no"), false);
  equal(gave(VOICES[1] as OpenedVoice, "feel", "5"), true);
});

test("voices in other languages are counted most first, and those in the reader's own are not", () => {
  const opened = ["es", "en", "vi", "vi", "ar", "es", "vi"].map((lang) => ({ lang }));
  const frame = { languages: ["ar", "es", "vi"], lang: "en" };
  deepEqual(inOtherLanguages(opened, frame), [
    ["vi", 3],
    ["es", 2],
    ["ar", 1],
  ]);
  deepEqual(inOtherLanguages([{ lang: "en" }], frame), []);
});

test("languages that the engagement is not held in are one bar, however many a stranger names", () => {
  const opened = Array.from({ length: 600 }, (_, n) => ({ lang: `aa-${n}` }));
  deepEqual(inOtherLanguages([...opened, { lang: "es" }], { languages: ["es", "vi"], lang: "en" }), [
    [ANOTHER, 600],
    ["es", 1],
  ]);
});
