/** A finding while it is written: the draft in hand, what of it is kept, and what will go out. No page and no network. */

import { fromHex, hex, random } from "../lib/bytes.ts";
import type { Json } from "../lib/canonical.ts";
import type { Meant } from "../lib/leads/acts.ts";
import { type Band, bandOf, beside, findingHash, rootOf } from "./finding.ts";
import type { Draft, Frame } from "./session.ts";

const HASH = /^[0-9a-f]{64}$/;

/** What stands on the page: the words and choices of a draft, and the voices that are chosen. */
export type Typed = Pick<Draft, "lang" | "statement" | "quote" | "smaller" | "driving" | "answer" | "map" | "marks">;

/** A finding that is public already. */
export interface Published {
  readonly entry: number;
  readonly words: string;
}

/** Give a draft in which nothing is written yet. */
export function blank(lang: string): Draft {
  return { id: null, lang, statement: "", quote: "", smaller: false, marks: [], salt: hex(random(32)) };
}

/** Say whether a draft has what a finding needs: words, and voices that it rests on. */
export function isComplete(draft: Draft): boolean {
  return draft.statement !== "" && draft.marks.length > 0;
}

/** Say whether what another lead kept is a draft that can be shown, taken up and published here. */
export function isDraft(frame: Frame, draft: Draft): boolean {
  const { lang, statement, quote, marks, salt, smaller, driving = "", answer = "", beside = [], map = false } = draft;
  return (
    [lang, statement, quote, driving].every((each) => typeof each === "string") &&
    typeof smaller === "boolean" &&
    typeof map === "boolean" &&
    /^\d*$/.test(answer) &&
    marks.every((mark) => HASH.test(mark)) &&
    HASH.test(salt) &&
    beside.every(Number.isInteger) &&
    findingHash(content(frame, draft)) !== ""
  );
}

/** Give what a draft holds, to be compared; empty where nothing was typed or chosen. */
export function held({ lang, statement, quote, smaller, marks, driving, answer, map }: Draft): string {
  if (!statement && !quote && marks.length === 0) return "";
  return JSON.stringify([
    lang,
    statement,
    quote,
    smaller,
    [...marks].sort(),
    driving ?? "",
    answer ?? "",
    map ?? false,
  ]);
}

/** Give what is sealed to the leads: what the desk told of a draft stays out, and what was signed of it before it was kept again. */
export function sealable({
  yours: _yours,
  others: _others,
  own: _own,
  seat: _seat,
  part: _part,
  ...draft
}: Draft): object {
  return { v: 1, ...draft };
}

const LEAST = 2; // no promise has a smaller k
const EDGES = 100; // no rules have more

/** Say whether counts can be told by what the server names: a whole k, and whole edges that rise. */
export function hasRanges({ k, bands }: Frame): boolean {
  if (!Number.isSafeInteger(k) || k < LEAST || !Array.isArray(bands)) return false;
  const rise = bands.every((edge, at) => Number.isSafeInteger(edge) && edge > (bands[at - 1] ?? 1));
  return rise && bands.length > 0 && bands.length <= EDGES;
}

/** Give the range in which so many voices are told, beside the marks that anyone can count. */
export function toldOf(frame: Frame, count: number): Band {
  if (!hasRanges(frame)) throw new RangeError("These are no ranges to tell a count in.");
  return beside(bandOf(count, frame.k, frame.bands), frame.k, frame.published.length);
}

/** What leads attest and the server publishes: all that the second lead signs with it. */
export function content(frame: Frame, draft: Draft): { readonly [name: string]: Json } {
  const said: { [name: string]: string } = { statement: draft.statement };
  if (draft.quote) said.quote = draft.quote;
  return {
    promise: frame.promise,
    smaller: draft.smaller,
    voices: toldOf(frame, draft.marks.length) as Json,
    root: rootOf(fromHex(draft.salt), draft.marks),
    words: { [draft.lang]: said },
    beside: draft.beside ?? [],
    answers: draft.answer ? [Number(draft.answer)] : [],
    driving: draft.driving ?? "",
    languages: [],
    ...(draft.map && typeof frame.map === "number" ? { maps: [frame.map] } : {}), // as chain/findings/actions.py hashes it
  };
}

