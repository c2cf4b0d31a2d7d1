/** `<seal-voice>`: seals what a person wrote, sends it, and shows the receipt. README.md has the HTML it expects. */

import { recipientBytes } from "../lib/bech32.ts";
import { canonical } from "../lib/canonical.ts";
import { all, attribute, copyOf, empty, everyElement, one, post, remove, show, warn } from "../lib/page.ts";
import { RECEIPT, showReceipt } from "../lib/receipt/view.ts";
import { keepInTab, keptInTab, TYPED } from "../lib/tab.ts";
import type { Said } from "../lib/voice.ts";
import { type Sealed, type Speech, sealSpeech } from "./core.ts";

const PATIENCE = 60; // seconds

/** One page on which a person speaks: from the first letter typed to the receipt. */
class Speaking {
  private readonly host: HTMLElement;
  private readonly button: HTMLElement;
  private readonly title = document.title;
  private unsent = false;
  private busy = false;
  private last: { readonly words: string; readonly sealed: Sealed } | null = null;

  constructor(host: HTMLElement, button: HTMLElement) {
    this.host = host;
    this.button = button;
    addEventListener("beforeunload", this.leaving);
    addEventListener("pageshow", this.ready);
    for (const kind of ["input", "change"]) host.addEventListener(kind, this.typed);
    button.addEventListener("click", this.start);
    for (const link of all(document, "a[hreflang]")) link.addEventListener("click", this.changing);
    show(one(host, "[data-form]"), true);
    this.unsent = fillAgain(host);
    this.ready();
  }

  /** Show the button, or why it waits: one receipt must not take the place of another that nobody kept yet. */
  private readonly ready = (): void => {
    const waits = !!keptInTab(RECEIPT);
    show(this.button, !waits);
    show(one(this.host, "[data-waits]"), waits);
  };

  private readonly leaving = (event: BeforeUnloadEvent): void => {
    if (this.unsent) warn(event);
  };

  /** Keep what was typed for the same page in another language: in this tab only, until that page takes it. */
  private readonly changing = (event: Event): void => {
    const { ctrlKey, metaKey, shiftKey } = event as MouseEvent; // with these, it opens beside this page
    if (!this.unsent || this.busy || ctrlKey || metaKey || shiftKey) return;
    keepInTab(TYPED, typedIn(this.host));
    this.unsent = !keptInTab(TYPED); // where the tab keeps nothing, the browser asks before it leaves
  };

  private readonly typed = (event: Event): void => {
    if ((event.target as HTMLInputElement).name !== "website") this.unsent = true;
  };

  private readonly start = (): void => {
    if (this.busy) return;
    this.wait(true);
    all(this.host, "[data-problems-shown]").forEach(remove);
    document.title = this.title;
    setTimeout(() => {
      this.send().catch(() => this.fail("refused")); // what cannot be sealed is not sent, and stays on the page
    }, 50); // let the page show that something happens
  };

  private async send(): Promise<void> {
    const speech = speechOf(this.host);
    if (!Object.keys(speech.answers).length) return this.fail("empty");
    const sealed = this.sealed(speech);
    if (!sealed) return this.fail("long");
    const website = one(this.host, "[name=website]") as HTMLInputElement | null;
    const body = Object.assign({}, sealed.sent, { website: website ? website.value : "" });
    const status = await post(attribute(this.host, "post"), body, PATIENCE);
    if (status < 200 || status > 299) return this.fail(problemOf(status));
    removeEventListener("beforeunload", this.leaving);
    this.last = null;
    clear(this.host);
    keepInTab(RECEIPT, `${sealed.digits} ${attribute(this.host, "told")}`);
    showReceipt(this.host, sealed.digits);
  }

  /** Seal a speech; a second try with the same words gives the same bytes, so that it can count only once. */
  private sealed(speech: Speech): Sealed | null {
    const words = canonical(speech);
    if (this.last?.words === words) return this.last.sealed;
    const fresh = sealSpeech(speech, recipientBytes(attribute(this.host, "recipient")));
    this.last = fresh && { words, sealed: fresh };
    return fresh;
  }

