import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import * as Y from "yjs";
import { base64, fromBase64 } from "../lib/bytes.ts";
import { addTo, Link, moved, type Outcome, retype, spliceOf } from "./core.ts";

/** A server that keeps updates in order, as the house does; it can be cut off, and it can lose an answer. */
class House {
  rows: Uint8Array[] = [];
  isCut = false;
  refuses = "";

  readonly send = async (after: number, update: string): Promise<Outcome> => {
    if (this.isCut) return { how: "offline" };
    if (update && this.refuses) return { how: "refused", words: this.refuses };
    const doc = new Y.Doc();
    for (const row of this.rows) Y.applyUpdate(doc, row);
    if (update) {
      let changed: Uint8Array | null = null;
      doc.once("update", (one: Uint8Array) => {
        changed = one;
      });
      Y.applyUpdate(doc, fromBase64(update));
      if (changed) this.rows.push(changed);
    }
    const updates = this.rows.slice(after).map(base64);
    const state = update ? base64(Y.encodeStateVector(doc)) : "";
    return { how: "taken", reply: { number: this.rows.length, updates, state, present: [] } };
  };
}

function shelf(held = "") {
  return {
    held,
    put(update: string) {
      this.held = update;
    },
    take() {
      return this.held;
    },
  };
}

test("two who type into one field end with the same words and lose none", async () => {
  const house = new House();
  const [ana, ben] = [new Link(house.send, shelf()), new Link(house.send, shelf())];
  retype(ana.doc.getText("t"), "", "we listen");
  retype(ben.doc.getText("t"), "", "you answer");
  for (const one of [ana, ben, ana]) await one.step();
  equal(ana.doc.getText("t").toString(), ben.doc.getText("t").toString());
  for (const words of ["we listen", "you answer"]) equal(ana.doc.getText("t").toString().includes(words), true);
  equal(!ana.waits && !ben.waits, true);
});

test("what is written without a connection waits and goes in when it is back", async () => {
  const house = new House();
  const ana = new Link(house.send, shelf());
  house.isCut = true;
  retype(ana.doc.getText("t"), "", "offline");
  equal((await ana.step()).how, "offline");
  equal(ana.waits, true);
  house.isCut = false;
  await ana.step();
  const ben = new Link(house.send, shelf());
  await ben.step();
  equal(ben.doc.getText("t").toString(), "offline");
});

test("what was not taken in outlasts a reload, also where it rests on what the server has", async () => {
  const house = new House();
  const kept = shelf();
  const before = new Link(house.send, kept);
  retype(before.doc.getText("t"), "", "first");
  await before.step();
  equal(kept.held, "");
  retype(before.doc.getText("t"), "first", "first second");
  equal(kept.held === "", false);
  const after = new Link(house.send, shelf(kept.held));
  await after.step();
  equal(after.doc.getText("t").toString(), "first second");
  const ben = new Link(house.send, shelf());
  await ben.step();
  equal(ben.doc.getText("t").toString(), "first second");
});

test("after a refusal nothing is sent until something is written again, and then all of it", async () => {
  const house = new House();
  const ana = new Link(house.send, shelf());
  house.refuses = "Shorten it.";
  retype(ana.doc.getText("t"), "", "too long");
  await ana.step();
  equal(ana.refusal, "Shorten it.");
  equal((await ana.step()).how, "taken");
  house.refuses = "";
  retype(ana.doc.getText("t"), "too long", "short");
  await ana.step();
  const ben = new Link(house.send, shelf());
  await ben.step();
  equal(ben.doc.getText("t").toString(), "short");
});

test("a server that lost what it had taken in gets it again", async () => {
  const house = new House();
  const ana = new Link(house.send, shelf());
  retype(ana.doc.getText("t"), "", "kept here");
  await ana.step();
  house.rows = [];
  retype(ana.doc.getText("t"), "kept here", "kept here too");
  await ana.step();
  equal(ana.waits, true);
  await ana.step();
  const ben = new Link(house.send, shelf());
  await ben.step();
  equal(ben.doc.getText("t").toString(), "kept here too");
});

test("a splice is the one change between two texts and cuts no sign in halves", () => {
  deepEqual(spliceOf("by May", "by June"), { at: 3, gone: 3, come: "June" });
  deepEqual(spliceOf("", "a"), { at: 0, gone: 0, come: "a" });
  const { at, gone, come } = spliceOf("😀", "😁"); // the same first half
  deepEqual([at, gone, come], [0, 2, "😁"]);
  for (const [before, after] of [
    ["aaa", "aa"],
    ["ab", "aab"],
    ["x😀y", "xy"],
    ["😀😁", "😁"],
  ] as const) {
    const one = spliceOf(before, after);
    equal(before.slice(0, one.at) + one.come + before.slice(one.at + one.gone), after);
  }
});

test("a cursor stays at its words while someone else writes before, after and around it", () => {
  equal(moved([{ insert: "abc" }], 2), 5);
  equal(moved([{ retain: 5 }, { insert: "abc" }], 2), 2);
  equal(moved([{ delete: 4 }], 2), 0);
  equal(moved([{ retain: 1 }, { delete: 2 }, { insert: "z" }], 6), 5);
});

test("words typed before the first answer are added to what came meanwhile", () => {
  const text = new Y.Doc().getText("t");
  text.insert(0, "We meet at noon.");
  addTo(text, "We meet.", "We all meet.");
  equal(text.toString().includes("all ") && text.toString().includes("at noon"), true);
});
