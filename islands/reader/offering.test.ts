/** What two leads decide of an offered statement, hashed alike here and by the server. */

import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { hash } from "@stablelib/sha256";
import { hex } from "../lib/bytes.ts";
import { isPartOf, partBytes, signPart } from "../lib/leads/acts.ts";
import { makeKeyring, publicKeys } from "../lib/leads/keyring.ts";
import { type Decided, digestOf, meantBy, tagOf } from "./offering.ts";

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

const [ORIGIN, SEAT, SEED] = ["riverbend.example/record", "seat-1a2b3c4d", "000102030405060708090a0b0c0d0e0f"];
const released: Decided = { ...said, offer: "cd".repeat(32), words: { en: "Open on Sundays.", es: "Abran." } };
const told = { v: 5, nonce: "0f".repeat(16), day: "2026-11-30", size: 8, root: "ab".repeat(32) };

test("what a lead signs here is what the record holds against her key", () => {
  // tests/chain/opinions/test_offers.py writes the same from the entry
  const part = partBytes(ORIGIN, SEAT, [meantBy(7, released)], { ...told, seed: SEED });
  equal(hex(hash(part)), "91002c0a8e17b99bb52e6bcd49e937df850c9a448f122cfe8209fde3b4e19f3a");
});

test("a part that a lead signed is hers in these very words alone, under her seat and her key", async () => {
  const keyring = await makeKeyring();
  const { signKey } = await publicKeys(keyring);
  const meant = [meantBy(7, released)];
  const part = signPart(keyring, ORIGIN, SEAT, meant, told);
  equal(isPartOf(signKey, ORIGIN, SEAT, meant, part), true);
  const others = [
    { ...released, words: { ...released.words, es: "Cierren." } },
    { ...released, decision: "declined", reason: "too-late", ground: "Too late." },
    { ...released, offer: "ef".repeat(32) },
  ];
  for (const other of others) equal(isPartOf(signKey, ORIGIN, SEAT, [meantBy(7, other)], part), false);
  equal(isPartOf(signKey, ORIGIN, SEAT, [meantBy(8, released)], part), false);
  equal(isPartOf(signKey, ORIGIN, "seat-5e6f7a8b", meant, part), false);
  equal(isPartOf((await publicKeys(await makeKeyring())).signKey, ORIGIN, SEAT, meant, part), false);
  equal(isPartOf(signKey, ORIGIN, SEAT, meant, { ...part, nonce: "00".repeat(16) }), false);
  equal(isPartOf(signKey, ORIGIN, SEAT, meant, { ...part, signed: { ...part.signed, day: "2026-12-01" } }), false);
  for (const none of [null, {}, "", { signed: null }]) equal(isPartOf(signKey, ORIGIN, SEAT, meant, none), false);
});

test("the same words under the same seed have another hash in every act, and in each place of one", () => {
  const meant = [meantBy(7, { ...released, words: { en: "Abran.", es: "Abran." } })];
  const hashes = ["0f", "f0"].flatMap((two) => {
    const part = partBytes(ORIGIN, SEAT, meant, { v: 5, nonce: two.repeat(16), seed: SEED });
    return [...new TextDecoder().decode(part).matchAll(/"sha256":"([0-9a-f]{64})"/g)].map(([, found]) => found);
  });
  deepEqual([hashes.length, new Set(hashes).size], [4, 4]);
});
