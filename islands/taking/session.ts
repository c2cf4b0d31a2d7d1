/** The notes of a session: a note-taker types what people say, reads it back to the room, corrects it, and sends it. Each note is locked on this device as it is added; its words are in this tab alone. */

import { recipientBytes } from "../lib/bech32.ts";
import { all, attribute, copyOf, empty, focusOn, one, remove, show, warn } from "../lib/page.ts";
import { make, parse } from "../lib/receipt/digits.ts";
import { showProblem, speechOf } from "../lib/speaking.ts";
import { type Sealed, sealSpeech } from "../seal/core.ts";
import { Timer } from "./timer.ts";
import { inHand, type Store, takeInHand } from "./waiting.ts";

/** A note as it was typed, and what is sent of it. */
interface Note {
  readonly words: string;
  readonly whose: string;
  readonly about: string;
  readonly lang: string;
  readonly quote: boolean;
  readonly code: string;
  readonly sent: Sealed["sent"];
  /** Where it is: in this tab to be read back, on its way, sent, or not taken in. */
  state: "here" | "waits" | "sent" | "refused";
}

/** The part of `<take-in>` for a session. `send` sends what waits on this device. */
export class Session {
  private readonly host: HTMLElement;
  private readonly part: HTMLElement;
  private readonly store: Store;
  private readonly send: () => Promise<void>;
  private readonly day: () => string;
  private notes: Note[] = [];
  private changing: Note | null = null;
  private busy = false;

