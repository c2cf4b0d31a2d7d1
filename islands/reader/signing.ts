/** The list of opened voices that two leads sign: proposed by one, checked against what this reader opened by the other. */

import { sign } from "../lib/leads/keyring.ts";
import { openedStatement } from "../lib/leads/statements.ts";
import { done, leadName, made, press, showWhen, words } from "../lib/leads/views.ts";
import { one, show } from "../lib/page.ts";
import type { Reading } from "./session.ts";

interface Proposed {
  readonly id: number;
  readonly seat: string;
  readonly marks: readonly string[];
  readonly not_opened: number;
}

/** Show the lists that wait, and let the lead propose one. */
export async function showSigning(reading: Reading): Promise<void> {
  const { view, session, frame } = reading;
  const at = `engagements/${frame.slug}/opened`;
  draw(reading, (await session.server.get<{ waiting: Proposed[] }>(at)).waiting);
  const own = ownList(reading);
  show(one(view, "[data-too-few]"), own.marks.length < frame.k);
  if (own.marks.length < frame.k) return;
  press(session.host, one(view, "[data-propose]"), async () => {
    const body = { ...own, signature: signature(reading, own.marks, own.not_opened) };
    draw(reading, (await session.server.post<{ waiting: Proposed[] }>(at, body)).waiting);
    done(session.host, words(session.host, "proposed"));
  });
}

/** Give the published seal marks that were opened here, sorted, and how many published ones were not. */
function ownList({ opened, frame }: Reading): { marks: string[]; not_opened: number } {
  const good = new Set(opened.map((voice) => voice.mark));
  const marks = frame.published.filter((mark) => good.has(mark)).sort();
  return { marks, not_opened: frame.published.length - marks.length };
}

function signature({ session, frame }: Reading, marks: readonly string[], notOpened: number): string {
  return sign(session.keyring, openedStatement(session.server.origin, frame.promise, marks, notOpened));
}

function draw(reading: Reading, waiting: readonly Proposed[]): void {
  const { view, session, frame } = reading;
  const own = ownList(reading);
  const opened = new Set(own.marks);
  const list = waiting.map((proposed) => {
    const listed = new Set(proposed.marks);
    const more = proposed.marks.filter((mark) => !opened.has(mark)).length;
    const fewer = own.marks.filter((mark) => !listed.has(mark)).length;
    const item = made(view, "[data-list]", {
      seat: leadName(session.host, proposed.seat),
      count: String(proposed.marks.length),
      more: String(more),
      fewer: String(fewer),
    });
    const differs = more + fewer > 0 || proposed.not_opened !== own.not_opened;
    showWhen(item, proposed.seat === session.server.seat ? "own" : differs ? "differs" : "sign");
    if (proposed.seat === session.server.seat || differs) return item;
    press(session.host, one(item, "[data-sign]"), async () => {
      const signed = signature(reading, proposed.marks, proposed.not_opened);
      await session.server.post(`engagements/${frame.slug}/opened/${proposed.id}`, { signature: signed });
      draw(
        reading,
        waiting.filter((other) => other.id !== proposed.id),
      );
      done(session.host, words(session.host, "signed"));
    });
    return item;
  });
  one(view, "[data-lists]")?.replaceChildren(...list);
  const telling = one(view, "[data-telling]") as HTMLDetailsElement;
  telling.open ||= waiting.some(({ seat }) => seat !== session.server.seat);
}
