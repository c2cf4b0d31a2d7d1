/** The service worker of the page on which leads take in what people say: the page opens again where there is no signal. */

/** What of a service worker is used here; TypeScript's own types of it do not go with those of a page. */
interface Worker {
  readonly registration: { readonly scope: string; unregister(): Promise<boolean> };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(name: string, act: (event: Happening) => void): void;
}
interface Happening {
  readonly request: Request;
  waitUntil(done: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
}

const worker = self as unknown as Worker;
const page = worker.registration.scope;
const kept = `kit ${page}`;
const PATIENCE = 4000; // milliseconds: a weak signal is none

worker.addEventListener("install", (event) => event.waitUntil(keep().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(opened(event));
  else if (new URL(request.url).pathname.indexOf("/static/") === 0) {
    event.respondWith(caches.match(request).then((found) => found || fetch(request)));
  }
});

/** Keep the page as it is now, with all that it loads. */
async function keep(): Promise<void> {
  const answer = await fetch(page, { cache: "reload", credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error("There is no such page for this person now.");
  const words = await answer.clone().text();
  const loads = words.match(/(?:href|src)="\/static\/[^"]+/g) || [];
  const store = await caches.open(kept);
  await store.addAll(loads.map((one) => one.slice(one.indexOf("/"))));
  await store.put(page, answer);
}

/** Open the page from the site, and keep it anew where people can speak; from here where the site does not answer. It stays while voices may wait here: the site's page takes it away (left/). */
async function opened(event: Happening): Promise<Response> {
  try {
    const patience = new Promise<never>((_, fail) => setTimeout(fail, PATIENCE));
    const answer = await Promise.race([fetch(event.request), patience]);
    if (answer.ok && !answer.redirected) event.waitUntil(keep().catch(() => undefined));
    return answer;
  } catch (_) {
    return (await caches.match(page)) || Response.error();
  }
}
