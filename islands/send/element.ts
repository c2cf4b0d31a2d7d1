/** `<send-words>`: copies words that stand on the page, or hands them to what the phone shares with. README.md has the HTML it expects. */

import { copy } from "../lib/copying.ts";
import { copyOf, everyElement, one, show } from "../lib/page.ts";

everyElement("send-words", (host) => {
  const words = (one(host, "[data-words]") as HTMLElement).textContent as string;
  const place = one(host, "[data-presses]") as HTMLElement;
  place.appendChild(copyOf(host, "[data-buttons]"));
  (one(place, "[data-copy]") as HTMLElement).addEventListener("click", () => copy(host, words));
  const shares = one(place, "[data-share]");
  shares?.addEventListener("click", () => {
    navigator.share({ text: words }).catch(() => {}); // whoever changes their mind sees the page as it was
  });
  show(shares, "share" in navigator);
});
