/** Days as people read them. */

/** Write a day as the language of the page does. */
export function dayInWords(day: string): string {
  const long = { year: "numeric", month: "long", day: "numeric", timeZone: "UTC" } as const;
  return new Date(day).toLocaleDateString(document.documentElement.lang, long);
}
