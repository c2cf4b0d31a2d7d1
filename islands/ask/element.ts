/** `<ask-draft>`: puts an ask that leads brought out of a strategy into the form beside it. It never was on the server. */

import { everyElement, one, show } from "../lib/page.ts";
import { ASK } from "../lib/tab.ts";

everyElement("ask-draft", (host) => {
  const kept = sessionStorage.getItem(ASK);
  const form = host.parentElement?.querySelector("form");
  if (!kept || !form) return;
  sessionStorage.removeItem(ASK);
  for (const [name, words] of Object.entries(JSON.parse(kept))) {
    const field = one(form, `[name="${CSS.escape(name)}"]`) as HTMLInputElement | null;
    if (field && field.value === "" && typeof words === "string") field.value = words;
  }
  show(one(host, "[data-filled]"), true);
});
