/** Puts the receipt in the place of the whole page, so that nothing on the screen tells what was answered. */

import { all, copyOf, empty, one, remove } from "../lib/page.ts";
import { groups } from "../lib/receipt.ts";

/** Replace the page by the receipt view of 30 digits; the address bar, the title and the head lose the topic too. */
export function showReceipt(host: HTMLElement, row: string): void {
  const view = copyOf(host, "[data-receipt]");
  const neutral = host.getAttribute("neutral") || "/";
  document.title = host.getAttribute("receipt-title") || "";
  forgetTopic();
  try {
    history.replaceState(null, "", neutral);
  } catch (_) {
    // A page opened as a file cannot change its address; the receipt matters more.
  }
  fill(view, row, location.host + neutral);
  empty(document.body);
  document.body.className = "slip";
  document.body.appendChild(view);
  const heading = one(document.body, "h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
  scrollTo(0, 0);
}

/** Take out of the head what names the topic: descriptions, feeds, translations of this page. */
function forgetTopic(): void {
  all(document.head, "link:not([rel~=stylesheet]):not([rel~=icon]), meta[property], meta[name=description]").forEach(
    remove,
  );
}

/** Write the digits and the address, and let the two buttons do what they say. */
function fill(view: DocumentFragment, row: string, address: string): void {
  const place = one(view, "[data-digits]");
  for (const group of groups(row)) {
    const span = document.createElement("span");
    span.textContent = group;
    if (place?.firstChild) place.appendChild(document.createTextNode(" "));
    place?.appendChild(span);
  }
  for (const line of all(view, "[data-address]")) line.textContent = address;
  for (const code of all(view, "qr-digits")) code.setAttribute("digits", row);
  for (const button of all(view, "[data-does]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (button.getAttribute("data-does") === "print") print();
      else location.replace("about:blank");
    });
  }
}
