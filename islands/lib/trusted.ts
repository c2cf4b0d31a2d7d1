/** What Trusted Types ask for, where the browser has them: the policies that site/settings.py names, and no others. */

// biome-ignore lint/suspicious/noExplicitAny: TypeScript does not know Trusted Types, and few browsers have them
const types = (window as any).trustedTypes;

/** Read a page with which this site answered, beside the one that is shown: nothing of it runs. */
export function pageIn(html: string): Document {
  const trusted = types ? types.createPolicy("page", { createHTML: (same: string) => same }).createHTML(html) : html;
  return new DOMParser().parseFromString(trusted, "text/html");
}

/** Say that the script at an address of this site may run as a service worker. */
export function workerAt(address: string): string {
  if (!types) return address;
  return types.createPolicy("worker", { createScriptURL: (same: string) => same }).createScriptURL(address);
}
