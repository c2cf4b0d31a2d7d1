/** A page that is one file: it holds itself in several languages, and sends nothing. */

import { all, copyOf, empty, one, remove } from "./page.ts";

/** Open the page in the language that is chosen, where this is such a file, then do what is left; another one begins it anew. */
export function chooseLanguage(then: () => void): void {
  const choose = one(document, "[data-choose]");
  if (!choose) return;
  const open = ({ value, lang, dir }: HTMLButtonElement): void => {
    const { documentElement: whole } = document;
    whole.lang = lang;
    whole.dir = dir;
    const made = copyOf(document, `[data-body="${value}"]`);
    empty(choose);
    choose.parentNode?.appendChild(made);
    remove(choose);
    then();
    one(document, "[data-anew]")?.addEventListener("click", () => location.reload());
    const heading = one(document, "h1");
    if (heading) document.title = heading.textContent || "";
  };
  const every = all(choose, "[data-in]") as HTMLButtonElement[];
  for (const button of every) button.addEventListener("click", () => open(button));
  if (every.length === 1) open(every[0] as HTMLButtonElement);
}
