/** Looking a receipt up in lists of several programs. */

import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { hash } from "@stablelib/sha256";
import { concat, fromHex, hex } from "../lib/bytes.ts";
import { answering } from "../lib/marks.ts";
import { type Asked, beside, type Fetch, lookUp, offerOf, takeBack } from "./core.ts";

const own = new Uint8Array(32).map((_, at) => at + 1);
const other = new Uint8Array(32).map((_, at) => at + 2);
const act = new Uint8Array(32).fill(9);
const row = (state: number, mark: Uint8Array, entry: number) =>
  concat([state], state === 3 ? new Uint8Array(8) : mark.subarray(0, 8), fromHex(`0000000${entry}`));

/** A list of what waits for its batch, with these act hashes in it. */
const received = (...acts: Uint8Array[]) => {
  const salt = other.subarray(0, 16);
  return concat(salt, new Uint8Array(8), ...acts.map((act) => hash(concat(salt, act)).subarray(0, 8)));
};

const asked = (promise: number): Asked => ({ promise, title: `What ${promise}?`, lang: "en", days: "On May 2." });
const one = { program: "one", marks: "/one/record/marks", follow: "/one/en/follow/", asked: [asked(3), asked(4)] };
const two = { program: "two", marks: "/two/record/marks", follow: "/two/en/follow/", asked: [asked(4), asked(300)] };

/** A site of two programs; remembers what was asked. */
function site(lists: Record<string, Uint8Array>, entries: Record<string, unknown> = {}, index: unknown = [one, two]) {
  const asked: string[] = [];
  const from: Fetch = {
    json: async (address) => {
      asked.push(address);
      return address === "/marks.json" ? index : entries[address];
    },
    bytes: async (address) => {
      asked.push(address);
      return lists[address] ?? new Uint8Array(0);
    },
  };
  return { asked, from, look: () => lookUp("/marks.json", own, act, from) };
}

test("an opened voice is told as opened, with the thread of its engagement", async () => {
  const { look, asked: gets } = site(
    { "/two/record/marks": concat(row(1, own, 5), row(1, other, 5), row(2, own, 9)) },
    { "/two/record/entries/9.json": { cites: { engagement: [4] }, data: { marks: [hex(other), hex(own)] } } },
  );
  deepEqual(await look(), {
    state: "opened",
    threads: ["/two/en/follow/4"],
    places: [two],
    given: false,
    asked: asked(4),
  });
  equal(gets.join(" "), "/marks.json /one/record/marks /two/record/marks /two/record/entries/9.json /two/record/given");
  equal(gets.join(" ").indexOf(hex(own).slice(0, 16)), -1);
});

test("a voice in a batch is told as published", async () => {
  const { look } = site(
    { "/one/record/marks": row(1, own, 5) },
    { "/one/record/entries/5.json": { cites: { engagement: [3] }, data: { marks: [hex(own)] } } },
  );
  deepEqual(await look(), {
    state: "published",
    threads: ["/one/en/follow/3"],
    places: [one],
    given: false,
    asked: asked(3),
  });
});

test("an entry without the whole mark does not count", async () => {
  const { look } = site(
    { "/one/record/marks": row(1, own, 5) },
    { "/one/record/entries/5.json": { cites: { engagement: [3] }, data: { marks: [hex(other)] } } },
  );
  equal((await look()).state, "not-here");
});

test("a voice that waits for its batch is received, in the program that has it, and what it answers is named", async () => {
  const { look, asked: gets } = site({
    "/one/record/received": received(own, act, answering(own, 3)),
    "/two/record/received": received(answering(own, 4), answering(act, 300)),
  });
  deepEqual(await look(), {
    state: "received",
    threads: ["/two/en/follow/300"],
    places: [two],
    given: false,
    asked: asked(300),
  });
  equal(gets.join(" ").indexOf(hex(act).slice(0, 16)), -1);
});

