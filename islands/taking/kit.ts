/** Keeps the page on this device, in each of its languages, so that it opens where there is no signal (kit/worker.ts). */

import { workerAt } from "../lib/trusted.ts";

/** Say whether this page is kept here. */
export async function isKept(): Promise<boolean> {
  return "serviceWorker" in navigator && !!(await navigator.serviceWorker.getRegistration(location.pathname))?.active;
}

/** Keep the page in each language; false where this browser cannot. Fails where one of the pages does not come. */
export async function keepPages(languages: readonly HTMLAnchorElement[]): Promise<boolean> {
  if (!("serviceWorker" in navigator)) return false;
  for (const { pathname } of languages) {
    await running(await navigator.serviceWorker.register(workerAt(`${pathname}worker.js`)));
  }
  return true;
}

/** Take the page, in each language, from this device. */
export async function forgetPages(languages: readonly HTMLAnchorElement[]): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  for (const { href } of languages) {
    const kept = await navigator.serviceWorker.getRegistration(href);
    if (kept?.scope !== href) continue;
    await caches.delete(`kit ${href}`);
    await kept.unregister();
  }
}

/** Wait until a service worker runs: then the page is kept. */
function running({ installing, waiting, active }: ServiceWorkerRegistration): Promise<void> {
  const worker = installing || waiting || active;
  return new Promise((done, fail) => {
    const look = (): void => {
      if (worker?.state === "activated") done();
      if (worker?.state === "redundant") fail(new Error("The page was not kept."));
    };
    worker?.addEventListener("statechange", look);
    look();
  });
}
