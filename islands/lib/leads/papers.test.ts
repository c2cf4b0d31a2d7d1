/** Recovery papers: what the library cuts and Python writes is the same here, and no server adds papers of its own. */

import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { bech32 } from "@scure/base";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { combine } from "shamir-secret-sharing";
import { fromHex, hex } from "../bytes.ts";
import { type Keyring, makeKeyring, publicKeys, sign } from "./keyring.ts";
import {
  areOfOneKey,
  checkOf,
  cut,
  inForce,
  isAsked,
  joined,
  knownBy,
  type Papers,
  type PapersEntry,
  readPaper,
  rowsOf,
} from "./papers.ts";
import { joinedStatement, type PublicKeys, papersStatement } from "./statements.ts";
import type { Judged } from "./trust.ts";

const ORIGIN = "riverbend.example/record";
const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../vectors/${name}.json`, import.meta.url), "utf8"));
const { papers, statements } = read("papers");

test("papers, their hashes and what leads sign of them are those of Python", () => {
  for (const { share, rows, known_by } of papers) {
    deepEqual(rowsOf(fromHex(share)), rows);
    equal(hex(readPaper(rows) as Uint8Array), share);
    equal(knownBy(fromHex(share)), known_by);
  }
  const [{ origin, made, joined, checked, paper, ...said }] = statements;
  equal(hex(papersStatement(origin, said)), made);
  equal(hex(joinedStatement(origin, said)), joined);
  equal(hex(checkOf(origin, said, paper)), checked);
});

test("what the library cut, it puts together again", async () => {
  for (const { secret, needed, shares } of read("shamir").cut) {
    equal(hex(await combine(shares.slice(0, needed).map(fromHex))), secret);
  }
});

test("a wrong digit is found in its row, also in rows that changed places", () => {
  const [{ rows }] = papers as [{ rows: string[] }];
  const typed = (at: number, row: string): string[] => rows.map((one, place) => (place === at ? row : one));
  for (const [at, row] of rows.entries()) {
    deepEqual(readPaper(typed(at, `${row.slice(0, -1)}${(Number(row.at(-1)) + 1) % 10}`)), { row: at + 1, digits: 21 });
    deepEqual(readPaper(typed(at, row.slice(1))), { row: at + 1, digits: 20 });
    deepEqual(readPaper(typed(at, "")), { row: at + 1, digits: 0 });
    deepEqual(readPaper(typed(at, `${row.slice(0, -1)}x`)), { row: at + 1, digits: null });
  }
  deepEqual(readPaper([rows[1], rows[0], rows[2], rows[3]] as string[]), { row: 1, digits: 21 });
  const arabic = rows.map((row) => row.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit))));
  deepEqual(readPaper(arabic), readPaper(rows));
});

test("three of five papers open, two do not, and neither do papers of two cuts", async () => {
  const [made, other] = [await cut(5, 3), await cut(5, 3)];
  const some = (...places: number[]): Uint8Array[] => places.map((at) => made.shares[at] as Uint8Array);
  equal((await joined(some(0, 2, 4), made.recipient)).slice(0, 16), "AGE-SECRET-KEY-1");
  const why = async (shares: Uint8Array[]): Promise<string> => {
    return joined(shares, made.recipient).then(String, (error: Error) => error.message);
  };
  equal(await why(some(1, 3)), "These papers give another key.");
  equal(/another key|duplicate/.test(await why([...some(0, 1), ...other.shares.slice(2, 3)])), true);
});

const [ana, ben, cam] = ["seat-aaaaaaaa", "seat-bbbbbbbb", "seat-cccccccc"] as const;

/** Three leads with keys, as a device judged them; and what each signs of papers. */
async function leads() {
  const rings = new Map<string, Keyring>();
  const keys = new Map<string, PublicKeys>();
  for (const seat of [ana, ben, cam]) {
    rings.set(seat, await makeKeyring());
    keys.set(seat, await publicKeys(rings.get(seat) as Keyring));
  }
  const judged = { past: [{ index: 4, keys }], keys, first: undefined, founders: [{ index: 4 }] } as unknown as Judged;
  const cert = (seat: string, statement: Uint8Array) => ({
    seat,
    signature: sign(rings.get(seat) as Keyring, statement),
  });
  return { judged, keys, cert };
}

test("papers count once their maker signed them, and a second lead who joined some, and the newest do", async () => {
  const { judged, cert } = await leads();
  const { shares: _, ...said } = await cut(3, 2);
  const { shares: __, ...others } = await cut(3, 2);
  const makes = (seat: string, of: Papers = said) => cert(seat, papersStatement(ORIGIN, of));
  const joins = (seat: string, of: Papers = said) => cert(seat, joinedStatement(ORIGIN, of));
  const made = (index: number, maker: string, ...certs: { seat: string; signature: string }[]): PapersEntry => {
    return { index, data: { ...said, maker, certs } };
  };
  const good = made(5, ana, makes(ana), joins(ben));
  equal(inForce([good], judged, ORIGIN), good);
  const bad = [
    made(6, ana, makes(ana)),
    made(7, ana, makes(ana), makes(ana)),
    made(8, ana, makes(ana), joins(ben, others)),
    made(9, ana, makes(ana), { ...joins(ben), seat: cam }),
    made(10, ana, makes(ana), { ...joins(ben), seat: "seat-dddddddd" }),
    made(3, ana, makes(ana), joins(ben)),
    made(12, ana, makes(ana), makes(ben)), // who joined none
    made(13, ben, makes(ana), joins(ben)), // told as made by the other
    made(14, cam, joins(ana), joins(ben)),
  ];
  for (const one of bad) equal(inForce([good, one], judged, ORIGIN), good);
  const newer = made(11, cam, makes(cam), joins(ben));
  equal(inForce([newer, good], judged, ORIGIN), newer);
  equal(isAsked({ ...said, ...makes(ana) }, judged, ORIGIN), true);
  equal(isAsked({ ...others, ...makes(ana) }, judged, ORIGIN), false);
});

test("papers count no more once their maker has another key", async () => {
  const { judged, keys, cert } = await leads();
  const { shares: _, ...said } = await cut(3, 2);
  const certs = [cert(ana, papersStatement(ORIGIN, said)), cert(ben, joinedStatement(ORIGIN, said))];
  const made = { index: 5, data: { ...said, maker: ana, certs } };
  const again = (seat: string): Judged => ({
    ...judged,
    keys: new Map([...keys, [seat, keys.get(cam) as PublicKeys]]),
  });
  equal(inForce([made], again(ben), ORIGIN), made);
  equal(inForce([made], again(ana), ORIGIN), undefined);
});

test("lines that hold two, and papers told twice, are no papers, whoever signed them", async () => {
  const { judged, cert } = await leads();
  const { shares: _, ...said } = await cut(3, 2);
  const [one, two, three] = said.papers as [string, string, string];
  const asWell = (changed: object) => {
    const told = { ...said, ...changed } as Papers;
    return isAsked({ ...told, ...cert(ana, papersStatement(ORIGIN, told)) }, judged, ORIGIN);
  };
  equal(asWell({}), true);
  const bad = [
    { needed: `2\n${one}`, papers: [two, three] },
    { needed: 4 },
    { needed: 1 },
    { papers: [`${one}\n${two}`, three] },
    { papers: [one, one, two] },
  ];
  for (const changed of bad) equal(asWell(changed), false);
});

test("who joins as many as are needed learns that every paper is of this key, at whatever places they were taken", async () => {
  for (const [count, needed] of [
    [2, 2],
    [3, 2],
    [5, 3],
    [15, 15],
  ] as const) {
    const { shares, ...said } = await cut(count, needed);
    equal(await areOfOneKey(shares.slice(-needed), said), true);
  }
});

test("papers that are of no key, of another one, or not all of one, are found by joining some", async () => {
  const { shares, ...said } = await cut(5, 3);
  const typed = shares.slice(0, 3);
  const random = [1, 2, 3].map((at) => Uint8Array.from([...crypto.getRandomValues(new Uint8Array(32)), at]));
  equal(await areOfOneKey(random, { ...said, papers: random.map(knownBy) }), false);
  const { recipient } = await cut(2, 2);
  equal(await areOfOneKey(typed, { ...said, recipient }), false);
  const last = shares[4] as Uint8Array;
  const flipped = Uint8Array.from(last, (byte, at) => (at === 7 ? byte ^ 1 : byte));
  equal(await areOfOneKey(typed, { ...said, papers: [...said.papers.slice(0, 4), knownBy(flipped)] }), false);
  equal(await areOfOneKey(typed.slice(0, 2), said), false);
  equal(await areOfOneKey(typed, said), true);
});

test("papers of which fewer open the key than is said are found by joining", async () => {
  for (const [count, needed, opens] of [
    [5, 3, 2],
    [5, 4, 2],
    [5, 4, 3],
  ] as const) {
    const { shares, ...said } = await cut(count, opens);
    equal(await areOfOneKey(shares.slice(0, needed), { ...said, needed }), false);
    equal(await areOfOneKey(shares.slice(0, opens), said), true);
  }
  const identity = await generateX25519Identity();
  const key = bech32.decodeToBytes(identity).bytes;
  const flat = [1, 2, 3].map((at) => Uint8Array.from([...key, at]));
  const said = { recipient: await identityToRecipient(identity), needed: 2, papers: flat.map(knownBy) };
  equal(await areOfOneKey(flat.slice(0, 2), said), false);
});
