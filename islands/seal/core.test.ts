/** The sealer against another implementation of age, and the whole way from speech to sealed voice. */

import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { Decrypter, generateIdentity, identityToRecipient } from "age-encryption";
import { seal } from "../lib/age.ts";
import { recipientBytes } from "../lib/bech32.ts";
import { hex, random } from "../lib/bytes.ts";
import { actHash, actSecret, parse, readSecret, sealMark } from "../lib/receipt/digits.ts";
import { sealSpeech } from "./core.ts";

const identity = await generateIdentity();
const recipient = recipientBytes(await identityToRecipient(identity));
const opener = new Decrypter();
opener.addIdentity(identity);

const speech = {
  engagement: "library-computers",
  form: "ab".repeat(32),
  lang: "vi",
  quote: false,
  answers: { q1: "weekly", q2: ["hall"], q3: 4, q4: "Đừng giữ gì cả. لا شيء 🐟" },
};

test("typage opens what we seal, at every edge of a chunk and at 20 random lengths", async () => {
  const edges = [0, 1, 15, 16, 17, 1024, 65535, 65536, 65537, 131071, 131072, 131073];
  const lengths = edges.concat(Array.from({ length: 20 }, () => Math.floor(Math.random() * 200_000)));
  for (const length of lengths) {
    const text = new Uint8Array(length).map((_, at) => (at * 31) % 253);
    deepEqual(await opener.decrypt(seal(text, recipient)), text, `length ${length}`);
  }
});

test("a sealed speech opens as what was said, under the receipt that was shown", async () => {
  const sealed = sealSpeech(speech, recipient);
  if (!sealed) throw new Error("it fits");
  const receipt = parse(sealed.digits);
  if (receipt.problem !== undefined) throw new Error("it reads back");
  const file = Uint8Array.from(atob(sealed.sent.sealed), (letter) => letter.charCodeAt(0));
  equal(file.length, 1224);
  const voice = JSON.parse(await opener.decrypt(file, "text"));
  const read = readSecret(receipt.secret);
  deepEqual(voice, { v: 1, ...speech, r: hex(read) });
  equal(sealed.sent.mark, hex(sealMark(read)));
  equal(sealed.sent.act, hex(actHash(actSecret(receipt.secret))));
});

test("nothing that is sent holds r, w, the digits or the words", () => {
  const sealed = sealSpeech(speech, recipient);
  if (!sealed) throw new Error("it fits");
  const receipt = parse(sealed.digits);
  if (receipt.problem !== undefined) throw new Error("it reads back");
  const sent = JSON.stringify(sealed.sent);
  for (const secret of [readSecret(receipt.secret), actSecret(receipt.secret), receipt.secret]) {
    equal(sent.indexOf(hex(secret)), -1);
  }
  equal(sent.indexOf(sealed.digits), -1);
  equal(atob(sealed.sent.sealed).indexOf("weekly"), -1);
});

test("two of the same speech have nothing in common", () => {
  const one = sealSpeech(speech, recipient);
  const other = sealSpeech(speech, recipient);
  equal(
    new Set([one?.digits, other?.digits, one?.sent.mark, other?.sent.mark, one?.sent.act, other?.sent.act]).size,
    6,
  );
});

test("speeches come in four sizes", () => {
  const sizes = new Set<number>();
  for (let length = 0; length < 60_000; length += 997) {
    const sealed = sealSpeech({ ...speech, answers: { q4: "x".repeat(length) } }, recipient, random);
    sizes.add(atob(sealed?.sent.sealed ?? "").length);
  }
  deepEqual([...sizes], [1224, 4296, 16584, 65736]);
  equal(sealSpeech({ ...speech, answers: { q4: "x".repeat(70_000) } }, recipient), null);
});
