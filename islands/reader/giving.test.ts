/** What two leads confirm before an office gets it. */

import { equal } from "node:assert/strict";
import { test } from "node:test";
import { digestOf, type Gift, mayBeGiven } from "./giving.ts";

const gift: Gift = { salt: "ab", office: "streets/manager", lang: "es", words: "La rampa está rota.", mark: "cd" };

test("two leads and the server hash the same", () => {
  // tests/chain/referrals/test_giving.py computes it in Python
  equal(digestOf(gift), "4b9521c32bb2971b34a1af8fffdc348333bbe329f60abce2cd18fa9014dbc15a");
});

test("another word, office, language or voice is another thing to confirm", () => {
  for (const name of ["salt", "office", "lang", "words", "mark"])
    equal(digestOf({ ...gift, [name]: "x" }) === digestOf(gift), false);
});

test("only a voice whose person ticked it may be given", () => {
  equal(mayBeGiven({ answers: { "pass-on": ["yes"] } }), true);
  equal(mayBeGiven({ answers: { "pass-on": [] } }), false);
  equal(mayBeGiven({ answers: { "pass-on": ["no"] } }), false);
  equal(mayBeGiven({ answers: { q2: "yes" } }), false);
});
