/** What the page says where a lead asked to destroy a strategy. */

import { one, show } from "../lib/page.ts";
import { fill, showWhen } from "../reader/page.ts";
import { type Desk, dayOf, nameOf } from "./desk.ts";
import type { Ending } from "./server.ts";

/** Say how it stands for this lead: nobody asked, they asked, they wait as the last one, or it is theirs to say. */
export function endingOf(
  { seat }: Pick<Desk, "seat">,
  ending: Ending | null,
): "" | "asked-by-you" | "alone" | "agree" | "now" {
  if (ending === null) return "";
  if (ending.by !== seat) return "agree";
  if (ending.alone_from === null) return "asked-by-you";
  return ending.now ? "now" : "alone";
}

/** Show it in the bar of its own, with the button that keeps the strategy. */
export function tellEnding(desk: Desk, view: HTMLElement, ending: Ending | null): void {
  const bar = one(view, "[data-ending]") as HTMLElement;
  show(bar, ending !== null);
  if (ending === null) return;
  fill(bar, {
    "end-by": nameOf(desk, ending.by),
    "end-on": dayOf(ending.on),
    "end-from": dayOf(ending.alone_from ?? ending.on),
  });
  showWhen(bar, endingOf(desk, ending));
  show(one(bar, "[data-keep-it]"), true);
}
