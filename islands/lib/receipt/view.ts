/** The receipt on the screen: it stays in this tab until the person says that they kept it, and can be taken along. */

import { copy } from "../copying.ts";
import { all, attribute, copyOf, empty, one, remove, save, show, warn } from "../page.ts";
import { keepInTab } from "../tab.ts";
import { groups } from "./digits.ts";

/** Where a tab keeps the digits, a space and what stands beside them: the attribute `told`. */
export const RECEIPT = "receipt";

/** Where a tab keeps when to come back, of a receipt that was just closed, for the one page that says so. */
export const CLOSED = "kept";

/** Replace the page by the receipt view of 30 digits; the address bar, the title and the head lose the topic too. */
export function showReceipt(host: HTMLElement, row: string): void {
  const view = copyOf(host, "[data-receipt]");
  const neutral = attribute(host, "neutral");
  const neutralize = (): void => history.replaceState(null, "", neutral);
  document.title = attribute(host, "receipt-title");
  forgetTopic();
  fill(view, row);
  empty(document.body);
  document.body.className = "slip";
  document.body.appendChild(view);
  addEventListener("beforeunload", warn);
  for (const control of all(document, "[data-does]")) {
    control.addEventListener("click", () => does(control as HTMLInputElement, row, neutral));
  }
  (one(document, "h1") as HTMLElement).focus();
  scrollTo(0, 0);
  addEventListener("popstate", neutralize); // Back to before a jump on the page that was here: the receipt still shows
  neutralize();
}

/** Take out of the head what names the topic: descriptions, feeds, translations of this page. */
function forgetTopic(): void {
  all(document.head, "link:not([rel~=stylesheet]):not([rel~=icon]), meta[property], meta[name=description]").forEach(
    remove,
  );
}

/** Write the digits, apart, so that they are read aloud one by one and not as a number of thousands, and the address. */
function fill(view: DocumentFragment, row: string): void {
  const place = one(view, "[data-digits]") as HTMLElement;
  for (const group of groups(row)) {
    const item = document.createElement("li");
    item.textContent = group.split("").join(" ");
    place.appendChild(item);
  }
  for (const line of all(view, "[data-address]")) line.textContent = location.host + line.getAttribute("data-address");
}

function does(control: HTMLInputElement, row: string, neutral: string): void {
  const address = (one(document, "[data-address]") as HTMLElement).textContent as string;
  const what = attribute(control, "data-does");
  if (what === "print") print();
  if (what === "copy") copy(document, `\u200e${groups(row).join(" ")}\n${address}`); // left to right also where it is pasted among Arabic
  if (what === "picture") save(picture(row, address), attribute(control, "data-name"));
  if (what === "code") showCode(control.checked, `${location.protocol}//${address}#`, row);
  if (what === "kept") {
    keepInTab(what, control.value); // CLOSED
    keepInTab(RECEIPT, "");
    removeEventListener("beforeunload", warn);
    location.replace(neutral);
  }
}

/** Put the code on the receipt, made the first time that it is asked for, or take it off. */
function showCode(shown: boolean, address: string, row: string): void {
  const place = one(document, "[data-code-here]") as HTMLElement;
  if (!place.firstChild) {
    const code = copyOf(document, "[data-code]");
    const square = one(code, "qr-code") as HTMLElement;
    square.setAttribute("address", address);
    square.setAttribute("digits", row);
    place.appendChild(code);
  }
  show(place, shown);
}

/** Draw the receipt as a picture: digits, address, and the code if one is shown. */
function picture(row: string, address: string): string {
  const code = one(document, "[data-code-here]:not([hidden]) svg");
  const sheet = document.createElement("canvas");
  sheet.width = 720;
  sheet.height = code ? 1080 : 400;
  const pen = sheet.getContext("2d") as CanvasRenderingContext2D;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, 720, 1080);
  pen.fillStyle = "#000";
  pen.textAlign = "center";
  pen.direction = "ltr";
  pen.font = "bold 64px monospace";
  (row.match(/.{10}/g) as string[]).forEach((line, at) => {
    pen.fillText(groups(line).join(" "), 360, 100 + at * 88);
  });
  pen.font = "28px monospace";
  pen.fillText(address, 360, 360, 660);
  if (code) {
    const box = (code as unknown as SVGSVGElement).viewBox.baseVal;
    const scale = 600 / box.width;
    pen.setTransform(scale, 0, 0, scale, 60 - box.x * scale, 420 - box.y * scale);
    pen.fill(new Path2D((code.lastChild as Element).getAttribute("d") as string));
  }
  return sheet.toDataURL();
}
