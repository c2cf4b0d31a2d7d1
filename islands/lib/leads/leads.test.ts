/** What leads' pages share, without a page: keyrings, what leads sign, and whom a device trusts. */

import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { drawPassphrase } from "../../reader/passphrase.ts";
import { keyDigits } from "../../taking/alone.ts";
import { recipientBytes, recipientText } from "../bech32.ts";
import { base64, fromBase64, fromHex, hex } from "../bytes.ts";
import { deviceSalt, lockToDevice, openWithDevice } from "./device.ts";
import {
  isSigned,
  type Keyring,
  makeKeyring,
  openKeyring,
  publicKeys,
  readKeyring,
  sealKeyring,
  sign,
} from "./keyring.ts";
import { challengeStatement, fingerprint, lockedStatement, vouchStatement } from "./statements.ts";
import { isMadeByLead, judge, type KeyEntry, type MadeEntry, ownKeys } from "./trust.ts";

const ORIGIN = "riverbend.example/record";
const vectors = JSON.parse(readFileSync(new URL("../../../vectors/leads.json", import.meta.url), "utf8"));

test("a keyring opens under its own six words, however they are typed, and under no others", async () => {
  const keyring = await makeKeyring(["ab".repeat(32)]);
  const phrase = drawPassphrase();
  equal(phrase.split(" ").length, 6);
  const file = await sealKeyring(keyring, phrase);
  equal(/-> scrypt \S+ 16\n/.test(String.fromCharCode(...file.subarray(0, 80))), true);
  deepEqual(await openKeyring(file, `  ${phrase.toUpperCase().replaceAll(" ", "  ")}\n`), keyring);
  equal(await openKeyring(file, drawPassphrase()), null);
});

test("statements and fingerprints are those of Python", () => {
  const { keys, seat, challenge, engagement, locked_to } = vectors;
  const own = { recipient: keys.recipient, signKey: keys.sign_key };
  equal(hex(vouchStatement(ORIGIN, seat, own)), vectors.vouch);
  equal(hex(lockedStatement(ORIGIN, engagement, keys.recipient, Object.entries<string>(locked_to))), vectors.locked);
  equal(hex(challengeStatement(ORIGIN, seat, challenge)), vectors.sign_in);
  equal(fingerprint(ORIGIN, seat, own), vectors.fingerprint);
  equal(keyDigits(keys.recipient), vectors.key_digits);
  equal(isSigned(keys.sign_key, fromHex(vectors.vouch), vectors.signature), true);
  equal(isSigned(keys.sign_key, fromHex(vectors.sign_in), vectors.signature), false);
});

