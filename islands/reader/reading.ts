/** Opens the voices of one engagement and lets a lead read, filter and mark them. What was opened stays in the page. */

import { openText, sealTo } from "../lib/leads/keyring.ts";
import { done, enter, field, fill, languageOf, made, press, renewed, words } from "../lib/leads/views.ts";
import { all, one, show } from "../lib/page.ts";
import type { Said } from "../lib/voice.ts";
import { showComposing } from "./composing.ts";
import { engagementKey, showDesk } from "./desk.ts";
import { showListing } from "./listing.ts";
import type { Engagement, Frame, Notes, Question, Reading, Session } from "./session.ts";
import { isAsked, type OpenedVoice, openAll, type SealedVoice } from "./voices.ts";

const SHOWN = 50; // voices drawn at once
const ASIDE_AT_ONCE = 2000; // marks in one body

/** Fetch, open and show the voices of an engagement; `everything` opens what two leads set aside too. */
export async function showReading(session: Session, engagement: Engagement, everything = false): Promise<void> {
  const { host, server } = session;
  const view = renewed(host, "reading");
  for (const back of all(view, "[data-to-desk]")) press(host, back, async () => void (await showDesk(session)));
  const at = `engagements/${engagement.slug}`;
  const { identity } = await engagementKey(session, engagement);
  const frame = await server.get<Frame>(`${at}/read`);
  fill(view, { title: engagement.title });
  if (!isAsked(frame.form, frame)) {
    show(one(view, "[data-opening]"), false);
    show(one(view, "[data-other-questions]"), true);
    return;
  }
  const total = frame.waiting - (everything ? 0 : frame.aside);
  const { opened, left } = await openAll(pages(session, at, everything), identity, frame, progress(view, total));
  const { notes, revision, earlier } = await fetchNotes(session, at, identity);
  const reading: Reading = {
    session,
    view,
    engagement,
    frame,
    identity,
    opened,
    left,
    chosen: new Set(),
    notes,
    revision,
    earlier,
  };
  show(one(view, "[data-opening]"), false);
  show(one(view, "[data-opened]"), true);
  showReport(reading);
  showAside(reading, everything);
  showFilters(reading);
  showThemes(reading);
  await showComposing(reading);
  await showListing(reading);
}

/** Fetch the voices page by page: a phone cannot hold a flood. */
async function* pages({ server }: Session, at: string, everything: boolean): AsyncGenerator<readonly SealedVoice[]> {
  let after: string | null = "";
  while (after !== null) {
    const path = `${at}/voices?after=${after}${everything ? "&aside=1" : ""}`;
    const page: { voices: SealedVoice[]; next: string | null } = await server.get(path);
    yield page.voices;
    after = page.next;
  }
}

/** Draw how many are opened, and let the page breathe. */
function progress(view: HTMLElement, total: number): (done: number) => Promise<void> {
  const bar = one(view, "progress") as HTMLProgressElement;
  bar.max = Math.max(1, total);
  fill(view, { total: String(total), done: "0" });
  return async (count) => {
    bar.value = count;
    fill(view, { done: String(count) });
    await new Promise((drawn) => setTimeout(drawn));
  };
}

interface Held {
  readonly sealed: string | null;
  readonly revision: number;
  readonly earlier: readonly number[];
}

/** Fetch the notes as they were last saved; where those do not open, the last ones that do. */
async function fetchNotes(
  { server }: Session,
  at: string,
  identity: string,
): Promise<{ notes: Notes; revision: number; earlier: number[] }> {
  const { sealed, revision, earlier } = await server.get<Held>(`${at}/notes`);
  const left = [...earlier];
  let notes = sealed ? await openNotes(identity, sealed) : null;
  while (!notes && left.length) notes = await earlierNotes(server, at, identity, left.shift() as number);
  return { notes: notes ?? { themes: [], marked: {} }, revision, earlier: left };
}

async function earlierNotes(
  server: Session["server"],
  at: string,
  identity: string,
  saved: number,
): Promise<Notes | null> {
  const { sealed } = await server.get<Held>(`${at}/notes?revision=${saved}`);
  return sealed ? openNotes(identity, sealed) : null;
}

/** Open notes; null where they do not open, or are none. */
async function openNotes(identity: string, sealed: string): Promise<Notes | null> {
  try {
    const { themes, marked } = JSON.parse(await openText(identity, sealed));
    return Array.isArray(themes) && marked && typeof marked === "object" ? { themes, marked } : null;
  } catch {
    return null;
  }
}

