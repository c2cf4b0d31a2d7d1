/** Put a version that stands beside together with the one in force: every difference is shown, nothing is lost. */

import { fill, made, press, renewed, words } from "../lib/leads/views.ts";
import { all, copyOf, one, show } from "../lib/page.ts";
import { type Choice, type Difference, type Doc, differences, merge, type Opened, safest } from "./core.ts";
import { labelOf } from "./form.ts";
import { dayOf, nameOf, type Session } from "./session.ts";

const TEXTS = new Set(["title", "on", "influence", "position", "level", "role", "kind", "out"]); // these hold one value

/** What the lead did with the version beside. */
export interface Done {
  readonly merged: (doc: Doc) => Promise<void>;
  readonly dropped: (() => Promise<void>) | null;
  readonly back: () => Promise<void>;
}

/** Show both versions. `dropped` is null for a copy from a file, which nobody keeps here. */
export function compare(session: Session, here: Doc, beside: Opened, since: string, done: Done): void {
  const { host } = session;
  const writing = one(host, '[data-view="writing"]') as HTMLElement;
  const view = renewed(host, "beside");
  fill(view, { who: nameOf(session, beside.seat), day: since ? dayOf(since) : "…" });
  const found = differences(here, beside.doc);
  const list = one(view, "[data-differences]") as HTMLElement;
  found.forEach((difference, place) => {
    list.append(shown(host, view, writing, difference, place));
  });
  show(one(view, "[data-no-differences]"), found.length === 0);
  if (found.length > 0) {
    press(host, one(view, "[data-merge]"), async () => {
      const choices = new Map(found.map((difference, place) => [difference, chosen(list, place)]));
      await done.merged(merge(here, beside.doc, choices));
    });
  }
  if (done.dropped) press(host, one(view, "[data-drop]"), done.dropped);
  press(host, one(view, "[data-back]"), done.back);
}

function shown(
  host: HTMLElement,
  view: HTMLElement,
  writing: HTMLElement,
  difference: Difference,
  place: number,
): HTMLElement {
  const nothing = (copyOf(view, "[data-nothing]").textContent ?? "").trim();
  const { kind, field, here, beside } = difference;
  const item = made(view, "[data-difference]", {
    where: field === "" ? words(host, "row") : labelOf(writing, kind, field),
    here: said(writing, kind, field, here) || nothing,
    beside: said(writing, kind, field, beside) || nothing,
  });
  const holdsBoth = field !== "" && !TEXTS.has(field);
  show(one(item, "[data-both]"), holdsBoth && Boolean(here) && Boolean(beside));
  for (const button of all(item, "input") as HTMLInputElement[]) {
    button.name = `difference-${place}`;
    button.checked = button.value === safest(difference, holdsBoth);
  }
  return item;
}

/** Say the words of a choice rather than what stands for it. */
function said(writing: HTMLElement, kind: string, field: string, value: string | null): string {
  if (!value || kind === "words" || field === "") return value ?? "";
  const template = one(writing, `template[data-row="${kind}"]`) as HTMLTemplateElement;
  const options = all(template.content, `[data-field="${field}"] option`) as HTMLOptionElement[];
  return options.find((option) => option.value === value)?.textContent ?? value;
}

function chosen(list: HTMLElement, place: number): Choice {
  return (one(list, `[name="difference-${place}"]:checked`) as HTMLInputElement).value as Choice;
}
