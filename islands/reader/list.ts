/** The list of voices as numbered lines, one question at a time: what people chose as bars, search and filters, lines that open, and which are chosen. */

import { field, fill, languageOf, made, press, words } from "../lib/leads/views.ts";
import { all, focusOn, one, show } from "../lib/page.ts";
import { isSpoken } from "../lib/spoken.ts";
import { clock, wordsOf } from "./heard.ts";
import { drawSounds } from "./listening.ts";
import { showSeeking } from "./receipts.ts";
import { Rolling } from "./rolling.ts";
import type { Listed, Question } from "./session.ts";
import { ANOTHER, gave, heldIn, inOtherLanguages, isClosed, labelOf, say, takenIn, tally } from "./tally.ts";
import { type OpenedVoice, WAYS } from "./voices.ts";

/** So wide the numbers stand beside the voices, and lie open; on a phone they would push the voices two screens down. */
const BESIDE = "(min-width: 64rem)";

/** Show what people answered, in numbers and in words, and let the lead choose voices. */
export function showVoices(reading: Listed): void {
  const { view, opened, chosen, session } = reading;
  fillChoices(reading);
  drawTallies(reading);
  drawLanguages(reading);
  tellTakenIn(reading);
  const list = rolling(reading, one(view, "[data-voices]") as HTMLElement);
  let alone = ""; // the mark of the one voice that was looked for
  const shown = (): OpenedVoice[] => (alone ? opened.filter(({ mark }) => mark === alone) : fitting(reading));
  const drawn = (mark: string): void => {
    alone = mark;
    const found = shown();
    list.show(found);
    tellFilters(reading, found.length, alone !== "");
  };
  const draw = (): void => drawn("");
  for (const control of all(view, "[data-filter]")) control.addEventListener("input", draw);
  press(session.host, one(view, "[data-next-question]"), async () => {
    const asked = field(view, "[data-by-question]") as unknown as HTMLSelectElement;
    asked.selectedIndex = (asked.selectedIndex + 1) % asked.options.length;
    draw();
    toVoices(view);
  });
  press(session.host, one(view, "[data-show-all]"), async () => {
    for (const which of [
      "[data-by-text]",
      "[data-by-answer]",
      "[data-by-language]",
      "[data-by-way]",
      "[data-by-theme]",
    ])
      for (const list of all(view, which)) (list as HTMLSelectElement).value = "";
    field(view, "[data-by-quote]").checked = false;
    draw();
  });
  press(session.host, one(view, "[data-choose-all]"), async () => {
    for (const { mark } of shown()) chosen.add(mark);
    view.dispatchEvent(new Event("chosen"));
    list.redraw();
  });
  view.addEventListener("redraw", draw);
  view.addEventListener("marked", () => list.redraw());
  view.addEventListener("chosen", () => tellChosen(reading));
  show(one(view, "[data-no-voices]"), opened.length === 0);
  tellChosen(reading);
  showSeeking(reading, drawn);
  draw();
}

/** Make a list of voices that draws itself where it is looked at. */
export function rolling(reading: Listed, place: HTMLElement): Rolling<OpenedVoice> {
  return new Rolling<OpenedVoice>(place, (voice) => drawLine(reading, voice));
}

/** Name a language in itself, or say that it is another than those of the engagement. */
function named({ session }: Listed, lang: string): string {
  return lang === ANOTHER ? words(session.host, "another-language") : languageOf(lang);
}

function fillChoices(reading: Listed): void {
  const { view, frame, opened } = reading;
  const { questions } = frame.form;
  const first = questions.find((one) => !isClosed(one)) ?? questions[0];
  addOptions(
    view,
    "[data-by-question]",
    questions.map(({ id, words }, at) => [id, `${at + 1}. ${say(words, frame.lang)}`]),
  );
  field(view, "[data-by-question]").value = first?.id ?? "";
  for (const place of all(view, "[data-one-of-many]")) show(place, questions.length > 1);
  const answers = tally(frame, opened).flatMap(({ id, question, rows }) =>
    rows.map(({ value, label }): [string, string] => [`${id} ${value}`, `${question} ${label}`]),
  );
  addOptions(view, "[data-by-answer]", answers);
  show(one(view, "[data-answers-field]"), answers.length > 0);
  const languages = [...new Set(opened.map(({ lang }) => heldIn(frame, lang)))].sort();
  addOptions(
    view,
    "[data-by-language]",
    languages.map((lang) => [lang, named(reading, lang)]),
  );
}

