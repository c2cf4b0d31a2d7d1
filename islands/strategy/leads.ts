/** Choose who is in a strategy: only leads whose key two leads vouched for, as this device checked. */

import { listLeads } from "../lib/leads/choice.ts";
import { press, renewed, showWhen } from "../lib/leads/views.ts";
import { one } from "../lib/page.ts";
import { nameOf, type Session } from "./session.ts";

/** Show the choice; `then` is called with the seats chosen, `back` where the lead thinks better of it. */
export function chooseLeads(
  session: Session,
  what: "new" | "change",
  before: readonly string[],
  then: (members: string[]) => Promise<void>,
  back: () => Promise<void>,
): void {
  const { host, keys, server } = session;
  const view = renewed(host, "leads");
  showWhen(view, what);
  const chosen = listLeads(view, server.origin, keys, {
    name: (seat) => nameOf(session, seat),
    isChosen: (seat) => seat === server.seat || before.includes(seat),
    isFixed: (seat) => seat === server.seat,
  });
  press(host, one(view, "[data-lock-to]"), () => then(chosen()));
  press(host, one(view, "[data-back]"), back);
}