/** Give what goes on the public log of a finding: what each lead signs who confirms or publishes it. */
export function meantBy(frame: Frame, draft: Draft): Meant {
  const { promise, smaller, voices, root, beside, answers, maps } = content(frame, draft) as ReturnType<
    typeof content
  > & {
    readonly [list in "beside" | "answers" | "maps"]: readonly number[];
  };
  const { lang, statement, quote, driving = "" } = draft;
  const [workplan = "", question = ""] = driving.split(/:(.*)/s);
  return {
    kind: "finding.published",
    data: { smaller, voices, root, ...(question && { driving_questions: [question] }) } as Meant["data"],
    cites: {
      engagement: [promise as number],
      beside,
      workplan: question ? [Number(workplan)] : [],
      answer: answers,
      map: maps ?? [],
    },
    texts: { statement: { lang, words: statement }, ...(quote && { quote: { lang, words: quote } }) },
  };
}

/** Say who confirmed a draft exactly as it stands: another lead, so that this one is the second, this lead, or nobody. */
export function stateOf(frame: Frame, draft: Draft): "other" | "own" | "open" {
  if (!isComplete(draft)) return "open";
  const { others = [], yours = [] } = draft;
  if (others.length === 0 && yours.length === 0) return "open";
  const finding = findingHash(content(frame, draft));
  if (others.includes(finding)) return "other";
  return yours.includes(finding) ? "own" : "open";
}

/** The finding that a lead has in hand; what was typed and not kept is put into `written`, by engagement. */
export class Drafting {
  draft: Draft;
  /** The findings of the engagement that are public, as they were when the drafts were last fetched. */
  findings: readonly Published[] = [];
  readonly #slug: string;
  readonly #written: Map<string, Draft>;
  #before = ""; // what the draft held when it was taken up or kept

  constructor({ slug, languages }: Frame, written: Map<string, Draft>) {
    this.#slug = slug;
    this.#written = written;
    this.draft = blank(languages[0] as string);
  }

  /** What was typed in this engagement before, and is not kept yet. */
  get left(): Draft | undefined {
    return this.#written.get(this.#slug);
  }

  /** Take in what stands on the page. */
  take(typed: Typed): Draft {
    Object.assign(this.draft, typed);
    this.draft.beside = this.#beside();
    return this.draft;
  }

  /** A smaller group's finding stands beside what its first writer saw, else beside what is public; others beside nothing. */
  #beside(): readonly number[] {
    const { smaller, beside } = this.draft;
    if (!smaller) return [];
    return beside?.length ? beside : this.findings.map(({ entry }) => entry);
  }

  /** Take in what was typed or chosen, and hold it for as long as it is not kept. */
  change(typed: Typed): void {
    const now = held(this.take(typed));
    if (now && now !== this.#before) this.#written.set(this.#slug, { ...this.draft });
    else this.#written.delete(this.#slug);
  }

  /** Let go of the draft in hand; false where it has words that are not kept yet. */
  letGo(): boolean {
    if (this.left?.statement || this.left?.quote) return false;
    this.#written.delete(this.#slug);
    return true;
  }

  /** Take up a draft as the page now shows it. */
  takeUp(draft: Draft, shown: Typed): void {
    this.draft = { ...draft };
    const now = held(this.take(shown));
    this.#before = this.left ? "" : now;
  }

  /** Know that this much is kept; what was typed meanwhile is not. */
  settle(what: string): void {
    this.#before = what;
    if (this.left && held(this.left) === what) this.#written.delete(this.#slug);
  }
}