function addOptions(view: HTMLElement, selector: string, options: [string, string][]): void {
  const list = one(view, selector) as HTMLSelectElement;
  list.append(...options.map(([value, label]) => new Option(label, value)));
}

/** Show the voices and move to their heading: what was pressed may stand far above them. */
function toVoices(view: HTMLElement): void {
  const heading = one(view, "[data-voices-heading]") as HTMLElement;
  focusOn(heading);
  heading.scrollIntoView();
}

/** Draw one bar: its words, how many, and a press that shows whose they are. */
export function drawBar(
  { view }: Listed,
  words: { label: string; end: string; count: number; of: number },
  filter: { which: string; value: string },
): HTMLElement {
  const item = made(view, "[data-bar-row]", { label: words.label, end: words.end, count: String(words.count) });
  const share = one(item, "[data-share]") as HTMLElement;
  share.style.setProperty("--share", String(words.of ? (10 * words.count) / words.of : 0));
  const button = one(item, "button") as HTMLButtonElement;
  button.dataset.filters = `${filter.which} ${filter.value}`;
  button.addEventListener("click", () => {
    const list = field(view, `[data-by-${filter.which}]`);
    list.value = list.value === filter.value ? "" : filter.value;
    view.dispatchEvent(new Event("redraw"));
    if (list.value) toVoices(view);
  });
  return item;
}

function drawTallies(reading: Listed): void {
  const { view, frame, opened } = reading;
  const counted = tally(frame, opened);
  const drawn = counted.map(({ id, question, rows, answered }) => {
    const place = made(view, "[data-tally]", { question, answered: String(answered) });
    const bars = rows.map((row) =>
      drawBar(reading, { ...row, of: answered }, { which: "answer", value: `${id} ${row.value}` }),
    );
    one(place, "[data-rows]")?.append(...bars);
    return place;
  });
  one(view, "[data-tallies]")?.replaceChildren(...drawn);
  show(one(view, "[data-numbers]"), counted.length > 0);
  const folds = one(view, "[data-numbers] details") as HTMLDetailsElement;
  folds.open = matchMedia(BESIDE).matches;
}

/** Say first how many voices are in languages of which this lead may read none, each with a press that shows them. */
function drawLanguages(reading: Listed): void {
  const { view, frame, opened } = reading;
  const place = one(view, "[data-other-languages]") as HTMLElement;
  const counted = inOtherLanguages(opened, frame);
  const others = counted.reduce((sum, [, count]) => sum + count, 0);
  const bars = counted.map(([lang, count]) => {
    const label = named(reading, lang);
    const here = lang === ANOTHER ? label : languageOf(lang, document.documentElement.lang);
    const said = { label, end: here === label ? "" : here, count, of: opened.length };
    const bar = drawBar(reading, said, { which: "language", value: lang });
    if (lang !== ANOTHER) (one(bar, "[data-fill=label]") as HTMLElement).lang = lang;
    return bar;
  });
  one(place, "[data-languages]")?.replaceChildren(...bars);
  fill(place, { others: String(others), of: String(opened.length) });
  show(place, others > 0);
}

/** Say how many voices leads took in for people: they are counted apart from those that people sent, by how they came. */
function tellTakenIn({ view, opened }: Listed): void {
  const counted = takenIn(opened);
  for (const [way, count] of counted) {
    const option = one(view, `[data-by-way] [value=${way}]`) as HTMLOptionElement;
    option.label = `${option.text} (${count})`;
  }
  const sum = counted.reduce((all, [, count]) => all + count, 0);
  fill(view, { through: String(sum) });
  show(one(view, "[data-taken-in]"), sum > 0);
  show(one(view, "[data-way-field]"), sum > 0);
}

/** Say how a voice came, in the words of the page. */
function wayWords({ view }: Listed, way: string): string {
  return one(view, `[data-by-way] [value=${way}]`)?.textContent ?? "";
}

