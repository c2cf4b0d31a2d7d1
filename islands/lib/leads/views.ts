/** Small helps for the views of a lead's page: which one shows, filling templates, telling a problem in the page's own words. */

import { all, copyOf, focusOn, one, show } from "../page.ts";
import { Refused } from "./server.ts";

/** Turn to a view as the page sent it. */
export function renewed(host: HTMLElement, name: string): HTMLElement {
  renewedIn(host, `[data-view="${name}"]`);
  return turnTo(host, name);
}

/** Put a part of the page there as the page sent it: nothing of another time is left in it, and no button does two things. */
export function renewedIn(host: HTMLElement, selector: string): HTMLElement {
  const kept = clean.get(host) ?? new Map<string, Node>();
  clean.set(host, kept);
  const part = one(host, selector) as HTMLElement;
  for (const line of movable(host)) if (part.contains(line)) host.prepend(line);
  if (!kept.has(selector)) kept.set(selector, part.cloneNode(true));
  const fresh = (kept.get(selector) as Node).cloneNode(true) as HTMLElement;
  part.replaceWith(fresh);
  return fresh;
}
const clean = new WeakMap<HTMLElement, Map<string, Node>>();

/** Show one view of the element and move the focus, the screen and what is told to its heading, or to the heading `at` where that shows. */
export function turnTo(host: HTMLElement, name: string, at = "h2"): HTMLElement {
  for (const view of all(host, "[data-view]")) show(view, view.dataset.view === name);
  const view = one(host, `[data-view="${name}"]`) as HTMLElement;
  const heading = [...all(view, at), ...all(view, "h2")].find((one) => one.getClientRects().length > 0);
  if (heading) {
    standBeside(host, heading);
    focusOn(heading);
    heading.scrollIntoView(); // wherever the button stood that was pressed
  }
  return view;
}

/** Call a language by its own name, or as another language calls it, as the site writes it, with a capital letter; by its code where the browser knows none, or where a voice made one up. */
export function languageOf(code: string, inWordsOf = code): string {
  try {
    const name = new Intl.DisplayNames([inWordsOf], { type: "language" }).of(code) ?? code;
    return name.charAt(0).toLocaleUpperCase(inWordsOf) + name.slice(1);
  } catch {
    return code;
  }
}

/** Put words, as text only, into every `[data-fill="name"]`. */
export function fill(within: ParentNode, values: { readonly [name: string]: string }): void {
  for (const place of all(within, "[data-fill]")) {
    const value = values[place.dataset.fill as string];
    if (value !== undefined) place.textContent = value;
  }
}

/** Give the name that a lead chose; their place where they chose none. */
export function leadName(host: ParentNode, seat: string): string {
  return listedFor(host, "[data-names]", seat) || seat;
}

/** Give what one of the page's own lists says of a lead; nothing where they are not on it. */
export function listedFor(host: ParentNode, which: string, seat: string): string {
  const list = host.querySelector<HTMLTemplateElement>(`template${which}`);
  const found = list && all(list.content, "[data-seat]").find((one) => one.dataset.seat === seat);
  return (found?.textContent ?? "").trim();
}

/** Show only what is marked `[data-when]` with this state. */
export function showWhen(within: ParentNode, state: string): void {
  for (const place of all(within, "[data-when]")) {
    show(place, (place.dataset.when as string).split(" ").includes(state));
  }
}

/** Copy the first element of a template, filled in. */
export function made(host: ParentNode, selector: string, values: { readonly [name: string]: string }): HTMLElement {
  const copy = copyOf(host, selector).firstElementChild as HTMLElement;
  fill(copy, values);
  return copy;
}

/** Give the words of `<template data-say="name">`, with values filled in. */
export function words(host: ParentNode, name: string, values: { readonly [name: string]: string } = {}): string {
  const copy = copyOf(host, `[data-say="${name}"]`);
  fill(copy, values);
  return (copy.textContent ?? "").trim();
}

/** The lines marked `[data-beside]`, which go to the button that was pressed: kept, because a view that is drawn again drops them. */
const lines = new WeakMap<HTMLElement, HTMLElement[]>();

function movable(host: HTMLElement): HTMLElement[] {
  const kept = lines.get(host) ?? all(host, "[data-beside]");
  lines.set(host, kept);
  return kept;
}

/** Give where something is told: what moves first goes below the heading of what shows, if its own place is gone. */
function tellers(host: HTMLElement, what: string): HTMLElement[] {
  const moving = movable(host).filter((line) => line.matches(what));
  for (const line of moving) {
    if (line.isConnected && line.parentElement?.getClientRects().length) continue;
    const shown = all(host, "[data-view]").find((view) => !view.hidden) ?? host;
    const part = all(shown, "[data-part]").find((one) => !one.hidden) ?? shown;
    const heading = all(part, "h2, h3").find((one) => one.getClientRects().length > 0);
    if (heading) heading.after(line);
    else host.prepend(line);
  }
  return [...new Set([...all(host, what), ...moving])];
}

/** Put what is told beside a button or a heading, before anything is told: what is read aloud must stand there first. */
function standBeside(host: HTMLElement, button: HTMLElement): void {
  const place = button.closest(".row, p, li") ?? button;
  for (const line of movable(host)) place.matches("li") ? place.append(line) : place.after(line);
}

/** Tell a problem, or take it away with an empty sentence. */
export function problem(host: HTMLElement, sentence: string): void {
  for (const place of tellers(host, "[data-problem]")) {
    place.textContent = sentence;
    show(place, sentence !== "");
    if (sentence) place.scrollIntoView({ block: "nearest" }); // at a phone's lower edge the places of the site would cover it
  }
}

/** Tell what was done. */
export function done(host: HTMLElement, sentence: string): void {
  for (const place of tellers(host, "[data-done]")) {
    place.textContent = sentence;
    if (sentence) place.scrollIntoView({ block: "nearest" });
  }
}

/** Tell what was done where the thing stood that is gone now, and bring the reader there. */
export function doneAt(host: HTMLElement, place: HTMLElement, sentence: string): void {
  standBeside(host, place);
  done(host, sentence);
  for (const line of movable(host)) if (line.matches("[data-done]")) focusOn(line);
}

/** Do something when a button is pressed, once at a time and once for a double press; what is refused is told in words. */
export function press(host: HTMLElement, button: HTMLElement | null, act: () => Promise<void>): void {
  if (!button) return;
  let busy = false;
  show(button, true);
  button.addEventListener("click", async ({ detail }) => {
    if (busy || detail > 1) return; // the second half of a double press may come when the first is done
    busy = true;
    button.setAttribute("aria-disabled", "true");
    standBeside(host, button);
    problem(host, "");
    done(host, "");
    await act().catch((error: unknown) => problem(host, whyNot(host, error)));
    button.removeAttribute("aria-disabled");
    busy = false;
  });
}

/** Say in words what went wrong. */
export function whyNot(host: HTMLElement, error: unknown): string {
  if (!(error instanceof Refused)) return words(host, "broken");
  return error.words || words(host, "unreachable");
}

/** Press the button when Enter is pressed in the field. */
export function enter(field: HTMLElement | null, button: HTMLElement | null): void {
  field?.addEventListener("keydown", (event) => {
    if ((event as KeyboardEvent).key !== "Enter") return;
    event.preventDefault();
    button?.click();
  });
}

/** Give a field. */
export function field(within: ParentNode, selector: string): HTMLInputElement {
  return one(within, selector) as HTMLInputElement;
}
