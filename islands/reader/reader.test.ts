/** The reader without a page: keyrings, whom it trusts, what it opens and what it leaves out. */

import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Encrypter, identityToRecipient } from "age-encryption";
import { base64, fromHex, hex, utf8 } from "../lib/bytes.ts";
import { readSecret, sealMark } from "../lib/receipt.ts";
import { plaintext } from "../lib/voice.ts";
import { bandOf, beside, findingHash, rootOf } from "./finding.ts";
import {
  drawPassphrase,
  isSigned,
  type Keyring,
  makeKeyring,
  openKeyring,
  publicKeys,
  sealKeyring,
  sealTo,
  sign,
} from "./keyring.ts";
import { challengeStatement, fingerprint, openedStatement, vouchStatement } from "./statements.ts";
import { firstKey, type KeyEntry, keysInForce } from "./trust.ts";
import { openAll } from "./voices.ts";

const ORIGIN = "riverbend.example/record";
const FORM = "9f".repeat(32);
const vectors = JSON.parse(readFileSync(new URL("../../vectors/leads.json", import.meta.url), "utf8"));

test("a keyring opens under its own six words, however they are typed, and under no others", async () => {
  const keyring = await makeKeyring();
  const phrase = drawPassphrase();
  equal(phrase.split(" ").length, 6);
  const file = await sealKeyring(keyring, phrase);
  equal(/-> scrypt \S+ 16\n/.test(String.fromCharCode(...file.subarray(0, 80))), true);
  deepEqual(await openKeyring(file, `  ${phrase.toUpperCase().replaceAll(" ", "  ")}\n`), keyring);
  equal(await openKeyring(file, drawPassphrase()), null);
});

test("statements, fingerprints, roots and hashes are those of Python", () => {
  const { keys, seat, challenge, promise, marks, not_opened, salt, finding } = vectors;
  const own = { recipient: keys.recipient, signKey: keys.sign_key };
  equal(hex(vouchStatement(ORIGIN, seat, own)), vectors.vouch);
  equal(hex(challengeStatement(ORIGIN, seat, challenge)), vectors.sign_in);
  equal(hex(openedStatement(ORIGIN, promise, marks, not_opened)), vectors.opened);
  equal(fingerprint(own), vectors.fingerprint);
  equal(findingHash(finding), vectors.finding_hash);
  for (const { count, root } of vectors.roots) equal(rootOf(fromHex(salt), marks.slice(0, count)), root);
  for (const { count, band } of vectors.bands) deepEqual(bandOf(count, vectors.k, vectors.edges), band);
  for (const { band, of, told } of vectors.beside) deepEqual(beside(band, vectors.k, of), told);
  equal(isSigned(keys.sign_key, fromHex(vectors.vouch), vectors.signature), true);
  equal(isSigned(keys.sign_key, fromHex(vectors.sign_in), vectors.signature), false);
});

async function entry(
  index: number,
  kind: string,
  seat: string,
  keyring: Keyring,
  by: [string, Keyring][] = [],
): Promise<KeyEntry> {
  const own = await publicKeys(keyring);
  const certs = by.map(([one, theirs]) => ({ seat: one, signature: sign(theirs, vouchStatement(ORIGIN, seat, own)) }));
  return { v: 2, index, kind, cites: {}, data: { seat, recipient: own.recipient, sign_key: own.signKey, certs } };
}

/** The two founding keys of Ana and Ben, where each of these signed with the keyring beside it. */
async function founded(ana: Keyring, ben: Keyring, by: [string, Keyring][], v = 2): Promise<KeyEntry[]> {
  const [first, second] = [await entry(1, "key.founded", "ana", ana), await entry(2, "key.founded", "ben", ben)];
  const statement: { [seat: string]: Uint8Array } = {
    ana: vouchStatement(ORIGIN, "ben", await publicKeys(ben)),
    ben: vouchStatement(ORIGIN, "ana", await publicKeys(ana)),
  };
  const certs = by.map(([seat, theirs]) => ({ seat, signature: sign(theirs, statement[seat] as Uint8Array) }));
  return [
    { ...first, v },
    { ...second, v, cites: v > 1 ? { key: [1] } : {}, data: { ...second.data, certs } },
  ];
}

