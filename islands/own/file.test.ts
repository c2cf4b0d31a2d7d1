import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readKeyring } from "../lib/leads/keyring.ts";
import { entriesOf, isSignedByLeads, judge, type KeyEntry } from "../lib/leads/trust.ts";
import {
  type ActFile,
  countOf,
  engagementKey,
  FileError,
  goodUntil,
  kindOf,
  linesOf,
  type Place,
  readAct,
  readSealed,
  voicesIn,
} from "./file.ts";

const MARK = "ab".repeat(32);

function sealed(voices: readonly string[], told = voices.length): Blob {
  const lines = voices.map((words, at) => JSON.stringify({ mark: `${at + 10}${MARK.slice(2)}`, sealed: words }));
  return new Blob([['{"kind": "alongside sealed voices 1"}', ...lines, `{"voices": ${told}}`, ""].join("\n")]);
}

async function all<T>(found: AsyncIterable<T>): Promise<T[]> {
  const held: T[] = [];
  for await (const one of found) held.push(one);
  return held;
}

/** Give the name of what is wrong; empty where nothing is. */
async function why(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    return error instanceof FileError ? error.why : String(error);
  }
  return "";
}

test("a file says by its beginning what it is, and whatever the site never saved is nothing", async () => {
  equal(await kindOf(sealed([])), "voices");
  equal(await kindOf(new Blob(['{\n "kind": "alongside act 1",\n'])), "act");
  for (const other of ["", "{}", "<html>", '{"kind": "alongside act 2"', ' {"kind": "alongside act 1"'])
    equal(await kindOf(new Blob([other])), null);
});

test("each line is found whole where it stands, however long it is", async () => {
  const long = "é".repeat(100_000);
  const file = new Blob([`one\n${long}\n\nlast\nwithout an end`]);
  const found = await all(linesOf(file));
  deepEqual(
    found.map(({ text }) => text),
    ["one", long, "", "last"],
  );
  for (const { start, end, text } of found) equal(await file.slice(start, end).text(), text);
});

test("voices come in the order of the file, and where a spoken one stands is kept", async () => {
  const spoken = "A".repeat(120_000);
  const words = [...Array(45).keys()].map(String);
  const file = sealed([...words, spoken]);
  const places = new Map<string, Place>();
  const pages = await all(voicesIn(file, await countOf(file), places));
  deepEqual(
    pages.flat().map((one) => one.sealed),
    [...words, spoken],
  );
  deepEqual(
    pages.map((page) => page.length),
    [20, 20, 6],
  );
  const [[mark, { start, end }]] = [...places] as [[string, Place]];
  deepEqual(JSON.parse(await file.slice(start, end).text()), { mark, sealed: spoken });
  equal(places.size, 1);
});

test("a file that lacks a voice, or has one more than it says, is refused", async () => {
  for (const [told, said] of [
    [1, "cut"],
    [3, "not-whole"],
  ] as const) {
    const file = sealed(["a", "b"], told);
    equal(await why(async () => all(voicesIn(file, await countOf(file), new Map()))), said);
  }
  const text = await sealed(["a", "b"]).text();
  for (const end of [1, 5, 20, text.length - 1]) equal(await why(() => countOf(new Blob([text.slice(0, end)]))), "cut");
  const bad = new Blob([text.replace(MARK.slice(2), "no mark")]);
  equal(await why(() => all(voicesIn(bad, 2, new Map()))), "not-whole");
});

const ACT = {
  seat: "seat-1a2b3c4d",
  key: MARK,
  act: `{"drafts":[{"by":["seat-1a2b3c4d"],"cites":{},"data":{},"kind":"ask.questioned","texts":{}}],"nonce":"${"0".repeat(32)}","origin":"o","v":5}`,
  said: [],
  head: { day: "2026-11-30", size: 3, root: MARK },
  before: [],
  form: "",
};

test("an act is read where it is written in the one way, and is good for the days of its kind", async () => {
  const found = await readAct(new Blob([JSON.stringify(ACT)]));
  equal(goodUntil(found, 5, new Map([["ask.questioned", 14]])), "2026-12-14");
  for (const [change, said] of [
    [{}, "other-release"],
    [{ act: ACT.act.replace('"v":5', '"v":4') }, "other-release"],
    [{ seat: "seat-00000000" }, "other-place"],
  ] as [Partial<ActFile>, string][]) {
    const days = new Map(said === "other-release" && !change.act ? [] : [["ask.questioned", 14]]);
    equal(await why(() => goodUntil({ ...found, ...change }, 5, days as Map<string, number>)), said);
  }
});

test("what is no act is refused, whatever it is", async () => {
  const changes = [
    { act: ACT.act.replace(":", ": ") },
    { act: "{}" },
    { act: null },
    { seat: "seat-1" },
    { key: "AB" },
    { head: {} },
    { head: { ...ACT.head, day: "today" } },
    { head: { ...ACT.head, size: "3" } },
    { said: {} },
    { before: null },
    { form: 1 },
  ];
  for (const change of changes)
    equal(await why(() => readAct(new Blob([JSON.stringify({ ...ACT, ...change })]))), "not-whole");
  for (const text of ["", "null", "[]", "{"]) equal(await why(() => readAct(new Blob([text]))), "not-whole");
});

const vectors = JSON.parse(readFileSync(new URL("../../vectors/saved.json", import.meta.url), "utf8"));

test("what no lead signed opens nothing, as alongside key open has it", async () => {
  for (const { name, why: said, ring, file } of vectors.cases) {
    const keyring = readKeyring(JSON.stringify({ v: 1, ...vectors.rings[ring] }));
    let opens = "";
    const found = await why(async () => {
      opens = await engagementKey(readSealed(JSON.stringify(file)), keyring);
    });
    deepEqual([name, found, opens], [name, said, said ? "" : vectors.opens]);
  }
});

test("an act counts as whole alone: with each of its entries, in its place, and nothing else", () => {
  const { file } = vectors.cases[0];
  const told = entriesOf(file.entries);
  const keyring = readKeyring(JSON.stringify({ v: 1, ...vectors.rings[vectors.cases[0].ring] }));
  const keys = told.filter(({ kind }) => kind === "key.founded" || kind === "key.certified") as unknown as KeyEntry[];
  const { past } = judge(keys, file.origin, keyring);
  const signed = (change: (act: Record<string, unknown>, words: Record<string, unknown>) => void): boolean => {
    const found = structuredClone(told);
    const [promise, words] = found.slice(-2).map(({ act }) => act as unknown as Record<string, unknown>);
    change(promise as Record<string, unknown>, words as Record<string, unknown>);
    return isSignedByLeads(found, file.promise, past, file.origin);
  };
  equal(
    signed(() => undefined),
    true,
  );
  const sigs = (told.at(-2) as { act?: { sigs?: object } }).act?.sigs;
  for (const change of [{ of: 0 }, { of: -1 }, { of: 3 }, { of: "2" }, { place: 1 }, { sigs: {} }, { sigs: null }])
    equal(
      signed((act) => Object.assign(act, change)),
      false,
    );
  for (const change of [{ place: 0 }, { of: 3 }, { sigs }])
    equal(
      signed((_, act) => Object.assign(act, change)),
      false,
    );
});
