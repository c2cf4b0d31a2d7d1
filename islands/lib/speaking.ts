/** What a person says on a page with questions: what stands in the fields, and what is wrong with it. */

import type { Speech } from "../seal/core.ts";
import { all, attribute, copyOf, one, remove } from "./page.ts";
import type { Said } from "./voice.ts";

/** Name the problem that a status stands for. */
export function problemOf(status: number): string {
  if (status === 0) return "unsent";
  if (status === 423) return "paused";
  if ([404, 409, 410].indexOf(status) >= 0) return "closed";
  if ([429, 503, 507].indexOf(status) >= 0) return "busy";
  return "refused";
}

/** Show the one problem and move the focus to it. */
export function showProblem(host: HTMLElement, problem: string): void {
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

/** Gather what a person said and agreed to, and how it came; questions left alone are left out. */
export function speechOf(host: HTMLElement, taken = "self", how = "screen"): Speech {
  const answers: { [question: string]: Said } = {};
  for (const question of all(host, "[data-question]")) {
    const said = saidIn(question, question.getAttribute("data-kind"));
    if (said !== null) answers[attribute(question, "data-question")] = said;
  }
  const quote = one(host, "input[name=quote]") as HTMLInputElement | null;
  return {
    v: 2,
    taken,
    consent: { notice: attribute(host, "notice"), how, on: attribute(host, "on") },
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
export function fieldsOf(host: HTMLElement): HTMLInputElement[] {
  return all(host, "input, textarea") as HTMLInputElement[];
}

/** Empty every field, so that nothing of it can come back. */
export function clear(host: HTMLElement): void {
  for (const field of fieldsOf(host)) {
    if (field.type === "radio" || field.type === "checkbox") field.checked = false;
    else field.value = "";
  }
}
