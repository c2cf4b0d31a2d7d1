/** What leads sign is what Python wrote into vectors/acts.json, and other words are no words of it. */

import { equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromHex, hex } from "../bytes.ts";
import { actBytes, actStatement, areWordsOf, holdsCited, type Said } from "./acts.ts";
import { isSigned } from "./keyring.ts";

const vectors = JSON.parse(readFileSync(new URL("../../../vectors/acts.json", import.meta.url), "utf8"));
const drafts = JSON.parse(new TextDecoder().decode(fromHex(vectors.act))).drafts;

test("an act, and what a lead signs of it, are those of Python", () => {
  const { v, origin, nonce, entries, first, seat, head, statement, sign_key, signature } = vectors;
  const act = actBytes(v, origin, nonce, entries, first);
  equal(hex(act), vectors.act);
  equal(hex(actStatement(origin, seat, act, head)), statement);
  equal(isSigned(sign_key, fromHex(statement), signature), true);
  const other = { ...entries[1], data: { ...entries[1].data, office: "libraries/clerk" } };
  const changed = actBytes(v, origin, nonce, [entries[0], other], first);
  equal(isSigned(sign_key, actStatement(origin, seat, changed, head), signature), false);
});

test("the words of an act are all of its words and no others", () => {
  const said: Said[] = vectors.said;
  const [first, ...rest] = said as [Said, ...Said[]];
  equal(areWordsOf(drafts, said), true);
  equal(areWordsOf(drafts, rest), false);
  equal(areWordsOf(drafts, [...said, first]), false);
  equal(areWordsOf(drafts, [...rest, [first[0], first[1], first[2], `${first[3]}.`]]), false);
  equal(areWordsOf(drafts, [...rest, [7, first[1], first[2], first[3]]]), false);
  equal(areWordsOf(drafts, [...rest, [first[0], "toString", first[2], first[3]]]), false);
});

test("a head that lacks one entry that the act cites does not hold what it cites", () => {
  equal(holdsCited(drafts, vectors.head), true);
  for (const size of [0, 3, 12, 39]) equal(holdsCited(drafts, { ...vectors.head, size }), false);
  equal(holdsCited(drafts, { ...vectors.head, size: Number.NaN }), false);
  equal(holdsCited([{ ...drafts[0], cites: { project: ["3"] } }], vectors.head), false);
});
