/** `<take-in>`: a lead writes down what somebody said, seals it, and sends it under the digits of a stub. README.md has the HTML it expects. */

import { recipientBytes } from "../lib/bech32.ts";
import { canonical } from "../lib/canonical.ts";
import { all, attribute, empty, everyElement, one, post, remove, show, warn } from "../lib/page.ts";
import { groups, make, parse } from "../lib/receipt/digits.ts";
import { clear, problemOf, showProblem, speechOf } from "../lib/speaking.ts";
import type { TakenIn } from "../lib/voice.ts";
import { type Sealed, type Speech, sealSpeech } from "../seal/core.ts";

const PATIENCE = 60; // seconds

/** One page on which a lead takes in one voice after another. */
class Taking {
  private readonly host: HTMLElement;
  private readonly button: HTMLElement;
  private busy = false;
  private count = 0;
  private last: { readonly words: string; readonly sealed: Sealed } | null = null;

  constructor(host: HTMLElement, button: HTMLElement) {
    this.host = host;
    this.button = button;
    button.addEventListener("click", this.start);
    addEventListener("beforeunload", (event) => {
      if (Object.keys(speechOf(host).answers).length) warn(event);
    });
    show(one(host, "[data-form]"), true);
    show(button, true);
  }

  private readonly start = (): void => {
    if (this.busy) return;
    this.wait(true);
    all(this.host, "[data-problems-shown]").forEach(remove);
    show(one(this.host, "[data-taken]"), false);
    setTimeout(() => {
      this.send().catch(() => this.fail("refused"));
    }, 50); // let the page show that something happens
  };

  private async send(): Promise<void> {
    const speech = this.speech();
    if (typeof speech === "string") return this.fail(speech);
    const code = (one(this.host, "[data-code]") as HTMLInputElement).value;
    const typed = code.trim() ? parse(code) : null;
    if (typed?.problem) return this.fail("code");
    const sealed = this.sealed(speech, code, typed ? typed.secret : make());
    if (!sealed) return this.fail("long");
    const body = Object.assign({}, sealed.sent, { website: "" });
    const status = await post(attribute(this.host, "post"), body, PATIENCE);
    if (status < 200 || status > 299) return this.fail(problemOf(status));
    this.last = null;
    this.count += 1;
    this.next(typed ? "" : sealed.digits);
  }

  /** Give what was said with how it came, or what is missing. */
  private speech(): (Speech & TakenIn) | string {
    const chosen = (name: string): string => {
      const found = one(this.host, `input[name=${name}]:checked`) as HTMLInputElement | null;
      return found ? found.value : "";
    };
    const [taken, how] = [chosen("taken"), chosen("how")];
    const speech = speechOf(this.host);
    if (!taken) return "taken";
    if (!how) return "how";
    if (!Object.keys(speech.answers).length) return "empty";
    const lang = (one(this.host, "[data-spoken]") as HTMLSelectElement).value;
    const consent = { notice: attribute(this.host, "notice"), how, on: attribute(this.host, "today") };
    return Object.assign({}, speech, { v: 2 as const, lang, taken, consent });
  }

  /** Seal a speech; a second try with the same words gives the same bytes, so that it can count only once. */
  private sealed(speech: Speech & TakenIn, code: string, secret: Uint8Array): Sealed | null {
    const words = canonical([speech, code]);
    if (this.last?.words === words) return this.last.sealed;
    const fresh = sealSpeech(speech, recipientBytes(attribute(this.host, "recipient")), undefined, secret);
    this.last = fresh && { words, sealed: fresh };
    return fresh;
  }

  /** Empty what the next person fills; where no stub was at hand, show the digits to write on one. */
  private next(row: string): void {
    const kept = all(this.host, "[data-kept] input") as HTMLInputElement[];
    const chosen = kept.filter(({ checked }) => checked);
    clear(this.host);
    for (const one of chosen) one.checked = true;
    this.wait(false);
    (one(this.host, "[data-count]") as HTMLElement).textContent = String(this.count);
    const place = one(this.host, "[data-digits]") as HTMLElement;
    empty(place);
    for (const group of row ? groups(row) : []) {
      const item = document.createElement("li");
      item.textContent = group.split("").join(" ");
      place.appendChild(item);
    }
    show(one(this.host, "[data-written]"), !!row);
    const taken = one(this.host, "[data-taken]") as HTMLElement;
    show(taken, true);
    taken.scrollIntoView();
    if (row) taken.focus();
    else (one(this.host, "[data-code]") as HTMLElement).focus();
  }

  private fail(problem: string): void {
    this.wait(false);
    showProblem(this.host, problem);
  }

  private wait(busy: boolean): void {
    this.busy = busy;
    this.button.setAttribute("aria-disabled", String(busy));
    show(one(this.host, "[data-sending]"), busy);
  }
}

everyElement("take-in", (host) => {
  const button = one(host, "[data-seal]");
  if (button) new Taking(host, button);
});
