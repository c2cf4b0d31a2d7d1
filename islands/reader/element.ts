/** The leads' reader and keyring. README.md says what HTML they expect. */

import { everyElement, one, show } from "../lib/page.ts";
import { showDesk } from "./desk.ts";
import { openAny } from "./keyring.ts";
import { defineKeyring } from "./making.ts";
import { enter, field, press, problem, warn, words } from "./page.ts";
import { showReading } from "./reading.ts";
import { Server } from "./server.ts";
import type { Engagement, Session } from "./session.ts";

defineKeyring();

everyElement("lead-reader", (host) => {
  const attribute = (name: string): string => host.getAttribute(name) ?? "";
  enter(one(host, "[data-passphrase]"), one(host, "[data-unlock]"));
  press(host, one(host, "[data-unlock]"), async () => {
    // Without a safe origin a browser gives no X25519, and every voice would look unreadable.
    if (!isSecureContext) return problem(host, words(host, "insecure"));
    const typed = field(host, "[data-passphrase]");
    show(one(host, "[data-unlocking]"), true);
    await new Promise((drawn) => setTimeout(drawn, 50));
    const opened = await openAny(attribute("keyring").split(" "), attribute("seat").split(" "), typed.value);
    show(one(host, "[data-unlocking]"), false);
    if (!opened) return problem(host, words(host, "wrong-words"));
    typed.value = "";
    const { keyring, seat } = opened;
    const server = new Server(attribute("api"), seat, attribute("origin"));
    await server.signIn(keyring);
    const read = async (one: Engagement): Promise<void> => showReading(session, one);
    const session: Session = { host, server, keyring, read, wanted: attribute("engagement"), written: new Map() };
    addEventListener("beforeunload", (event) => {
      if (session.written.size > 0) warn(event);
    });
    press(host, one(host, "[data-view=choosing] [data-to-desk]"), async () => void (await showDesk(session)));
    press(host, one(host, "[data-lock]"), async () => location.reload());
    const desk = await showDesk(session);
    const wanted = desk.engagements.find((engagement) => engagement.slug === session.wanted);
    if (wanted?.promise != null && wanted.holders.includes(server.seat)) await session.read(wanted);
  });
});
