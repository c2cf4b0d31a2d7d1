/** `<follow-receipt>`: tells what became of a voice, by its receipt alone. README.md has the HTML it expects. */

import { hex } from "../lib/bytes.ts";
import { dayInWords } from "../lib/days.ts";
import { all, attribute, copyOf, empty, everyElement, one, post, remove, show } from "../lib/page.ts";
import { actHash, actSecret, offerTag, parse, readSecret, sealMark, type Typed } from "../lib/receipt/digits.ts";
import { CLOSED, RECEIPT, showReceipt } from "../lib/receipt/view.ts";
import { keepInTab, keptInTab } from "../lib/tab.ts";
import {
  type Answer,
  type Asked,
  type Fetch,
  type Found,
  judging,
  LOCAL,
  lookUp,
  type Offer,
  offerOf,
  type Place,
  takeBack,
} from "./core.ts";

const PATIENCE = 30; // seconds

const site: Fetch = {
  json: (address) => get(address).then((response) => response.json()),
  bytes: (address) =>
    get(address)
      .then((response) => response.arrayBuffer())
      .then((buffer) => new Uint8Array(buffer)),
};

everyElement("follow-receipt", (host) => {
  const input = one(host, "[data-code]") as HTMLTextAreaElement | null;
  const button = one(host, "[data-look]");
  if (!input || !button) return;
  const kept = keptInTab(RECEIPT);
  if (kept) return showKept(host, ...(kept.split(/ ([\s\S]*)/) as [string, string?]));
  if (keptInTab(CLOSED)) tellClosed(host);
  const title = document.title;
  let busy = false;

  const look = async (): Promise<void> => {
    const typed = parse(input.value.replace(`${location.host}/r`, "")); // as it was copied
    document.title = (typed.problem ? attribute(host, "problem-title") : "") + title;
    tellProblem(host, input, typed.problem ? sentence(host, typed) : null);
    if (typed.problem) return input.focus();
    const read = readSecret(typed.secret);
    const act = actSecret(typed.secret);
    const found = await lookUp(attribute(host, "index"), sealMark(read), actHash(act), site);
    tell(host, found, await offerOf(found.places, offerTag(read), site), hex(act));
  };
  const start = (): void => {
    if (busy) return;
    busy = true;
    empty(one(host, "[data-answer]") as HTMLElement);
    look()
      .catch(() => tellProblem(host, input, copyOf(host, "[data-problem=unreachable]")))
      .then(() => {
        busy = false;
      });
  };
  button.addEventListener("click", start);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    start();
  });
  show(button, true);
  if (location.hash.length < 2) return;
  input.value = location.hash.slice(1); // a code that was opened: its digits leave the address, and go nowhere else
  history.replaceState(null, "", location.pathname);
  start();
});

/** Show a receipt that this tab holds, with what the page that made it said beside the digits. */
function showKept(host: HTMLElement, row: string, kept = ""): void {
  const view = one(host, "[data-receipt]") as HTMLTemplateElement;
  const [lang = "", ...told] = kept.split("\n");
  all(view.content, "[data-told]").forEach((line, place) => {
    line.textContent = told[place] || "";
    line.dir = "auto";
    if (!place) line.lang = lang; // the title has a language of its own
    if (!told[place]) remove(line.closest("p"));
  });
  (one(view.content, "[data-does=kept]") as HTMLButtonElement).value = told[1] || " ";
  showReceipt(host, row);
}

/** Say once that the receipt is closed, when to come back, and the ways on from there. */
function tellClosed(host: HTMLElement): void {
  const place = one(host, "[data-closed]") as HTMLElement;
  for (const line of all(place, "[data-days]")) line.textContent = keptInTab(CLOSED);
  keepInTab(CLOSED, "");
  show(place, true);
  place.focus();
}

async function get(address: string): Promise<Response> {
  const response = await fetch(address, { credentials: "omit" });
  if (!response.ok) throw new Error("The record cannot be reached; look again later.");
  return response;
}

/** Fill in the sentence that says what to do about what was typed. */
function sentence(host: HTMLElement, typed: Typed): DocumentFragment {
  const words = copyOf(host, `[data-problem=${typed.problem}]`);
  const count = one(words, "[data-count]");
  const letter = one(words, "[data-letter]");
  if (count && typed.problem === "count") count.textContent = String(typed.count);
  if (letter && typed.problem === "letter") letter.textContent = typed.letter;
  return words;
}

