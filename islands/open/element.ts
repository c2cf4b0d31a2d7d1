/** `<open-key>`: says on every page of a lead that her key is open in this tab, and locks it. README.md says what HTML it expects. */

import { heldAt, lockAt, timeOf } from "../lib/leads/held.ts";
import { all, copyOf, everyElement, focusOn, one, remove, show } from "../lib/page.ts";

everyElement("open-key", (host) => {
  let timer = 0;
  const draw = (): void => {
    clearTimeout(timer);
    for (const line of all(host, "p")) remove(line);
    const held = heldAt(host);
    for (const place of all(document, "[data-with-open-key]")) show(place, held !== null);
    if (!held || one(document, "[data-typing]")) return; // there it is said where it is used
    host.setAttribute("data-tab", held.tab); // of the program whose key it is, also on a page of no program or of another
    host.setAttribute("data-token", held.token); // no page brings one for this: two pages of nothing are the same to the letter
    host.append(copyOf(host, "[data-open]"));
    for (const place of all(host, "[data-until]")) place.textContent = timeOf(held);
    one(host, "button")?.addEventListener("click", () => {
      lockAt(host);
      draw();
      host.append(copyOf(host, "[data-locked]"));
      focusOn(one(host, "p") as HTMLElement);
    });
    timer = window.setTimeout(draw, held.until - Date.now() + 1);
  };
  addEventListener("pageshow", ({ persisted }) => persisted && draw()); // Back to a page from before it was locked
  draw();
});
