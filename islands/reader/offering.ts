/** What becomes of a statement that somebody offered: one lead proposes it, another reads it beside what its author wrote, and decides. */

import { hash } from "@stablelib/sha256";
import { fromHex, hex, random, utf8 } from "../lib/bytes.ts";
import { canonical, type Json } from "../lib/canonical.ts";
import { openAs, sealNote } from "../lib/leads/keyring.ts";
import { done, doneAt, field, fill, languageOf, leadName, made, press, showWhen, words } from "../lib/leads/views.ts";
import { all, one, show } from "../lib/page.ts";
import { offerTag } from "../lib/receipt/digits.ts";
import { speaks } from "./giving.ts";
import { wordsOf } from "./heard.ts";
import type { Reading } from "./session.ts";
import type { OpenedVoice } from "./voices.ts";

/** The question that the program names (core/questions.py), and what leads decide (core/workflow/offers.py). */
const OFFER = "offer";
const RELEASED = "released";
const DECLINED = "declined";
const MERGED = "merged";
const START = 80; // letters of a statement in its line

/** What two leads decide, to the letter; a salt, so that nobody can guess it by its hash. */
export interface Decided {
  readonly salt: string;
  /** The hash by which its author finds it, with their receipt. */
  readonly offer: string;
  readonly decision: string;
  readonly statement: string;
  readonly reason: string;
  readonly lang: string;
  readonly ground: string;
  readonly words: { readonly [lang: string]: string };
}

interface Waiting {
  readonly id: string;
  readonly sealed: string;
  readonly seat: string;
  readonly yours: boolean;
  readonly may_drop: boolean;
}

interface Told {
  readonly waiting: readonly Waiting[];
  readonly decided: readonly string[];
  readonly statements: readonly { readonly id: string; readonly words: string }[];
  readonly reasons: readonly (readonly [string, string])[];
  readonly is_open: boolean;
}

/** Hash what two leads decide. */
export function digestOf({ salt, offer, decision, statement, reason, lang, ground, words: said }: Decided): string {
  const whole = { salt, offer, decision, statement, reason, lang, ground, words: said };
  return hex(hash(utf8(canonical(whole as unknown as Json))));
}

/** Give the hash under which its author finds what became of what a voice offered. */
export function tagOf({ r }: Pick<OpenedVoice, "r">): string {
  return hex(offerTag(fromHex(r)));
}

function isDecided(said: Decided): boolean {
  const { salt, offer, decision, statement, reason, lang, ground } = said;
  const texts = [salt, offer, decision, statement, reason, lang, ground, ...Object.values(said.words ?? {})];
  return texts.every((each) => typeof each === "string");
}

/** Show what was offered, and what waits for a second lead; nothing where people were not asked. */
export async function showOffering(reading: Reading): Promise<void> {
  const { view, frame, session } = reading;
  const section = one(view, "[data-offering]");
  if (!section || !frame.form.questions.some(({ id }) => id === OFFER)) return;
  show(section, true);
  await draw(reading, section, await session.server.get<Told>(doorOf(reading)));
}

function doorOf({ frame }: Reading): string {
  return `engagements/${frame.slug}/offers`;
}

/** Give what a voice offers; of what was spoken, what leads typed. Empty where it offers nothing. */
function offered({ notes }: Reading, { answers, mark }: OpenedVoice): string {
  return wordsOf(notes, mark, OFFER, answers[OFFER]).trim();
}

async function draw(reading: Reading, section: HTMLElement, told: Told): Promise<void> {
  const found = await Promise.all(told.waiting.map(({ sealed }) => openAs(reading.identity, sealed, isDecided)));
  // What another lead proposed keeps nobody from proposing otherwise: one lead alone would hold a statement up.
  const own = found.filter((_said, at) => told.waiting[at]?.yours);
  const taken = new Set([...told.decided, ...own.map((said) => said?.offer)]);
  const free = reading.opened.filter((voice) => offered(reading, voice) !== "" && !taken.has(tagOf(voice)));
  const waiting = told.waiting.map((each, at) => drawWaiting(reading, section, told, each, found[at] ?? null));
  one(section, "[data-waiting-offers]")?.replaceChildren(...waiting);
  const above = new Set(found.map((said, at) => said?.offer ?? told.waiting[at]?.id));
  const rows = free.map((voice) => {
    const row = drawFree(reading, section, told, voice);
    show(one(row, "[data-waits-above]"), above.has(tagOf(voice)));
    return row;
  });
  one(section, "[data-offers]")?.replaceChildren(...rows);
  show(one(section, "[data-no-offers]"), free.length === 0);
  fill(section, { offers: String(new Set([...above, ...free.map(tagOf)]).size) }); // one that waits is counted once
  if (told.waiting.some(({ yours }) => !yours)) (section as HTMLDetailsElement).open = true;
}

