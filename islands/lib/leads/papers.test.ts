/** Recovery papers: what the library cuts and Python writes is the same here, and no server adds papers of its own. */

import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { combine } from "shamir-secret-sharing";
import { fromHex, hex } from "../bytes.ts";
import { type Keyring, makeKeyring, publicKeys, sign } from "./keyring.ts";
import { checkOf, cut, inForce, isAsked, joined, knownBy, type PapersEntry, readPaper, rowsOf } from "./papers.ts";
import { type PublicKeys, papersStatement } from "./statements.ts";
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
  const [{ origin, made, checked, paper, ...said }] = statements;
  equal(hex(papersStatement(origin, said)), made);
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
    deepEqual(readPaper(typed(at, `${row.slice(0, -1)}${(Number(row.at(-1)) + 1) % 10}`)), { row: at + 1 });
    deepEqual(readPaper(typed(at, row.slice(1))), { row: at + 1 });
    deepEqual(readPaper(typed(at, `${row.slice(0, -1)}x`)), { row: at + 1 });
  }
  deepEqual(readPaper([rows[1], rows[0], rows[2], rows[3]] as string[]), { row: 1 });
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

test("papers count once two leads signed them since their keys were founded, and the newest do", async () => {
  const rings = new Map<string, Keyring>();
  const keys = new Map<string, PublicKeys>();
  for (const seat of ["seat-aaaaaaaa", "seat-bbbbbbbb", "seat-cccccccc"]) {
    rings.set(seat, await makeKeyring());
    keys.set(seat, await publicKeys(rings.get(seat) as Keyring));
  }
  const [ana, ben, cam] = [...rings.keys()] as [string, string, string];
  const judged = { past: [{ index: 4, keys }], keys, first: undefined, founders: [{ index: 4 }] } as unknown as Judged;
  const { shares: _, ...said } = await cut(3, 2);
  const cert = (seat: string, of = said) => {
    return { seat, signature: sign(rings.get(seat) as Keyring, papersStatement(ORIGIN, of)) };
  };
  const made = (index: number, ...certs: { seat: string; signature: string }[]): PapersEntry => {
    return { index, data: { ...said, certs } };
  };
  const good = made(5, cert(ana), cert(ben));
  equal(inForce([good], judged, ORIGIN), good);
  const { shares: __, ...others } = await cut(3, 2);
  const bad = [
    made(6, cert(ana)),
    made(7, cert(ana), cert(ana)),
    made(8, cert(ana), cert(ben, others)),
    made(9, cert(ana), { ...cert(ben), seat: cam }),
    made(10, cert(ana), { ...cert(ben), seat: "seat-dddddddd" }),
    made(3, cert(ana), cert(ben)),
  ];
  for (const one of bad) equal(inForce([good, one], judged, ORIGIN), good);
  const newer = made(11, cert(cam), cert(ben));
  equal(inForce([good, newer], judged, ORIGIN), newer);
  equal(isAsked({ ...said, ...cert(ana) }, judged, ORIGIN), true);
  equal(isAsked({ ...others, ...cert(ana) }, judged, ORIGIN), false);
});
