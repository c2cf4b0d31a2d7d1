/** The list of opened voices that two leads sign: proposed by one, checked against what this reader opened by the other. */

import { hash } from "@stablelib/sha256";
import { hex, utf8 } from "../lib/bytes.ts";
import type { Meant } from "../lib/leads/acts.ts";
import { done, leadName, made, press, showWhen, words } from "../lib/leads/views.ts";
import { one, show } from "../lib/page.ts";
import { type Signatures, signAct, signatures, upon } from "./acting.ts";
import type { Reading } from "./session.ts";

interface Lists {
  readonly waiting: readonly Proposed[];
  /** So many seal marks stand in one entry. */
  readonly most: number;
}

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
  const told = await session.server.get<Lists>(at);
  draw(reading, told);
  const own = ownList(reading);
  show(one(view, "[data-too-few]"), own.marks.length < frame.k);
  if (own.marks.length < frame.k) return;
  press(session.host, one(view, "[data-propose]"), async () => {
    const body = { ...own, act: await signed(reading, own.marks, told.most) };
    draw(reading, await session.server.post<Lists>(at, body));
    done(session.host, words(session.host, "proposed"));
  });
}

/** Give the published seal marks that were opened here, sorted, and how many published ones were not. */
function ownList({ opened, frame }: Reading): { marks: string[]; not_opened: number } {
  const good = new Set(opened.map((voice) => voice.mark));
  const marks = frame.published.filter((mark) => good.has(mark)).sort();
  return { marks, not_opened: frame.published.length - marks.length };
}

/** Sign a list of voices that were opened, as it goes on the public log: in parts, where they are many. */
async function signed({ session, frame }: Reading, marks: readonly string[], most: number): Promise<Signatures> {
  const count = Math.ceil(marks.length / most);
  const meant = Array.from({ length: count }, (_, place): Meant => {
    const part = marks.slice(place * most, (place + 1) * most);
    const cites = { engagement: [frame.promise] };
    return { kind: "voices.opened", data: { marks: part, part: place + 1 }, cites, texts: {} };
  });
  const about = hex(hash(utf8([String(frame.promise), ...marks].join("\n"))));
  return signatures(session, await signAct(session, upon(frame), about, meant));
}

function draw(reading: Reading, { waiting, most }: Lists): void {
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
      const act = await signed(reading, own.marks, most);
      await session.server.post(`engagements/${frame.slug}/opened/${proposed.id}`, { act });
      draw(reading, { waiting: waiting.filter((other) => other.id !== proposed.id), most });
      done(session.host, words(session.host, "signed"));
    });
    return item;
  });
  one(view, "[data-lists]")?.replaceChildren(...list);
  const telling = one(view, "[data-telling]") as HTMLDetailsElement;
  telling.open ||= waiting.some(({ seat }) => seat !== session.server.seat);
}
