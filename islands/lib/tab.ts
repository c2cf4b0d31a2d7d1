/** What a tab keeps until it is closed, and no longer: others may use the device. A browser that keeps nothing goes without. */

/** Where an ask that left a strategy waits for its form. */
export const ASK = "alongside.ask";

/** Where what a person typed waits while the page of the question comes in another language. */
export const TYPED = "alongside.typed";

/** Where the ranges wait in which counts of people were told first, by the key of their engagement. */
export const RANGES = "alongside.ranges";

/** Where a lead's key waits, locked, whose other half the site keeps for a while (leads/staying.ts). */
export const OPEN = "alongside.open";

/** Where a lead's page that was locked by its button says so, once, to the page that comes after it. */
export const LOCKED = "alongside.locked";

/** Keep text in this tab, or forget it where it is empty. */
export function keepInTab(name: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(name, text);
    else sessionStorage.removeItem(name);
  } catch (_) {
    // Full or forbidden: what would be kept is still on the page.
  }
}

/** Give what this tab keeps, or an empty string. */
export function keptInTab(name: string): string {
  try {
    return sessionStorage.getItem(name) || "";
  } catch (_) {
    return "";
  }
}
