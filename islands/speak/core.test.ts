/** What is spoken is sealed as Python seals it, opens with typage, and nothing of it is told outside. */

import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hash } from "@stablelib/sha256";
import { Decrypter, generateIdentity, identityToRecipient } from "age-encryption";
import { recipientBytes } from "../lib/bech32.ts";
import { concat, fromBase64, fromHex, hex, padded, utf8 } from "../lib/bytes.ts";
import { actHash, actSecret, parse, readSecret, sealMark } from "../lib/receipt/digits.ts";
import { LONGEST, MOST_HEAD, SOUND_BUCKETS, spokenText } from "../lib/spoken.ts";
import { voiceIn } from "../reader/voices.ts";
import { sealSlowly, sealSpoken } from "./core.ts";

const vectors = JSON.parse(readFileSync(new URL("../../vectors/voice.json", import.meta.url), "utf8"));
const identity = await generateIdentity();
const recipient = recipientBytes(await identityToRecipient(identity));
const opener = new Decrypter();
opener.addIdentity(identity);

const sound = concat(fromHex("1a45dfa3"), new Uint8Array(300_000).fill(7));
const speech = {
  v: 3 as const,
  taken: "self",
  consent: { notice: "0f".repeat(32), how: "screen", on: "2026-11-29" },
  engagement: "library-computers",
  form: "ab".repeat(32),
  lang: "vi",
  quote: false,
  answers: { q1: "weekly", q4: { bytes: sound.length, kind: "webm", seconds: 93, words: "Đừng 🐟" } },
};

test("voices with sounds are the same bytes as Python's, and read back", () => {
  deepEqual([SOUND_BUCKETS, MOST_HEAD, LONGEST], [vectors.sound_buckets, vectors.most_head, vectors.longest]);
  equal(vectors.spoken.length, 3);
  for (const { voice, fills, size, sha256 } of vectors.spoken) {
    const sounds = Object.fromEntries(
      Object.entries(fills as { [name: string]: [string, number] }).map(([name, [begins, length]]) => {
        const whole = new Uint8Array(length).fill(0x5e);
        whole.set(fromHex(begins));
        return [name, whole];
      }),
    );
    const text = spokenText(voice, sounds) as Uint8Array;
    equal(text.length, size);
    equal(hex(hash(text)), sha256);
    const read = voiceIn(text);
    deepEqual(read?.voice, voice);
    deepEqual(read?.sounds, sounds);
  }
});

test("what is said wrongly of a sound is no voice here either", () => {
  equal(vectors.not_spoken.length > 30, true);
  for (const { head, behind } of vectors.not_spoken) {
    const whole = padded(concat(utf8(`${head}\n`), fromHex(behind)), SOUND_BUCKETS) as Uint8Array;
    equal(voiceIn(whole), null, head);
  }
});

test("what was spoken opens as it was, under the receipt that was shown", async () => {
  const sealed = await sealSpoken(speech, { q4: sound }, recipient);
  if (!sealed) throw new Error("it fits");
  const receipt = parse(sealed.digits);
  if (receipt.problem !== undefined) throw new Error("it reads back");
  const file = fromBase64(sealed.sent.sealed);
  equal(file.length, 1_048_576 + 200 + 15 * 16);
  const read = voiceIn(await opener.decrypt(file));
  const r = readSecret(receipt.secret);
  deepEqual(read?.voice, { ...speech, r: hex(r) });
  deepEqual(read?.sounds, { q4: sound });
  equal(sealed.sent.mark, hex(sealMark(r)));
  equal(sealed.sent.act, hex(actHash(actSecret(receipt.secret))));
});

test("sounds come in three sizes, and more than fits is not sealed", async () => {
  const sizes = new Set<number>();
  for (const length of [10, 262_000, 262_144, 1_000_000, 1_048_576, 2_096_000]) {
    const one = concat(sound.subarray(0, 4), new Uint8Array(length));
    const answers = { q4: { ...speech.answers.q4, bytes: one.length } };
    sizes.add((spokenText({ ...speech, r: "00".repeat(32), answers }, { q4: one }) as Uint8Array).length);
  }
  deepEqual([...sizes], SOUND_BUCKETS);
  equal(await sealSpoken(speech, { q4: new Uint8Array(2_097_152) }, recipient), null);
  equal(await sealSpoken({ ...speech, answers: { q1: "x".repeat(65_536) } }, { q4: sound }, recipient), null);
});

test("sealing in slices gives what typage opens, at every edge of a chunk", async () => {
  for (const length of [1, 65_535, 65_536, 65_537, 131_072, 262_144, 2_097_152]) {
    const text = new Uint8Array(length).map((_, at) => (at * 31) % 253);
    deepEqual(await opener.decrypt(fromBase64(await sealSlowly(text, recipient))), text, `length ${length}`);
  }
});
