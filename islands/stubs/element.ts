/** `<receipt-stubs>`: makes sheets to print, each with a receipt of its own on the form and on its stub. README.md has the HTML it expects. */

import { all, copyOf, empty, everyElement, one, show } from "../lib/page.ts";
import { digits, groups, make } from "../lib/receipt/digits.ts";

everyElement("receipt-stubs", (host) => {
  const place = one(host, "[data-sheets]") as HTMLElement;
  const many = one(host, "[data-many]") as HTMLSelectElement;
  const large = one(host, "[data-large]") as HTMLInputElement;
  const button = one(host, "[data-make]") as HTMLElement;
  const draw = (): void => {
    empty(place);
    place.className = large.checked ? "sheets large" : "sheets";
    for (let count = 0; count < Number(many.value); count++) place.appendChild(sheet(host));
    print();
  };
  button.addEventListener("click", draw);
  show(one(host, "[data-form]"), true);
});

/** Give one sheet with new digits, the same at each of its places. */
function sheet(host: HTMLElement): DocumentFragment {
  const made = copyOf(host, "[data-sheet]");
  const row = groups(digits(make())).join(" ");
  for (const digitsHere of all(made, "[data-digits]")) digitsHere.textContent = row;
  return made;
}
