/** Which words or which cell a lead chose, as the form of a comment takes them. No DOM. */

/** The most letters that a comment's place may hold; the server refuses more. */
export const LONGEST = 400;

/** Give chosen words with single spaces; null where nothing is chosen, or too much for one comment. */
export function tidied(chosen: string): string | null {
  const words = chosen.replace(/\s+/g, " ").trim();
  return words === "" || words.length > LONGEST ? null : words;
}

/** Give where chosen words begin in the whole text, from where their paragraph begins and what stands before them in it. */
export function nearOf(start: string | null, before: string): number {
  const from = Number.parseInt(start ?? "", 10);
  return (Number.isNaN(from) ? 0 : from) + before.length;
}

/** Give the row and column of a cell as the form takes them; null where the page does not say them. */
export function cellOf(row: string | null, column: string | null): { row: string; column: string } | null {
  const isNumber = (one: string | null): one is string => one !== null && /^[1-9][0-9]*$/.test(one);
  return isNumber(row) && isNumber(column) ? { row, column } : null;
}