test("what leads gave to an office is told to whoever has the receipt, and of no other voice", async () => {
  const entries = { "/one/record/entries/5.json": { cites: { engagement: [3] }, data: { marks: [hex(own)] } } };
  const told = async (...acts: Uint8Array[]) => {
    const { look, asked: gets } = site(
      { "/one/record/marks": row(1, own, 5), "/one/record/given": received(...acts) },
      entries,
    );
    const { given } = await look();
    equal(gets.join(" ").indexOf(hex(act).slice(0, 16)), -1);
    return given;
  };
  equal(await told(other, act), true);
  equal(await told(other), false);
});

test("a receipt that is nowhere is not here, and engagements with few voices are named", async () => {
  const { look } = site(
    { "/one/record/marks": concat(row(1, other, 5), row(3, other, 6)) },
    { "/one/record/entries/6.json": { cites: { engagement: [2] }, data: {} } },
  );
  deepEqual(await look(), { state: "not-here", threads: ["/one/en/follow/2"], places: [one, two], given: false });
});

test("addresses of other sites are passed over", async () => {
  const bad = ["//evil.example/marks", "https://evil.example/marks", "/\\evil.example/marks"].map((marks) => ({
    ...one,
    marks,
  }));
  const { look, asked: gets } = site({}, {}, bad);
  deepEqual(await look(), { state: "not-here", threads: [], places: [], given: false });
  deepEqual(gets, ["/marks.json"]);
});

test("withdraw and entries stand beside the list of marks", () => {
  equal(beside(one, "withdraw"), "/one/record/withdraw");
  equal(beside({ ...one, marks: "/one/record/marks/" }, "entries/1.json"), "/one/record/entries/1.json");
});

/** Try to take a voice back from two programs that answer so; give what came of it and how many were asked. */
async function tried(...answers: number[]) {
  let asked = 0;
  const { came, day } = await takeBack([one, two], async () => ({ status: answers[asked++] ?? 0, day: "2026-05-02" }));
  return `${came} ${asked}${day ? ` ${day}` : ""}`;
}

test("a voice is taken back from the first program that has it, which says on which day", async () => {
  equal(await tried(200), "withdrawn 1 2026-05-02");
  equal(await tried(404, 200), "withdrawn 2 2026-05-02");
  equal(await tried(404, 404), "not-withdrawn 2");
});

test("an answer that did not come, or that nobody knows, is unclear and asks no further program", async () => {
  equal(await tried(0, 200), "unclear 1");
  equal(await tried(404, 0), "unclear 2");
  for (const status of [302, 400, 403, 500, 502, 503]) equal(await tried(status, 404), "unclear 1");
});

test("a legal hold and a crowd are told as what they are", async () => {
  equal(await tried(404, 423), "held 2");
  equal(await tried(429, 200), "too-many 1");
});

test("what became of an offered statement is found in the whole list, and only under its own hash", async () => {
  const told = { offer: hex(own), decision: "declined", words: "", lang: "", why: "W", ground: "G", ground_lang: "en" };
  const lists = { "/one/en/offers.json": [{ ...told, offer: hex(other) }], "/two/en/offers.json": [told] };
  const { asked: gets, from } = site({}, lists);
  const places = [
    { ...one, offers: "/one/en/offers.json" },
    { ...two, offers: "/two/en/offers.json" },
    { ...one, offers: "//elsewhere/offers.json" },
  ];
  deepEqual(await offerOf(places, own, from), told);
  deepEqual(await offerOf([...places].reverse(), act, from), null);
  equal(gets.join(" ").indexOf("elsewhere"), -1);
  equal(gets.join(" ").indexOf(hex(own).slice(0, 16)), -1);
});

test("a program whose list does not come hides nothing that another one decided, and is told where none did", async () => {
  const told = { offer: hex(own), decision: "declined", words: "", lang: "", why: "W", ground: "G", ground_lang: "en" };
  const { from } = site({}, { "/two/en/offers.json": [told] });
  const places = [
    { ...one, offers: "/one/en/offers.json" },
    { ...two, offers: "/two/en/offers.json" },
  ];
  deepEqual(await offerOf(places, own, from), told);
  equal(await offerOf(places, act, from).catch(() => "it did not come"), "it did not come");
});
