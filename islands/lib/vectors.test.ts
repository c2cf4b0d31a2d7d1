/** What TypeScript computes is what Python wrote into vectors/. */

import { deepEqual, equal, throws } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hash } from "@stablelib/sha256";
import { seal } from "./age.ts";
import { recipientBytes, recipientText } from "./bech32.ts";
import { base64, fromHex, hex, utf8 } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { fewer, find, isReceived } from "./marks.ts";
import { canBeLockedTo, canSign } from "./points.ts";
import { actHash, actSecret, digits, groups, make, offerTag, parse, readSecret, sealMark } from "./receipt/digits.ts";
import { BUCKETS, plaintext } from "./voice.ts";

// biome-ignore lint/suspicious/noExplicitAny: a vector file is whatever Python wrote
const vectors = (name: string): any =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8"));

/** Give the same bytes as the vector's own source of randomness, in its order. */
const replay = (drawn: string[]) => {
  const rest = drawn.slice();
  return (size: number) => {
    const next = fromHex(rest.shift() as string);
    equal(next.length, size);
    return next;
  };
};

test("points with which anybody signs, and to which nobody can lock, are no keys", () => {
  const { not_signing, not_locked_to, keys } = vectors("points");
  deepEqual(
    not_signing.filter((one: string) => canSign(fromHex(one))),
    [],
  );
  deepEqual(
    not_locked_to.filter((one: string) => canBeLockedTo(fromHex(one))),
    [],
  );
  deepEqual(
    keys.filter((one: string) => canSign(fromHex(one)) && canBeLockedTo(fromHex(one))),
    keys,
  );
});

test("canonical JSON is the same bytes", () => {
  for (const { value, bytes } of vectors("canonical")) equal(hex(utf8(canonical(value))), bytes);
});

test("a number that is not whole or too large has no canonical form", () => {
  for (const number of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 54])
    throws(() => canonical(number), /whole numbers/);
  equal(canonical(-0), "0");
});

test("half a character becomes the sign for it", () => {
  equal(canonical("a\ud800b\udc00🐟"), '"a\ufffdb\ufffd🐟"');
  equal(hex(utf8("\ud800")), "efbfbd");
});

test("receipts have the same digits and the same four values", () => {
  for (const vector of vectors("receipt")) {
    const secret = fromHex(vector.secret);
    equal(groups(digits(secret)).join(" "), vector.grouped);
    equal(hex(readSecret(secret)), vector.read);
    equal(hex(actSecret(secret)), vector.act);
    equal(hex(sealMark(fromHex(vector.read))), vector.seal_mark);
    equal(hex(offerTag(fromHex(vector.read))), vector.offer_tag);
    equal(hex(actHash(fromHex(vector.act))), vector.act_hash);
  }
});

test("what people type reads the same, and fails the same", () => {
  for (const { typed, secret, error } of vectors("typed")) {
    const read = parse(typed);
    if (secret) equal(read.problem === undefined && hex(read.secret), secret, typed);
    else equal(read.problem, error, typed);
  }
});

test("a receipt is made of twelve random bytes and every one reads back", () => {
  for (let count = 0; count < 1000; count++) {
    const secret = make();
    equal(secret.length, 12);
    const read = parse(digits(secret));
    equal(read.problem === undefined && hex(read.secret), hex(secret));
  }
});

test("sealing the same with the same randomness gives the same file", () => {
  for (const { recipient, size, random, sha256, head } of vectors("envelope")) {
    const text = new Uint8Array(size).map((_, at) => (at * 7) % 251);
    const sealed = seal(text, recipientBytes(recipient), replay(random));
    equal(base64(sealed.subarray(0, 200)), head);
    equal(hex(hash(sealed)), sha256);
  }
});

test("recipients read and write back, and every other spelling is refused", () => {
  const { good, bad } = vectors("keys");
  equal(recipientText(recipientBytes(good)), good);
  for (const text of bad) throws(() => recipientBytes(text), /copy it/, text);
});

test("a recipient of low order is refused", () => {
  throws(() => seal(new Uint8Array(1), new Uint8Array(32)), /low order/);
});

test("voices are the same padded bytes", () => {
  const { buckets, form, form_hash, voices } = vectors("voice");
  deepEqual(BUCKETS, buckets);
  equal(hex(hash(utf8(canonical(form)))), form_hash);
  for (const { voice, size, sha256 } of voices) {
    const text = plaintext(voice) as Uint8Array;
    equal(text.length, size);
    equal(hex(hash(text)), sha256);
  }
});

test("a voice that is longer than fits is not sealed", () => {
  const { voices } = vectors("voice");
  equal(plaintext({ ...voices[0].voice, answers: { q1: "x".repeat(65536) } }), null);
});

test("a mark is found in the list with its furthest state first", () => {
  const vector = vectors("marks");
  const list = fromHex(vector.bytes);
  deepEqual(find(list, fromHex(vector.mark)), vector.found);
  deepEqual(find(list, new Uint8Array(32)), []);
  deepEqual(
    fewer(list).map((row) => row.entry),
    vector.fewer,
  );
});

test("what waits for its batch is found by its act hash alone", () => {
  const { bytes, act } = vectors("marks").received;
  equal(isReceived(fromHex(bytes), fromHex(act)), true);
  equal(isReceived(fromHex(bytes), new Uint8Array(32)), false);
  equal(isReceived(new Uint8Array(0), fromHex(act)), false);
});
