/** `<mark-place>`: choose words or a cell on the page, and the form of a comment takes them. README.md has the HTML. */

import { copyOf, empty, everyElement, one } from "../lib/page.ts";
import { cellOf, nearOf, tidied } from "./core.ts";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
type Fill = Record<string, string>;

function control(host: HTMLElement, name: string): Control | null {
  return host.querySelector<Control>(`[name="${name}"]`);
}

/** Read the words that are chosen inside a paragraph that the page marks. */
function chosenWords(host: HTMLElement): Fill | null {
  const selection = getSelection();
  if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const start = range.startContainer;
  const paragraph = (start instanceof Element ? start : start.parentElement)?.closest<HTMLElement>("[data-start]");
  const words = tidied(selection.toString());
  if (!paragraph || !host.contains(paragraph) || words === null) return null;
  const before = document.createRange();
  before.setStart(paragraph, 0);
  before.setEnd(range.startContainer, range.startOffset);
  return { quote: words, near: String(nearOf(paragraph.getAttribute("data-start"), before.toString())) };
}

/** Read the cell that was pressed. */
function pressedCell(target: EventTarget | null): { cell: HTMLElement; fill: Fill } | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[data-cells] td[data-column]") : null;
  const row = cell?.closest("[data-row]");
  const fill = cellOf(row?.getAttribute("data-row") ?? null, cell?.getAttribute("data-column") ?? null);
  return cell && fill ? { cell, fill } : null;
}

everyElement("mark-place", (host) => {
  const bar = document.createElement("div");
  bar.className = "offer";
  bar.hidden = true;
  host.appendChild(bar);
  let fill: Fill | null = null;
  let marked: HTMLElement | null = null;

  const offer = (what: "words" | "cell", given: Fill | null): void => {
    fill = given;
    empty(bar);
    if (given) bar.appendChild(copyOf(host, `[data-say="${what}"]`));
    bar.hidden = given === null;
  };

  document.addEventListener("selectionchange", () => {
    const words = chosenWords(host);
    if (words) offer("words", words);
    else if (fill && "quote" in fill) offer("words", null);
  });
  host.addEventListener("click", (event) => {
    const pressed = pressedCell(event.target);
    if (!pressed) return;
    marked?.classList.remove("chosen");
    marked = pressed.cell;
    marked.classList.add("chosen");
    offer("cell", pressed.fill);
  });
  // The press must not take the selection away before it is read.
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  bar.addEventListener("click", () => {
    for (const [name, value] of Object.entries(fill ?? {})) {
      const field = control(host, name);
      if (field) field.value = value;
    }
    offer("words", null);
    one(host, '[name="words"]')?.focus();
  });
});