function drawWaiting(
  reading: Reading,
  section: HTMLElement,
  told: Told,
  { id, seat, yours, may_drop: mayDrop }: Waiting,
  said: Decided | null,
): HTMLElement {
  const { host, server } = reading.session;
  const voice = reading.opened.find((each) => tagOf(each) === said?.offer);
  const original = voice ? offered(reading, voice) : "";
  const item = made(section, "[data-decision]", {
    seat: leadName(host, seat),
    original,
    into: told.statements.find((each) => each.id === said?.statement)?.words ?? "",
    reason: told.reasons.find(([reason]) => reason === said?.reason)?.[1] ?? "",
    ground: said?.ground ?? "",
  });
  speaks(one(item, "[data-original]"), voice?.lang ?? "");
  speaks(one(item, "[data-ground-said]"), said?.lang ?? "");
  const lines = Object.entries(said?.words ?? {}).map(([lang, text]) => {
    const line = made(section, "[data-in-language]", { lang: languageOf(lang), words: text });
    speaks(one(line, "[data-fill=words]"), lang);
    return line;
  });
  one(item, "[data-released-words]")?.replaceChildren(...lines);
  const fits = said !== null && original !== "" && !told.decided.includes(said.offer);
  showWhen(item, yours ? "own" : fits ? "confirm" : "differs");
  for (const place of all(item, "[data-if]"))
    show(place, (place.dataset.if as string).split(" ").includes(said?.decision ?? ""));
  if (fits && !yours) {
    press(host, one(item, "[data-decide]"), async () => {
      await server.post(`${doorOf(reading)}/${id}/decide`, { ...said });
      await draw(reading, section, await server.get<Told>(doorOf(reading)));
      doneAt(host, one(section, "[data-waiting-offers]") ?? section, words(host, "offer-decided"));
    });
  }
  if (mayDrop) {
    press(host, one(item, "[data-drop-offer]"), async () => {
      await server.post(`${doorOf(reading)}/${id}/drop`, {});
      await draw(reading, section, await server.get<Told>(doorOf(reading)));
    });
  }
  return item;
}

function drawFree(reading: Reading, section: HTMLElement, told: Told, voice: OpenedVoice): HTMLElement {
  const { frame, session } = reading;
  const { host, server } = session;
  const text = offered(reading, voice);
  const item = made(section, "[data-offer]", { start: text.slice(0, START), original: text });
  speaks(one(item, "[data-original]"), voice.lang);
  const fields = frame.languages.map((lang) => {
    const place = made(section, "[data-words-in]", { lang: languageOf(lang) });
    const box = field(place, "textarea");
    box.dataset.lang = lang;
    box.value = lang === voice.lang ? text : "";
    speaks(box as unknown as HTMLElement, lang);
    return place;
  });
  one(item, "[data-words-here]")?.replaceChildren(...fields);
  const into = one(item, "[data-offer-into]") as HTMLSelectElement;
  into.append(...told.statements.map(({ id, words: said }) => new Option(said, id)));
  const why = one(item, "[data-offer-reason]") as HTMLSelectElement;
  why.append(...told.reasons.map(([reason, said]) => new Option(said, reason)));
  const tongue = one(item, "[data-offer-lang]") as HTMLSelectElement;
  tongue.append(...frame.languages.map((lang) => new Option(languageOf(lang), lang)));
  tongue.value = frame.languages.includes(voice.lang) ? voice.lang : (frame.languages[0] as string);
  const which = one(item, "[data-offer-decision]") as HTMLSelectElement;
  if (!told.is_open) one(which, `[value=${RELEASED}]`)?.remove();
  const turn = (): void => {
    for (const place of all(item, "[data-if]"))
      show(place, (place.dataset.if as string).split(" ").includes(which.value));
  };
  which.addEventListener("input", turn);
  turn();
  press(host, one(item, "[data-propose-offer]"), async () => {
    const decision = which.value;
    const boxes = fields.map((place) => field(place, "textarea"));
    const by = Object.fromEntries(boxes.map((box) => [box.dataset.lang as string, box.value.trim()]));
    const said: Decided = {
      salt: hex(random(32)),
      offer: tagOf(voice),
      decision,
      statement: decision === MERGED ? into.value : "",
      reason: decision === DECLINED ? why.value : "",
      lang: tongue.value,
      ground: decision === RELEASED ? "" : field(item, "[data-offer-ground]").value.trim(),
      words: decision === RELEASED ? by : {},
    };
    const lacks =
      decision === RELEASED ? Object.values(by).includes("") : !said.ground || !(said.statement || said.reason);
    if (!decision || lacks) return done(host, words(host, "offer-empty"));
    const sealed = await sealNote(reading.engagement.recipient as string, said);
    await draw(reading, section, await server.post<Told>(doorOf(reading), { sealed, digest: digestOf(said) }));
    doneAt(host, one(section, "[data-waiting-offers]") ?? section, words(host, "offer-proposed"));
  });
  return item;
}
