/** `<take-in>`: a lead writes down what somebody said. README.md has the HTML it expects. */

import { everyElement, one } from "../lib/page.ts";
import { openAlone } from "./alone.ts";
import { Taking } from "./taking.ts";

everyElement("take-in", (host) => {
  const button = one(host, "[data-seal]");
  if (button) new Taking(host, button);
});
openAlone();