test("two keys found nothing until each lead has signed the other's", async () => {
  const [ana, ben, ghost] = await Promise.all([makeKeyring(), makeKeyring(), makeKeyring()]);
  const seats = async (by: [string, Keyring][], v = 2) => [
    ...keysInForce(await founded(ana, ben, by, v), ORIGIN).keys(),
  ];
  const both: [string, Keyring][] = [
    ["ana", ana],
    ["ben", ben],
  ];
  deepEqual(await seats(both), ["ana", "ben"]);
  deepEqual(await seats([]), []);
  deepEqual(await seats([["ana", ana]]), []);
  deepEqual(await seats([["ben", ben]]), []);
  deepEqual(
    await seats([
      ["ana", ghost],
      ["ben", ben],
    ]),
    [],
  );
  deepEqual(await seats([], 1), ["ana", "ben"], "founded before the record asked for it");
  equal(firstKey(await founded(ana, ben, both), ORIGIN), undefined);
  equal(firstKey((await founded(ana, ben, both)).slice(0, 1), ORIGIN)?.data.seat, "ana");
  deepEqual([...keysInForce(await founded(ana, ben, both), "elsewhere").keys()], []);
});

test("a server cannot add a ghost to the leads", async () => {
  const [ana, ben, cam, ghost] = await Promise.all([makeKeyring(), makeKeyring(), makeKeyring(), makeKeyring()]);
  const set = await founded(ana, ben, [
    ["ana", ana],
    ["ben", ben],
  ]);
  const good = await entry(3, "key.certified", "cam", cam, [
    ["ana", ana],
    ["ben", ben],
  ]);
  const seats = (entries: KeyEntry[]) => [...keysInForce(entries, ORIGIN).keys()];
  deepEqual(seats([...set, good]), ["ana", "ben", "cam"]);
  const lies = [
    await entry(3, "key.founded", "ghost", ghost),
    await entry(3, "key.certified", "ghost", ghost),
    await entry(3, "key.certified", "ghost", ghost, [["ana", ana]]),
    await entry(3, "key.certified", "ghost", ghost, [
      ["ana", ana],
      ["ana", ana],
    ]),
    await entry(3, "key.certified", "ghost", ghost, [
      ["ana", ghost],
      ["ben", ghost],
    ]),
    await entry(3, "key.certified", "ghost", ghost, [
      ["ghost", ghost],
      ["ana", ana],
    ]),
    { ...good, data: { ...good.data, recipient: (await publicKeys(ghost)).recipient } },
  ];
  for (const lie of lies) deepEqual(seats([...set, lie]), ["ana", "ben"]);
});

/** Seal a voice as a person's page does. */
async function said(
  recipient: string,
  change: { engagement?: string; form?: string; mark?: string; text?: Uint8Array } = {},
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
  const text = change.text ?? (plaintext({ ...voice, ...change }) as Uint8Array);
  return { mark: change.mark ?? hex(sealMark(read)), sealed: base64(await sealTo(recipient, text)) };
}

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
    await said(recipient, { engagement: "another", mark: "06".repeat(32) }),
    await said(recipient, { form: "00".repeat(32), mark: "07".repeat(32) }),
    await said(recipient, { mark: "08".repeat(32) }),
    await said(recipient),
  ];
  const heard: number[] = [];
  const { opened, left } = await openAll(
    [list.slice(0, 3), list.slice(3)],
    identity,
    { slug: "library", form_hash: FORM },
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
      "other-engagement",
      "other-form",
      "other-receipt",
      "twin",
    ],
  );
  deepEqual(heard, [3, 10]);
  equal(opened[0]?.text.endsWith("}"), true);
});
