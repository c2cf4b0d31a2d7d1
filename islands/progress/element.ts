/** `<live-progress>`: shows how far something in the background is, without a press; opens the page anew when it is done. */

import { all, everyElement, one } from "../lib/page.ts";
import { pageIn } from "../lib/trusted.ts";

const SECONDS = 2;

everyElement("live-progress", (host) => {
  const button = one(host, "[data-press]");
  if (button) button.hidden = true; // it moves by itself now

  async function look(): Promise<void> {
    try {
      const reply = await fetch(location.href, { cache: "no-store" });
      const page = pageIn(await reply.text());
      const next = one(page, "live-progress");
      if (reply.ok && next?.dataset.stage !== host.dataset.stage) return location.reload();
      if (reply.ok && next) move(next);
    } catch {
      // The connection is away for a moment; the next look finds it, or the person presses reload.
    }
    setTimeout(look, SECONDS * 1000);
  }

  function move(next: HTMLElement): void {
    const now = all(next, "[data-moves]");
    all(host, "[data-moves]").forEach((part, place) => {
      const fresh = now[place];
      if (!fresh) return;
      if (part instanceof HTMLProgressElement) part.value = Number(fresh.getAttribute("value") ?? 0);
      else if (part.textContent !== fresh.textContent) part.textContent = fresh.textContent;
    });
  }

  setTimeout(look, SECONDS * 1000);
});
