/** A strategy without a page: sealed as Python seals it, signed or refused, compared and merged without loss, placed. */

import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hash } from "@stablelib/sha256";
import { hex } from "../lib/bytes.ts";
import { isSigned, type Keyring, makeKeyring, openText, publicKeys, sign } from "../lib/leads/keyring.ts";
import { type PublicKeys, vouchStatement } from "../lib/leads/statements.ts";
import { judge, type KeyEntry } from "../lib/leads/trust.ts";
import {
  BUCKETS,
  blank,
  differences,
  merge,
  plaintext,
  read,
  recipients,
  safest,
  signKeys,
  statement,
  staying,
  tidy,
} from "./core.ts";
import { actors, HEIGHT, pins, RADIUS, WIDTH } from "./map.ts";

const vectors = JSON.parse(readFileSync(new URL("../../vectors/strategy.json", import.meta.url), "utf8"));
const ORIGIN = vectors.origin;

test("what is signed and what is sealed are the bytes of Python", () => {
  deepEqual(BUCKETS, vectors.buckets);
  for (const made of vectors.strategies) {
    const { strategy, version, seat, members, doc, signature } = made;
    const said = statement(ORIGIN, strategy, version, seat, members, doc);
    equal(hex(said), made.statement);
    equal(isSigned(vectors.sign_key, said, signature), true);
    const text = plaintext(strategy, version, seat, members, doc, signature) as Uint8Array;
    equal(text.length, made.size);
    equal(hex(hash(text)), made.sha256);
  }
  equal(plaintext("s", 1, "a", ["a"], { title: "x".repeat(262_144) }, ""), null);
});

test("what Python sealed to two leads, each opens here", async () => {
  const last = vectors.strategies.at(-1);
  for (const identity of vectors.identities) {
    const text = await openText(identity, vectors.sealed);
    equal(JSON.parse(text).signature, last.signature);
  }
});

test("a version counts only where a lead who is in it signed exactly it", async () => {
  const keyring = await makeKeyring();
  const keys = new Map([["seat-a", new Set([(await publicKeys(keyring)).signKey])]]);
  const doc = tidy({ words: { title: "Más cerca" } });
  const signed = (more: object = {}): string => {
    const own = { strategy: "s", version: 3, seat: "seat-a", members: ["seat-a", "seat-b"], doc, ...more };
    const said = statement(ORIGIN, own.strategy, own.version, own.seat, own.members, own.doc as never);
    return JSON.stringify({ v: 1, ...own, signature: sign(keyring, said) });
  };
  equal(read(signed(), "s", ORIGIN, keys)?.doc.words.title, "Más cerca");
  const bad = {
    "another strategy": signed({ strategy: "t" }),
    "another seat": signed({ seat: "seat-b" }),
    "not among its leads": signed({ members: ["seat-b"] }),
    "more leads than were signed": signed().replace('"seat-b"]', '"seat-b","seat-ghost"]'),
    "another version": signed().replace('"version":3', '"version":4'),
    "other words": signed().replace("Más cerca", "Más lejos"),
    "no signature": JSON.stringify({ strategy: "s", version: 3, seat: "seat-a", members: ["seat-a"], doc }),
    "no text": "",
    "a list": "[]",
  };
  for (const [name, text] of Object.entries(bad)) equal(read(text, "s", ORIGIN, keys), null, name);
  equal(read(signed(), "s", "elsewhere", keys), null);
});

