/** The leads' reader and keyring. README.md says what HTML they expect. */

import { unlocking } from "../lib/leads/unlock.ts";
import { press, words } from "../lib/leads/views.ts";
import { attribute, everyElement, one, warn } from "../lib/page.ts";
import { goOn, headingOf, showDesk, TO_SHARE, WAITING } from "./desk.ts";
import { defineKeyring } from "./making.ts";
import { showReading } from "./reading.ts";
import type { Session } from "./session.ts";

const NO_TOKEN = 401;
/** Where a lead comes to share keys with one place. */
const SHARING = /^#share-(seat-[0-9a-z]+)$/;

defineKeyring();

everyElement("lead-reader", (host) => {
  unlocking(host, { status: NO_TOKEN, words: words(host, "lapsed") }, async (lead) => {
    const session: Session = {
      ...lead,
      wanted: attribute(host, "engagement"),
      sharing: location.hash.match(SHARING)?.[1] ?? "",
      keys: new Map(),
      past: [],
      papers: undefined,
      toLock: new Set(),
      written: new Map(),
      saves: [],
      read: (engagement) => showReading(session, engagement),
    };
    addEventListener("beforeunload", (event) => {
      if (session.written.size > 0 || session.saves.some(({ isDue }) => isDue)) warn(event);
    });
    press(host, one(host, "[data-every]"), async () => {
      session.wanted = session.sharing = "";
      await showDesk(session);
    });
    const at = location.hash === "#vouch" ? WAITING : session.sharing ? TO_SHARE : headingOf({ slug: session.wanted });
    const { engagements, able } = await showDesk(session, at);
    const wanted = engagements.find(({ slug }) => slug === session.wanted);
    if (wanted) await goOn(session, wanted, able);
  });
});
