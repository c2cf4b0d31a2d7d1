/** What shows while voices are opened, and what of them was left out. */

import { fill } from "../lib/leads/views.ts";
import { all, one, show } from "../lib/page.ts";
import type { OpenedVoice, Reason } from "./voices.ts";

/** Draw how many are opened, and let the page breathe. */
export function progress(view: HTMLElement, total: number): (done: number) => Promise<void> {
  const bar = one(view, "progress") as HTMLProgressElement;
  bar.max = Math.max(1, total);
  fill(view, { total: String(total), done: "0" });
  return async (count) => {
    bar.value = count;
    fill(view, { done: String(count) });
    await new Promise((drawn) => setTimeout(drawn));
  };
}

/** Say how many were opened, and why others were left out. */
export function showReport(view: HTMLElement, opened: readonly OpenedVoice[], left: ReadonlyMap<string, Reason>): void {
  fill(view, { opened: String(opened.length) });
  const counts = new Map<string, number>();
  for (const reason of left.values()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  for (const line of all(view, "[data-reason]")) {
    const count = counts.get(line.dataset.reason as string) ?? 0;
    fill(line, { count: String(count) });
    show(line, count > 0);
  }
  show(one(view, "[data-report]"), left.size > 0);
}