test("a server that names one more lead, or another key, gets nothing sealed to them", async () => {
  const [ana, ben, ghost] = await Promise.all([makeKeyring(), makeKeyring(), makeKeyring()]);
  const keys = await Promise.all([ana, ben, ghost].map(publicKeys));
  const [first, second, third] = keys as [PublicKeys, PublicKeys, PublicKeys];
  const rings = new Map([
    [first, ana],
    [second, ben],
    [third, ghost],
  ]);
  const entry = (index: number, kind: string, seat: string, own: PublicKeys, certs: object[] = []): KeyEntry => {
    const signature = sign(rings.get(own) as Keyring, vouchStatement(ORIGIN, seat, own));
    const data = { seat, recipient: own.recipient, sign_key: own.signKey, signature, certs };
    return { index, kind, cites: {}, data } as KeyEntry;
  };
  const founding = [
    { seat: "seat-a", signature: sign(ana, vouchStatement(ORIGIN, "seat-b", second)) },
    { seat: "seat-b", signature: sign(ben, vouchStatement(ORIGIN, "seat-a", first)) },
  ];
  const forged = { seat: "seat-a", signature: sign(ghost, vouchStatement(ORIGIN, "seat-ghost", third)) };
  const entries = [
    entry(0, "key.founded", "seat-a", first),
    { ...entry(1, "key.founded", "seat-b", second, founding), cites: { key: [0] } },
    entry(2, "key.certified", "seat-ghost", third, [forged, { ...forged, seat: "seat-b" }]),
    entry(3, "key.certified", "seat-b", third, [forged]),
  ];
  const judged = judge(entries, ORIGIN);
  const good = judged.keys;
  const members = staying(["seat-a", "seat-b"], ["seat-a", "seat-b", "seat-ghost"]);
  deepEqual(members, ["seat-a", "seat-b"]);
  deepEqual(recipients([...members, "seat-ghost"], good), [first.recipient, second.recipient]);
  deepEqual(staying(["seat-a", "seat-b"], ["seat-a"]), ["seat-a"]);
  deepEqual([...signKeys(judged).keys()], ["seat-a", "seat-b"]);
});

function doc(words: object, targets: object[] = []): ReturnType<typeof tidy> {
  return tidy({ words, rows: { targets } });
}

test("putting two versions together loses nobody's words, unless a lead chose so", () => {
  const here = doc({ title: "Same", long: "Ours" }, [
    { id: "1", office: "The director" },
    { id: "2", office: "Only here" },
  ]);
  const beside = doc({ title: "Same", long: "Theirs", short: "New" }, [
    { id: "1", office: "The deputy" },
    { id: "3", office: "Only beside" },
  ]);
  const found = differences(here, beside);
  deepEqual(
    found.map(({ kind, id, field }) => [kind, id, field]),
    [
      ["words", "", "long"],
      ["words", "", "short"],
      ["targets", "1", "office"],
      ["targets", "2", ""],
      ["targets", "3", ""],
    ],
  );
  const all = merge(here, beside, new Map(found.map((one) => [one, safest(one, true)])));
  equal(all.words.long, "Ours\n\nTheirs");
  equal(all.words.short, "New");
  deepEqual(
    all.rows.targets.map(({ office }) => office),
    ["The director\n\nThe deputy", "Only here", "Only beside"],
  );
  const theirs = merge(here, beside, new Map(found.map((one) => [one, "beside"])));
  deepEqual(differences(theirs, beside), []);
  const ours = merge(here, beside, new Map(found.map((one) => [one, "here"])));
  deepEqual(differences(ours, here), []);
  deepEqual(differences(here, here), []);
});

test("anything at all can be read as a strategy", () => {
  for (const odd of [null, 7, "x", [], { words: 3, rows: { targets: [null, 4, { id: 7, office: ["x"] }] } }]) {
    const made = tidy(odd);
    deepEqual(Object.keys(made.words), Object.keys(blank().words));
    equal(
      made.rows.targets.every(({ office }) => office === ""),
      true,
    );
  }
});

test("everyone on the power map has a place of their own, inside it, mirrored from right to left", () => {
  const crowd = Array.from({ length: 6 }, (_, n) => ({
    id: String(n),
    office: `Office ${n}`,
    influence: "5",
    position: "2",
  }));
  const spread = ["-9", "-2", "0", "2", "x"].map((position, n) => ({
    id: `s${n}`,
    office: "Someone",
    influence: String(n + 1),
    position,
  }));
  const found = actors(doc({}, [...crowd, ...spread, { id: "n", office: "  " }]));
  equal(found.length, 11);
  const placed = pins(found);
  for (const one of placed) {
    equal(
      one.x >= RADIUS && one.x <= WIDTH - RADIUS && one.y >= RADIUS && one.y <= HEIGHT - RADIUS,
      true,
      String(one.x),
    );
    for (const other of placed) {
      if (one === other) continue;
      equal(Math.hypot(one.x - other.x, one.y - other.y) >= 2 * RADIUS, true, `${one.number} ${other.number}`);
    }
  }
  deepEqual(
    pins(found, true).map(({ x, y }) => [WIDTH - x, y]),
    placed.map(({ x, y }) => [x, y]),
  );
  equal(
    pins(
      actors(
        doc(
          {},
          Array.from({ length: 40 }, () => ({ office: "x" })),
        ),
      ),
    ).length,
    40,
  );
});
