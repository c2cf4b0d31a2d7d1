/** Findings: drafted here, sealed to the leads, published with a band and a salted root, never with which voices. */

import { openText, sealTo } from "../lib/leads/keyring.ts";
import { done, field, fill, languageOf, made, press, problem, showWhen, words } from "../lib/leads/views.ts";
import { all, one, show } from "../lib/page.ts";
import {
  blank,
  content,
  Drafting,
  held,
  isComplete,
  type Published,
  sealable,
  stateOf,
  type Typed,
  toldOf,
} from "./drafting.ts";
import { findingHash } from "./finding.ts";
import type { Draft, Reading } from "./session.ts";

/** Show the drafts of the leads and let this one write, attest and publish. */
export async function showComposing(reading: Reading): Promise<void> {
  const { view, frame } = reading;
  const { host, server, written } = reading.session;
  const at = `engagements/${frame.slug}/findings`;
  const drafting = new Drafting(frame, written);
  const list = one(view, "[data-finding-lang]") as HTMLSelectElement;
  list.replaceChildren(...frame.languages.map((code) => new Option(languageOf(code), code)));
  const take = (): Draft => drafting.take(typed(reading));
  const tell = (): void => tellDraft(reading, drafting);
  const write = (draft: Draft): void => {
    fillIn(reading, draft);
    drafting.takeUp(draft, typed(reading));
    tellBand(reading);
    tell();
  };
  const redraw = async (): Promise<void> => {
    const { drafts, findings } = await fetchDrafts(reading, at);
    drafting.findings = findings;
    drawDrafts(reading, drafts, (draft) => {
      if (drafting.letGo()) write(draft);
      else problem(host, words(host, "finding-unkept"));
    });
    take();
    tell();
  };
  const keep = async (draft: Draft): Promise<void> => {
    const what = held(draft);
    const sealed = await sealTo(reading.engagement.recipient as string, sealable(draft));
    draft.id = (await server.post<{ id: string }>(`${at}/drafts`, { sealed, id: draft.id ?? "" })).id;
    drafting.settle(what);
  };
  press(host, one(view, "[data-keep-draft]"), async () => {
    const draft = take();
    if (!isComplete(draft)) return done(host, words(host, "finding-empty"));
    await keep(draft);
    await redraw();
    done(host, words(host, "kept"));
  });
  press(host, one(view, "[data-attest]"), async () => {
    const draft = take();
    if (!isComplete(draft)) return done(host, words(host, "finding-empty"));
    await keep(draft);
    await server.post(`${at}/attest`, { finding: findingHash(content(frame, draft)), draft: draft.id ?? "" });
    await redraw();
    done(host, words(host, "attested"));
  });
  const publish = async (): Promise<void> => {
    const draft = take();
    if (!isComplete(draft)) return done(host, words(host, drafting.isOut ? "published" : "finding-empty"));
    const what = held(draft);
    const { promise: _promise, ...finding } = content(frame, draft);
    await server.post(`${at}/publish`, { ...finding, draft: draft.id ?? "" });
    drafting.settle(what);
    write(blank(draft.lang));
    drafting.isOut = true;
    await redraw();
    done(host, words(host, "published"));
  };
  press(host, one(view, "[data-publish]"), publish);
  press(host, one(view, "[data-confirm]"), publish);
  const change = (): void => {
    drafting.change(typed(reading));
    tell();
  };
  view.addEventListener("input", change);
  view.addEventListener("chosen", change);
  view.addEventListener("chosen", () => tellBand(reading)); // read aloud, so not at every letter that is typed
  tellBand(reading);
  tell();
  if (drafting.left) write(drafting.left);
  await redraw();
}

/** Read what stands on the page. */
function typed({ view, chosen }: Reading): Typed {
  return {
    lang: field(view, "[data-finding-lang]").value,
    statement: field(view, "[data-statement]").value.trim(),
    quote: field(view, "[data-quote-words]").value.trim(),
    smaller: field(view, "[data-smaller]").checked,
    driving: listed(view, "[data-driving]")?.value ?? "",
    answer: listed(view, "[data-answer]")?.value ?? "",
    marks: [...chosen].sort(),
  };
}

/** Put a draft on the page. */
function fillIn({ view, chosen }: Reading, draft: Draft): void {
  field(view, "[data-finding-lang]").value = draft.lang;
  field(view, "[data-statement]").value = draft.statement;
  field(view, "[data-quote-words]").value = draft.quote;
  field(view, "[data-smaller]").checked = draft.smaller;
  for (const which of ["driving", "answer"] as const) {
    const list = listed(view, `[data-${which}]`);
    if (list) list.value = draft[which] ?? "";
  }
  chosen.clear();
  for (const mark of draft.marks) chosen.add(mark);
  view.dispatchEvent(new Event("redraw"));
}

/** Find a list of what a finding may look at; the desk leaves it out where it would be empty. */
function listed(view: HTMLElement, which: string): HTMLSelectElement | null {
  return one(view, which) as HTMLSelectElement | null;
}

/** Say what the draft in hand stands beside, and offer what this lead can do with it. */
function tellDraft({ view, frame }: Reading, { draft, findings }: Drafting): void {
  tellBeside(view, findings, draft.beside ?? []);
  const isSecond = stateOf(frame, draft) === "other";
  for (const place of all(view, "[data-confirming]")) show(place, isSecond);
  for (const place of all(view, "[data-publish], [data-attest]")) show(place, !isSecond);
}

/** Show which findings this one will stand beside, so that whoever confirms it reads them. */
function tellBeside(view: HTMLElement, findings: readonly Published[], entries: readonly number[]): void {
  const list = findings
    .filter(({ entry }) => entries.includes(entry))
    .map(({ entry, words }) => made(view, "[data-stands-beside-one]", { words: words || String(entry) }));
  one(view, "[data-stands-beside-list]")?.replaceChildren(...list);
  show(one(view, "[data-stands-beside]"), entries.length > 0);
}

/** Say how the count of chosen voices will be told. */
function tellBand({ view, frame, chosen }: Reading): void {
  const count = chosen.size;
  const band = toldOf(frame, count);
  showWhen(one(view, "[data-band]") as HTMLElement, band === "fewer" ? "fewer" : "range");
  if (band === "fewer") fill(view, { chosen: String(count), k: String(frame.k) });
  else fill(view, { chosen: String(count), low: String(band.low), high: String(band.high) });
}

async function fetchDrafts(
  { session, identity }: Reading,
  at: string,
): Promise<{ drafts: Draft[]; findings: readonly Published[] }> {
  type Sealed = { id: string; sealed: string; yours: string[]; others: string[] };
  const told = await session.server.get<{ drafts: Sealed[]; findings: readonly Published[] }>(at);
  const opened = told.drafts.map(async ({ sealed, ...about }) => ({
    ...(JSON.parse(await openText(identity, sealed)) as Draft),
    ...about,
  }));
  return { drafts: await Promise.all(opened), findings: told.findings };
}

function drawDrafts({ view, session, frame }: Reading, drafts: readonly Draft[], write: (draft: Draft) => void): void {
  const list = drafts.map((draft) => {
    const item = made(view, "[data-draft]", { statement: draft.statement });
    showWhen(item, stateOf(frame, draft));
    press(session.host, one(item, "[data-take-up]"), async () => write(draft));
    return item;
  });
  one(view, "[data-drafts]")?.replaceChildren(...list);
  show(one(view, "[data-no-drafts]"), drafts.length === 0);
}
