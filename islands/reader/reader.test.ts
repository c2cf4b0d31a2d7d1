/** The reader without a page: what it opens and what it leaves out, and what goes out with a finding. */

import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Encrypter, identityToRecipient } from "age-encryption";
import { recipientBytes } from "../lib/bech32.ts";
import { base64, fromBase64, fromHex, hex, utf8 } from "../lib/bytes.ts";
import { makeKeyring, openAs, openNonce, sealNote, sealTo } from "../lib/leads/keyring.ts";
import { readSecret, sealMark } from "../lib/receipt/digits.ts";
import { plaintext } from "../lib/voice.ts";
import type { Sealed } from "../seal/core.ts";
import { sealSpoken } from "../speak/core.ts";
import { bandOf, beside, findingHash, rootOf } from "./finding.ts";
import { isAsked, openAll, openSounds, voiceIn, WAYS } from "./voices.ts";

const FORM = "9f".repeat(32);
const NOTICE = "4e".repeat(32);
const agreed = (notice: string) => ({ v: 2, taken: "self", consent: { notice, how: "screen", on: "2026-06-01" } });
const vectors = JSON.parse(readFileSync(new URL("../../vectors/leads.json", import.meta.url), "utf8"));

test("bands, roots and hashes of findings are those of Python", () => {
  const { marks, salt, finding } = vectors;
  equal(findingHash(finding), vectors.finding_hash);
  for (const { count, root } of vectors.roots) equal(rootOf(fromHex(salt), marks.slice(0, count)), root);
  for (const { count, band } of vectors.bands) deepEqual(bandOf(count, vectors.k, vectors.edges), band);
  for (const { band, of, told } of vectors.beside) deepEqual(beside(band, vectors.k, of), told);
});

/** Seal a voice as a person's page does. */
async function said(
  recipient: string,
  change: Record<string, unknown> & { mark?: string; text?: Uint8Array } = {},
  draw = 1,
) {
  const read = readSecret(new Uint8Array(12).fill(draw));
  const voice = {
    engagement: "library",
    form: FORM,
    r: hex(read),
    lang: "es",
    quote: true,
    answers: { q1: "Más cerca 🐟" },
  };
  const { mark, text, ...other } = change;
  const sealed = await sealTo(recipient, text ?? (plaintext({ ...voice, ...other }) as Uint8Array));
  return { mark: mark ?? hex(sealMark(read)), sealed };
}

test("a voice that a lead took in says how, and reads as Python reads it", () => {
  const { voices, not_taken_in, ways } = JSON.parse(
    readFileSync(new URL("../../vectors/voice.json", import.meta.url), "utf8"),
  );
  deepEqual(["self", ...WAYS], ways);
  for (const { voice } of voices) deepEqual(voiceIn(plaintext(voice) as Uint8Array)?.voice, { v: 1, ...voice });
  equal(not_taken_in.length, 27);
  for (const wrong of not_taken_in) equal(voiceIn(utf8(JSON.stringify(wrong))), null, JSON.stringify(wrong));
});

test("questions that people were not asked are known by the hash in the promise", () => {
  const { form, form_hash } = JSON.parse(readFileSync(new URL("../../vectors/voice.json", import.meta.url), "utf8"));
  const expected = { slug: "library", form_hash, notice: NOTICE };
  equal(isAsked(form, expected), true);
  equal(isAsked({ ...form, questions: [...form.questions].reverse() }, expected), form.questions.length < 2);
  equal(isAsked({}, expected), false);
});

test("a voice of several chunks that was cut to its first one is no whole voice", async () => {
  const { identity } = await makeKeyring();
  const recipient = await identityToRecipient(identity);
  const expected = { slug: "library", form_hash: FORM, notice: NOTICE };
  const text = new Uint8Array(70_000).fill(32);
  text.set(
    plaintext({
      engagement: "library",
      form: FORM,
      r: "00".repeat(32),
      lang: "es",
      quote: true,
      answers: { q1: "a" },
    }) as Uint8Array,
  );
  const long = await said(recipient, { text });
  const short = await said(recipient);
  const cut = { ...long, sealed: base64(fromBase64(long.sealed).subarray(0, fromBase64(long.sealed).length - 4480)) };
  const { opened, left } = await openAll([[cut, short]], identity, expected, async () => undefined);
  deepEqual([opened.map(({ mark }) => mark), [...left.values()]], [[short.mark], ["unreadable"]]);
});

