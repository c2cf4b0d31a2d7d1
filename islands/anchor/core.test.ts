import assert from "node:assert/strict";
import { test } from "node:test";
import { cellOf, LONGEST, nearOf, tidied } from "./core.ts";

test("chosen words lose their line ends, and nothing chosen is nothing", () => {
  assert.equal(tidied("  kept\n for\t a year "), "kept for a year");
  assert.equal(tidied(" \n "), null);
});

test("more than fits is not offered", () => {
  assert.equal(tidied("x".repeat(LONGEST))?.length, LONGEST);
  assert.equal(tidied("x".repeat(LONGEST + 1)), null);
});

test("words are near where their paragraph begins and what stands before them", () => {
  assert.equal(nearOf("120", "We keep "), 128);
  assert.equal(nearOf(null, "We"), 2);
});

test("a cell is a row and a column that the page names", () => {
  assert.deepEqual(cellOf("3", "12"), { row: "3", column: "12" });
  assert.equal(cellOf(null, "12"), null);
  assert.equal(cellOf("0", "1"), null);
});
