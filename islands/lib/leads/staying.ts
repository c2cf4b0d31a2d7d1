/** Keeps a lead's key open in this tab for a while. The tab holds it locked; what opens it the site gives back for 20 minutes, and to the same sign-in alone. */

import { fromBase64 } from "../bytes.ts";
import { attribute, one, show } from "../page.ts";
import { keepInTab, keptInTab, OPEN } from "../tab.ts";
import { lockToDevice, openWithDevice } from "./device.ts";
import { publicKeys } from "./keyring.ts";
import { Refused } from "./server.ts";
import type { Opened } from "./setup.ts";
import { field, fill, press, words } from "./views.ts";

/** What the tab holds: a keyring, locked, whose it is, and until when (milliseconds). */
interface Held {
  readonly seat: string;
  readonly recipient: string;
  readonly sealed: string;
  readonly until: number;
}

/** Keep a keyring open in this tab where the lead wishes it. What cannot be kept is typed again next time. */
export async function stay(host: HTMLElement, { keyring, seat }: Opened): Promise<void> {
  if (!field(host, "[data-stay] input").checked) return;
  const given = await ask(host, "keep");
  if (!given) return;
  const { recipient } = await publicKeys(keyring);
  const sealed = lockToDevice(keyring, given.half, { origin: attribute(host, "origin"), seat, recipient });
  given.half.fill(0);
  keepInTab(OPEN, JSON.stringify({ seat, recipient, sealed, until: given.until } satisfies Held));
}

/** Let a lead whose key is open in this tab go on with one press, in place of the six words. */
export function offerTab(host: HTMLElement, seats: readonly string[], then: (opened: Opened) => Promise<void>): void {
  const held = JSON.parse(keptInTab(OPEN) || "null") as Held | null;
  const isOpen = held !== null && held.until > Date.now() && seats.includes(held.seat);
  show(one(host, "[data-by-tab]"), isOpen);
  show(one(host, "[data-by-words]"), !isOpen);
  if (held === null || !isOpen) {
    keepInTab(OPEN, "");
    return;
  }
  const closed = (): void => {
    keepInTab(OPEN, "");
    show(one(host, "[data-by-tab]"), false);
    show(one(host, "[data-by-words]"), true);
  };
  setTimeout(closed, held.until - Date.now());
  const language = document.documentElement.lang;
  fill(host, { "open-until": new Date(held.until).toLocaleTimeString(language, { timeStyle: "short" }) });
  press(host, one(host, "[data-open-tab]"), async () => {
    const given = await ask(host, "again");
    const keyring = given && openWithDevice(held.sealed, given.half, { ...held, origin: attribute(host, "origin") });
    given?.half.fill(0);
    if (!keyring) {
      closed();
      throw new Refused(words(host, "tab-over"), 0);
    }
    await then({ keyring, seat: held.seat });
  });
  press(host, one(host, "[data-lock-tab]"), async () => {
    lockTab(host);
    closed();
  });
}

/** Lock the key in this tab: what it holds goes at once, and what opens it as soon as the site can be reached. */
export function lockTab(host: HTMLElement): void {
  if (!keptInTab(OPEN)) return;
  keepInTab(OPEN, "");
  void ask(host, "lock");
}

/** Ask the site for what opens the key in this tab; null where it gives nothing. */
async function ask(host: HTMLElement, does: string): Promise<{ half: Uint8Array; until: number } | null> {
  const typing = one(host, "[data-typing]") as HTMLElement;
  const body = new URLSearchParams({ csrfmiddlewaretoken: attribute(typing, "data-token"), does });
  try {
    const reply = await fetch(attribute(typing, "data-tab"), { method: "POST", body, keepalive: true });
    const given = reply.ok && !reply.redirected ? await reply.json() : {};
    return given.half ? { half: fromBase64(given.half), until: Date.parse(given.until) } : null;
  } catch (_) {
    return null;
  }
}
