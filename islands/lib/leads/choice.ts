/** Leads to choose from: only those whose keys were judged on this device. */

import { all, empty, one } from "../page.ts";
import { fingerprint, type PublicKeys } from "./statements.ts";
import { made } from "./views.ts";

/** How each lead is shown: what they are called, whether they are chosen at first, and whether that is fixed. */
export interface Shown {
  readonly name: (seat: string) => string;
  readonly isChosen: (seat: string) => boolean;
  readonly isFixed: (seat: string) => boolean;
  /** Whether there is but one, and the button below is the choice. */
  readonly isAlone?: boolean;
  /** What else stands beside them. */
  readonly about?: (seat: string) => { readonly [name: string]: string };
}

/** List leads with their fingerprints; give a function that tells the seats of those who are chosen now. */
export function listLeads(
  view: HTMLElement,
  origin: string,
  keys: Iterable<[string, PublicKeys]>,
  shown: Shown,
): () => string[] {
  const list = one(view, "[data-leads]") as HTMLElement;
  empty(list);
  for (const [seat, own] of keys) {
    const item = made(view, "[data-lead]", {
      seat,
      name: shown.name(seat),
      fingerprint: fingerprint(origin, seat, own),
      ...shown.about?.(seat),
    });
    const box = one(item, "input") as HTMLInputElement;
    box.value = seat;
    box.checked = shown.isChosen(seat);
    box.disabled = shown.isAlone || shown.isFixed(seat);
    box.hidden = shown.isAlone ?? false;
    list.append(item);
  }
  return () => (all(list, "input") as HTMLInputElement[]).filter((box) => box.checked).map((box) => box.value);
}
