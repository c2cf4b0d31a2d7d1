/** `<live-plan>`: a form that several people fill in at once. README.md has the HTML it expects. */

import { all, attribute, copyOf, everyElement, one, show, warn } from "../lib/page.ts";
import { keepInTab, keptInTab } from "../lib/tab.ts";
import { pageIn } from "../lib/trusted.ts";
import { Link, type Outcome, type Reply, type Shelf } from "./core.ts";
import { bindChoice, bindText, fieldsOf, type Unbind } from "./fields.ts";

const TOGETHER = 400; // milliseconds between two questions to the server while somebody else is there
const ALONE = 900;
const HIDDEN = 10_000;
const SOON = 120; // after a keystroke
const TROUBLE = 5000;

class Writing {
  readonly #host: HTMLElement;
  readonly #form: HTMLFormElement;
  readonly #link: Link;
  readonly #bound = new Map<Element, Unbind[]>();
  #timer = 0;
  #working = false;
  #composing = false;
  #isOpen = false;
  #isStale = false;
  #present = "";
  #failures = 0;
  #last: Outcome = { how: "offline" };

  constructor(host: HTMLElement, form: HTMLFormElement) {
    this.#host = host;
    this.#form = form;
    this.#link = new Link((after, update) => this.#ask(after, update), shelfOf(attribute(host, "plan")));
    form.addEventListener("submit", this.#press);
    form.addEventListener("compositionstart", () => {
      this.#composing = true;
    });
    form.addEventListener("compositionend", () => {
      this.#composing = false;
      this.#after(SOON);
    });
    addEventListener("online", () => this.#after(0));
    document.addEventListener("visibilitychange", () => this.#after(0));
    addEventListener("beforeunload", this.#leaving);
    void this.#turn();
  }

  readonly #leaving = (event: BeforeUnloadEvent): void => {
    if (this.#link.waits) warn(event);
  };

  /** Ask again after some time, sooner if that was planned for later. */
  #after(time: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#turn(), time);
  }

  async #turn(): Promise<void> {
    if (this.#working || this.#composing) return this.#after(SOON); // what others write waits while a sign is composed
    this.#working = true;
    const outcome = await this.#link.step();
    this.#working = false;
    this.#failures = outcome.how === "offline" ? this.#failures + 1 : 0;
    if (outcome.how === "taken") this.#met(outcome.reply);
    this.#tell(outcome);
    if (this.#isStale) await this.#refresh();
    if (outcome.how !== "closed") this.#after(this.#pause(outcome));
  }

  #pause(outcome: Outcome): number {
    if (outcome.how === "offline") return Math.min(TROUBLE, ALONE * this.#failures);
    if (this.#link.waits && !this.#link.refusal) return SOON;
    if (document.hidden) return HIDDEN;
    return this.#present ? TOGETHER : ALONE;
  }

  #met(reply: Reply): void {
    this.#present = reply.present.join(", ");
    const said = copyOf(this.#host, this.#present ? "[data-say=here]" : "[data-say=alone]").textContent ?? "";
    const place = one(this.#host, "[data-present]");
    const words = said.replace("%s", this.#present);
    if (place && place.textContent !== words) place.textContent = words; // said aloud only when it changes
    if (this.#isOpen) return;
    this.#isOpen = true;
    for (const plain of all(this.#host, "[data-plain]")) show(plain, false);
    for (const row of all(this.#host, "[data-row]")) this.#bind(row);
    for (const name of ["rows", "gone"]) {
      this.#link.doc.getMap(name).observe(() => {
        this.#isStale = true;
      });
    }
    this.#link.doc.on("update", (_update: Uint8Array, origin: unknown) => {
      if (origin !== "page") return;
      this.#tell(this.#last); // from the first sign on it is not saved yet
      this.#after(SOON);
    });
  }

  #bind(row: HTMLElement): void {
    const unbind = fieldsOf(row).map((field) =>
      field instanceof HTMLTextAreaElement ? bindText(field, this.#link.doc) : bindChoice(field, this.#link.doc),
    );
    this.#bound.set(row, unbind);
  }

  #tell(outcome: Outcome): void {
    this.#last = outcome;
    const state = this.#link.refusal
      ? "refused"
      : outcome.how !== "taken"
        ? outcome.how
        : this.#link.waits
          ? "waiting"
          : "saved";
    for (const line of all(this.#host, "[data-state]")) show(line, line.getAttribute("data-state") === state);
    const reason = one(this.#host, "[data-refusal]");
    if (reason && reason.textContent !== this.#link.refusal) reason.textContent = this.#link.refusal;
  }

  async #ask(after: number, update: string): Promise<Outcome> {
    const answer = await fetch(attribute(this.#host, "post"), {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.#token() },
      body: JSON.stringify({ after, update }),
      redirect: "error",
    }).catch(() => null);
    if (!answer || answer.status >= 500 || answer.status === 429) return { how: "offline" };
    const said = (await answer.json().catch(() => null)) as (Reply & { words?: string }) | null;
    if (answer.status === 422 && said?.words) return { how: "refused", words: said.words };
    return answer.ok && said ? { how: "taken", reply: said } : { how: "closed" };
  }

  #token(): string {
    return (one(this.#form, "[name=csrfmiddlewaretoken]") as HTMLInputElement | null)?.value ?? "";
  }

  /** Add a row, take one out or put one back; what was typed goes in first. */
  readonly #press = (event: SubmitEvent): void => {
    if (!this.#isOpen) return; // until the first answer the form works as it does without a script
    event.preventDefault();
    const button = event.submitter as HTMLButtonElement | null;
    if (button?.name) void this.#change(button.name, button.value);
    else this.#after(0);
  };

  async #change(name: string, value: string): Promise<void> {
    const body = new URLSearchParams({ csrfmiddlewaretoken: this.#token(), [name]: value });
    const page = await fetch(attribute(this.#host, "page"), { method: "POST", body }).catch(() => null);
    if (!page?.ok) return this.#tell({ how: "offline" });
    const added = this.#adopt(await page.text());
    const next = added ? fieldsOf(added)[0] : one(this.#host, `[name=add][value="${value.split("-")[0]}"]`);
    next?.focus();
    this.#after(0);
  }

  /** Fetch the page again, because rows came or went, and take over what changed. */
  async #refresh(): Promise<void> {
    this.#isStale = false;
    const page = await fetch(attribute(this.#host, "page")).catch(() => null);
    if (page?.ok) this.#adopt(await page.text());
    else this.#isStale = true;
  }

  /** Take the rows of a newer page over, leaving alone those that are there. Gives the last row that is new. */
  #adopt(html: string): HTMLElement | null {
    const page = pageIn(html);
    let added: HTMLElement | null = null;
    for (const list of all(this.#host, "[data-rows]")) {
      const there = new Map(all(list, "[data-row]").map((row) => [row.getAttribute("data-row"), row]));
      const newer = all(page, `[data-rows="${list.getAttribute("data-rows")}"] > [data-row]`);
      const names = new Set(newer.map((row) => row.getAttribute("data-row")));
      for (const [name, row] of there) if (!names.has(name)) this.#drop(row);
      for (const row of newer) {
        const held = there.get(row.getAttribute("data-row"));
        if (held) renumber(held, row);
        else {
          added = document.importNode(row, true);
          list.append(added);
          this.#bind(added);
        }
      }
    }
    const gone = one(page, "[data-gone]");
    if (gone) one(this.#host, "[data-gone]")?.replaceChildren(...document.importNode(gone, true).childNodes);
    return added;
  }

  #drop(row: HTMLElement): void {
    for (const unbind of this.#bound.get(row) ?? []) unbind();
    this.#bound.delete(row);
    row.remove();
  }
}

/** Keep what the server has not taken in for as long as this tab is open, and no longer: others may use the device. */
function shelfOf(plan: string): Shelf {
  const name = `workplan-${plan}`;
  return { put: (update) => keepInTab(name, update), take: () => keptInTab(name) };
}

/** Take over the words that name a row, as its number may have changed. */
function renumber(held: HTMLElement, newer: HTMLElement): void {
  for (const place of ["legend", "button"]) {
    const from = one(newer, place);
    const to = one(held, place);
    if (from && to && to.textContent !== from.textContent)
      to.replaceChildren(...document.importNode(from, true).childNodes);
  }
}

everyElement("live-plan", (host) => {
  const form = one(host, "form");
  if (form instanceof HTMLFormElement) new Writing(host, form);
});
