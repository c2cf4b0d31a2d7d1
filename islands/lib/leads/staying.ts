/** Keeps a lead's key open in this tab for a while. The tab holds it locked; what opens it the site gives back for 20 minutes, and to the same sign-in alone. */

import { fromBase64 } from "../bytes.ts";
import { attribute, one, show } from "../page.ts";
import { keepInTab, keptInTab, OPEN } from "../tab.ts";
import { lockToDevice, openWithDevice } from "./device.ts";
import { publicKeys } from "./keyring.ts";
import { Refused } from "./server.ts";
import type { Opened } from "./setup.ts";
import { field, fill, press, words } from "./views.ts";

/** A site that says nothing for so long (milliseconds) is not waited for: the words were right. */
const PATIENCE = 5000;

/** What the tab holds: a keyring, locked, whose it is, the file of it that the page had, and until when by this device's clock. */
interface Held {
  readonly origin: string;
  readonly seat: string;
  readonly recipient: string;
  readonly file: string;
  readonly sealed: string;
  readonly until: number;
}

/** Keep a keyring open in this tab where the lead wishes it. What cannot be kept is typed again next time. */
export async function stay(host: HTMLElement, { keyring, seat }: Opened): Promise<void> {
  if (!field(host, "[data-stay] input").checked) return;
  const given = await ask(host, "keep").catch(() => null);
  if (!given) return;
  const [origin, { recipient }] = [attribute(host, "origin"), await publicKeys(keyring)];
  const sealed = lockToDevice(keyring, given.half, { origin, seat, recipient });
  given.half.fill(0);
  const until = Date.now() + given.seconds * 1000;
  keepInTab(OPEN, JSON.stringify({ origin, seat, recipient, file: fileOf(host, seat), sealed, until } satisfies Held));
}

/** Let a lead whose key is open in this tab go on with one press, in place of the six words; these come back where that leads nowhere. */
export function offerTab(host: HTMLElement, then: (opened: Opened) => Promise<void>): void {
  const [byTab, byWords] = [one(host, "[data-by-tab]"), one(host, "[data-by-words]")];
  const held = heldFor(host);
  show(byTab, held !== null);
  show(byWords, held === null);
  if (!held) return;
  const closed = (): void => {
    keepInTab(OPEN, "");
    show(byTab, false);
    show(byWords, true);
  };
  setTimeout(() => heldFor(host) || closed(), held.until - Date.now() + 1);
  const language = document.documentElement.lang;
  fill(host, { "open-until": new Date(held.until).toLocaleTimeString(language, { timeStyle: "short" }) });
  press(host, one(host, "[data-open-tab]"), async () => {
    const given = await ask(host, "again");
    const keyring = given && openWithDevice(held.sealed, given.half, held);
    given?.half.fill(0);
    if (!keyring) {
      closed();
      throw new Refused(words(host, "tab-over"), 0);
    }
    await then({ keyring, seat: held.seat }).finally(() => show(byWords, true));
  });
  press(host, one(host, "[data-lock-tab]"), async () => {
    lockTab(host);
    closed();
  });
}

/** Lock the key in this tab: what it holds goes at once, and what opens it if the site can be reached. */
export function lockTab(host: HTMLElement): void {
  if (!keptInTab(OPEN)) return;
  keepInTab(OPEN, "");
  void ask(host, "lock").catch(() => null);
}

/** Give what the tab holds of a key that this page could open by its words, too; null where it is over, of another time or site. */
function heldFor(host: HTMLElement): Held | null {
  try {
    const held = JSON.parse(keptInTab(OPEN)) as Held;
    const isOurs = held.origin === attribute(host, "origin") && held.file === fileOf(host, held.seat);
    return isOurs && held.until > Date.now() ? held : null;
  } catch (_) {
    return null;
  }
}

/** Give the file of a seat's keyring that the page has. */
function fileOf(host: HTMLElement, seat: string): string {
  return attribute(host, "keyring").split(" ")[attribute(host, "seat").split(" ").indexOf(seat)] ?? "";
}

/** Ask the site for what opens the key in this tab; null where it gives nothing. Throws where it does not answer. */
async function ask(host: HTMLElement, does: string): Promise<{ half: Uint8Array; seconds: number } | null> {
  const typing = one(host, "[data-typing]") as HTMLElement;
  const body = new URLSearchParams({ csrfmiddlewaretoken: attribute(typing, "data-token"), does });
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  const asked = { method: "POST", body, keepalive: true, signal: patience.signal };
  const reply = await fetch(attribute(typing, "data-tab"), asked).catch(() => {
    throw new Refused("", 0);
  });
  clearTimeout(timer);
  const given = reply.ok && !reply.redirected ? await reply.json() : {};
  return given.half ? { half: fromBase64(given.half), seconds: given.seconds } : null;
}
