/** `<left-here>`: says how many sealed voices of an engagement this device still holds, where none is taken in. README.md has the HTML it expects. */

import { all, attribute, copyOf, everyElement, one, remove, show } from "../lib/page.ts";
import { forgetPages } from "../taking/kit.ts";
import { Store } from "../taking/waiting.ts";

/** Say how many are here; where it is over and none is, the page that was kept for them goes from this device. */
async function tell(host: HTMLElement, store: Store): Promise<void> {
  const isOver = host.hasAttribute("over");
  const every = await store.all(attribute(host, "recipient"));
  const count = every.filter(({ refused }) => isOver || !refused).length;
  remove(one(host, "[data-left-shown]"));
  show(one(host, "[data-none]"), !count);
  if (count) {
    const made = copyOf(host, "[data-left]");
    (one(made, "[data-count-left]") as HTMLElement).textContent = String(count);
    (made.firstElementChild as HTMLElement).setAttribute("data-left-shown", "");
    one(made, "[data-drop]")?.addEventListener("click", async () => {
      for (const { sent } of every) await store.drop(sent.mark);
      await tell(host, store);
    });
    host.insertBefore(made, host.firstChild);
  } else if (isOver) await forgetPages(all(document, "a[hreflang]") as HTMLAnchorElement[]);
}

everyElement("left-here", (host) => {
  const opened = Store.open();
  addEventListener("pageshow", () =>
    opened.then((store) => (store ? tell(host, store) : show(one(host, "[data-none]"), true))),
  );
});
