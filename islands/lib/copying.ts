/** Copy words, also on old phones; the page, or a part of it, says whether it was done. */

import { one, remove, show } from "./page.ts";

export function copy(within: ParentNode, text: string): void {
  const tell = (refused: unknown) => {
    show(one(within, "[data-refused]"), refused as boolean);
    show(one(within, "[data-copied]"), !refused);
  };
  if (navigator.clipboard)
    navigator.clipboard.writeText(text).then(tell, tell); // with nothing, or with why not
  else {
    const field = document.createElement("textarea"); // the way of old phones, and of a page that is not HTTPS
    field.value = text;
    document.body.appendChild(field);
    field.select();
    tell(!document.execCommand("copy"));
    remove(field);
  }
}
