/** A receipt finds its own voice and no other, and says where that is when it was not opened. */

import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromHex } from "../lib/bytes.ts";
import { readReceipt, seek } from "./receipts.ts";
import type { OpenedVoice, Reason } from "./voices.ts";

const vectors: { grouped: string; read: string; seal_mark: string }[] = JSON.parse(
  readFileSync(new URL("../../vectors/receipt.json", import.meta.url), "utf8"),
);
const opened = vectors.map(({ read, seal_mark }) => ({ r: read, mark: seal_mark }) as OpenedVoice);
const nothing = { opened: [], left: new Map<string, Reason>(), published: [] };

/** Read digits that hold. */
function secretOf(typed: string): Uint8Array {
  const read = readReceipt(typed);
  if (read.problem) throw new Error(read.problem);
  return read.secret;
}

test("each receipt of the vectors finds its own voice among all of them, and none without it", () => {
  for (const { grouped, read } of vectors) {
    const found = seek(secretOf(grouped), { ...nothing, opened });
    equal(found.state === "opened" && found.voice.r, read);
    const others = opened.filter(({ r }) => r !== read);
    equal(seek(secretOf(grouped), { ...nothing, opened: others }).state, "absent");
  }
});

test("what was not opened is told apart: left out here, on the public log and not given here, or neither", () => {
  const [{ grouped, seal_mark: mark }] = vectors as [(typeof vectors)[0]];
  const secret = secretOf(grouped);
  const left = new Map<string, Reason>([[mark, "unreadable"]]);
  equal(seek(secret, { ...nothing, left, published: [mark] }).state, "left");
  equal(seek(secret, { ...nothing, published: [mark] }).state, "published");
  equal(seek(secret, { ...nothing, published: ["00".repeat(32)] }).state, "absent");
});

test("a receipt reads as it was copied, with the address at its end, and a wrong digit is named", () => {
  const [{ grouped, secret }] = JSON.parse(
    readFileSync(new URL("../../vectors/receipt.json", import.meta.url), "utf8"),
  );
  for (const typed of [grouped, `\u200e${grouped}\nriverside.example/r`, `${grouped} localhost:8000/r\n`])
    deepEqual(secretOf(typed), fromHex(secret));
  equal(readReceipt("").problem, "count");
  equal(readReceipt("my receipt").problem, "letter");
  equal(readReceipt(`1${grouped.slice(1)}`).problem, "wrong");
});