/** Say what of all voices shows, and for what it was filtered. */
function tellFilters({ view, opened }: Listed, found: number, isAlone: boolean): void {
  const lists = ["answer", "theme", "language", "way"].flatMap(
    (which) => all(view, `[data-by-${which}]`) as HTMLSelectElement[],
  );
  for (const button of all(view, "[data-filters]")) {
    const [which, ...value] = (button.dataset.filters as string).split(" ");
    button.setAttribute("aria-pressed", String(field(view, `[data-by-${which}]`).value === value.join(" ")));
  }
  const named = lists.map((list) => (list.value ? chosenWords(list) : ""));
  const asked = field(view, "[data-by-question]").value;
  const silent = opened.filter(({ answers }) => answers[asked] === undefined).length;
  const heading = chosenWords(one(view, "[data-by-question]") as HTMLSelectElement); // whole, where a list cuts it
  one(view, "[data-voices-word]")?.classList.toggle("unseen", heading !== "");
  fill(view, {
    asked: heading,
    fitting: String(found),
    silent: String(silent),
    only: named.filter(Boolean).join(" · "),
  });
  show(one(view, "[data-only]"), named.some(Boolean));
  show(one(view, "[data-silent]"), silent > 0);
  show(one(view, "[data-show-all]"), isAlone || found < opened.length - silent);
  show(one(view, "[data-choose-all]"), found > 0 && found < opened.length);
  show(one(view, "[data-none]"), found === 0 && opened.length > 0);
}

function chosenWords(list: HTMLSelectElement): string {
  return list.selectedOptions[0]?.textContent ?? "";
}

/** Give the voices that fit the filters and answered the question in hand. */
function fitting(reading: Listed): OpenedVoice[] {
  const { view, frame, opened, notes } = reading;
  const text = field(view, "[data-by-text]").value.trim().toLocaleLowerCase();
  const asked = field(view, "[data-by-question]").value;
  const lang = field(view, "[data-by-language]").value;
  const way = field(view, "[data-by-way]").value;
  const theme = (one(view, "[data-by-theme]") as HTMLSelectElement | null)?.value; // where a file is read, there is none
  const [question = "", value = ""] = field(view, "[data-by-answer]").value.split(" ");
  const quotable = field(view, "[data-by-quote]").checked;
  const words = (voice: OpenedVoice): string =>
    Object.keys(voice.answers)
      .map((id) => saidIn(reading, voice, id))
      .join("\n")
      .toLocaleLowerCase();
  return opened.filter(
    (voice) =>
      voice.answers[asked] !== undefined &&
      (!lang || heldIn(frame, voice.lang) === lang) &&
      (!way || voice.taken === way) &&
      (!theme || (notes.marked[voice.mark] ?? []).includes(theme)) &&
      (!question || gave(voice, question, value)) &&
      (!quotable || voice.quote) &&
      (!text || words(voice).includes(text)),
  );
}

function asking(questions: readonly Question[], id: string): Question | undefined {
  return questions.find((one) => one.id === id);
}

/** Give an answer as people read it; of what was spoken, the words that are known of it. */
function saidIn({ frame, notes }: Listed, voice: OpenedVoice, id: string): string {
  const said = voice.answers[id];
  if (said === undefined) return "";
  if (isSpoken(said)) return wordsOf(notes, voice.mark, id, said);
  const question = asking(frame.form.questions, id);
  return [said as string | number | string[]]
    .flat()
    .map((one) => labelOf(question, one, frame.lang))
    .join("; ");
}

/** Put an answer into an element, in the language that its words are in; of a sound without words, how long it is. */
function putSaid(place: HTMLElement, reading: Listed, voice: OpenedVoice, id: string): void {
  const { frame } = reading;
  const question = asking(frame.form.questions, id);
  const said = voice.answers[id];
  const known = saidIn(reading, voice, id);
  const isSilent = isSpoken(said) && !known;
  place.textContent = isSilent ? words(reading.session.host, "spoken", { length: clock(said.seconds) }) : known;
  place.lang = isSilent || (question && isClosed(question)) ? frame.lang : voice.lang;
  place.dir = "auto";
}

/** Put an answer into its line, and say that it was spoken where its words do not say so. */
function putLine(item: HTMLElement, reading: Listed, voice: OpenedVoice, id: string): void {
  const said = voice.answers[id];
  putSaid(one(item, "[data-said]") as HTMLElement, reading, voice, id);
  const mark = one(item, "[data-is-spoken]") as HTMLElement;
  const isTold = isSpoken(said) && saidIn(reading, voice, id) !== "";
  mark.textContent = isTold ? words(reading.session.host, "spoken", { length: clock(said.seconds) }) : "";
  show(mark, isTold);
}

