/** `<send-words>`: copies words that stand on the page, or hands them to what the phone shares with. README.md has the HTML it expects. */

import { copy } from "../lib/copying.ts";
import { everyElement, one, show } from "../lib/page.ts";

everyElement("send-words", (host) => {
  const words = (one(host, "[data-words]") as HTMLTextAreaElement).value;
  const copies = one(host, "[data-copy]") as HTMLElement;
  copies.addEventListener("click", () => copy(words));
  show(copies, true);
  const shares = one(host, "[data-share]") as HTMLElement;
  shares.addEventListener("click", () => {
    navigator.share({ text: words }).catch(() => {}); // whoever changes their mind sees the page as it was
  });
  show(shares, "share" in navigator);
});
