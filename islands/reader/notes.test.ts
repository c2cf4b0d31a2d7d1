/** Two leads change the themes at once: nothing that either of them marked or named is lost, and nothing comes back. */

import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { clock, hear, wordsOf } from "./heard.ts";
import { areNotes, copied, freeId, merged } from "./notes.ts";
import { Saving } from "./saving.ts";
import type { Notes } from "./session.ts";

const BASE: Notes = { themes: [{ id: "t1", name: "Distance" }], marked: { a: ["t1"], b: ["t1"] }, heard: {} };

function changed(change: (notes: Notes) => void): Notes {
  const notes = copied(BASE);
  change(notes);
  return notes;
}

test("themes that both added stay, each with its own voices", () => {
  const mine = changed(({ themes, marked }) => {
    themes.push({ id: "t2", name: "Hours" });
    marked.c = ["t2"];
  });
  const theirs = changed(({ themes, marked }) => {
    themes.push({ id: "t2", name: "Language" });
    marked.d = ["t2"];
  });
  deepEqual(merged(BASE, mine, theirs), {
    themes: [
      { id: "t1", name: "Distance" },
      { id: "t2", name: "Language" },
      { id: "t3", name: "Hours" },
    ],
    marked: { a: ["t1"], b: ["t1"], c: ["t3"], d: ["t2"] },
    heard: {},
  });
});

test("a theme that both added under one name is one theme", () => {
  const mine = changed(({ themes, marked }) => {
    themes.push({ id: "t2", name: "hours" });
    marked.c = ["t2"];
  });
  const theirs = changed(({ themes }) => void themes.push({ id: "t2", name: "Other" }, { id: "t3", name: "Hours" }));
  const both = merged(BASE, mine, theirs);
  deepEqual([both.themes.length, both.marked.c], [3, ["t3"]]);
});

test("what one lead took away stays away, and what the other marked stays marked", () => {
  const mine = changed(({ marked }) => {
    marked.a = [];
  });
  const theirs = changed(({ marked }) => {
    marked.c = ["t1"];
  });
  deepEqual(merged(BASE, mine, theirs).marked, { a: [], b: ["t1"], c: ["t1"] });
  deepEqual(merged(BASE, theirs, mine).marked, { a: [], b: ["t1"], c: ["t1"] });
});

test("what two leads typed of one sound stays, one under the other, and what nobody else touched is as it was typed last", () => {
  const before = { ...BASE, heard: { a: { q1: "Too far", q2: "gone" }, b: { q1: "same" } } };
  const typed = (heard: Notes["heard"]): Notes => ({ ...copied(BASE), heard });
  const mine = typed({ a: { q1: "Too far away" }, b: { q1: "same" }, c: { q1: "both" } });
  const theirs = typed({
    a: { q1: "Too far, she says", q2: "gone" },
    b: { q1: "theirs" },
    c: { q1: "both" },
    d: { q1: "new" },
  });
  deepEqual(merged(before, mine, theirs).heard, {
    a: { q1: "Too far, she says\nToo far away" },
    b: { q1: "theirs" },
    c: { q1: "both" },
    d: { q1: "new" },
  });
});

test("an answer that was spoken is read in the words that are known of it", () => {
  const notes = { heard: {} };
  const said = { bytes: 9, kind: "webm", seconds: 61, words: "" };
  equal(wordsOf(notes, "a", "q1", said), "");
  hear(notes, "a", "q1", "Open on Sundays.");
  equal(wordsOf(notes, "a", "q1", { ...said, words: "Sundays" }), "Sundays\nOpen on Sundays.");
  hear(notes, "a", "q1", " ");
  equal(wordsOf(notes, "a", "q1", said), "");
  equal(wordsOf(notes, "a", "q1", "typed"), "typed");
  deepEqual([clock(61), clock(180), clock(9)], ["1:01", "3:00", "0:09"]);
});

test("merging changes neither side, and a free id is free", () => {
  const [mine, theirs] = [changed(() => {}), changed(() => {})];
  merged(BASE, mine, theirs);
  deepEqual([mine, theirs], [BASE, BASE]);
  deepEqual(
    freeId([
      { id: "t1", name: "" },
      { id: "t3", name: "" },
    ]),
    "t2",
  );
});

test("saves go one after the other, and a change while one is on its way is saved too", async () => {
  const [told, saved]: [string[], number[]] = [[], []];
  let value = 0;
  const saving = new Saving(
    async () => {
      const now = value;
      await new Promise((done) => setTimeout(done, 5));
      saved.push(now);
    },
    (state) => told.push(state),
  );
  value = 1;
  saving.soon();
  const first = saving.now();
  value = 2;
  saving.soon();
  await Promise.all([first, saving.now()]);
  deepEqual([saved, told.at(-1), saving.isDue], [[2, 2], "kept", false]);
});

test("a save that fails is still due, says why, and the next press tries again", async () => {
  const told: unknown[] = [];
  let works = false;
  const saving = new Saving(
    async () => {
      if (!works) throw new Error("no way");
    },
    (state, why) => told.push(why instanceof Error ? why.message : state),
  );
  saving.soon();
  await saving.now().catch(() => {});
  deepEqual([told, saving.isDue], [["saving", "no way"], true]);
  works = true;
  await saving.now();
  saving.drop();
  deepEqual([told.at(-1), saving.isDue], ["kept", false]);
});

test("what another lead saved are notes only where every theme and every mark is one", () => {
  equal(areNotes(BASE), true);
  equal(areNotes({ themes: [], marked: {} } as unknown as Notes), true);
  equal(areNotes({ ...BASE, heard: { a: { q1: 5 } } } as unknown as Notes), false);
  const marked = (value: unknown): Notes => ({ ...BASE, marked: value }) as Notes;
  for (const other of [{ ...BASE, themes: [{ id: "t1" }] } as Notes, marked({ a: 5 }), marked({ a: [5] }), marked(5)])
    equal(areNotes(other), false, JSON.stringify(other));
});
