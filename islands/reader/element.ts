/** The leads' reader and keyring. README.md says what HTML they expect. */

import { unlocking } from "../lib/leads/unlock.ts";
import { words } from "../lib/leads/views.ts";
import { attribute, everyElement, warn } from "../lib/page.ts";
import { showDesk } from "./desk.ts";
import { defineKeyring } from "./making.ts";
import { showReading } from "./reading.ts";
import type { Session } from "./session.ts";

const NO_TOKEN = 401;

defineKeyring();

everyElement("lead-reader", (host) => {
  unlocking(host, { status: NO_TOKEN, words: words(host, "lapsed") }, async (lead) => {
    const session: Session = {
      ...lead,
      wanted: attribute(host, "engagement"),
      written: new Map(),
      saves: [],
      read: (engagement) => showReading(session, engagement),
    };
    addEventListener("beforeunload", (event) => {
      if (session.written.size > 0 || session.saves.some(({ isDue }) => isDue)) warn(event);
    });
    const { engagements } = await showDesk(session);
    const wanted = engagements.find(({ slug }) => slug === session.wanted);
    if (wanted?.promise != null && wanted.recipient && wanted.holders.includes(lead.server.seat))
      await session.read(wanted);
  });
});
