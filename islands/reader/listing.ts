/** The list of opened voices that two leads sign: proposed by one, checked against what this reader opened by the other. */

import { empty, one, show } from "../lib/page.ts";
import { sign } from "./keyring.ts";
import { done, made, press, showWhen, words } from "./page.ts";
import type { Reading } from "./reading.ts";
import { openedStatement } from "./statements.ts";

interface Proposed {
  readonly id: number;
  readonly seat: string;
  readonly marks: readonly string[];
  readonly not_opened: number;
}

/** Show the lists that wait, and let the lead propose one. */
export async function showListing(reading: Reading): Promise<void> {
  const { view, hand, frame } = reading;
  const at = `engagements/${frame.slug}/opened`;
  draw(reading, (await hand.server.get<{ waiting: Proposed[] }>(at)).waiting);
  const own = ownList(reading);
  show(one(view, "[data-too-few]"), own.marks.length < frame.k);
  if (own.marks.length < frame.k) return;
  press(hand.host, one(view, "[data-propose]"), async () => {
    const body = { ...own, signature: signature(reading, own.marks, own.not_opened) };
    draw(reading, (await hand.server.post<{ waiting: Proposed[] }>(at, body)).waiting);
    done(hand.host, words(hand.host, "proposed"));
  });
}

/** Give the published seal marks that were opened here, sorted, and how many published ones were not. */
function ownList({ opened, frame }: Reading): { marks: string[]; not_opened: number } {
  const good = new Set(opened.map((voice) => voice.mark));
  const marks = frame.published.filter((mark) => good.has(mark)).sort();
  return { marks, not_opened: frame.published.length - marks.length };
}

function signature({ hand, frame }: Reading, marks: readonly string[], notOpened: number): string {
  return sign(hand.keyring, openedStatement(hand.server.origin, frame.promise, marks, notOpened));
}

function draw(reading: Reading, waiting: readonly Proposed[]): void {
  const { view, hand, frame, opened } = reading;
  const good = new Set(opened.map((voice) => voice.mark));
  const list = one(view, "[data-lists]") as HTMLElement;
  empty(list);
  for (const proposed of waiting) {
    const item = made(view, "[data-list]", { seat: proposed.seat, count: String(proposed.marks.length) });
    const differs = proposed.marks.some((mark) => !good.has(mark));
    showWhen(item, proposed.seat === hand.server.seat ? "own" : differs ? "differs" : "sign");
    list.append(item);
    if (proposed.seat === hand.server.seat || differs) continue;
    press(hand.host, one(item, "[data-sign]"), async () => {
      const signed = signature(reading, proposed.marks, proposed.not_opened);
      await hand.server.post(`engagements/${frame.slug}/opened/${proposed.id}`, { signature: signed });
      draw(
        reading,
        waiting.filter((other) => other.id !== proposed.id),
      );
      done(hand.host, words(hand.host, "signed"));
    });
  }
}
