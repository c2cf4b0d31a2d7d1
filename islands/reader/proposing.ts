/** What one lead proposes, sealed to the leads, and a second one reads and confirms: what all such sections of the reader do alike. */

import { openAs, sealNote } from "../lib/leads/keyring.ts";
import { doneAt, press, words } from "../lib/leads/views.ts";
import { one, show } from "../lib/page.ts";
import type { Reading } from "./session.ts";

/** What waits for a second lead. */
export interface Waiting {
  readonly id: string;
  readonly sealed: string;
  readonly seat: string;
  readonly yours: boolean;
  readonly may_drop: boolean;
}

/** A section of the reader: where its list stands, its door, and how it is drawn of what the server tells. */
export interface Section<T> {
  readonly reading: Reading;
  readonly within: HTMLElement;
  readonly list: string;
  readonly door: string;
  draw(told: T): Promise<void>;
}

/** Open what waits, in its order; null where it does not open, or has not the shape. */
export function openWaiting<N>(
  { identity }: Reading,
  waiting: readonly Waiting[],
  fits: (note: N) => boolean,
): Promise<(N | null)[]> {
  return Promise.all(waiting.map(({ sealed }) => openAs(identity, sealed, fits)));
}

/** Draw what waits; where another lead waits for this one, the section opens. */
export function showWaiting<T>(section: Section<T>, waiting: readonly Waiting[], rows: HTMLElement[]): void {
  const { reading, within, list } = section;
  one(within, list)?.replaceChildren(...rows);
  const isForYou = waiting.some(({ yours }) => !yours);
  show(one(reading.view, `[data-waits=${within.id}]`), isForYou);
  if (isForYou) (within as HTMLDetailsElement).open = true;
}

/** Draw it as the server tells it, and say what was done where the list stands. */
export async function drawAgain<T>(section: Section<T>, told: T, said = ""): Promise<void> {
  const { reading, within, list } = section;
  const { host } = reading.session;
  await section.draw(told);
  if (said) doneAt(host, one(within, list) ?? within, words(host, said));
}

/** Send what is made when a button is pressed to the door of something that waits, and draw all again. */
export function pressFor<T>(
  section: Section<T>,
  button: HTMLElement | null,
  path: string,
  made: () => Promise<object>,
  said = "",
): void {
  const { host, server } = section.reading.session;
  press(host, button, async () => {
    await server.post(`${section.door}/${path}`, await made());
    await drawAgain(section, await server.get<T>(section.door), said);
  });
}

/** Seal what a lead proposes to the leads, and draw all again. */
export async function propose<T>(section: Section<T>, note: object, digest: string, said: string): Promise<void> {
  const { engagement, session } = section.reading;
  const sealed = await sealNote(engagement.recipient as string, note);
  await drawAgain(section, await session.server.post<T>(section.door, { sealed, digest }), said);
}
