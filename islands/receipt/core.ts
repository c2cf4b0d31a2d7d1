/** Looks a receipt up in downloaded lists, so that no server learns which one is looked for. */

import { hex } from "../lib/bytes.ts";
import { answering, fewer, find, isReceived, OPENED, type Row } from "../lib/marks.ts";

/** What people were asked: the index of its promise, its title with the language of that, and what is said of the days to hear back. */
export interface Asked {
  readonly promise: number;
  readonly title: string;
  readonly lang: string;
  readonly days: string;
  /** Where statements are judged, while they are; where their map is; where people offer one; and whether they were asked to. */
  readonly judge?: string;
  readonly map?: string;
  readonly say?: string;
  readonly offers?: boolean;
}

/** A program of this site: where its list of seal marks and its threads are, and what people were asked. */
export interface Place {
  readonly marks: string;
  readonly follow: string;
  readonly asked: readonly Asked[];
  /** Where it says what became of statements that people offered. */
  readonly offers?: string;
}

/** What became of a statement that somebody offered: the decision, the words that people judge, why it stays out, what leads wrote to its author. */
export interface Offer {
  readonly offer: string;
  readonly promise: number;
  readonly decision: string;
  readonly words: string;
  readonly lang: string;
  readonly why: string;
  readonly ground: string;
  readonly ground_lang: string;
}

/** Where a voice stands, its threads' addresses, and the programs it may be withdrawn from. */
export interface Found {
  readonly state: "opened" | "published" | "received" | "not-here";
  readonly threads: readonly string[];
  readonly places: readonly Place[];
  /** Whether leads gave something of it to an office. */
  readonly given: boolean;
  /** What the voice answers, where that is known. */
  readonly asked?: Asked | undefined;
}

/** What came of a try to take a voice back. After the last three it can be tried again. */
export type Came = "withdrawn" | "not-withdrawn" | "held" | "too-many" | "unclear";

/** What a program answers who is asked to delete a voice: the status, 0 where no answer came, and the day on which it was deleted. */
export interface Answer {
  readonly status: number;
  readonly day?: string | undefined;
}

/** How to fetch: JSON and bytes, from an address of this site. Fails where the answer is not 2xx. */
export interface Fetch {
  json(address: string): Promise<unknown>;
  bytes(address: string): Promise<Uint8Array>;
}

/** Find where the voice of a seal mark and an act hash (32 bytes each) stands, in every program of `index`. */
export async function lookUp(index: string, mark: Uint8Array, act: Uint8Array, from: Fetch): Promise<Found> {
  const whole = hex(mark);
  const places = placesIn(await from.json(index));
  const short: string[] = [];
  for (const place of places) {
    const list = await from.bytes(place.marks);
    for (const row of find(list, mark)) {
      const promise = await promiseOf(place, row, from, whole);
      if (promise === null) continue;
      const state = row.state === OPENED ? "opened" : "published";
      const given = isReceived(await from.bytes(beside(place, "given")), act);
      const asked = place.asked.filter((one) => one.promise === promise)[0];
      return { state, threads: [place.follow + promise], places: [place], given, asked };
    }
    for (const row of fewer(list)) {
      const promise = await promiseOf(place, row, from);
      if (promise !== null) short.push(place.follow + promise);
    }
  }
  for (const place of places) {
    const list = await from.bytes(beside(place, "received"));
    const asked = place.asked.filter((one) => isReceived(list, answering(act, one.promise)))[0];
    if (!asked) continue;
    const given = isReceived(await from.bytes(beside(place, "given")), act);
    return { state: "received", threads: [place.follow + asked.promise], places: [place], given, asked };
  }
  return { state: "not-here", threads: short, places, given: false };
}

/**
 * Find what became of the statement that stands under this hash, in each program; null where none is decided. Each list is taken whole.
 *
 * A program whose list does not come keeps nobody from the others; that it did not come is told where they hold nothing.
 */
export async function offerOf(places: readonly Place[], tag: Uint8Array, from: Fetch): Promise<Offer | null> {
  const own = hex(tag);
  let lost: unknown = null;
  for (const { offers } of places) {
    if (!offers || !LOCAL.test(offers)) continue;
    try {
      const list = (await from.json(offers)) as Offer[];
      const found = list.filter(({ offer }) => offer === own)[0];
      if (found) return found;
    } catch (problem) {
      lost = problem;
    }
  }
  if (lost) throw lost;
  return null;
}

/** List the engagements in which statements are judged now, each with its address on this site. */
export function judging(places: readonly Place[]): Asked[] {
  const every = places.reduce<Asked[]>((found, place) => found.concat(place.asked), []);
  return every.filter(({ judge }) => judge && LOCAL.test(judge));
}

/**
 * Ask each program in turn to delete a voice. Give what came of it, and of one that is deleted the day.
 *
 * Only a 404 says that a program has no such voice. Any other answer stops here, so that nothing is said that is not known.
 */
export async function takeBack(
  places: readonly Place[],
  ask: (address: string) => Promise<Answer>,
): Promise<{ readonly came: Came; readonly day?: string | undefined }> {
  for (const place of places) {
    const { status, day } = await ask(beside(place, "withdraw"));
    if (status >= 200 && status < 300) return { came: "withdrawn", day };
    if (status === 423) return { came: "held" };
    if (status === 429) return { came: "too-many" };
    if (status !== 404) return { came: "unclear" };
  }
  return { came: "not-withdrawn" };
}

/** Give the address that stands beside a program's list: `/riverbend/record/marks` and `withdraw`. */
export function beside(place: Place, name: string): string {
  return place.marks.replace(/\/[^/]*\/?$/, `/${name}`);
}

/** Read the index of the promise that an entry cites; null where the entry does not hold the whole mark. */
async function promiseOf(place: Place, row: Row, from: Fetch, markHex?: string): Promise<number | null> {
  const entry = (await from.json(beside(place, `entries/${row.entry}.json`))) as {
    cites?: { engagement?: unknown[] };
    data?: { marks?: string[] };
  };
  const marks = entry.data?.marks;
  if (markHex && marks && marks.indexOf(markHex) < 0) return null;
  const promise = entry.cites?.engagement?.[0];
  return typeof promise === "number" && promise >= 0 && promise % 1 === 0 ? promise : null;
}

/** Keep the programs whose addresses are paths of this site. */
function placesIn(index: unknown): Place[] {
  const places = Array.isArray(index) ? (index as Place[]) : [];
  return places.filter((place) => [place.marks, place.follow].every((path) => LOCAL.test(path)));
}

/** A path of this site. */
export const LOCAL = /^\/[^/\\]/;
