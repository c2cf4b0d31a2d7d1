/** The agenda of a session with a timer: which point it is, and how long it still has. */

import { all, attribute, one, show } from "../lib/page.ts";

const SECOND = 1000;
const MINUTE = 60;

export class Timer {
  private readonly part: HTMLElement;
  private at = -1;
  private until = 0;

  constructor(part: HTMLElement) {
    this.part = part;
    const choice = one(part, "[data-session]") as HTMLSelectElement | null;
    if (!choice) return;
    choice.addEventListener("change", () => this.choose(choice.value));
    one(part, "[data-next]")?.addEventListener("click", () => this.next());
    this.choose(choice.value);
    setInterval(() => this.tick(), SECOND);
  }

  /** Show the agenda of a session. */
  private choose(session: string): void {
    for (const each of all(this.part, "[data-agenda], [data-people]")) {
      const own = attribute(each, "data-agenda") || attribute(each, "data-people");
      show(each, own === session);
    }
    this.at = -1;
    show(one(this.part, "[data-time]"), false);
    show(one(this.part, "[data-timed]"), this.points.length > 0);
  }

  private get points(): HTMLElement[] {
    return all(this.part, "[data-agenda]:not([hidden]) [data-minutes]");
  }

  /** Begin the first point, or go on to the next one. */
  private next(): void {
    const { points } = this;
    this.at = Math.min(this.at + 1, points.length);
    points.forEach((each, place) => {
      if (place === this.at) each.setAttribute("aria-current", "step");
      else each.removeAttribute("aria-current");
    });
    const minutes = Number(attribute(points[this.at] || this.part, "data-minutes"));
    this.until = Date.now() + minutes * MINUTE * SECOND;
    show(one(this.part, "[data-time]"), minutes > 0);
    show(one(this.part, "[data-first]"), false);
    show(one(this.part, "[data-then]"), true);
    show(one(this.part, "[data-timed]"), this.at < points.length);
    this.tick();
  }

  private tick(): void {
    const left = Math.round((this.until - Date.now()) / SECOND);
    const [time, late] = [Math.abs(left), left < 0];
    show(one(this.part, "[data-until]"), !late);
    show(one(this.part, "[data-over]"), late);
    const seconds = `0${time % MINUTE}`.slice(-2);
    (one(this.part, "[data-clock]") as HTMLElement).textContent = `${Math.floor(time / MINUTE)}:${seconds}`;
  }
}
