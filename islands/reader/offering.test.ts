/** What two leads decide of an offered statement, hashed alike here and by the server. */

import { equal } from "node:assert/strict";
import { test } from "node:test";
import { type Decided, digestOf, tagOf } from "./offering.ts";

const said: Decided = {
  salt: "ab",
  offer: "cd",
  decision: "released",
  statement: "",
  reason: "",
  lang: "es",
  ground: "",
  words: { en: "Open on Sundays.", es: "Abran los domingos." },
};

test("two leads and the server hash the same", () => {
  // tests/chain/opinions/test_offers.py computes it in Python
  equal(digestOf(said), "0d989e67f3c326f82462548f572b960bf638b9effb39a7390eb3213e0e2940f0");
});

test("another word in one language is another thing to decide", () => {
  equal(digestOf({ ...said, words: { ...said.words, es: "Abran." } }) === digestOf(said), false);
});

test("a voice is found under one hash that is not its mark", () => {
  equal(tagOf({ r: "00".repeat(32) }), "6a1b182c0adb7bd002238ecbea00b80b216b17e8489e1b62f88ed41ef2dad867");
});
