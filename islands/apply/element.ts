/**
 * `<apply-pages view="who">`: turns the pages of an application within one page, so that Back saves and goes back.
 *
 * Without it each page has an address that opens it for half an hour. With it no address leads to a page of an application, and
 * the code is in no page that a browser keeps: once the person stopped, left or loaded it again, nothing comes back.
 */

import { all, attribute, empty, everyElement, focusOn, one, show } from "../lib/page.ts";
import { pageIn } from "../lib/trusted.ts";

let view = "";
let busy = false;
let listens = false;
let pressed: HTMLButtonElement | null = null;

everyElement("apply-pages", (host) => {
  view = attribute(host, "view");
  if (listens) return;
  listens = true;
  if (!view && history.state)
    show(one(document, "[data-was-open]"), true); // a page of an application was here
  else history.replaceState(view, "");
  document.addEventListener("click", (event) => {
    pressed = (event.target as HTMLElement).closest("button");
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post" || form.action.split(/[?#]/)[0] !== location.href.split(/[?#]/)[0]) return;
    event.preventDefault();
    const body = new FormData(form);
    const button =
      pressed && form.contains(pressed) ? pressed : (one(form, "button[name]") as HTMLButtonElement | null);
    if (button) body.append(button.name, button.value); // "step" may come twice: the server reads the last, as for a press
    turn(body, true);
  });
  addEventListener("popstate", (event) => back(event.state));
  addEventListener("pagehide", () => empty(one(document, "main") as HTMLElement)); // a page that a browser keeps is empty
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
});

/** Save what is on the page and go to another; without a code there is nothing to show but the way in. */
function back(to: unknown): void {
  const code = one(document, "main input[type=hidden][name=code]") as HTMLInputElement | null;
  if (!code || typeof to !== "string" || !to) {
    location.reload();
    return;
  }
  const step = one(document, "main input[name=step]") as HTMLInputElement | null;
  const body = step?.form ? new FormData(step.form) : new FormData();
  body.set("code", code.value);
  body.set("to", to);
  turn(body, false);
}

/** Send a form and put the page that answers in the place of this one. */
async function turn(body: FormData, forward: boolean): Promise<void> {
  if (busy) return;
  busy = true;
  try {
    const reply = await fetch(location.pathname, { method: "POST", body, cache: "no-store" });
    const next = pageIn(await reply.text());
    const [old, fresh] = [one(document, "main") as HTMLElement, one(next, "main") as HTMLElement];
    const before = view;
    empty(old);
    all(fresh, ":scope > *").forEach((part) => {
      old.appendChild(document.importNode(part, true));
    });
    document.title = next.title;
    if (forward && view !== before) history.pushState(view, "");
    for (const button of all(old, "[data-does=print]")) {
      button.hidden = false;
      button.addEventListener("click", () => print());
    }
    const place = (one(old, ".problems") || one(old, "h1")) as HTMLElement;
    focusOn(place);
    scrollTo(0, 0);
  } catch (_) {
    show(one(document, "[data-away]"), true);
  }
  busy = false;
}
