/** Draws an act from what is signed: what a lead reads before she signs. The page says what kinds, texts and facts are called. */

import type { Json } from "../canonical.ts";
import { dayInWords } from "../days.ts";
import { all, attribute, one, remove, show } from "../page.ts";
import {
  type Act,
  areWordsOf,
  type Before,
  type Draft,
  fitsBeside,
  type Head,
  holdsCited,
  isAhead,
  type Said,
} from "./acts.ts";
import { type Asked, type Form, formOf, heldIn, linesOf } from "./asked.ts";
import { made } from "./views.ts";

const DAY = /^\d{4}-\d\d-\d\d$/;

/** What nobody reads, a hash or a key, is folded. */
const CODE = /^([0-9a-f]{64}|age1[0-9a-z]{58})$/;

/** So is what is longer, such as the offices of whole rules. */
const LONGEST = 120;

/** What a lead would sign, with its words, over which head, and what others signed before. */
export interface ToDraw {
  readonly text: string;
  readonly said: readonly Said[];
  readonly head: Head;
  readonly before: readonly Before[];
}

/** Draw all of it; give the name of the words that say why nobody may sign it, empty where all fits. */
export function drawAct(host: HTMLElement, { text, said, head, before }: ToDraw): string {
  const { drafts, ...rest } = JSON.parse(text) as Act;
  const letters = one(host, "[data-letters]");
  if (letters) letters.textContent = text; // of what is signed, whatever the page says it is
  if (!areWordsOf(drafts, said)) return "other-words";
  one(host, "[data-drafts]")?.replaceChildren(...drafts.map((draft, place) => drawn(host, draft, place, said)));
  if (!before.every((each) => fitsBeside({ drafts, ...rest }, each))) return "other-before";
  one(host, "[data-before]")?.replaceChildren(
    ...before.flatMap(({ act: part, said: theirs }) =>
      (JSON.parse(part) as Act).drafts.map((draft, place) => drawn(host, draft, place, theirs)),
    ),
  );
  if (!holdsCited(drafts, head)) return "other-head";
  return isAhead(head) ? "other-day" : "";
}

/** Draw one entry from what is signed: its kind, whose it is, its words, what it holds and cites. */
function drawn(host: HTMLElement, draft: Draft, place: number, said: readonly Said[]): HTMLElement {
  const { kind, by, texts, data, cites } = draft;
  const item = made(host, "[data-draft]", {
    kind: called(host, "[data-kinds]", kind),
    by: by.map((each) => `\u2068${called(host, "[data-values]", each)}\u2069`).join(" \u00b7 "), // each in its own direction
  });
  if (isUnread(data)) one(item, "[data-words]")?.append(made(host, "[data-unread]", {}));
  for (const [at, name, , written] of said) {
    if (at !== place) continue;
    const part = made(host, "[data-text]", { name: called(host, "[data-texts]", name), words: legible(written) });
    const spoken = one(part, "[data-said]") as HTMLElement;
    spoken.lang = texts[name]?.lang ?? "";
    spoken.dir = "auto";
    const form = name === "form" && formOf(written);
    if (form) spoken.replaceWith(drawnForm(host, form, written));
    one(item, "[data-words]")?.append(part);
  }
  const facts = one(item, "[data-facts]");
  for (const [name, held] of Object.entries(data)) {
    const value = inWords(host, held, name);
    const which = value.length > LONGEST || CODE.test(value) ? "[data-long]" : "[data-fact]";
    facts?.append(made(host, which, { name: called(host, "[data-names]", name), value }));
  }
  for (const [name, cited] of Object.entries(cites)) {
    const fact = made(host, "[data-fact]", { name: called(host, "[data-names]", `cites=${name}`, name), value: "" });
    one(fact, "[data-fill=value]")?.append(...cited.map((each) => linked(host, each)));
    facts?.append(fact);
  }
  if (!facts?.childElementCount) remove(facts);
  return item;
}

/** Say whether these words are a translation that no person wrote or read. */
function isUnread({ made_by, reviewed }: Draft["data"]): boolean {
  return made_by === "machine" && reviewed === false;
}

