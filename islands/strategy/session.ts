/** What a lead has in hand once unlocked, and how one strategy is opened, sealed and kept. */

import type { Json } from "../lib/canonical.ts";
import { openText, sealTo, sign } from "../lib/leads/keyring.ts";
import type { PublicKeys } from "../lib/leads/statements.ts";
import type { KeyEntry } from "../lib/leads/trust.ts";
import type { Lead } from "../lib/leads/unlock.ts";
import { leadName, words } from "../lib/leads/views.ts";
import { save } from "../lib/page.ts";
import { type Doc, type Opened, plaintext, read, recipients, statement } from "./core.ts";

/** That a lead asked to destroy it; `alone_from` and `now` where they are the last lead in it. */
export interface Ending {
  readonly by: string;
  readonly on: string;
  readonly alone_from: string | null;
  readonly now: boolean;
}

/** Where a strategy stands, as the server tells it. */
export interface State {
  readonly id: string;
  readonly version: number;
  readonly members: readonly string[];
  readonly writer: string | null;
  readonly asked: string | null;
  readonly kept: number;
  readonly ending: Ending | null;
}

/** What the list holds. */
export interface Listing {
  readonly keys: readonly KeyEntry[];
  readonly able: readonly string[];
  readonly strategies: readonly { readonly id: string; readonly version: number; readonly saved_on: string }[];
}

/** A version beside, sealed. */
export interface Side {
  readonly id: string;
  readonly kept_on: string;
  readonly sealed: string;
}

/** What became of a save. */
export interface Saved {
  readonly version: number;
  readonly beside: string | null;
}

/** Everything that the views of the page share. */
export interface Session extends Lead {
  readonly today: string;
  /** Keys in force, judged on this device, of leads who sit today. */
  readonly keys: ReadonlyMap<string, PublicKeys>;
  readonly signers: ReadonlyMap<string, ReadonlySet<string>>;
  readonly toList: () => Promise<void>;
}

/** Why a strategy is not shown. */
export type Unopened = "unreadable" | "unsigned" | "older";

/** Open sealed bytes as a version of a strategy. */
export async function open(session: Session, id: string, sealed: string): Promise<Opened | Unopened> {
  const text = await openText(session.keyring.identity, sealed).catch(() => null);
  if (text === null) return "unreadable";
  return read(text, id, session.server.origin, session.signers) ?? "unsigned";
}

const newest = new Map<string, number>(); // of each strategy, the newest version that this page had

/** Know that the page had this version of a strategy. */
export function had(id: string, version: number): void {
  newest.set(id, Math.max(version, newest.get(id) ?? 0));
}

/** Fetch a strategy and open it: the version that the server speaks of, signed, and never one older than this page had. */
export async function fetchOne(session: Session, id: string): Promise<{ state: State; opened: Opened | Unopened }> {
  const state = await session.server.get<State & { sealed: string }>(`strategies/${id}`);
  const opened = await open(session, id, state.sealed);
  if (typeof opened === "string") return { state, opened };
  if (opened.version !== state.version) return { state, opened: "unsigned" };
  if (opened.version < (newest.get(id) ?? 0)) return { state, opened: "older" };
  had(id, opened.version);
  return { state, opened };
}

/** Say why a strategy that was fetched is not shown. */
export function whyUnopened({ host }: Session, why: Unopened): string {
  return words(host, why === "older" ? "older" : "forged");
}

/** Sign and seal a version to those of these leads whose keys are good; null where it is too long. */
export async function seal(
  session: Session,
  id: string,
  version: number,
  members: readonly string[],
  doc: Doc,
): Promise<string | null> {
  const { origin, seat } = session.server;
  const ordered = [...members].sort();
  const value = doc as unknown as Json;
  const signature = sign(session.keyring, statement(origin, id, version, seat, ordered, value));
  const text = plaintext(id, version, seat, ordered, value, signature);
  if (!text) return null;
  return sealTo(recipients(ordered, session.keys), text);
}

/** Say what a lead is called. */
export function nameOf({ host, server }: Session, who: string): string {
  if (who === server.seat) return words(host, "you");
  return leadName(host, who);
}

/** Say what several leads are called. */
export function namesOf(session: Session, members: readonly string[]): string {
  const { seat } = session.server;
  const list = new Intl.ListFormat(document.documentElement.lang || undefined);
  const ordered = [...members].sort((one, other) => Number(other === seat) - Number(one === seat));
  const apart = (name: string) => (document.documentElement.dir === "rtl" ? `\u2068${name}\u2069` : name);
  return list.format(ordered.map((who) => apart(nameOf(session, who))));
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

/** Save words or bytes as a file on the lead's device. */
export function download(name: string, content: BlobPart, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  save(address, name);
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
