/** What a tab holds of a lead's key that stays open there, and how the site is asked for what opens it. */

import { attribute } from "../page.ts";
import { keepInTab, keptInTab, OPEN } from "../tab.ts";

/** A site that says nothing for so long (milliseconds) is not waited for. */
const PATIENCE = 5000;

/** What the tab holds: a keyring, locked, whose it is, the file of it that the page had, the sign-in, where and with which form token the site is asked for what opens it, and until when by this device's clock. */
export interface Held {
  readonly origin: string;
  readonly seat: string;
  readonly recipient: string;
  readonly file: string;
  readonly sealed: string;
  readonly session: string;
  readonly tab: string;
  readonly token: string;
  readonly until: number;
}

/** Give what this tab holds; null, and it is forgotten, where it is over or of another sign-in than the one that `place` names. */
export function heldAt(place: Element): Held | null {
  try {
    const held = JSON.parse(keptInTab(OPEN)) as Held;
    if (held.session === attribute(place, "data-session") && held.until > Date.now()) return held;
  } catch (_) {
    // Nothing, or nothing that can be read.
  }
  keepInTab(OPEN, "");
  return null;
}

/** Lock the key in this tab: what it holds goes at once, and what opens it if the site can be reached. */
export function lockAt(place: Element): void {
  keepInTab(OPEN, "");
  void askTab(place, "lock").catch(() => null);
}

/** Say until when the key is open, as the language of the page writes a time. */
export function timeOf({ until }: Held): string {
  return new Date(until).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
}

/** Ask the site for what opens the key in this tab: `keep`, `again` or `lock`; empty where it gives nothing. Throws where it does not answer. */
export async function askTab(place: Element, does: string): Promise<{ half?: string; seconds: number }> {
  const body = new URLSearchParams({ csrfmiddlewaretoken: attribute(place, "data-token"), does });
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  const asked = { method: "POST", body, keepalive: true, signal: patience.signal };
  const reply = await fetch(attribute(place, "data-tab"), asked);
  clearTimeout(timer);
  return reply.ok && !reply.redirected ? reply.json() : { seconds: 0 };
}
