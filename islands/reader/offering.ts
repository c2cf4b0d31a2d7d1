/** What becomes of a statement that somebody offered: one lead proposes it, another reads it beside what its author wrote, and decides. */

import { hash } from "@stablelib/sha256";
import { fromHex, hex, random, utf8 } from "../lib/bytes.ts";
import { canonical, type Json } from "../lib/canonical.ts";
import type { Meant, Part } from "../lib/leads/acts.ts";
import { field, fill, languageOf, leadName, made, press, problem, showWhen, words } from "../lib/leads/views.ts";
import { all, one, show } from "../lib/page.ts";
import { offerTag } from "../lib/receipt/digits.ts";
import { isSignedBy, signAct, signatures, upon } from "./acting.ts";
import { speaks } from "./giving.ts";
import { wordsOf } from "./heard.ts";
import { drawAgain, openWaiting, pressFor, propose, type Section, showWaiting, type Waiting } from "./proposing.ts";
import type { Reading } from "./session.ts";
import type { OpenedVoice } from "./voices.ts";

/** The question that the program names (core/questions.py), and what leads decide (core/workflow/offered_statements.py). */
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

/** What a lead proposes, with what she signed of it: sealed, so that the site has neither before a second lead comes. */
type Note = Decided & { readonly part: Part };

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

/** Give what goes on the public log of it; which number a released statement gets follows from what stands there. */
export function meantBy(promise: number, said: Decided): Meant {
  const { offer, decision, statement, reason, lang, ground } = said;
  const isReleased = decision === RELEASED;
  const texts = isReleased ? Object.entries(said.words).map(([code, words]) => [code, { lang: code, words }]) : [];
  return {
    kind: "offer.decided",
    data: { offer, decision, ...(decision === MERGED && { statement }), ...(decision === DECLINED && { reason }) },
    cites: { engagement: [promise] },
    texts: isReleased ? Object.fromEntries(texts) : { ground: { lang, words: ground } },
  };
}

/** Show what was offered, and what waits for a second lead; nothing where people were not asked. */
export async function showOffering(reading: Reading): Promise<void> {
  const { view, frame, session } = reading;
  const within = one(view, "[data-offering]");
  if (!within || !frame.form.questions.some(({ id }) => id === OFFER)) return;
  show(within, true);
  const door = `engagements/${frame.slug}/offers`;
  const section: Section<Told> = {
    reading,
    within,
    list: "[data-waiting-offers]",
    door,
    draw: (told) => draw(section, told),
  };
  await drawAgain(section, await session.server.get<Told>(door));
}

/** Give what a voice offers; of what was spoken, what leads typed. Empty where it offers nothing. */
function offered({ notes }: Reading, { answers, mark }: OpenedVoice): string {
  return wordsOf(notes, mark, OFFER, answers[OFFER]).trim();
}

async function draw(section: Section<Told>, told: Told): Promise<void> {
  const { reading, within } = section;
  const found = await openWaiting<Note>(reading, told.waiting, isDecided);
  // What another lead proposed keeps nobody from proposing otherwise: one lead alone would hold a statement up.
  const own = found.filter((_said, at) => told.waiting[at]?.yours);
  const taken = new Set([...told.decided, ...own.map((said) => said?.offer)]);
  const free = reading.opened.filter((voice) => offered(reading, voice) !== "" && !taken.has(tagOf(voice)));
  const above = new Set(found.map((said, at) => said?.offer ?? told.waiting[at]?.id));
  const rows = free.map((voice) => {
    const row = drawFree(section, told, voice);
    for (const place of all(row, "[data-waits-above], [data-otherwise]")) show(place, above.has(tagOf(voice)));
    return row;
  });
  one(within, "[data-offers]")?.replaceChildren(...rows);
  const undecided = free.filter((voice) => !above.has(tagOf(voice))).length;
  fill(reading.view, { undecided: String(undecided) });
  show(one(reading.view, "[data-to-decide]"), undecided > 0);
  if (undecided > 0) (within as HTMLDetailsElement).open = true; // what leads here finds it open
  show(one(within, "[data-no-offers]"), free.length === 0);
  fill(within, { offers: String(new Set([...above, ...free.map(tagOf)]).size) }); // one that waits is counted once
  const waiting = told.waiting.map((each, at) => drawWaiting(section, told, each, found[at] ?? null));
  showWaiting(section, told.waiting, waiting);
}

