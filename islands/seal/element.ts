/** `<seal-voice>`: seals what a person wrote, sends it, and shows the receipt. README.md has the HTML it expects. */

import { everyElement, one } from "../lib/page.ts";
import { Speaking } from "./saying.ts";

everyElement("seal-voice", (host) => {
  const button = one(host, "[data-seal]");
  if (button) new Speaking(host, button);
});
