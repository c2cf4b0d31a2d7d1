/** A finding while it is written, without a page: nothing typed is lost, and only the very words are confirmed. */

import { deepEqual, equal, throws } from "node:assert/strict";
import { test } from "node:test";
import {
  blank,
  content,
  Drafting,
  hasRanges,
  held,
  isComplete,
  isDraft,
  sealable,
  stateOf,
  type Typed,
  toldOf,
} from "./drafting.ts";
import { findingHash } from "./finding.ts";
import type { Draft, Frame } from "./session.ts";

const MARKS = Array.from({ length: 12 }, (_, n) => (16 + n).toString(16).repeat(32));
const FRAME: Frame = {
  slug: "library",
  promise: 7,
  form_hash: "9f".repeat(32),
  notice: "",
  form: { questions: [] },
  languages: ["es", "en"],
  lang: "en",
  k: 10,
  bands: [25, 50],
  published: MARKS,
  until: "",
  waiting: 12,
  aside: 0,
};
const NOTHING: Typed = { lang: "es", statement: "", quote: "", smaller: false, driving: "", answer: "", marks: [] };
const FINDING: Typed = { ...NOTHING, statement: "The hall is too far away.", marks: MARKS };

function begun(written = new Map<string, Draft>()): { drafting: Drafting; written: Map<string, Draft> } {
  return { drafting: new Drafting(FRAME, written), written };
}

/** A draft as the desk gives it, confirmed by these leads as it stands. */
function drafted(by: "yours" | "others" | "nobody", typed: Partial<Typed> = {}): Draft {
  const draft: Draft = { ...blank("es"), ...FINDING, ...typed, id: "d1" };
  const finding = findingHash(content(FRAME, draft));
  return { ...draft, yours: by === "yours" ? [finding] : [], others: by === "others" ? [finding] : [] };
}

test("what was typed is held until it is kept, and what is typed while it is on its way stays held", () => {
  const { drafting, written } = begun();
  drafting.change(NOTHING);
  deepEqual([...written.keys()], []);
  drafting.change(FINDING);
  equal(written.get("library")?.statement, FINDING.statement);
  const sent = held(drafting.take(FINDING));
  drafting.change({ ...FINDING, quote: "Más cerca" });
  drafting.settle(sent);
  equal(written.get("library")?.quote, "Más cerca");
  drafting.settle(held(drafting.draft));
  deepEqual([...written.keys()], []);
  drafting.change({ ...FINDING, quote: "Más cerca" });
  deepEqual([...written.keys()], [], "as it was kept");
  drafting.change({ ...FINDING, quote: "" });
  equal(written.size, 1);
  drafting.change(NOTHING);
  deepEqual([...written.keys()], [], "taken out again");
});

test("what was typed in an engagement is there again when it is opened again, and is still to be kept", () => {
  const { drafting, written } = begun();
  drafting.change(FINDING);
  const again = begun(written).drafting;
  const left = again.left as Draft;
  again.takeUp(left, FINDING);
  again.change(FINDING);
  equal(written.get("library")?.salt, drafting.draft.salt);
  equal(new Drafting({ ...FRAME, slug: "another" }, written).left, undefined);
});

test("another draft is taken up over chosen voices, never over words that are not kept", () => {
  const { drafting, written } = begun();
  drafting.change(FINDING);
  equal(drafting.letGo(), false);
  equal(written.size, 1);
  drafting.change({ ...NOTHING, quote: "Más cerca" });
  equal(drafting.letGo(), false);
  drafting.change({ ...NOTHING, marks: MARKS });
  equal(drafting.letGo(), true);
  const draft = drafted("nobody", { statement: "Another" });
  drafting.takeUp(draft, { ...FINDING, statement: "Another" });
  drafting.change({ ...FINDING, statement: "Another" });
  deepEqual([...written.keys()], [], "nothing was typed since");
  drafting.change({ ...FINDING, statement: "Another one" });
  equal(draft.statement, "Another", "the draft in the list stays as it was");
});

test("a finding needs words and a voice that it rests on", () => {
  const { drafting } = begun();
  equal(isComplete(drafting.take(FINDING)), true);
  equal(isComplete(drafting.take({ ...FINDING, statement: "" })), false);
  equal(isComplete(drafting.take({ ...FINDING, marks: [] })), false);
});

test("a smaller group's finding stands beside what was public when it was first written, another beside nothing", () => {
  const { drafting } = begun();
  drafting.findings = [{ entry: 3, words: "First" }];
  deepEqual(drafting.take(FINDING).beside, []);
  deepEqual(drafting.take({ ...FINDING, smaller: true }).beside, [3]);
  drafting.findings = [...drafting.findings, { entry: 5, words: "Second" }];
  deepEqual(drafting.take({ ...FINDING, smaller: true }).beside, [3]);
  deepEqual(drafting.take(FINDING).beside, []);
  deepEqual(drafting.take({ ...FINDING, smaller: true }).beside, [3, 5]);
  drafting.takeUp({ ...drafted("nobody"), smaller: true, beside: [2] }, { ...FINDING, smaller: true });
  deepEqual(drafting.draft.beside, [2]);
});

