/** Where people stand on the power map: how much they can move, and whether they are for or against. */

import type { Doc } from "./core.ts";

/** Someone on the map, numbered as in the table. */
export interface Actor {
  readonly number: number;
  readonly who: string;
  readonly role: string;
  readonly influence: number;
  readonly position: number;
}

/** An actor with a place, in units of the drawing. */
export interface Pin extends Actor {
  readonly x: number;
  readonly y: number;
}

export const WIDTH = 360;
export const HEIGHT = 300;
export const RADIUS = 11;
const STEPS = 5; // columns from strongly against to strongly for; bands from little influence to much
const ACROSS = 3; // pins side by side in one field

/** List who is on the map: targets first, then groups; without a name nobody is. */
export function actors(doc: Doc): Actor[] {
  const found = [
    ...doc.rows.targets.map((one) => ({ who: one.office as string, role: "target", ...placed(one) })),
    ...doc.rows.groups.map((one) => ({ who: one.who as string, role: one.role || "ally", ...placed(one) })),
  ];
  return found.filter(({ who }) => who.trim() !== "").map((one, place) => ({ number: place + 1, ...one }));
}

function placed(row: { readonly [field: string]: string }): { influence: number; position: number } {
  return { influence: within(row.influence, 1, STEPS, 3), position: within(row.position, -2, 2, 0) };
}

function within(text: string | undefined, low: number, high: number, otherwise: number): number {
  const value = /^-?\d$/.test(text ?? "") ? Number(text) : otherwise;
  return Math.min(high, Math.max(low, value));
}

/** Give every actor a place of its own. Those who stand in one field stand side by side; a full field packs closer. */
export function pins(found: readonly Actor[], rightToLeft = false): Pin[] {
  const fields = new Map<string, Actor[]>();
  for (const one of found) {
    const field = `${one.influence} ${one.position}`;
    fields.set(field, [...(fields.get(field) ?? []), one]);
  }
  return found.map((one) => {
    const together = fields.get(`${one.influence} ${one.position}`) as Actor[];
    const [dx, dy] = spot(together.indexOf(one), together.length);
    const x = ((one.position + 2 + 0.5) * WIDTH) / STEPS + dx;
    const y = ((STEPS - one.influence + 0.5) * HEIGHT) / STEPS + dy;
    return { ...one, x: rightToLeft ? WIDTH - x : x, y };
  });
}

/** Give the place of one among many in a field, from its middle. */
function spot(place: number, count: number): [number, number] {
  const across = Math.min(count, ACROSS);
  const lines = Math.ceil(count / ACROSS);
  const [line, at] = [Math.floor(place / ACROSS), place % ACROSS];
  const inLine = line === lines - 1 ? count - line * ACROSS : across;
  const down = Math.min(2 * RADIUS + 2, (HEIGHT / STEPS - 2 * RADIUS) / Math.max(1, lines - 1));
  return [(at - (inLine - 1) / 2) * (2 * RADIUS + 1), (line - (lines - 1) / 2) * down];
}
