/** What leads' pages share, without a page: keyrings, what leads sign, and whom a device trusts. */

import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { drawPassphrase } from "../../reader/passphrase.ts";
import { fromHex, hex } from "../bytes.ts";
import { isSigned, type Keyring, makeKeyring, openKeyring, publicKeys, sealKeyring, sign } from "./keyring.ts";
import { challengeStatement, fingerprint, lockedStatement, openedStatement, vouchStatement } from "./statements.ts";
import { firstKey, history, isMadeByLead, type KeyEntry, keysInForce, type MadeEntry } from "./trust.ts";

const ORIGIN = "riverbend.example/record";
const vectors = JSON.parse(readFileSync(new URL("../../../vectors/leads.json", import.meta.url), "utf8"));

test("a keyring opens under its own six words, however they are typed, and under no others", async () => {
  const keyring = await makeKeyring();
  const phrase = drawPassphrase();
  equal(phrase.split(" ").length, 6);
  const file = await sealKeyring(keyring, phrase);
  equal(/-> scrypt \S+ 16\n/.test(String.fromCharCode(...file.subarray(0, 80))), true);
  deepEqual(await openKeyring(file, `  ${phrase.toUpperCase().replaceAll(" ", "  ")}\n`), keyring);
  equal(await openKeyring(file, drawPassphrase()), null);
});

test("statements and fingerprints are those of Python", () => {
  const { keys, seat, challenge, promise, marks, not_opened, engagement, locked_to } = vectors;
  const own = { recipient: keys.recipient, signKey: keys.sign_key };
  equal(hex(vouchStatement(ORIGIN, seat, own)), vectors.vouch);
  equal(hex(lockedStatement(ORIGIN, engagement, keys.recipient, Object.entries<string>(locked_to))), vectors.locked);
  equal(hex(challengeStatement(ORIGIN, seat, challenge)), vectors.sign_in);
  equal(hex(openedStatement(ORIGIN, promise, marks, not_opened)), vectors.opened);
  equal(fingerprint(own), vectors.fingerprint);
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
  return { index, kind, cites: {}, data: { seat, recipient: own.recipient, sign_key: own.signKey, certs } };
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
  const seats = async (by: [string, Keyring][]) => [...keysInForce(await founded(ana, ben, by), ORIGIN).keys()];
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
  deepEqual([...keysInForce(old, ORIGIN).keys()], [], "a server that calls a founding old");
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

test("a server cannot put a key of its own in the place of the one that a lead made", async () => {
  const [ana, ben, made, ghost] = await Promise.all([makeKeyring(), makeKeyring(), makeKeyring(), makeKeyring()]);
  const set = await founded(ana, ben, [
    ["ana", ana],
    ["ben", ben],
  ]);
  const past = history(set, ORIGIN);
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
  equal(firstKey([...old, vouched, waits], ORIGIN)?.index, 4);
  deepEqual([...keysInForce([...old, vouched, waits], ORIGIN).keys()], ["ana", "ben", "dee"]);
  const now = keysInForce([...old, vouched, waits, anew], ORIGIN);
  deepEqual([...now.keys()], ["ana", "ben"]);
  equal(now.get("ana")?.recipient, (await publicKeys(cam)).recipient);
  equal(firstKey([...old, vouched, waits, anew], ORIGIN), undefined);
  const lie = { ...anew, data: { ...anew.data, certs: [] } };
  deepEqual([...keysInForce([...old, vouched, waits, lie], ORIGIN).keys()], ["ana", "ben", "dee"]);
});
