/** The themes that all leads of an engagement share: what two of them changed at once becomes one. No page. */

import { hear, heardOf } from "./heard.ts";
import type { Notes } from "./session.ts";

/** Give notes in which nothing is marked. */
export function noNotes(): Notes {
  return { themes: [], marked: {}, heard: {} };
}

/** Say whether what another lead saved are notes, to the last mark. Those of before hold nothing that was heard. */
export function areNotes({ themes, marked, heard = {} }: Notes): boolean {
  return (
    typeof marked === "object" &&
    typeof heard === "object" &&
    Object.values(heard).every((one) => Object.values(one).every((words) => typeof words === "string")) &&
    themes.every(({ id, name }) => typeof id === "string" && typeof name === "string") &&
    Object.values(marked).every((ids) => Array.isArray(ids) && ids.every((id) => typeof id === "string"))
  );
}

/** Copy notes, so that what is changed later leaves the copy alone. */
export function copied({ themes, marked, heard = {} }: Notes): Notes {
  return structuredClone({ themes, marked, heard });
}

/** Give an id that no theme has yet. */
export function freeId(themes: Notes["themes"]): string {
  const taken = new Set(themes.map(({ id }) => id));
  let count = 1;
  while (taken.has(`t${count}`)) count += 1;
  return `t${count}`;
}

/** Put what this lead changed since `base` onto what another saved meanwhile: nothing that either marked is lost. */
export function merged(base: Notes, mine: Notes, theirs: Notes): Notes {
  const all = copied(theirs);
  const before = new Set(base.themes.map(({ id }) => id));
  const named = new Map(all.themes.map(({ id, name }) => [name.toLocaleLowerCase(), id]));
  const calls = new Map<string, string>(); // what my own new themes are called in theirs
  for (const { id, name } of mine.themes) {
    if (before.has(id)) continue;
    const same = named.get(name.toLocaleLowerCase());
    const as = same ?? (all.themes.some((one) => one.id === id) ? freeId(all.themes) : id);
    if (!same) all.themes.push({ id: as, name });
    calls.set(id, as);
  }
  for (const mark of new Set([...Object.keys(mine.marked), ...Object.keys(base.marked)])) {
    const [was, now] = [base.marked[mark] ?? [], mine.marked[mark] ?? []];
    const gone = was.filter((id) => !now.includes(id));
    const come = now.filter((id) => !was.includes(id)).map((id) => calls.get(id) ?? id);
    if (gone.length + come.length === 0) continue;
    const left = (all.marked[mark] ?? []).filter((id) => !gone.includes(id));
    all.marked[mark] = [...new Set([...left, ...come])];
  }
  mergeHeard(base, mine, all);
  return all;
}

/** Put what this lead typed of sounds onto what another saved; where both typed of the same one, both stay, one under the other. */
function mergeHeard(base: Notes, mine: Notes, all: Notes): void {
  for (const mark of new Set([...Object.keys(mine.heard), ...Object.keys(base.heard)])) {
    const questions = new Set([mine, base].flatMap(({ heard }) => Object.keys(heard[mark] ?? {})));
    for (const question of questions) {
      const [was, now, theirs] = [base, mine, all].map((notes) => heardOf(notes, mark, question));
      if (now === was || now === theirs) continue;
      hear(all, mark, question, theirs === was ? (now ?? "") : [theirs, now].filter(Boolean).join("\n"));
    }
  }
}
