/** `<left-here>`: says how many sealed voices of an engagement this device still holds, where none is taken in. README.md has the HTML it expects. */

import { all, attribute, everyElement, one, show } from "../lib/page.ts";
import { forgetPages } from "../taking/kit.ts";
import { Store } from "../taking/waiting.ts";

/** Say how many are here; where it is over and none is, the page that was kept for them goes from this device. */
async function tell(host: HTMLElement, store: Store | null): Promise<void> {
  const isOver = host.hasAttribute("over");
  const every = store ? await store.all(attribute(host, "recipient")) : [];
  const count = every.filter(({ refused }) => isOver || !refused).length;
  (one(host, "[data-count-left]") as HTMLElement).textContent = String(count);
  show(one(host, "[data-left]"), count > 0);
  show(one(host, "[data-none]"), !count);
  if (!count && isOver) await forgetPages(all(document, "a[hreflang]") as HTMLAnchorElement[]);
}

everyElement("left-here", (host) => {
  const opened = Store.open();
  one(host, "[data-drop]")?.addEventListener("click", async () => {
    const store = await opened;
    for (const { sent } of store ? await store.all(attribute(host, "recipient")) : []) await store?.drop(sent.mark);
    await tell(host, store);
  });
  addEventListener("pageshow", () => opened.then((store) => tell(host, store)));
});