test("a voice is opened to the last byte, and what is none is left out with a reason", async () => {
  const { identity } = await makeKeyring();
  const recipient = await identityToRecipient(identity);
  const stranger = await identityToRecipient((await makeKeyring()).identity);
  const passphrase = new Encrypter();
  passphrase.setPassphrase("x");
  passphrase.setScryptWorkFactor(2);
  const good = await said(recipient);
  const list = [
    good,
    await said(stranger, { mark: "01".repeat(32) }),
    { mark: "02".repeat(32), sealed: base64(await passphrase.encrypt("x")) },
    { mark: "03".repeat(32), sealed: "***" },
    await said(recipient, { mark: "04".repeat(32), text: utf8("nothing") }),
    await said(recipient, { mark: "05".repeat(32), text: utf8('{"v":1}') }),
    await said(recipient, { lang: `aa${"-abcdefgh".repeat(9)}`, mark: "09".repeat(32) }),
    await said(recipient, { engagement: "another", mark: "06".repeat(32) }),
    await said(recipient, { form: "00".repeat(32), mark: "07".repeat(32) }),
    await said(recipient, { ...agreed("00".repeat(32)), mark: "0a".repeat(32) }),
    await said(recipient, { mark: "08".repeat(32) }),
    await said(recipient),
  ];
  const heard: number[] = [];
  const { opened, left } = await openAll(
    [list.slice(0, 3), list.slice(3)],
    identity,
    { slug: "library", form_hash: FORM, notice: NOTICE },
    async (n) => void heard.push(n),
  );
  deepEqual(
    opened.map((voice) => [voice.mark, voice.answers]),
    [[good.mark, { q1: "Más cerca 🐟" }]],
  );
  deepEqual(
    [...left.values()],
    [
      "unreadable",
      "unreadable",
      "unreadable",
      "not-a-voice",
      "not-a-voice",
      "not-a-voice",
      "other-engagement",
      "other-form",
      "other-promise",
      "other-receipt",
      "twin",
    ],
  );
  // At the end of each page, and whenever it worked for a while.
  deepEqual(
    [...new Set(heard)].filter((n) => n === 3 || n === 12),
    [3, 12],
  );
  equal(opened[0]?.text.endsWith("}"), true);
});

test("the text of a spoken voice opens from its beginning, and its sounds only where they are those it tells of", async () => {
  const { identity } = await makeKeyring();
  const recipient = await identityToRecipient(identity);
  const sound = new Uint8Array(300_000).fill(9);
  sound.set([0x4f, 0x67, 0x67, 0x53]);
  const told = { bytes: sound.length, kind: "ogg", seconds: 40, words: "" };
  const speech = {
    v: 3 as const,
    taken: "self",
    consent: { notice: NOTICE, how: "screen", on: "2026-11-29" },
    engagement: "library",
    form: FORM,
    lang: "es",
    quote: true,
    answers: { q1: told },
  };
  const { sent } = (await sealSpoken(speech, { q1: sound }, recipientBytes(recipient))) as Sealed;
  const beginning = base64(fromBase64(sent.sealed).subarray(0, 65_736));
  const one = (sealed: string, spoken = true) =>
    openAll(
      [[{ mark: sent.mark, sealed, spoken }]],
      identity,
      { slug: "library", form_hash: FORM, notice: NOTICE },
      async () => {},
    );
  const { opened } = await one(beginning);
  deepEqual(
    opened.map(({ answers }) => answers),
    [{ q1: told }],
  );
  const [voice] = opened;
  if (!voice) throw new Error("it opens");
  deepEqual(await openSounds(sent.sealed, identity, voice), { q1: sound });
  equal(await openSounds(beginning, identity, voice), null);
  equal(await openSounds(sent.sealed, identity, { ...voice, text: "{}" }), null);
  const bent = fromBase64(sent.sealed);
  bent[200_000] = (bent[200_000] as number) ^ 1;
  equal(await openSounds(base64(bent), identity, voice), null);
  for (const [sealed, spoken] of [
    [beginning, false],
    [base64(fromBase64(beginning).fill(1, 300, 301)), true],
    [(await said(recipient)).sealed, true],
  ] as const)
    deepEqual([...(await one(sealed, spoken)).left.values()], ["unreadable"]);
});

test("what is no test voice is not told back, whatever the server calls it", async () => {
  const { identity } = await makeKeyring();
  const recipient = await identityToRecipient(identity);
  const nonce = "5c".repeat(32);
  equal(await openNonce(identity, await sealTo(recipient, utf8(`${nonce}\n  `))), nonce);
  for (const other of ['{"answers":{"q1":"We sleep in the car"}}', nonce.slice(2), `${nonce}5c`, identity])
    equal(await openNonce(identity, await sealTo(recipient, other)), null);
});

test("a draft of one voice is as long as one of twenty-three, and opens as it was", async () => {
  const { identity } = await makeKeyring();
  const recipient = await identityToRecipient(identity);
  const drafts = [1, 23].map((many) => ({
    v: 1,
    statement: "It is too far.",
    marks: Array(many).fill("9f".repeat(32)),
  }));
  const sealed = await Promise.all(drafts.map((draft) => sealNote(recipient, draft)));
  equal((sealed[0] as string).length, (sealed[1] as string).length);
  deepEqual(await openAs(identity, sealed[1] as string, () => true), drafts[1]);
});