function drawWaiting(
  section: Section<Told>,
  told: Told,
  { id, seat, yours, may_drop: mayDrop }: Waiting,
  said: Note | null,
): HTMLElement {
  const { reading, within } = section;
  const { session, frame, opened } = reading;
  const voice = opened.find((each) => tagOf(each) === said?.offer);
  const original = voice ? offered(reading, voice) : "";
  const item = made(within, "[data-decision]", {
    seat: leadName(session.host, seat),
    original,
    into: told.statements.find((each) => each.id === said?.statement)?.words ?? "",
    reason: told.reasons.find(([reason]) => reason === said?.reason)?.[1] ?? "",
    ground: said?.ground ?? "",
  });
  speaks(one(item, "[data-original]"), voice?.lang ?? "");
  speaks(one(item, "[data-ground-said]"), said?.lang ?? "");
  const lines = Object.entries(said?.words ?? {}).map(([lang, text]) => {
    const line = made(within, "[data-in-language]", { lang: languageOf(lang), words: text });
    speaks(one(line, "[data-fill=words]"), lang);
    return line;
  });
  one(item, "[data-released-words]")?.replaceChildren(...lines);
  const fits = said !== null && original !== "" && !told.decided.includes(said.offer);
  const meant = fits ? [meantBy(frame.promise, said)] : [];
  const isTheirs = fits && isSignedBy(session, seat, meant, said.part);
  showWhen(item, yours ? "own" : isTheirs ? "confirm" : fits ? "unsigned" : "differs");
  for (const place of all(item, "[data-if]"))
    show(place, (place.dataset.if as string).split(" ").includes(said?.decision ?? ""));
  if (isTheirs && !yours) {
    const decide = async (): Promise<object> => {
      const { part, ...words } = said;
      const own = await signAct(session, upon(frame), digestOf(said), meant, { seat, part });
      return { ...words, act: signatures(session, own, [{ seat, part }]) };
    };
    pressFor(section, one(item, "[data-decide]"), `${id}/decide`, decide, "offer-decided");
  }
  if (mayDrop) pressFor(section, one(item, "[data-drop-offer]"), `${id}/drop`, async () => ({}));
  return item;
}

/** Give the first words of a statement, with dots where it goes on. */
function startOf(text: string): string {
  if (text.length <= START) return text;
  const whole = text.slice(0, START).replace(/\s+\S*$/, "");
  return `${whole} …`;
}

function drawFree(section: Section<Told>, told: Told, voice: OpenedVoice): HTMLElement {
  const { reading, within } = section;
  const { frame, session } = reading;
  const { host } = session;
  const text = offered(reading, voice);
  const item = made(within, "[data-offer]", { start: startOf(text), original: text });
  speaks(one(item, "[data-original]"), voice.lang);
  const fields = frame.languages.map((lang) => {
    const place = made(within, "[data-words-in]", { lang: languageOf(lang) });
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
  const known = [document.documentElement.lang, voice.lang].find((lang) => frame.languages.includes(lang));
  tongue.value = known ?? (frame.languages[0] as string);
  const which = one(item, "[data-offer-decision]") as HTMLSelectElement;
  if (!told.is_open) one(which, `[value=${RELEASED}]`)?.remove();
  const turn = (): void => {
    for (const place of all(item, "[data-if]"))
      show(place, (place.dataset.if as string).split(" ").includes(which.value));
  };
  which.addEventListener("input", () => {
    problem(host, ""); // what was missing may be another thing now
    turn();
  });
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
    const empty = boxes.filter((box) => !box.value.trim());
    if (decision === RELEASED && empty[0]) {
      const names = empty.map((box) => languageOf(box.dataset.lang as string)).join(" · ");
      empty[0].focus();
      return problem(host, `${words(host, "offer-lacks")} ${names}`);
    }
    const lacks = decision !== RELEASED && (!said.ground || !(said.statement || said.reason));
    if (!decision || lacks) return problem(host, words(host, "offer-empty"));
    const digest = digestOf(said);
    const part = await signAct(session, upon(frame), digest, [meantBy(frame.promise, said)]);
    await propose(section, { ...said, part }, digest, "offer-proposed");
  });
  return item;
}