function drawLine(reading: Listed, voice: OpenedVoice): HTMLElement {
  const { view, unfolded } = reading;
  const item = made(view, "[data-line]", { number: numberOf(reading, voice), lang: languageOf(voice.lang) });
  tellLanguage(reading, item, voice);
  item.dataset.mark = voice.mark;
  const asked = field(view, "[data-by-question]").value;
  const shown = voice.answers[asked] === undefined ? Object.keys(voice.answers)[0] : asked; // among the chosen ones, of any question
  putLine(item, reading, voice, shown ?? asked);
  const opener = one(item, "[data-unfold]") as HTMLElement;
  const whole = one(item, "[data-whole]") as HTMLElement;
  const unfold = (open: boolean): void => {
    opener.setAttribute("aria-expanded", String(open));
    const again = (): void => putLine(item, reading, voice, shown ?? asked);
    whole.replaceChildren(
      ...(open ? [...drawSounds(reading, voice, again), ...drawWhole(reading, voice, shown ?? asked)] : []),
    );
    show(whole, open);
  };
  opener.addEventListener("click", () => {
    const open = !unfolded.delete(voice.mark);
    if (open) unfolded.add(voice.mark);
    unfold(open);
  });
  unfold(unfolded.has(voice.mark));
  const box = one(item, "[data-choose]") as HTMLInputElement | null;
  if (box) chooseBy(box, reading, voice.mark);
  return item;
}

/** Let a box choose a voice. */
function chooseBy(box: HTMLInputElement, { view, chosen }: Listed, mark: string): void {
  box.checked = chosen.has(mark);
  box.addEventListener("change", () => {
    if (box.checked) chosen.add(mark);
    else chosen.delete(mark);
    view.dispatchEvent(new Event("chosen"));
  });
}

function numberOf({ numbers }: Listed, { mark }: OpenedVoice): string {
  return String(numbers.get(mark) ?? "");
}

/** Say in which language a voice was written, where it is not the one of the page. */
function tellLanguage({ frame }: Listed, within: HTMLElement, { lang }: OpenedVoice): void {
  for (const place of all(within, "[data-fill=lang]")) place.lang = lang;
  show(one(within, "[data-other-language]"), lang !== frame.lang);
}

/** Draw the rest of a voice: what else this person answered, its language, its themes, and its words to quote. */
function drawWhole(reading: Listed, voice: OpenedVoice, shown: string): HTMLElement[] {
  const { view, frame, notes, session } = reading;
  const asked = frame.form.questions.map(({ id }) => id);
  const others = [...asked, ...Object.keys(voice.answers).filter((id) => !asked.includes(id))];
  const answers = others
    .filter((id) => id !== shown && voice.answers[id] !== undefined && !isSpoken(voice.answers[id]))
    .map((id) => {
      const question = asking(frame.form.questions, id);
      const answer = made(view, "[data-answer]", { question: question ? say(question.words, frame.lang) : id });
      putSaid(one(answer, "[data-said]") as HTMLElement, reading, voice, id);
      return answer;
    });
  const about = made(view, "[data-about]", { number: numberOf(reading, voice), lang: languageOf(voice.lang) });
  tellLanguage(reading, about, voice);
  show(one(about, "[data-quotable]"), voice.quote);
  const way = WAYS.find((each) => each === voice.taken);
  show(one(about, "[data-through]"), !!way);
  fill(about, { way: way ? wayWords(reading, way) : "" });
  const own = [shown, ...others].find((id) => asking(frame.form.questions, id)?.kind === "text" && voice.answers[id]);
  const quote = one(about, "[data-quote]");
  if (voice.quote && own) {
    press(session.host, quote, async () => {
      reading.chosen.add(voice.mark);
      const place = field(view, "[data-quote-words]");
      place.value = saidIn(reading, voice, own);
      view.dispatchEvent(new Event("chosen"));
      view.dispatchEvent(new Event("quoted"));
    });
  }
  const themes = one(about, "[data-voice-themes]");
  themes?.append(...notes.themes.map((theme) => themeBox(reading, voice.mark, theme)));
  show(themes, notes.themes.length > 0);
  return [...answers, about];
}

function themeBox(reading: Listed, mark: string, theme: { id: string; name: string }): HTMLElement {
  const item = made(reading.view, "[data-theme-box]", { theme: theme.name });
  const box = one(item, "input") as HTMLInputElement;
  box.checked = (reading.notes.marked[mark] ?? []).includes(theme.id);
  box.addEventListener("change", () => {
    const others = (reading.notes.marked[mark] ?? []).filter((one) => one !== theme.id);
    reading.notes.marked[mark] = box.checked ? [...others, theme.id] : others;
    reading.view.dispatchEvent(new Event("noted"));
  });
  return item;
}

/** Say how many voices are chosen, and offer to write. */
export function tellChosen({ view, chosen }: Listed): void {
  fill(view, { picked: String(chosen.size) });
  for (const place of all(view, "[data-bar], [data-choose-none]")) show(place, chosen.size > 0);
}
