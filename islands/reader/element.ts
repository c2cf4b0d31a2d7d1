/** The leads' reader and keyring. README.md says what HTML they expect. */

import { unlocking } from "../lib/leads/unlock.ts";
import { done, fill, leadName, press, words } from "../lib/leads/views.ts";
import { attribute, everyElement, one, show, warn } from "../lib/page.ts";
import { goOn, headingOf, showDesk, standAt, TO_SHARE, WAITING } from "./desk.ts";
import { defineKeyring } from "./making.ts";
import { showReading } from "./reading.ts";
import type { Session } from "./session.ts";

const NO_TOKEN = 401;
/** Where a lead comes to vouch for the key of one place, or to share keys with it. */
const CAME = /^#(vouch|share)-(seat-[0-9a-z]+)$/;

defineKeyring();

everyElement("lead-reader", (host) => {
  const [, came, whose = ""] = location.hash.match(CAME) ?? [];
  fill(host, { whose: leadName(host, whose) });
  show(one(host, `[data-came=${came}]`), came !== undefined);
  unlocking(host, { status: NO_TOKEN, words: words(host, "lapsed") }, async (lead) => {
    const session: Session = {
      ...lead,
      wanted: attribute(host, "engagement"),
      sharing: came === "share" ? whose : "",
      keys: new Map(),
      past: [],
      papers: undefined,
      toLock: new Set(),
      written: new Map(),
      saves: [],
      read: async (engagement) => {
        session.wanted = engagement.slug;
        standAt(session);
        await showReading(session, engagement);
      },
    };
    addEventListener("beforeunload", (event) => {
      if (session.written.size > 0 || session.saves.some(({ isDue }) => isDue)) warn(event);
    });
    press(host, one(host, "[data-every]"), async () => {
      session.wanted = session.sharing = "";
      await showDesk(session);
    });
    press(host, one(host, "[data-look-again]"), async () => {
      await showDesk(session);
      done(host, words(host, "looked"));
    });
    const isToVouch = location.hash.startsWith("#vouch"); // for one key, or for any
    const at = isToVouch ? WAITING : session.sharing ? TO_SHARE : headingOf({ slug: session.wanted });
    const { engagements, able } = await showDesk(session, at);
    const wanted = engagements.find(({ slug }) => slug === session.wanted);
    if (wanted) await goOn(session, wanted, able);
  });
});
