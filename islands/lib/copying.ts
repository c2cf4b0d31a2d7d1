/** Copy words, also on old phones; the page says whether it was done. */

import { one, remove, show } from "./page.ts";

export function copy(text: string): void {
  const tell = (refused: unknown) => {
    show(one(document, "[data-refused]"), refused as boolean);
    show(one(document, "[data-copied]"), !refused);
  };
  if (navigator.clipboard) {
    navigator.clipboard.writeText(text).then(tell, tell); // with nothing, or with why not
    return;
  }
  const field = document.createElement("textarea"); // the way of old phones, and of a page that is not HTTPS
  field.value = text;
  document.body.appendChild(field);
  field.select();
  tell(!document.execCommand("copy"));
  remove(field);
}