test("what is locked to a device is what Python locks, and opens for that device, seat, keyring and record alone", () => {
  const { origin, seat, recipient, salt, given, random, text, sealed } = JSON.parse(
    readFileSync(new URL("../../../vectors/devices.json", import.meta.url), "utf8"),
  );
  const [keyring, bytes, whose] = [readKeyring(text), fromHex(given), { origin, seat, recipient }];
  equal(hex(deviceSalt(origin, seat)), salt);
  equal(
    lockToDevice(keyring, bytes, whose, () => fromHex(random)),
    sealed,
  );
  deepEqual(openWithDevice(sealed, bytes, whose), keyring);
  for (const other of [{ origin: "x" }, { seat: "x" }, { recipient: "x" }])
    equal(openWithDevice(sealed, bytes, { ...whose, ...other }), null);
  equal(openWithDevice(sealed, fromHex(salt), whose), null);
  const changed = fromBase64(sealed);
  for (const at of [0, 16, changed.length - 1]) {
    const one = changed.slice();
    one[at] = (one[at] as number) ^ 1;
    equal(openWithDevice(base64(one), bytes, whose), null);
  }
  for (const none of ["", "AAAA", "%"]) equal(openWithDevice(none, bytes, whose), null);
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
  const signature = sign(keyring, vouchStatement(ORIGIN, seat, own));
  return { index, kind, cites: {}, data: { seat, recipient: own.recipient, sign_key: own.signKey, signature, certs } };
}

/** The two founding keys of Ana and Ben, where each of these signed with the keyring beside it. */
async function founded(ana: Keyring, ben: Keyring, by: [string, Keyring][]): Promise<KeyEntry[]> {
  const [first, second] = [await entry(1, "key.founded", "ana", ana), await entry(2, "key.founded", "ben", ben)];
  const statement: { [seat: string]: Uint8Array } = {
    ana: vouchStatement(ORIGIN, "ben", await publicKeys(ben)),
    ben: vouchStatement(ORIGIN, "ana", await publicKeys(ana)),
  };
  const certs = by.map(([seat, theirs]) => ({ seat, signature: sign(theirs, statement[seat] as Uint8Array) }));
  return [first, { ...second, cites: { key: [1] }, data: { ...second.data, certs } }];
}

test("two keys found nothing until each lead has signed the other's", async () => {
  const [ana, ben, ghost] = await Promise.all([makeKeyring(), makeKeyring(), makeKeyring()]);
  const seats = async (by: [string, Keyring][]) => [...judge(await founded(ana, ben, by), ORIGIN).keys.keys()];
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
  const old = (await founded(ana, ben, [])).map((one) => ({ ...one, cites: {}, v: 1 }));
  deepEqual([...judge(old, ORIGIN).keys.keys()], [], "a server that calls a founding old");
  equal(judge(await founded(ana, ben, both), ORIGIN).first, undefined);
  equal(judge((await founded(ana, ben, both)).slice(0, 1), ORIGIN).first?.data.seat, "ana");
  deepEqual([...judge(await founded(ana, ben, both), "elsewhere").keys.keys()], []);
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
  const seats = (entries: KeyEntry[]) => [...judge(entries, ORIGIN).keys.keys()];
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

test("a device that remembers its founders takes no others, and a founder's only whom it signed", async () => {
  const founding = async () => makeKeyring([]);
  const [ana, ben, ghost, shade] = await Promise.all([founding(), founding(), makeKeyring(), makeKeyring()]);
  const both = (one: Keyring, other: Keyring): [string, Keyring][] => [
    ["ana", one],
    ["ben", other],
  ];
  const set = await founded(ana, ben, both(ana, ben));
  const shown = await founded(ghost, shade, both(ghost, shade));
  const mixed = await founded(ana, ghost, both(ana, ghost));
  const later = shown.map((one) => ({ ...one, index: one.index + 9, cites: one.cites.key ? { key: [10] } : {} }));
  const remembered = judge([...later, ...set], ORIGIN).founders.map(({ data }) => data.sign_key);
  const cam = await makeKeyring(remembered.slice(0, 2));
  const before = await makeKeyring();
  const found = (entries: KeyEntry[], keyring: Keyring) => judge(entries, ORIGIN, keyring).keys.get("ana")?.recipient;
  const [own, theirs] = [(await publicKeys(ana)).recipient, (await publicKeys(ghost)).recipient];
  equal(remembered.length, 4, "whoever lists them lists all");
  equal(found(set, cam), own);
  equal(found(shown, cam), undefined);
  equal(found([...set, ...later], cam), own, "also where the true ones stand before");
  equal(found(mixed, cam), undefined, "one of them with a ghost");
  equal(found([...set, ...later], before), theirs, "a keyring of before remembers nobody");
  equal(found([...set, ...later], ana), own);
  equal(found([...set, ...later], ben), own);
  equal(found(shown, ben), undefined);
  equal(found(shown, ana), undefined);
});

test("a key that did not sign itself, or that is none, is nobody's", async () => {
  const [ana, ben, cam, ghost] = await Promise.all([makeKeyring(), makeKeyring(), makeKeyring(), makeKeyring()]);
  const both: [string, Keyring][] = [
    ["ana", ana],
    ["ben", ben],
  ];
  const set = await founded(ana, ben, both);
  const good = await entry(3, "key.certified", "cam", cam, both);
  const theirs = await publicKeys(ghost);
  const vouched = (keys: { recipient: string; signKey: string }, signature: string): KeyEntry => {
    const certs = both.map(([seat, by]) => ({ seat, signature: sign(by, vouchStatement(ORIGIN, "cam", keys)) }));
    return { ...good, data: { seat: "cam", recipient: keys.recipient, sign_key: keys.signKey, signature, certs } };
  };
  const seats = (one: KeyEntry): string[] => [...judge([...set, one], ORIGIN).keys.keys()];
  deepEqual(seats(vouched(theirs, sign(ghost, vouchStatement(ORIGIN, "cam", theirs)))), ["ana", "ben", "cam"]);
  const anyone = { recipient: theirs.recipient, signKey: `01${"0".repeat(62)}` };
  const bytes = recipientBytes(theirs.recipient);
  const twin = { ...theirs, recipient: recipientText([...bytes.subarray(0, 31), (bytes[31] as number) | 128]) };
  const lies = [
    vouched(twin, sign(ghost, vouchStatement(ORIGIN, "cam", twin))),
    vouched({ recipient: theirs.recipient, signKey: "ab".repeat(32) }, good.data.signature),
    vouched(theirs, good.data.signature),
    vouched(theirs, sign(ghost, vouchStatement("elsewhere", "cam", theirs))),
    vouched(anyone, base64(new Uint8Array([1, ...new Uint8Array(63)]))),
  ];
  for (const lie of lies) deepEqual(seats(lie), ["ana", "ben"]);
});

test("the keyring in hand is held against the newest key that the record names for the seat", async () => {
  const [ana, ben, cam, other] = await Promise.all([makeKeyring(), makeKeyring(), makeKeyring(), makeKeyring()]);
  const both: [string, Keyring][] = [
    ["ana", ana],
    ["ben", ben],
  ];
  const set = await founded(ana, ben, both);
  const good = await entry(3, "key.certified", "cam", cam, both);
  const later = await entry(4, "key.certified", "cam", other, both);
  const named = (entries: KeyEntry[], seat: string) => ownKeys(judge(entries, ORIGIN), seat);
  deepEqual(named([...set, good], "cam"), await publicKeys(cam));
  deepEqual(named([...set, good, later], "cam"), await publicKeys(other));
  deepEqual(named([...set, good], "ana"), await publicKeys(ana));
  equal(named(set, "cam"), undefined);
  deepEqual(named(set.slice(0, 1), "ana"), await publicKeys(ana), "as the first founder, who waits");
});

test("a server cannot put a key of its own in the place of the one that a lead made", async () => {
  const [ana, ben, made, ghost] = await Promise.all([makeKeyring(), makeKeyring(), makeKeyring(), makeKeyring()]);
  const set = await founded(ana, ben, [
    ["ana", ana],
    ["ben", ben],
  ]);
  const { past } = judge(set, ORIGIN);
  const [{ recipient }, other, own, theirs] = await Promise.all([
    publicKeys(made),
    publicKeys(ghost),
    publicKeys(ana),
    publicKeys(ben),
  ]);
  const locked: [string, string][] = [
    ["ana", own.recipient],
    ["ben", theirs.recipient],
  ];
  const signature = sign(ana, lockedStatement(ORIGIN, "library", recipient, locked));
  const data = { engagement: "library", recipient, wrapped_to: ["ana", "ben"], signature };
  const good: MadeEntry = { index: 3, by: ["ana"], data };
  const holds = (one: MadeEntry, engagement = "library"): boolean => isMadeByLead(one, engagement, past, ORIGIN);
  equal(holds(good), true);
  const mine = sign(ghost, lockedStatement(ORIGIN, "library", other.recipient, locked));
  const lies = [
    { ...good, data: { ...data, recipient: other.recipient } },
    { ...good, data: { ...data, recipient: other.recipient, signature: mine } },
    { ...good, by: ["ben"] },
    { ...good, by: ["ana", "ben"] },
    { ...good, by: ["ghost"] },
    { ...good, data: { ...data, engagement: "hall" } },
    { ...good, data: { ...data, wrapped_to: ["ana", "ben", "cam"] } },
    { ...good, data: { engagement: "library", recipient, wrapped_to: ["ana", "ben"] } },
    { ...good, index: 1 },
  ];
  deepEqual(
    lies.map((one) => holds(one)),
    lies.map(() => false),
  );
  equal(holds(good, "hall"), false);
  equal(isMadeByLead(good, "library", past, "elsewhere"), false);
});

test("a set that is founded anew counts from its own keys on", async () => {
  const [ana, ben, cam, dee] = await Promise.all([makeKeyring(), makeKeyring(), makeKeyring(), makeKeyring()]);
  const old = await founded(ana, ben, [
    ["ana", ana],
    ["ben", ben],
  ]);
  const vouched = await entry(3, "key.certified", "dee", dee, [
    ["ana", ana],
    ["ben", ben],
  ]);
  const [first, second] = await founded(cam, dee, [
    ["ana", cam],
    ["ben", dee],
  ]);
  const waits = { ...(first as KeyEntry), index: 4 };
  const anew = { ...(second as KeyEntry), index: 5, cites: { key: [4] } };
  equal(judge([...old, vouched, waits], ORIGIN).first?.index, 4);
  deepEqual([...judge([...old, vouched, waits], ORIGIN).keys.keys()], ["ana", "ben", "dee"]);
  const now = judge([...old, vouched, waits, anew], ORIGIN);
  deepEqual([...now.keys.keys()], ["ana", "ben"]);
  equal(now.keys.get("ana")?.recipient, (await publicKeys(cam)).recipient);
  equal(judge([...old, vouched, waits, anew], ORIGIN).first, undefined);
  const lie = { ...anew, data: { ...anew.data, certs: [] } };
  deepEqual([...judge([...old, vouched, waits, lie], ORIGIN).keys.keys()], ["ana", "ben", "dee"]);
});