/** Give words as they are; those of a plan, which are JSON, with each name and what it holds on a line. Nothing of them is left out. */
function legible(written: string): string {
  const held = heldIn(written);
  return held ? linesOf(held).join("\n") : written;
}

/** Draw frozen questions as people read them, and below them, folded, letter for letter. */
function drawnForm(host: HTMLElement, { questions, statements, isSpoken, rest }: Form, written: string): HTMLElement {
  const whole = made(host, "[data-form-of]", { written });
  one(whole, "[data-questions]")?.append(...questions.map((each, place) => drawnAsked(host, each, place)));
  one(whole, "[data-statements]")?.append(...statements.map((each, place) => drawnAsked(host, each, place)));
  show(one(whole, "[data-judged]"), statements.length > 0);
  show(one(whole, "[data-spoken]"), isSpoken);
  return withRest(whole, rest);
}

function drawnAsked(host: HTMLElement, { id, kind, inEach, rest }: Asked, place: number): HTMLElement {
  const item = made(host, "[data-one-asked]", {
    number: String(place + 1),
    kind: kind && called(host, "[data-kinds-of-question]", kind),
    id,
  });
  for (const { lang, words, hint, choices } of inEach) {
    const block = made(host, "[data-in-language]", { name: called(host, "[data-values]", lang), words, hint });
    block.lang = lang;
    show(one(block, "[data-fill=hint]"), hint !== "");
    one(block, "[data-choices]")?.append(...choices.map((each) => made(host, "[data-choice]", { ...each })));
    if (!choices.length) remove(one(block, "[data-choices]"));
    one(item, "[data-in-each]")?.append(block);
  }
  return withRest(item, rest);
}

/** Show below what is drawn what nobody knows here, as it stands. */
function withRest(drawn: HTMLElement, rest: readonly string[]): HTMLElement {
  const place = all(drawn, "[data-rest]").at(-1) as HTMLElement; // the last is its own: others stand in what it holds
  place.textContent = rest.join("\n");
  show(place, rest.length > 0);
  return drawn;
}

/** Give what an entry holds as one line: words as they are or as the page calls them, of what each says theirs alone. */
function inWords(host: HTMLElement, held: Json, name = ""): string {
  if (typeof held === "string") return isDay(held) ? dayInWords(held) : inWord(host, held, name);
  if (isWords(held)) return held.map((each) => inWords(host, each, name)).join(", ");
  const said = held && typeof held === "object" && !Array.isArray(held) ? Object.values(held) : [];
  const [only] = said;
  return said.length === 1 && typeof only === "string"
    ? inWords(host, only, name)
    : inWord(host, JSON.stringify(held), name);
}

/** Give what the page calls a value under this name, else anywhere. */
function inWord(host: HTMLElement, held: string, name: string): string {
  return called(host, "[data-values]", `${name}=${held}`, called(host, "[data-values]", held));
}

/** Say whether this is a day of the calendar: what is no such day stays as it is. */
function isDay(held: string): boolean {
  const at = new Date(held);
  return DAY.test(held) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(held);
}

function isWords(held: Json): held is readonly string[] {
  return Array.isArray(held) && held.length > 0 && held.every((each) => typeof each === "string");
}

/** Draw what an act cites: a link to the page of its entry, or the place of one that is signed with it. */
function linked(host: HTMLElement, index: number | string): HTMLElement {
  if (typeof index === "string") return made(host, "[data-of-this]", { value: String(Number(index) + 1) });
  const link = made(host, "[data-cited]", { value: String(index) });
  const at = one(link, "a") as HTMLAnchorElement | null; // in a file there is no page of it to go to
  if (at) at.href = `${attribute(host, "entries")}${index}/`;
  return link;
}

/** Give what the page calls a kind, a text or a fact; its own name where the page has none. */
function called(host: HTMLElement, which: string, name: string, otherwise = name): string {
  const list = host.querySelector<HTMLTemplateElement>(`template${which}`);
  const found = list && all(list.content, "[data-of]").find((each) => each.dataset.of === name);
  return (found?.textContent ?? "").trim() || otherwise;
}
