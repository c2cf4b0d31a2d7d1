/** Finds a voice by its receipt among those that were opened here. The digits stay in the page: nobody is asked, and no address holds them. */

import { hex } from "../lib/bytes.ts";
import { enter, field, fill, press, problem, showWhen, words } from "../lib/leads/views.ts";
import { one } from "../lib/page.ts";
import { parse, readSecret, sealMark, type Typed } from "../lib/receipt/digits.ts";
import type { Listed } from "./session.ts";
import type { OpenedVoice, Reason } from "./voices.ts";

/** Where the voice of a receipt is: opened here; left out of what was opened; on the public log, and not given here; none of these. */
export type Sought =
  | { readonly state: "opened"; readonly voice: OpenedVoice }
  | { readonly state: "left" | "published" | "absent" };

/** What a receipt is looked for in: what was opened, what was left out by its mark, and the marks on the public log. */
export interface Among {
  readonly opened: readonly OpenedVoice[];
  readonly left: ReadonlyMap<string, Reason>;
  readonly published: readonly string[];
}

const ADDRESS = /\S+\/r\s*$/; // a receipt that was copied ends with where to look it up

/** Read what was typed or pasted as a receipt. */
export function readReceipt(typed: string): Typed {
  return parse(typed.replace(ADDRESS, ""));
}

/** Find the voice of a receipt (12 bytes): what is sealed inside a voice tells, not what the site wrote on it. */
export function seek(secret: Uint8Array, { opened, left, published }: Among): Sought {
  const read = readSecret(secret);
  const voice = opened.find(({ r }) => r === hex(read));
  if (voice) return { state: "opened", voice };
  const mark = hex(sealMark(read));
  if (left.has(mark)) return { state: "left" };
  return { state: published.includes(mark) ? "published" : "absent" };
}

/** Let a lead look for a receipt of her own; `showAlone` shows the one voice that is found, or all again. */
export function showSeeking(reading: Listed, showAlone: (mark: string) => void): void {
  const { view, session, opened, left, unfolded, numbers } = reading;
  const typed = field(view, "[data-sought]");
  const button = one(view, "[data-seek]");
  enter(typed, button);
  press(session.host, button, async () => {
    const told = one(view, "[data-seen]") as HTMLElement;
    showWhen(told, "");
    const read = readReceipt(typed.value);
    if (read.problem) {
      typed.focus();
      return problem(session.host, words(session.host, `receipt-${read.problem}`, valuesOf(read)));
    }
    const found = seek(read.secret, { opened, left, published: reading.frame.published ?? [] });
    const mark = found.state === "opened" ? found.voice.mark : "";
    if (mark) {
      fill(told, { number: String(numbers.get(mark)) });
      unfolded.add(mark);
      typed.value = ""; // whoever has the digits can withdraw it
    }
    showAlone(mark);
    showWhen(told, found.state);
  });
}

function valuesOf(typed: Typed): { readonly [name: string]: string } {
  if (typed.problem === "letter") return { letter: typed.letter };
  return typed.problem === "count" ? { count: String(typed.count) } : {};
}
