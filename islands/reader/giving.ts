/** What goes to the office that can fix it: one lead takes out who wrote it, another confirms; only where its person ticked that. */

import { hash } from "@stablelib/sha256";
import { hex, random, utf8 } from "../lib/bytes.ts";
import { canonical, type Json } from "../lib/canonical.ts";
import { done, field, fill, leadName, made, press, showWhen, words } from "../lib/leads/views.ts";
import { one, show } from "../lib/page.ts";
import { wordsOf } from "./heard.ts";
import { drawAgain, openWaiting, pressFor, propose, type Section, showWaiting, type Waiting } from "./proposing.ts";
import type { Reading } from "./session.ts";
import type { OpenedVoice } from "./voices.ts";

/** The question that the program names, and its one answer (core/questions.py). */
const PASS_ON = "pass-on";
const YES = "yes";
const START = 80; // letters of a voice in its line

/** What two leads confirm, to the letter: the words and the office, of which voice, and a salt so that nobody can guess it. */
export interface Gift {
  readonly salt: string;
  readonly office: string;
  readonly lang: string;
  readonly words: string;
  readonly mark: string;
}

interface Told {
  readonly waiting: readonly (Waiting & { readonly has_left: boolean })[];
  readonly given: readonly string[];
  readonly offices: readonly (readonly [string, string])[];
}

/** Hash what two leads confirm. */
export function digestOf({ salt, office, lang, words: said, mark }: Gift): string {
  return hex(hash(utf8(canonical({ salt, office, lang, words: said, mark } as Json))));
}

function isGift({ salt, office, lang, words: said, mark }: Gift): boolean {
  return [salt, office, lang, said, mark].every((each) => typeof each === "string");
}

/** Say whether its person ticked that leads may give it to an office. */
export function mayBeGiven({ answers }: Pick<OpenedVoice, "answers">): boolean {
  return [answers[PASS_ON] ?? []].flat().includes(YES);
}

/** Show what may be given, and what waits for a second lead; nothing where people were not asked. */
export async function showGiving(reading: Reading): Promise<void> {
  const { view, frame, session } = reading;
  const within = one(view, "[data-giving]");
  if (!within || !frame.form.questions.some(({ id }) => id === PASS_ON)) return;
  show(within, true);
  const door = `engagements/${frame.slug}/referrals`;
  const section: Section<Told> = {
    reading,
    within,
    list: "[data-waiting-gifts]",
    door,
    draw: (told) => draw(section, told),
  };
  await drawAgain(section, await session.server.get<Told>(door));
}

async function draw(section: Section<Told>, told: Told): Promise<void> {
  const { reading, within } = section;
  const gifts = await openWaiting(reading, told.waiting, isGift);
  const taken = new Set([...told.given, ...gifts.map((gift) => gift?.mark)]);
  const free = reading.opened.filter((voice) => mayBeGiven(voice) && !taken.has(voice.mark));
  one(within, "[data-gifts]")?.replaceChildren(...free.map((voice) => drawFree(section, told, voice)));
  show(one(within, "[data-no-gifts]"), free.length === 0);
  fill(within, { gifts: String(free.length + told.waiting.length) });
  const rows = told.waiting.map((each, place) => drawWaiting(section, told, each, gifts[place] ?? null));
  showWaiting(section, told.waiting, rows);
}

function drawWaiting(
  section: Section<Told>,
  told: Told,
  { id, seat, yours, may_drop: mayDrop, has_left: hasLeft }: Told["waiting"][number],
  gift: Gift | null,
): HTMLElement {
  const { reading, within } = section;
  const voice = reading.opened.find(({ mark }) => mark === gift?.mark);
  const fits = gift !== null && voice !== undefined && mayBeGiven(voice) && !told.given.includes(gift.mark);
  const item = made(within, "[data-gift]", {
    seat: leadName(reading.session.host, seat),
    office: told.offices.find(([office]) => office === gift?.office)?.[1] ?? gift?.office ?? "",
    words: gift?.words ?? "",
    original: voice ? written(reading, voice) : "",
  });
  for (const place of ["[data-said]", "[data-original]"]) speaks(one(item, place), gift?.lang ?? "");
  showWhen(item, yours ? "own" : hasLeft ? "left" : fits ? "confirm" : "differs");
  if (fits && !yours && !hasLeft) {
    pressFor(section, one(item, "[data-give]"), `${id}/give`, async () => ({ ...gift }), "given");
  }
  if (mayDrop) pressFor(section, one(item, "[data-drop-gift]"), `${id}/drop`, async () => ({}));
  return item;
}

function drawFree(section: Section<Told>, told: Told, voice: OpenedVoice): HTMLElement {
  const { reading, within } = section;
  const { host } = reading.session;
  const text = written(reading, voice);
  const item = made(within, "[data-giftable]", { start: text.slice(0, START) });
  const said = field(item, "[data-gift-words]");
  said.value = text;
  speaks(said, voice.lang);
  const list = one(item, "[data-gift-office]") as HTMLSelectElement;
  list.append(...told.offices.map(([office, title]) => new Option(title, office)));
  press(host, one(item, "[data-propose-gift]"), async () => {
    const gift: Gift = {
      salt: hex(random(32)),
      office: list.value,
      lang: voice.lang,
      words: said.value.trim(),
      mark: voice.mark,
    };
    if (!gift.office || !gift.words) return done(host, words(host, "given-empty"));
    await propose(section, gift, digestOf(gift), "given-proposed");
  });
  return item;
}

/** Give what somebody said in their own words, in the order of the questions; of what was spoken, what leads typed. */
function written({ frame, notes }: Reading, { answers, mark }: OpenedVoice): string {
  const own = frame.form.questions.filter(({ kind }) => kind === "text");
  return own
    .map(({ id }) => wordsOf(notes, mark, id, answers[id]))
    .filter(Boolean)
    .join("\n\n");
}

/** Say in which language words are, and let them run their own way. */
export function speaks(place: HTMLElement | null, lang: string): void {
  if (!place) return;
  place.lang = lang;
  place.dir = "auto";
}
