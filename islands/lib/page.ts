/** Small helps for elements: starting on old browsers, templates, and questions to the server without cookies. */

/** Run `start` on every `<name>` of the page, also where the browser knows no custom elements. */
export function everyElement(name: string, start: (host: HTMLElement) => void): void {
  if (typeof customElements === "undefined") {
    Array.from(document.querySelectorAll<HTMLElement>(name)).forEach(start);
    return;
  }
  customElements.define(
    name,
    class extends HTMLElement {
      started = false;

      connectedCallback(): void {
        if (!this.started) start(this);
        this.started = true;
      }
    },
  );
}

/** Find the first element inside `within`. */
export function one(within: ParentNode, selector: string): HTMLElement | null {
  return within.querySelector<HTMLElement>(selector);
}

/** Find all elements inside `within`. */
export function all(within: ParentNode, selector: string): HTMLElement[] {
  return Array.from(within.querySelectorAll<HTMLElement>(selector));
}

/** Read an attribute; empty where the element has none. */
export function attribute(element: Element, name: string): string {
  return element.getAttribute(name) || "";
}

/** Copy what a `<template>` holds; empty where the page has none. */
export function copyOf(host: ParentNode, selector: string): DocumentFragment {
  const template = host.querySelector<HTMLTemplateElement>(`template${selector}`);
  return template ? document.importNode(template.content, true) : document.createDocumentFragment();
}

/** Take everything out of an element. */
export function empty(element: Element): void {
  element.textContent = "";
}

/** Take an element out of the page, if it is there. */
export function remove(element: Element | null): void {
  element?.remove();
}

/** Show an element or hide it. */
export function show(element: HTMLElement | null, shown: boolean): void {
  if (element) element.hidden = !shown;
}

/** Ask before the page is left; the quick exit hides the page before it goes, and then nothing may hold the person back. */
export function warn(event: BeforeUnloadEvent): void {
  if (document.documentElement.hidden) return;
  event.preventDefault();
  event.returnValue = "";
}

/** Save what stands at an address as a file on the person's device. */
export function save(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.appendChild(link);
  link.click();
  remove(link);
}

/** Save words that the page wrote as a file on the person's device. */
export function saveText(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  save(address, name);
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/** Move the focus to an element that a person cannot reach by a key. */
export function focusOn(element: HTMLElement): void {
  element.tabIndex = -1;
  element.focus();
}

/** What came back: its status, and where something came its JSON. */
export type Reply = Pick<Response, "status"> & Partial<Pick<Response, "json">>;

/** POST JSON without cookies; the answer, or a status 0 where none came in time. */
export function post(address: string, body: object, seconds: number): Promise<Reply> {
  const answer = fetch(address, {
    method: "POST",
    credentials: "omit",
    cache: "no-store",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const late = new Promise<never>((_, fail) => setTimeout(fail, seconds * 1000));
  return Promise.race([answer, late]).catch(() => ({ status: 0 }));
}
