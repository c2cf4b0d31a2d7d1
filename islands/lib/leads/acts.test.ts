/** What leads sign is what Python wrote into vectors/acts.json, and other words are no words of it. */

import { equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hash } from "@stablelib/sha256";
import { concat, fromHex, hex, utf8 } from "../bytes.ts";
import { canonical, type Json } from "../canonical.ts";
import {
  type Act,
  actBytes,
  actStatement,
  areWordsOf,
  type Before,
  fitsBeside,
  holdsCited,
  type Said,
} from "./acts.ts";
import { isSigned, makeKeyring, publicKeys, sign } from "./keyring.ts";

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
  equal(areWordsOf(drafts, [...rest, [String(first[0]) as unknown as number, first[1], first[2], first[3]]]), false);
  const [some, others] = [first[3].slice(0, 1), first[3].slice(1)];
  equal(areWordsOf(drafts, [...rest, [first[0], first[1], first[2] + hex(utf8(some)), others]]), false);
  equal(areWordsOf(drafts, [...rest, [first[0], "toString", first[2], first[3]]]), false);
});

test("a head that lacks one entry that the act cites does not hold what it cites", () => {
  equal(holdsCited(drafts, vectors.head), true);
  for (const size of [0, 3, 12, 39]) equal(holdsCited(drafts, { ...vectors.head, size }), false);
  equal(holdsCited(drafts, { ...vectors.head, size: Number.NaN }), false);
  equal(holdsCited([{ ...drafts[0], cites: { project: ["3"] } }], vectors.head), false);
});

/** What another lead signed with a key of her own: a check of one claim, as the page gives it. */
async function signedBefore(
  by: string,
  words: string,
  saw: string,
  kind = "delivery.verified",
  named = by,
): Promise<[Act, Before]> {
  const ring = await makeKeyring();
  const salt = "0f".repeat(16);
  const sha256 = hex(hash(concat(fromHex(salt), utf8(words))));
  const act: Act = {
    v: 5,
    origin: vectors.origin,
    nonce: "5a".repeat(16),
    drafts: [
      {
        kind,
        by: [named],
        cites: { claim: [7] },
        data: saw ? { milestone: "m1", saw: { [by]: saw } } : { about: "title" },
        texts: { check: { lang: "en", sha256 } },
      },
    ],
  };
  const text = canonical(act as unknown as Json);
  const sig = sign(ring, actStatement(act.origin, by, utf8(text), vectors.head));
  const { signKey } = await publicKeys(ring);
  return [
    act,
    { seat: by, key: signKey, act: text, said: [[0, "check", salt, words]], signed: { ...vectors.head, sig } },
  ];
}

test("what another lead signed before is hers, in her words, and of the same as what this lead signs", async () => {
  const [, hers] = await signedBefore("seat-aaaaaaaa", "All of it.", "complete");
  const [act, other] = await signedBefore("seat-bbbbbbbb", "Nearly all.", "substantial");
  equal(fitsBeside(act, hers), true); // what each saw, and in which words, is her own
  equal(fitsBeside(act, { ...hers, key: other.key }), false);
  const [, forAnother] = await signedBefore("seat-aaaaaaaa", "All of it.", "complete", undefined, "seat-cccccccc");
  equal(fitsBeside(act, forAnother), false);
  equal(fitsBeside(act, { ...hers, seat: other.seat }), false);
  equal(fitsBeside(act, { ...hers, said: [[0, "check", "0f".repeat(16), "None of it."]] }), false);
  equal(fitsBeside(act, { ...hers, signed: { ...hers.signed, day: "2026-01-01" } }), false);
  const drafts = (change: object): Act => ({ ...act, drafts: act.drafts.map((one) => ({ ...one, ...change })) });
  for (const change of [
    { cites: { claim: [8] } },
    { kind: "delivery.disputed" },
    { data: { milestone: "m2" } },
    { texts: { ...act.drafts[0]?.texts, more: { lang: "en", sha256: "ab".repeat(32) } } },
  ]) {
    equal(fitsBeside(drafts(change), hers), false);
  }
  for (const change of [{ v: 6 }, { origin: "elsewhere" }, { nonce: "5b".repeat(16) }, { drafts: [] }]) {
    equal(fitsBeside({ ...act, ...change }, hers), false);
  }
});

test("of a correction every word is the same in the part of each", async () => {
  const [, hers] = await signedBefore("seat-aaaaaaaa", "Two more weeks.", "", "engagement.corrected");
  const [same] = await signedBefore("seat-bbbbbbbb", "Two more weeks.", "", "engagement.corrected");
  const [other] = await signedBefore("seat-bbbbbbbb", "Nothing changes.", "", "engagement.corrected");
  equal(fitsBeside(same, hers), true);
  equal(fitsBeside(other, hers), false);
});
