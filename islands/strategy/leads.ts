/** Choose who is in a strategy: only leads whose key two leads vouched for, as this device checked. */

import { all, empty, one } from "../lib/page.ts";
import { made, press, showWhen } from "../reader/page.ts";
import { fingerprint } from "../reader/statements.ts";
import { type Desk, nameOf, renewed } from "./desk.ts";

/** Show the choice; `then` is called with the seats chosen, `back` where the lead thinks better of it. */
export function chooseLeads(
  desk: Desk,
  what: "new" | "change",
  before: readonly string[],
  then: (members: string[]) => Promise<void>,
  back: () => Promise<void>,
): void {
  const { host, keys, seat } = desk;
  const view = renewed(host, "leads");
  showWhen(view, what);
  const list = one(view, "[data-leads]") as HTMLElement;
  empty(list);
  for (const [public_id, own] of keys) {
    const item = made(view, "[data-lead]", { name: nameOf(desk, public_id), fingerprint: fingerprint(own) });
    const box = one(item, "input") as HTMLInputElement;
    box.value = public_id;
    box.checked = public_id === seat || before.includes(public_id);
    box.disabled = public_id === seat;
    list.append(item);
  }
  press(host, one(view, "[data-lock-to]"), async () => {
    const chosen = (all(list, "input") as HTMLInputElement[]).filter((box) => box.checked);
    await then(chosen.map((box) => box.value));
  });
  press(host, one(view, "[data-back]"), back);
}
