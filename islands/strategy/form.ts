/** The form of a strategy: filled from what was opened, read back as typed, with its rows and its power map. */

import { fill, made, words } from "../lib/leads/views.ts";
import { all, empty, one, show } from "../lib/page.ts";
import { type Doc, KINDS, type Kind, newId, type Row, tidy } from "./core.ts";
import { actors, pins, RADIUS } from "./map.ts";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
const SVG = "http://www.w3.org/2000/svg";

/** One form; `onRow` is told of every row that comes in. */
export class Form {
  readonly view: HTMLElement;
  readonly #onRow: (kind: Kind, item: HTMLElement) => void;

  constructor(view: HTMLElement, onRow: (kind: Kind, item: HTMLElement) => void) {
    this.view = view;
    this.#onRow = onRow;
    for (const button of all(view, "[data-add]")) {
      show(button, true);
      button.addEventListener("click", () => {
        const item = this.#add(button.dataset.add as Kind, null);
        one(item, "[data-field]")?.focus();
        this.changed();
      });
    }
    one(view, "[data-doc]")?.addEventListener("input", () => this.changed());
  }

  /** Put a strategy into the form. */
  write(doc: Doc): void {
    for (const field of all(this.view, "[data-at]"))
      (field as Control).value = doc.words[field.dataset.at as string] ?? "";
    for (const kind of KINDS) {
      empty(one(this.view, `[data-rows="${kind}"]`) as HTMLElement);
      for (const row of doc.rows[kind]) this.#add(kind, row);
    }
    this.draw();
  }

  /** Read what stands in the form. */
  read(): Doc {
    const found: { words: { [name: string]: string }; rows: { [kind: string]: object[] } } = { words: {}, rows: {} };
    for (const field of all(this.view, "[data-at]"))
      found.words[field.dataset.at as string] = (field as Control).value.trim();
    for (const kind of KINDS) {
      const items = all(one(this.view, `[data-rows="${kind}"]`) as HTMLElement, "[data-item]");
      found.rows[kind] = items.map((item) => readRow(item));
    }
    return tidy(found);
  }

  /** Let nobody type, or let the lead. */
  lock(locked: boolean): void {
    (one(this.view, "[data-doc]") as HTMLFieldSetElement).disabled = locked;
  }

  /** Say that something was typed. */
  changed(): void {
    this.draw();
    this.view.dispatchEvent(new Event("changed"));
  }

  #add(kind: Kind, row: Row | null): HTMLElement {
    const item = made(this.view, `[data-row="${kind}"]`, {});
    item.dataset.item = row?.id ?? newId();
    for (const field of all(item, "[data-field]")) join(item, field as Control, row?.[field.dataset.field as string]);
    const out = one(item, "[data-out]") as HTMLElement;
    show(out, true);
    out.addEventListener("click", () => {
      item.remove();
      this.changed();
    });
    (one(this.view, `[data-rows="${kind}"]`) as HTMLElement).append(item);
    this.#onRow(kind, item);
    return item;
  }

  /** Draw the power map and its table from what stands in the form. */
  draw(): void {
    const found = actors(this.read());
    show(one(this.view, "[data-no-map]"), found.length === 0);
    show(one(this.view, "[data-map]"), found.length > 0);
    const rows = found.map(({ number, who, role, influence, position }) => {
      const told = {
        number: String(number),
        who,
        role: words(this.view.parentElement as HTMLElement, role),
        influence: this.#said("influence", influence),
        position: this.#said("position", position),
      };
      return made(this.view, "[data-map-row]", told);
    });
    one(this.view, "[data-map-rows]")?.replaceChildren(...rows);
    const placed = pins(found, document.documentElement.dir === "rtl");
    one(this.view, "[data-pins]")?.replaceChildren(...placed.map(drawn));
  }

  #said(field: string, value: number): string {
    const template = one(this.view, 'template[data-row="targets"]') as HTMLTemplateElement;
    const option = one(template.content, `[data-field="${field}"] option[value="${value}"]`);
    return option?.textContent ?? String(value);
  }
}

/** Read one row. */
export function readRow(item: HTMLElement): Row {
  const row: { id: string; [field: string]: string } = { id: item.dataset.item as string };
  for (const field of all(item, "[data-field]")) row[field.dataset.field as string] = (field as Control).value.trim();
  return row;
}

/** Tie a control to its label and hint, and put its value in. A choice that is not there any more is put back. */
function join(item: HTMLElement, control: Control, value: string | undefined): void {
  const name = `${item.dataset.item}-${control.dataset.field}`;
  control.id = name;
  const place = control.closest(".field");
  const [label, hint] = place ? [one(place, "label"), one(place, ".hint")] : [null, null];
  if (label) (label as HTMLLabelElement).htmlFor = name;
  if (hint) {
    hint.id = `${name}-hint`;
    control.setAttribute("aria-describedby", hint.id);
  }
  if (control instanceof HTMLSelectElement) {
    if (!value) value = control.dataset.field === "influence" ? "3" : control.dataset.field === "position" ? "0" : "";
    if (value && [...control.options].some((option) => option.value === value)) control.value = value;
  } else control.value = value ?? "";
}

function drawn({ number, role, x, y }: { number: number; role: string; x: number; y: number }): Element {
  const pin = document.createElementNS(SVG, "g");
  pin.setAttribute("class", `pin ${role}`);
  pin.setAttribute("transform", `translate(${x} ${y})`);
  const square = role === "target";
  const shape = document.createElementNS(SVG, square ? "rect" : "circle");
  if (square) {
    for (const side of ["x", "y"]) shape.setAttribute(side, String(1 - RADIUS));
    for (const side of ["width", "height"]) shape.setAttribute(side, String(2 * RADIUS - 2));
  } else shape.setAttribute("r", String(RADIUS - 1));
  const text = document.createElementNS(SVG, "text");
  text.setAttribute("y", "4");
  text.textContent = String(number);
  pin.append(shape, text);
  return pin;
}

/** Give the labels of the fields, to say where two versions differ. */
export function labelOf(view: HTMLElement, kind: string, field: string): string {
  const from: ParentNode =
    kind === "words" ? view : (one(view, `template[data-row="${kind}"]`) as HTMLTemplateElement).content;
  const control = one(from, kind === "words" ? `[data-at="${field}"]` : `[data-field="${field}"]`);
  const place = control?.closest(".field");
  return (place && one(place, "label")?.textContent) || field;
}

/** Show on an ask that it went out, and when. */
export function markOut(item: HTMLElement, day: string): void {
  const gone = one(item, "[data-gone]") as HTMLElement;
  fill(gone, { out: day });
  show(gone, day !== "");
}

/** Write a strategy as plain text, with the words of the page. */
export function plain(view: HTMLElement): string {
  const lines: string[] = [];
  for (const place of all(view, "h2, [data-doc] h3, [data-doc] .field")) {
    if (place.closest("template") || place.closest("[hidden]:not([data-view])")) continue;
    if (!place.classList.contains("field")) {
      lines.push("", `# ${(place.textContent ?? "").trim()}`, "");
      continue;
    }
    const control = one(place, "[data-at], [data-field]") as Control | null;
    if (!control) continue;
    if (control === one(place.closest("[data-item]") ?? view, "[data-field]")) lines.push("");
    const said = control instanceof HTMLSelectElement ? control.selectedOptions[0]?.textContent : control.value;
    lines.push(`${(one(place, "label")?.textContent ?? "").trim()} ${(said ?? "").trim()}`);
  }
  return `${lines.join("\n").trim()}\n`;
}