  private fail(problem: string): void {
    this.wait(false);
    document.title = attribute(this.host, "problem-title") + this.title;
    showProblem(this.host, problem);
  }

  private wait(busy: boolean): void {
    this.busy = busy;
    this.button.setAttribute("aria-disabled", String(busy));
    show(one(this.host, "[data-sending]"), busy);
  }
}

everyElement("seal-voice", (host) => {
  const button = one(host, "[data-seal]");
  if (button) new Speaking(host, button);
});

/** Name the problem that a status stands for. */
function problemOf(status: number): string {
  if (status === 0) return "unsent";
  if (status === 423) return "paused";
  if ([404, 409, 410].indexOf(status) >= 0) return "closed";
  if ([429, 503, 507].indexOf(status) >= 0) return "busy";
  return "refused";
}

/** Show the one problem and move the focus to it. */
function showProblem(host: HTMLElement, problem: string): void {
  const found = copyOf(host, "[data-problems]");
  for (const line of all(found, "[data-problem]")) {
    if (line.getAttribute("data-problem") !== problem) remove(line);
  }
  const block = found.firstElementChild as HTMLElement | null;
  if (!block) return;
  block.setAttribute("data-problems-shown", "");
  const place = one(host, "[data-problems-here]") || host;
  place.insertBefore(found, place.firstChild);
  block.focus();
}

/** Gather what a person said; questions left alone are left out. */
function speechOf(host: HTMLElement): Speech {
  const answers: { [question: string]: Said } = {};
  for (const question of all(host, "[data-question]")) {
    const said = saidIn(question, question.getAttribute("data-kind"));
    if (said !== null) answers[attribute(question, "data-question")] = said;
  }
  const quote = one(host, "input[name=quote]") as HTMLInputElement | null;
  return {
    engagement: attribute(host, "engagement"),
    form: attribute(host, "form-hash"),
    lang: attribute(host, "voice-lang"),
    quote: !!quote && quote.checked,
    answers,
  };
}

function saidIn(question: HTMLElement, kind: string | null): Said | null {
  if (kind === "text") {
    const field = one(question, "textarea, input") as HTMLTextAreaElement | null;
    return field?.value.trim() ? field.value : null;
  }
  const chosen = all(question, "input:checked").map((input) => (input as HTMLInputElement).value);
  if (!chosen.join("")) return null; // "I would rather not say" sends nothing
  if (kind === "several") return chosen;
  return kind === "scale" ? Number(chosen[0]) : (chosen[0] as string);
}

/** Give the fields of the form, in the order of the page, which is the same in every language. */
function fieldsOf(host: HTMLElement): HTMLInputElement[] {
  return all(host, "input, textarea") as HTMLInputElement[];
}

/** Write down what stands in every field. */
function typedIn(host: HTMLElement): string {
  const values = fieldsOf(host).map((field) => [field.value, field.checked]);
  return JSON.stringify([attribute(host, "form-hash"), values]);
}

/** Fill the fields with what was typed in another language, and forget it; say whether there was something. */
function fillAgain(host: HTMLElement): boolean {
  const [same, values] = JSON.parse(keptInTab(TYPED) || "[]");
  keepInTab(TYPED, "");
  if (same !== attribute(host, "form-hash")) return false;
  fieldsOf(host).forEach((field, place) => {
    [field.value, field.checked] = values[place];
  });
  (one(host, "h2") as HTMLElement).focus(); // on to the questions, for a keyboard too
  return true;
}

/** Empty every field, so that nothing of it can come back. */
function clear(host: HTMLElement): void {
  for (const field of fieldsOf(host)) {
    if (field.type === "radio" || field.type === "checkbox") field.checked = false;
    else field.value = "";
  }
  all(host, "[data-question]").forEach(empty);
}
