/** Keeps a lead's key open in this tab for a while. The tab holds it locked; what opens it the site gives back for 20 minutes, and to the same sign-in alone. */

import { fromBase64 } from "../bytes.ts";
import { all, attribute, one, show } from "../page.ts";
import { keepInTab, keptInTab, OPEN } from "../tab.ts";
import { lockToDevice, openWithDevice } from "./device.ts";
import { askTab, type Held, heldAt, lockAt, timeOf } from "./held.ts";
import { publicKeys } from "./keyring.ts";
import { Refused } from "./server.ts";
import type { Opened } from "./setup.ts";
import { field, fill, press, words } from "./views.ts";

/** Keep a keyring open in this tab where the lead wishes it. What cannot be kept is typed again next time. */
export async function stay(host: HTMLElement, { keyring, seat }: Opened): Promise<void> {
  if (!field(host, "[data-stay] input").checked) return;
  const given = await ask(host, "keep").catch(() => null);
  if (!given) return;
  const [origin, { recipient }] = [attribute(host, "origin"), await publicKeys(keyring)];
  const sealed = lockToDevice(keyring, given.half, { origin, seat, recipient });
  given.half.fill(0);
  const until = Date.now() + given.seconds * 1000;
  const [file, session] = [fileOf(host, seat), attribute(placeIn(host), "data-session")];
  const [tab, token] = [attribute(placeIn(host), "data-tab"), attribute(placeIn(host), "data-token")];
  keepInTab(OPEN, JSON.stringify({ origin, seat, recipient, file, sealed, session, tab, token, until } satisfies Held));
}

/** Let a lead whose key is open in this tab go on with one press, in place of the six words; these come back where that leads nowhere. */
export function offerTab(host: HTMLElement, then: (opened: Opened) => Promise<void>): void {
  const byTab = one(host, "[data-by-tab]");
  const showWords = (isShown: boolean): void => {
    for (const place of all(host, "[data-by-words]")) show(place, isShown);
  };
  let timer = 0;
  const draw = (): void => {
    clearTimeout(timer);
    const held = heldFor(host);
    show(byTab, held !== null);
    showWords(held === null);
    if (!held) return;
    timer = window.setTimeout(draw, held.until - Date.now() + 1);
    fill(host, { "open-until": timeOf(held) });
  };
  const closed = (): void => {
    keepInTab(OPEN, "");
    draw();
  };
  addEventListener("pageshow", ({ persisted }) => persisted && draw()); // Back to a page from before it was locked
  draw();
  press(host, one(host, "[data-open-tab]"), async () => {
    const held = heldFor(host);
    const given = held && (await ask(host, "again"));
    const keyring = held && given && openWithDevice(held.sealed, given.half, held);
    given?.half.fill(0);
    if (!keyring) {
      closed();
      throw new Refused(words(host, "tab-over"), 0);
    }
    await then({ keyring, seat: held.seat }).finally(() => showWords(true));
  });
  press(host, one(host, "[data-lock-tab]"), async () => {
    lockTab(host);
    closed();
  });
}

/** Lock the key in this tab, where it is open there. */
export function lockTab(host: HTMLElement): void {
  if (keptInTab(OPEN)) lockAt(placeIn(host));
}

/** Give what the tab holds of a key that this page could open by its words, too; null where it is over, of another time or site. */
function heldFor(host: HTMLElement): Held | null {
  const held = heldAt(placeIn(host));
  return held && held.origin === attribute(host, "origin") && held.file === fileOf(host, held.seat) ? held : null;
}

/** Give the file of a seat's keyring that the page has. */
function fileOf(host: HTMLElement, seat: string): string {
  return attribute(host, "keyring").split(" ")[attribute(host, "seat").split(" ").indexOf(seat)] ?? "";
}

/** Give the place that says where the site is asked, and of which sign-in the page is. */
function placeIn(host: HTMLElement): HTMLElement {
  return one(host, "[data-typing]") as HTMLElement;
}

/** Ask the site for what opens the key in this tab; null where it gives nothing. Throws Refused where it does not answer. */
async function ask(host: HTMLElement, does: string): Promise<{ half: Uint8Array; seconds: number } | null> {
  const { half, seconds } = await askTab(placeIn(host), does).catch(() => {
    throw new Refused("", 0);
  });
  return half ? { half: fromBase64(half), seconds } : null;
}