/** Write the problem at the field, or take it away. */
function tellProblem(host: HTMLElement, input: HTMLElement, words: DocumentFragment | null): void {
  say(one(host, "[data-problem-here]"), words);
  if (words) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

/** Put words in a place and have them read out, or take the place away. */
function say(place: HTMLElement | null, words: DocumentFragment | null): void {
  if (!place) return;
  empty(place);
  place.setAttribute("role", "alert");
  show(place, !!words);
  if (words) place.appendChild(words);
}

/** Put a state's words in the answer, in the place of what was said of a receipt that was just closed, and move the focus there. */
function answer(host: HTMLElement, words: DocumentFragment): void {
  show(one(host, "[data-closed]"), false);
  const place = one(host, "[data-answer]") as HTMLElement;
  empty(place);
  place.appendChild(words);
  place.focus();
}

function tell(host: HTMLElement, found: Found, offer: Offer | null, act: string): void {
  const words = copyOf(host, `[data-state=${found.state}]`);
  const few = one(words, "[data-fewer]");
  if (few && !found.threads.length) remove(few);
  link(words, found.threads);
  name(words, found.asked);
  lead(words, found.places);
  // What is new for this person comes first, before what stood there from the beginning.
  const asked = one(words, "[data-asked]") ?? one(words, "h2");
  if (offer) asked?.after(decided(host, offer, askedOf(found, offer)));
  else if (found.asked?.offers) words.appendChild(copyOf(host, "[data-offer=waits]"));
  if (found.given) words.appendChild(copyOf(host, "[data-given]"));
  if (found.state !== "not-here") words.appendChild(withdrawal(host, found.places, act));
  answer(host, words);
}

/** Give what people were asked where a statement was offered. */
function askedOf(found: Found, offer: Offer): Asked | undefined {
  const own = ({ promise }: Asked): boolean => promise === offer.promise;
  return found.asked && own(found.asked) ? found.asked : undefined;
}

/** Name the pages on which statements are judged, where digits of another sort may belong; take the list out where there is none. */
function lead(words: DocumentFragment, places: readonly Place[]): void {
  const list = one(words, "[data-judging]");
  if (!list) return;
  const row = one(list, "li") as HTMLElement;
  remove(row);
  for (const { judge, title, lang } of judging(places)) {
    const copy = row.cloneNode(true) as HTMLElement;
    const anchor = one(copy, "a") as HTMLElement;
    anchor.setAttribute("href", judge as string);
    anchor.textContent = title;
    anchor.lang = lang;
    list.appendChild(copy);
  }
  if (!one(list, "li")) remove(list);
}

/** Say what became of the statement that this person offered, and lead on from there. */
function decided(host: HTMLElement, offer: Offer, asked: Asked | undefined): DocumentFragment {
  const words = copyOf(host, `[data-offer=${offer.decision}]`);
  const said: { [name: string]: [string, string] } = {
    words: [offer.words, offer.lang],
    why: [offer.why, ""],
    ground: [offer.ground, offer.ground_lang],
  };
  for (const place of all(words, "[data-offered]")) {
    const [text, lang] = said[attribute(place, "data-offered")] as [string, string];
    place.textContent = text;
    place.dir = "auto";
    if (lang) place.lang = lang;
    if (!text) remove(place);
  }
  for (const anchor of all(words, "a[data-goes]")) {
    const href = asked?.[attribute(anchor, "data-goes") as "judge" | "map" | "say"];
    if (href && LOCAL.test(href)) anchor.setAttribute("href", href);
    else remove(anchor.closest("p") as HTMLElement);
  }
  return words;
}

/** Write what the voice answers and the days to hear back, or take out the sentences that would say it. */
function name(words: DocumentFragment, asked: Asked | undefined): void {
  for (const title of all(words, "[data-asked]")) {
    title.textContent = asked?.title || "";
    title.lang = asked?.lang || "";
    if (!asked?.title) remove(title);
  }
  for (const line of all(words, "[data-days]")) line.textContent = asked?.days || "";
}

/** Give the link its thread; repeat its list item for each further one, and drop it where there is none. */
function link(words: DocumentFragment, threads: readonly string[]): void {
  for (const anchor of all(words, "a[data-thread]")) {
    const item = (anchor.closest("li") || anchor) as HTMLElement;
    threads.slice(1).forEach((thread) => {
      const copy = item.cloneNode(true) as HTMLElement;
      (copy.matches("a") ? copy : (one(copy, "a[data-thread]") as HTMLElement)).setAttribute("href", thread);
      item.parentNode?.appendChild(copy);
    });
    if (threads[0]) anchor.setAttribute("href", threads[0]);
    else remove(item);
  }
}

/** Offer to take the voice back: asks once more, then shows only w to the server. */
function withdrawal(host: HTMLElement, places: readonly Place[], act: string): DocumentFragment {
  const offer = copyOf(host, "[data-withdraw]");
  const ask = one(offer, "[data-ask]");
  const sure = one(offer, "[data-sure]");
  const trouble = one(offer, "[data-trouble-here]");
  const yes = one(offer, "[data-yes]");
  const no = one(offer, "[data-no]");
  let sent = false;
  const open = (opened: boolean): void => {
    show(sure, opened);
    show(ask, !opened);
  };
  ask?.addEventListener("click", () => {
    open(true);
    no?.focus();
  });
  no?.addEventListener("click", () => {
    if (sent) return;
    open(false);
    ask?.focus();
  });
  yes?.addEventListener("click", () => {
    if (sent) return;
    sent = true;
    say(trouble, null);
    takeBack(places, (address) => deleted(address, act)).then(({ came, day }) => {
      sent = false;
      if (came === "withdrawn" || came === "not-withdrawn") {
        const words = copyOf(host, `[data-state=${came}]`);
        for (const place of all(words, "[data-day]")) place.textContent = day ? dayInWords(day) : "";
        return answer(host, words);
      }
      if (came === "unclear") show(no, false); // it may be gone, so nobody can promise to keep it
      say(trouble, copyOf(host, `[data-trouble=${came}]`));
      yes.focus();
    });
  });
  return offer;
}

/** Ask a program to delete a voice, and read the day from its answer. */
async function deleted(address: string, act: string): Promise<Answer> {
  const answer = await post(address, { act }, PATIENCE);
  const told = answer.json ? ((await answer.json().catch(() => ({}))) as { withdrawn?: string }) : {};
  return { status: answer.status, day: told.withdrawn };
}