  constructor(host: HTMLElement, part: HTMLElement, store: Store, send: () => Promise<void>, day: () => string) {
    this.host = host;
    this.part = part;
    this.store = store;
    this.send = send;
    this.day = day;
    this.press("[data-add]", () => this.add());
    this.press("[data-lock]", () => this.lock());
    this.press("[data-print]", async () => this.print());
    this.press("[data-send-left]", () => this.sendLeft());
    this.press("[data-drop-left]", () => this.dropLeft());
    this.note.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.once(() => this.add());
    });
    addEventListener("beforeunload", (event) => {
      if (this.note.value.trim() || this.notes.some(({ state }) => state === "here")) warn(event);
    });
    new Timer(part);
    this.tellLeft();
  }

  private get note(): HTMLTextAreaElement {
    return one(this.part, "[data-note]") as HTMLTextAreaElement;
  }

  /** The language that they used. */
  private get spoken(): HTMLSelectElement {
    return one(this.host, "[data-spoken]") as HTMLSelectElement;
  }

  private press(selector: string, does: () => Promise<void>): void {
    one(this.part, selector)?.addEventListener("click", () => this.once(does));
  }

  /** Do one thing at a time. */
  private once(does: () => Promise<void>): void {
    if (this.busy) return;
    this.busy = true;
    all(this.host, "[data-problems-shown]").forEach(remove);
    does()
      .catch(() => showProblem(this.host, "refused"))
      .then(() => {
        this.busy = false;
      });
  }

  /** Lock what was typed on this device, and list it to be read back; a corrected note takes the place of the one before. */
  private async add(): Promise<void> {
    const field = (name: string) => one(this.part, `[data-${name}]`) as HTMLInputElement;
    const how = one(this.host, "input[name=how]:checked") as HTMLInputElement | null;
    if (!how) return showProblem(this.host, "how");
    const words = this.note.value.trim();
    if (!words) return showProblem(this.host, "note");
    const typed = field("note-code").value.trim() ? parse(field("note-code").value) : null;
    if (typed?.problem) return showProblem(this.host, "note-code");
    const [whose, about, quote, code] = [
      field("whose").value,
      field("about").value,
      field("may-quote").checked,
      field("note-code").value,
    ];
    this.host.setAttribute("on", this.day());
    const speech = Object.assign(speechOf(this.host, "session", how.value), {
      lang: this.spoken.value,
      quote,
      answers: { [about]: whose ? `${whose}: ${words}` : words },
    });
    const recipient = attribute(this.host, "recipient");
    const sealed = sealSpeech(speech, recipientBytes(recipient), undefined, typed ? typed.secret : make());
    if (!sealed) return showProblem(this.host, "long");
    const [before, { sent }] = [this.changing, sealed];
    const held = { recipient, post: attribute(this.host, "post"), sent, held: true };
    await takeInHand(sent.mark);
    if (!before) await this.store.add(held);
    else if (!(await this.store.replace(before.sent.mark, held))) {
      this.changing = null; // another tab sent it or deleted it: what was sent is never replaced
      return showProblem(this.host, "note-gone");
    }
    const made: Note = { words, whose, about, lang: speech.lang, quote, code, sent, state: "here" };
    this.notes = before ? this.notes.map((each) => (each === before ? made : each)) : this.notes.concat([made]);
    this.changing = null;
    this.note.value = field("note-code").value = "";
    field("may-quote").checked = false;
    this.list();
    this.note.focus();
  }

  /** Send every note that was read back, but while one of them is being corrected. */
  private async lock(): Promise<void> {
    if (this.changing) return showProblem(this.host, "correcting");
    for (const each of this.notes) {
      if (each.state !== "here") continue;
      await this.release(each.sent);
      each.state = "waits";
    }
    this.list();
    await this.send();
    focusOn(one(this.part, "[data-list] h2") as HTMLElement);
  }

  /** Say of each note on its way what became of it; `taken` are the marks of those that the site just took in. */
  async look(taken: readonly string[]): Promise<void> {
    const left = await this.store.all(attribute(this.host, "recipient"));
    let isAskedAgain = false;
    for (const each of this.notes) {
      if (each.state !== "waits") continue;
      const found = left.filter(({ sent }) => sent.mark === each.sent.mark)[0];
      if (taken.indexOf(each.sent.mark) >= 0) each.state = "sent";
      else if (found?.refused) each.state = "refused";
      else if (!found) {
        await this.release(each.sent); // another tab asked: only the site knows, and the same bytes count once
        isAskedAgain = true;
      }
    }
    this.list();
    await this.tellLeft();
    if (isAskedAgain) await this.send();
  }

  private release(sent: Sealed["sent"]): Promise<void> {
    return this.store.release({
      recipient: attribute(this.host, "recipient"),
      post: attribute(this.host, "post"),
      sent,
    });
  }

  private list(): void {
    const place = one(this.part, "[data-said]") as HTMLElement;
    empty(place);
    this.notes.forEach((each, at) => {
      const made = copyOf(this.host, "[data-a-note]");
      fill(made, each);
      const names = [...this.spoken.options].filter(({ value }) => value === each.lang && this.spoken.length > 1);
      (one(made, "[data-in]") as HTMLElement).textContent = names.map(({ text }) => text).join("");
      for (const number of all(made, "[data-number]")) number.textContent = String(at + 1);
      show(one(made, "[data-changes]"), each.state === "here");
      for (const state of ["waits", "sent", "refused"]) show(one(made, `[data-is-${state}]`), each.state === state);
      one(made, "[data-correct]")?.addEventListener("click", () => this.once(() => this.correct(each)));
      one(made, "[data-take-out]")?.addEventListener("click", () => this.once(() => this.takeOut(each)));
      place.appendChild(made);
    });
    const open = this.notes.filter(({ state }) => state === "here").length;
    for (const number of all(this.part, "[data-count-notes]")) number.textContent = String(this.notes.length);
    show(one(this.part, "[data-list]"), this.notes.length > 0);
    show(one(this.part, "[data-lock]"), open > 0);
    for (const told of all(this.part, "[data-to-read]")) show(told, open > 0);
    const isSent = this.notes.length > 0 && this.notes.every(({ state }) => state === "sent");
    show(one(this.part, "[data-all-sent]"), isSent);
  }

  /** Put a note back into the fields; adding it puts it in its place. */
  private async correct(each: Note): Promise<void> {
    const field = (name: string) => one(this.part, `[data-${name}]`) as HTMLInputElement;
    this.changing = each;
    this.note.value = each.words;
    field("whose").value = each.whose;
    field("about").value = each.about;
    field("may-quote").checked = each.quote;
    field("note-code").value = each.code;
    this.spoken.value = each.lang;
    this.note.focus();
  }

  private async takeOut(each: Note): Promise<void> {
    await this.store.drop(each.sent.mark);
    this.notes = this.notes.filter((other) => other !== each);
    if (this.changing === each) this.changing = null;
    this.list();
  }

  /** Show what was heard on one page, from what this tab holds, and print it. */
  private print(): void {
    const place = one(this.host, "[data-heard-notes]") as HTMLElement;
    empty(place);
    for (const each of this.notes) {
      const made = copyOf(this.host, "[data-a-heard]");
      fill(made, each);
      place.appendChild(made);
    }
    const lang = document.documentElement.lang;
    const day = new Date().toLocaleDateString(lang, { year: "numeric", month: "long", day: "numeric" });
    (one(this.host, "[data-heard-day]") as HTMLElement).textContent = day;
    show(one(this.host, "[data-heard]"), true);
    print();
  }

  /** Tell of notes that a tab that is closed left locked here, and that nobody can read any more. */
  private async tellLeft(): Promise<void> {
    const left = await this.left();
    (one(this.part, "[data-count-left]") as HTMLElement).textContent = String(left.length);
    show(one(this.part, "[data-left]"), left.length > 0);
  }

  private async left(): Promise<Sealed["sent"][]> {
    const own = this.notes.map(({ sent }) => sent.mark).concat(await inHand());
    const every = await this.store.all(attribute(this.host, "recipient"));
    return every.filter(({ held, sent }) => held && own.indexOf(sent.mark) < 0).map(({ sent }) => sent);
  }

  private async sendLeft(): Promise<void> {
    for (const sent of await this.left()) await this.release(sent);
    await this.tellLeft();
    await this.send();
  }

  private async dropLeft(): Promise<void> {
    for (const sent of await this.left()) await this.store.drop(sent.mark);
    await this.tellLeft();
  }
}

/** Write the words of a note into a copy of its template. */
function fill(made: DocumentFragment, { words, whose }: Note): void {
  (one(made, "[data-words]") as HTMLElement).textContent = words;
  const place = one(made, "[data-of]") as HTMLElement;
  place.textContent = whose;
  show(place, !!whose);
}
