/** What a lead has in hand once unlocked, and how one strategy is opened, sealed and kept. */

import { base64 } from "../lib/bytes.ts";
import type { Json } from "../lib/canonical.ts";
import { all, one, show } from "../lib/page.ts";
import { fromBase64, type Keyring, openText, sealTo, sign } from "../reader/keyring.ts";
import { turnTo, words } from "../reader/page.ts";
import type { PublicKeys } from "../reader/statements.ts";
import { type Doc, type Opened, plaintext, read, recipients, signKeys, statement } from "./core.ts";
import type { Doors, Listing, State } from "./server.ts";

/** Everything that the views of the page share. */
export interface Desk {
  readonly host: HTMLElement;
  readonly doors: Doors;
  readonly keyring: Keyring;
  readonly seat: string;
  readonly origin: string;
  readonly today: string;
  /** Keys in force, judged on this device, of leads who sit today. */
  readonly keys: ReadonlyMap<string, PublicKeys>;
  readonly signers: ReadonlyMap<string, ReadonlySet<string>>;
  readonly toList: () => Promise<void>;
}

/** Why a strategy is not shown. */
export type Unopened = "unreadable" | "unsigned";

/** Say which keys ever signed for whom. */
export function signersOf(listing: Listing, origin: string): Map<string, Set<string>> {
  return signKeys(listing.keys, origin);
}

/** Open sealed bytes as a version of a strategy. */
export async function open(desk: Desk, id: string, sealed: string): Promise<Opened | Unopened> {
  const text = await openText(desk.keyring.identity, fromBase64(sealed)).catch(() => null);
  if (text === null) return "unreadable";
  return read(text, id, desk.origin, desk.signers) ?? "unsigned";
}

/** Fetch a strategy and open it. The version that was signed must be the one the server speaks of. */
export async function fetchOne(desk: Desk, id: string): Promise<{ state: State; opened: Opened | Unopened }> {
  const found = await desk.doors.get<State & { sealed: string }>(`/${id}`);
  const opened = await open(desk, id, found.sealed);
  const fits = typeof opened === "string" || opened.version === found.version;
  return { state: found, opened: fits ? opened : "unsigned" };
}

/** Sign and seal a version to those of these leads whose keys are good; null where it is too long. */
export async function seal(
  desk: Desk,
  id: string,
  version: number,
  members: readonly string[],
  doc: Doc,
): Promise<string | null> {
  const ordered = [...members].sort();
  const value = doc as unknown as Json;
  const signature = sign(desk.keyring, statement(desk.origin, id, version, desk.seat, ordered, value));
  const text = plaintext(id, version, desk.seat, ordered, value, signature);
  if (!text) return null;
  return base64(await sealTo(recipients(ordered, desk.keys), text));
}

/** Say what a lead is called. */
export function nameOf({ host, seat }: Pick<Desk, "host" | "seat">, who: string): string {
  if (who === seat) return words(host, "you");
  const list = one(host, "template[data-names]") as HTMLTemplateElement;
  const found = all(list.content, "[data-seat]").find((name) => name.dataset.seat === who);
  return found?.textContent ?? who;
}

/** Say what several leads are called. */
export function namesOf(desk: Pick<Desk, "host" | "seat">, members: readonly string[]): string {
  const list = new Intl.ListFormat(document.documentElement.lang || undefined);
  const ordered = [...members].sort((one, other) => Number(other === desk.seat) - Number(one === desk.seat));
  const apart = (name: string) => (document.documentElement.dir === "rtl" ? `\u2068${name}\u2069` : name);
  return list.format(ordered.map((who) => apart(nameOf(desk, who))));
}

/** Write a day in the language of the page. */
export function dayOf(iso: string): string {
  const day = new Date(`${iso}T12:00:00Z`);
  if (Number.isNaN(day.getTime())) return iso;
  return new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
    dateStyle: "long",
    timeZone: "UTC",
  }).format(day);
}

/** Turn to a view as the page sent it: nothing of another strategy is left in it, and no button does two things. */
const clean = new WeakMap<HTMLElement, Map<string, Node>>();
export function renewed(host: HTMLElement, name: string): HTMLElement {
  const kept = clean.get(host) ?? new Map<string, Node>();
  clean.set(host, kept);
  const view = one(host, `[data-view="${name}"]`) as HTMLElement;
  if (!kept.has(name)) kept.set(name, view.cloneNode(true));
  const copy = (kept.get(name) as Node).cloneNode(true) as HTMLElement;
  view.replaceWith(copy);
  show(copy, true);
  return turnTo(host, name);
}

/** Save a file on the lead's device. */
export function download(name: string, content: BlobPart, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