test("the second lead confirms exactly what the first one did, and nothing else", () => {
  equal(stateOf(FRAME, drafted("nobody")), "open");
  equal(stateOf(FRAME, drafted("yours")), "own");
  equal(stateOf(FRAME, drafted("others")), "other");
  const changes: Partial<Draft>[] = [
    { statement: "The hall is far away." },
    { quote: "Más cerca" },
    { lang: "en" },
    { smaller: true },
    { driving: "q1" },
    { answer: "4" },
    { beside: [3] },
    { marks: MARKS.slice(1) },
    { salt: "00".repeat(32) },
  ];
  for (const change of changes) {
    equal(stateOf(FRAME, { ...drafted("others"), ...change }), "open", JSON.stringify(change));
    equal(stateOf(FRAME, { ...drafted("yours"), ...change }), "open", JSON.stringify(change));
  }
  equal(stateOf(FRAME, { ...drafted("others"), statement: "" }), "open");
});

test("what goes out tells a range and a root, never which voices, nor that there is a quote where there is none", () => {
  const draft = drafted("nobody", { answer: "4" });
  const out = content(FRAME, draft);
  deepEqual(Object.keys(out).sort(), [
    "answers",
    "beside",
    "driving",
    "languages",
    "promise",
    "root",
    "smaller",
    "voices",
    "words",
  ]);
  deepEqual([out.promise, out.answers, out.words], [7, [4], { es: { statement: FINDING.statement } }]);
  deepEqual([out.voices, toldOf(FRAME, 9)], [{ low: 10, high: 12 }, "fewer"]);
  equal(
    MARKS.some((mark) => JSON.stringify(out).includes(mark)),
    false,
  );
  deepEqual(content(FRAME, { ...draft, quote: "Más cerca" }).words, {
    es: { statement: FINDING.statement, quote: "Más cerca" },
  });
});

test("a reader tells no count narrower than k, whatever edges a server names", () => {
  const every = Array.from({ length: 200 }, (_, n) => n + 1);
  for (const { k, bands } of [
    { k: 2, bands: every.slice(1, 100) },
    { k: 10, bands: [2] },
    { k: 10, bands: [2, 3, 11] },
  ]) {
    for (const published of [[], MARKS, Array(1000).fill("")]) {
      const alike = new Map<string, number>(); // how many counts are told the same
      for (const count of every) {
        const told = JSON.stringify(toldOf({ ...FRAME, k, bands, published }, count));
        alike.set(told, (alike.get(told) ?? 0) + 1);
      }
      const ranges = [...alike].filter(([told]) => told !== '"fewer"').slice(0, -1); // the last one goes on above 200
      equal(Math.min(...ranges.map(([, counts]) => counts)) >= k, true);
    }
  }
});

test("a k and edges that are no whole numbers, or do not rise, tell nothing", () => {
  const edges = [25, 50] as unknown;
  for (const [k, bands] of [
    ["x", edges],
    [null, edges],
    [undefined, edges],
    [Number.NaN, edges],
    ["10", edges],
    [2.5, edges],
    [1, edges],
    [10, undefined],
    [10, "25"],
    [10, []],
    [10, [1, 25]],
    [10, [25, 25]],
    [10, [25, 20]],
    [10, [25.5]],
    [10, [25, "50"]],
    [10, [null]],
    [10, Array.from({ length: 101 }, (_, n) => n + 2)],
  ]) {
    const frame = { ...FRAME, k, bands, published: [] } as unknown as Frame;
    equal(hasRanges(frame), false, JSON.stringify([k, bands]));
    throws(() => toldOf(frame, 3), /no ranges/);
    throws(() => content(frame, drafted("nobody")), /no ranges/);
  }
  equal(hasRanges(FRAME), true);
});

test("what the desk tells of a draft is not sealed in it", () => {
  const draft = drafted("others");
  const { yours: _yours, others: _others, ...kept } = draft;
  deepEqual(sealable({ ...draft, own: true }), { v: 1, ...kept });
});

test("what another lead kept is a draft only where it can be taken up and published", () => {
  const draft = drafted("nobody");
  equal(isDraft(FRAME, draft), true);
  equal(isDraft(FRAME, blank("es")), true, "nothing is written yet");
  const { driving: _driving, answer: _answer, ...before } = draft;
  equal(isDraft(FRAME, before), true, "of a reader before");
  for (const other of [
    { marks: ["zz"] },
    { salt: "ab" },
    { statement: 5 },
    { lang: null },
    { smaller: "no" },
    { answer: "x" },
    { beside: [1.5] },
    { beside: {} },
  ])
    equal(refused({ ...draft, ...other } as unknown as Draft), true, JSON.stringify(other));
});

/** What is no draft says so, or throws: the reader takes both alike. */
function refused(draft: Draft): boolean {
  try {
    return !isDraft(FRAME, draft);
  } catch (_) {
    return true;
  }
}

test("a finding names the map only where its writer says that it rests on it and one is drawn", () => {
  const drawn = { ...FRAME, map: 41 };
  const draft: Draft = { ...blank("es"), ...FINDING, map: true };
  deepEqual(content(drawn, draft).maps, [41]);
  for (const other of [content(drawn, { ...draft, map: false }), content(FRAME, draft)]) equal("maps" in other, false);
  equal(
    findingHash(content(FRAME, draft)),
    findingHash(content(FRAME, { ...blank("es"), ...FINDING, salt: draft.salt })),
  );
});

test("a draft of which another lead took the map away is another draft", () => {
  const draft: Draft = { ...blank("es"), ...FINDING, map: true };
  equal(held(draft) === held({ ...draft, map: false }), false);
  equal(isDraft(FRAME, { ...draft, map: "yes" } as unknown as Draft), false);
});