/** Say how many were opened, and why others were left out. */
function showReport({ view, opened, left }: Reading): void {
  fill(view, { opened: String(opened.length) });
  const counts = new Map<string, number>();
  for (const reason of left.values()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  for (const line of all(view, "[data-reason]")) {
    const count = counts.get(line.dataset.reason as string) ?? 0;
    fill(line, { count: String(count) });
    show(line, count > 0);
  }
  show(one(view, "[data-report]"), left.size > 0);
}

/** Let the lead set aside what did not open, and open what two leads set aside. */
function showAside(reading: Reading, everything: boolean): void {
  const { session, view, engagement, frame, left } = reading;
  fill(view, { aside: String(frame.aside) });
  show(one(view, "[data-aside]"), frame.aside > 0 && !everything);
  press(session.host, one(view, "[data-open-aside]"), async () => showReading(session, engagement, true));
  press(session.host, one(view, "[data-set-aside]"), async () => {
    const marks = [...left.keys()];
    for (let at = 0; at < marks.length; at += ASIDE_AT_ONCE) {
      const body = { marks: marks.slice(at, at + ASIDE_AT_ONCE) };
      await session.server.post(`engagements/${engagement.slug}/aside`, body);
    }
    done(session.host, words(session.host, "aside"));
  });
}

function showFilters(reading: Reading): void {
  const { view, frame, opened } = reading;
  addOptions(
    view,
    "[data-by-question]",
    frame.form.questions.map((one) => [one.id, say(one.words, frame.lang)]),
  );
  addOptions(
    view,
    "[data-by-language]",
    [...new Set(opened.map((voice) => voice.lang))].sort().map((one) => [one, languageOf(one)]),
  );
  let most = SHOWN;
  const draw = (): void => drawVoices(reading, most);
  for (const control of all(view, "[data-filter]")) {
    control.addEventListener("input", () => {
      most = SHOWN;
      draw();
    });
  }
  press(reading.session.host, one(view, "[data-more]"), async () => {
    most += SHOWN;
    draw();
  });
  view.addEventListener("redraw", draw);
  draw();
}

function addOptions(view: HTMLElement, selector: string, options: [string, string][]): void {
  const list = one(view, selector) as HTMLSelectElement;
  list.append(...options.map(([value, label]) => new Option(label, value)));
}

/** Give the voices that fit the filters. */
function fitting({ view, opened, notes }: Reading): OpenedVoice[] {
  const text = field(view, "[data-by-text]").value.trim().toLocaleLowerCase();
  const question = field(view, "[data-by-question]").value;
  const lang = field(view, "[data-by-language]").value;
  const theme = field(view, "[data-by-theme]").value;
  const quotable = field(view, "[data-by-quote]").checked;
  return opened.filter((voice) => {
    const said = Object.entries(voice.answers).filter(([id]) => !question || id === question);
    return (
      said.length > 0 &&
      (!text || said.some(([, one]) => [one].flat().join(" ").toLocaleLowerCase().includes(text))) &&
      (!lang || voice.lang === lang) &&
      (!theme || (notes.marked[voice.mark] ?? []).includes(theme)) &&
      (!quotable || voice.quote)
    );
  });
}

function drawVoices(reading: Reading, most: number): void {
  const { view } = reading;
  const found = fitting(reading);
  const list = one(view, "[data-voices]") as HTMLElement;
  list.replaceChildren(...found.slice(0, most).map((voice) => drawVoice(reading, voice)));
  fill(view, { fitting: String(found.length) });
  show(one(view, "[data-more]"), found.length > most);
  show(one(view, "[data-none]"), found.length === 0);
}

function drawVoice(reading: Reading, voice: OpenedVoice): HTMLElement {
  const { view, frame, chosen, notes } = reading;
  const item = made(view, "[data-voice]", { lang: languageOf(voice.lang) });
  item.dataset.mark = voice.mark;
  show(one(item, "[data-quotable]"), voice.quote);
  const answers = one(item, "[data-answers]") as HTMLElement;
  const asked = frame.form.questions.map((one) => one.id);
  const inOrder = Object.entries(voice.answers).sort(([a], [b]) => asked.indexOf(a) - asked.indexOf(b));
  for (const [id, said] of inOrder) answers.append(drawAnswer(reading, voice, id, said));
  const box = one(item, "[data-choose]") as HTMLInputElement;
  box.checked = chosen.has(voice.mark);
  box.addEventListener("change", () => {
    if (box.checked) chosen.add(voice.mark);
    else chosen.delete(voice.mark);
    view.dispatchEvent(new Event("chosen"));
  });
  const themes = one(item, "[data-voice-themes]") as HTMLElement;
  themes.append(...notes.themes.map((theme) => themeBox(reading, voice.mark, theme)));
  show(themes, notes.themes.length > 0);
  item.setAttribute("aria-label", say(frame.form.questions[0]?.words ?? {}, frame.lang));
  return item;
}

function drawAnswer({ view, frame, session }: Reading, voice: OpenedVoice, id: string, said: Said): HTMLElement {
  const question = frame.form.questions.find((one) => one.id === id);
  const answer = made(view, "[data-answer]", { question: question ? say(question.words, frame.lang) : id });
  const place = one(answer, "[data-said]") as HTMLElement;
  place.textContent = [said]
    .flat()
    .map((one) => labelOf(question, one, frame.lang))
    .join("; ");
  place.lang = voice.lang;
  place.dir = "auto";
  const quote = one(answer, "[data-quote]");
  if (voice.quote && question?.kind === "text") {
    press(session.host, quote, async () => {
      const words = field(view, "[data-quote-words]");
      words.value = String(said);
      words.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  return answer;
}

function labelOf(question: Question | undefined, said: string | number, lang: string): string {
  const option = question?.options?.find((one) => one.id === said);
  return option ? say(option.words, lang) : String(said);
}

function say(words: { readonly [lang: string]: string }, lang: string): string {
  return words[lang] ?? Object.values(words)[0] ?? "";
}

function themeBox(reading: Reading, mark: string, theme: { id: string; name: string }): HTMLElement {
  const item = made(reading.view, "[data-theme-box]", { theme: theme.name });
  const box = one(item, "input") as HTMLInputElement;
  box.checked = (reading.notes.marked[mark] ?? []).includes(theme.id);
  box.addEventListener("change", () => {
    const others = (reading.notes.marked[mark] ?? []).filter((one) => one !== theme.id);
    reading.notes.marked[mark] = box.checked ? [...others, theme.id] : others;
    show(one(reading.view, "[data-unsaved]"), true);
  });
  return item;
}

function showThemes(reading: Reading): void {
  const { view, session } = reading;
  const list = one(view, "[data-by-theme]") as HTMLSelectElement;
  const first = list.options[0] as HTMLOptionElement;
  const draw = (): void => {
    const before = list.value;
    list.replaceChildren(first, ...reading.notes.themes.map((theme) => new Option(theme.name, theme.id)));
    list.value = before;
    view.dispatchEvent(new Event("redraw"));
  };
  enter(one(view, "[data-new-theme]"), one(view, "[data-add-theme]"));
  press(session.host, one(view, "[data-add-theme]"), async () => {
    const name = field(view, "[data-new-theme]").value.trim();
    if (!name) return;
    const taken = new Set(reading.notes.themes.map((theme) => theme.id));
    let count = 1;
    while (taken.has(`t${count}`)) count += 1;
    reading.notes.themes.push({ id: `t${count}`, name });
    field(view, "[data-new-theme]").value = "";
    show(one(view, "[data-unsaved]"), true);
    draw();
  });
  const older = one(view, "[data-older-notes]");
  const offerOlder = (): void => show(older, reading.earlier.length > 0);
  press(session.host, older, async () => {
    const at = `engagements/${reading.engagement.slug}`;
    let notes: Notes | null = null;
    while (!notes && reading.earlier.length) {
      notes = await earlierNotes(session.server, at, reading.identity, reading.earlier.shift() as number);
    }
    if (notes) {
      reading.notes = notes;
      show(one(view, "[data-unsaved]"), true);
      draw();
      done(session.host, words(session.host, "older"));
    }
    offerOlder();
  });
  offerOlder();
  press(session.host, one(view, "[data-save-notes]"), async () => {
    await saveNotes(reading);
    show(one(view, "[data-unsaved]"), false);
    done(session.host, words(session.host, "saved"));
  });
  draw();
}

async function saveNotes(reading: Reading): Promise<void> {
  const { engagement, session, notes, revision } = reading;
  const sealed = await sealTo(engagement.recipient as string, JSON.stringify({ v: 1, ...notes }));
  const at = `engagements/${engagement.slug}/notes`;
  reading.revision = (await session.server.post<{ revision: number }>(at, { sealed, revision })).revision;
}
