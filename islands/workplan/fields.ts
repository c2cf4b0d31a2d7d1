/** Binds one field of the page to its place in the draft: a text to a shared text, a choice to a shared value. */

import type * as Y from "yjs";
import { addTo, moved, PAGE, retype } from "./core.ts";

export type Field = HTMLTextAreaElement | HTMLInputElement | HTMLSelectElement;

/** Stops following. */
export type Unbind = () => void;

/** Bind a text area: what is typed goes into the draft, what others type comes out of it; the cursor stays where it was. */
export function bindText(area: HTMLTextAreaElement, doc: Y.Doc): Unbind {
  const text = doc.getText(area.name);
  addTo(text, area.defaultValue, area.value);
  let shown = text.toString();
  if (area.value !== shown) area.value = shown;
  const typed = (): void => {
    retype(text, shown, area.value);
    shown = area.value;
  };
  const others = (event: Y.YTextEvent, change: Y.Transaction): void => {
    if (change.origin === PAGE) return;
    const places = [area.selectionStart, area.selectionEnd].map((place) => moved(event.delta, place));
    shown = text.toString();
    const top = area.scrollTop;
    area.value = shown;
    if (document.activeElement === area) area.setSelectionRange(places[0] ?? 0, places[1] ?? 0);
    area.scrollTop = top;
  };
  area.addEventListener("input", typed);
  text.observe(others);
  return () => {
    area.removeEventListener("input", typed);
    text.unobserve(others);
  };
}

/** Bind a choice, a day or a short line: the last one who chooses is shown to both. */
export function bindChoice(field: HTMLInputElement | HTMLSelectElement, doc: Y.Doc): Unbind {
  const chosen = doc.getMap<string>("set");
  const show = (): void => {
    const value = chosen.get(field.name) ?? "";
    if (value) field.closest("details")?.setAttribute("open", ""); // what another chose is not hidden
    if (field.value === value) return;
    if (field instanceof HTMLSelectElement && ![...field.options].some((one) => one.value === value))
      field.add(new Option(value, value));
    field.value = value;
  };
  const choose = (): void => {
    if (field.value !== (chosen.get(field.name) ?? "")) doc.transact(() => chosen.set(field.name, field.value), PAGE);
  };
  const others = (event: Y.YMapEvent<string>): void => {
    if (event.keysChanged.has(field.name)) show();
  };
  show();
  field.addEventListener("change", choose);
  chosen.observe(others);
  return () => {
    field.removeEventListener("change", choose);
    chosen.unobserve(others);
  };
}

/** Find the fields of a row that belong to the draft. */
export function fieldsOf(row: ParentNode): Field[] {
  const all = row.querySelectorAll<Field>("textarea[name], select[name], input[name]:not([type=hidden])");
  return [...all].filter((one) => one.name.includes("."));
}
