/** What the page says where a lead asked to destroy a strategy. */

import { fill, showWhen } from "../lib/leads/views.ts";
import { one, show } from "../lib/page.ts";
import { dayOf, type Ending, nameOf, type Session } from "./session.ts";

/** Say how it stands for this lead: nobody asked, they asked, they wait as the last one, or it is theirs to say. */
export function endingOf({ server }: Session, ending: Ending | null): "" | "asked-by-you" | "alone" | "agree" | "now" {
  if (ending === null) return "";
  if (ending.by !== server.seat) return "agree";
  if (ending.alone_from === null) return "asked-by-you";
  return ending.now ? "now" : "alone";
}

/** Show it in the bar of its own, with the button that keeps the strategy. */
export function tellEnding(session: Session, view: HTMLElement, ending: Ending | null): void {
  const bar = one(view, "[data-ending]") as HTMLElement;
  show(bar, ending !== null);
  if (ending === null) return;
  fill(bar, {
    "end-by": nameOf(session, ending.by),
    "end-on": dayOf(ending.on),
    "end-from": dayOf(ending.alone_from ?? ending.on),
  });
  showWhen(bar, endingOf(session, ending));
  show(one(bar, "[data-keep-it]"), true);
}
