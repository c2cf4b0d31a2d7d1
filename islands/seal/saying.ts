/** One page on which a person says something: from the first letter typed to the receipt. */

import { recipientBytes } from "../lib/bech32.ts";
import { canonical } from "../lib/canonical.ts";
import { all, attribute, empty, one, post, remove, show, warn } from "../lib/page.ts";
import { RECEIPT, showReceipt } from "../lib/receipt/view.ts";
import { clear, fieldsOf, problemOf, showProblem, speechOf } from "../lib/speaking.ts";
import { keepInTab, keptInTab, TYPED } from "../lib/tab.ts";
import { type Sealed, type Speech, sealSpeech } from "./core.ts";

const PATIENCE = 60; // seconds
const A_SECOND = 16e3; // letters that a slow line sends in one

/** One page on which a person speaks: from the first letter typed to the receipt. */
export class Speaking {
  protected readonly host: HTMLElement;
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

  protected async send(): Promise<void> {
    const sealed = await this.sealed(speechOf(this.host));
    if (typeof sealed === "string") return this.fail(sealed);
    const website = (one(this.host, "[name=website]") as HTMLInputElement).value;
    const body = Object.assign({ website }, sealed.sent);
    const { status } = await post(attribute(this.host, "post"), body, PATIENCE + sealed.sent.sealed.length / A_SECOND);
    if (status < 200 || status > 299) return this.fail(problemOf(status));
    removeEventListener("beforeunload", this.leaving);
    this.last = null;
    clear(this.host);
    all(this.host, "[data-question]").forEach(empty);
    keepInTab(RECEIPT, `${sealed.digits} ${attribute(this.host, "told")}`);
    showReceipt(this.host, sealed.digits);
  }

  /** Seal a speech, or name the problem; a second try with the same words gives the same bytes, so that it can count only once. */
  protected sealed(speech: Speech): Sealed | string | Promise<Sealed | string> {
    if (!Object.keys(speech.answers).length) return "empty";
    const words = canonical(speech);
    if (this.last && words === this.last.words) return this.last.sealed;
    const fresh = sealSpeech(speech, recipientBytes(attribute(this.host, "recipient")));
    this.last = fresh && { words, sealed: fresh };
    return fresh || "long";
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
