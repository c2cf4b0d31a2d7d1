/** Findings: drafted here, sealed to the leads, published with a band and a salted root, never with which voices. */

import { fromHex, hex, random } from "../lib/bytes.ts";
import type { Json } from "../lib/canonical.ts";
import { openText, sealTo } from "../lib/leads/keyring.ts";
import { done, field, fill, languageOf, made, press, problem, showWhen, words } from "../lib/leads/views.ts";
import { all, empty, one, show } from "../lib/page.ts";
import { type Band, bandOf, beside, findingHash, rootOf } from "./finding.ts";
import type { Draft, Reading } from "./session.ts";

/** Show the drafts of the leads and let this one write, attest and publish. */
export async function showComposing(reading: Reading): Promise<void> {
  const { view, session, frame, chosen } = reading;
  const { host, server, written } = session;
  const at = `engagements/${frame.slug}/findings`;
  const list = one(view, "[data-finding-lang]") as HTMLSelectElement;
  list.replaceChildren(...frame.languages.map((code) => new Option(languageOf(code), code)));
  let draft = blank(frame.languages[0] as string);
  let out = false; // nothing was typed since the last one was published
  let before = ""; // what the draft held when it was taken up or kept
  const recount = (): void => tellBand(reading);
  const offer = (): void => {
    const asked = ofOthers(reading, draft.others ? taken() : draft);
    tellBeside(reading, besideOf(reading, { ...draft, ...typed(view) }));
    for (const place of all(view, "[data-confirming]")) show(place, asked);
    for (const place of all(view, "[data-publish], [data-attest]")) show(place, !asked);
  };
  const write = (one: Draft): void => {
    draft = one;
    list.value = draft.lang;
    field(view, "[data-statement]").value = draft.statement;
    field(view, "[data-quote-words]").value = draft.quote;
    field(view, "[data-smaller]").checked = draft.smaller;
    choose(view, "[data-driving]", draft.driving);
    choose(view, "[data-answer]", draft.answer);
    chosen.clear();
    for (const mark of draft.marks) chosen.add(mark);
    view.dispatchEvent(new Event("redraw"));
    recount();
    offer();
    before = held(draft);
  };
  const taken = (): Draft => {
    Object.assign(draft, typed(view), { marks: [...chosen].sort() });
    draft.beside = besideOf(reading, draft);
    return draft;
  };
  const changed = (): void => {
    out = false;
    offer();
    const now = held(taken());
    if (now && now !== before) written.set(frame.slug, { ...draft });
    else written.delete(frame.slug);
  };
  const settle = (what: string): void => {
    before = what;
    const now = written.get(frame.slug);
    if (now && held(now) === what) written.delete(frame.slug);
  };
  const takeUp = (one: Draft): void => {
    const now = written.get(frame.slug);
    if (now?.statement || now?.quote) {
      tellUnkept(reading);
      return;
    }
    written.delete(frame.slug);
    write(one);
  };
  const redraw = async (): Promise<void> => {
    drawDrafts(reading, await fetchDrafts(reading, at), takeUp);
    offer();
  };
  const keep = async (): Promise<Draft> => {
    const one = taken();
    const what = held(one);
    const { yours: _yours, others: _others, ...words } = one;
    const sealed = await sealTo(reading.engagement.recipient as string, JSON.stringify({ v: 1, ...words }));
    one.id = (await server.post<{ id: string }>(`${at}/drafts`, { sealed, id: one.id ?? "" })).id;
    settle(what);
    return one;
  };
  press(host, one(view, "[data-keep-draft]"), async () => {
    if (!complete(taken())) return tellEmpty(reading);
    await keep();
    await redraw();
    done(host, words(host, "kept"));
  });
  press(host, one(view, "[data-attest]"), async () => {
    if (!complete(taken())) return tellEmpty(reading);
    const kept = await keep();
    await server.post(`${at}/attest`, { finding: findingHash(content(reading, kept)), draft: kept.id ?? "" });
    await redraw();
    done(host, words(host, "attested"));
  });
  const publish = async (): Promise<void> => {
    const ready = taken();
    if (!complete(ready)) return out ? done(host, words(host, "published")) : tellEmpty(reading);
    const what = held(ready);
    const { promise: _promise, ...finding } = content(reading, ready);
    await server.post(`${at}/publish`, { ...finding, draft: ready.id ?? "" });
    settle(what);
    write(blank(ready.lang));
    out = true;
    await redraw();
    done(host, words(host, "published"));
  };
  press(host, one(view, "[data-publish]"), publish);
  press(host, one(view, "[data-confirm]"), publish);
  view.addEventListener("input", changed);
  view.addEventListener("chosen", changed);
  view.addEventListener("chosen", recount);
  recount();
  offer();
  const left = written.get(frame.slug);
  if (left) write(left);
  if (left) before = "";
  await redraw();
}

function blank(lang: string): Draft {
  return { id: null, lang, statement: "", quote: "", smaller: false, marks: [], salt: hex(random(32)) };
}

function typed(view: HTMLElement): Pick<Draft, "lang" | "statement" | "quote" | "smaller" | "driving" | "answer"> {
  return {
    lang: field(view, "[data-finding-lang]").value,
    statement: field(view, "[data-statement]").value.trim(),
    quote: field(view, "[data-quote-words]").value.trim(),
    smaller: field(view, "[data-smaller]").checked,
    driving: chosenIn(view, "[data-driving]"),
    answer: chosenIn(view, "[data-answer]"),
  };
}

/** Give what a list has chosen; the desk leaves a list out where it would be empty. */
function chosenIn(view: HTMLElement, which: string): string {
  return (one(view, which) as HTMLSelectElement | null)?.value ?? "";
}

function choose(view: HTMLElement, which: string, value = ""): void {
  const list = one(view, which) as HTMLSelectElement | null;
  if (list) list.value = value;
}

/** Give what a draft holds, to be compared; empty where nothing was typed or chosen. */
function held({ lang, statement, quote, smaller, marks, driving, answer }: Draft): string {
  if (!statement && !quote && marks.length === 0) return "";
  return JSON.stringify([lang, statement, quote, smaller, [...marks].sort(), driving ?? "", answer ?? ""]);
}

/** Say whether another lead confirmed exactly these words, so that this lead is the second. */
function ofOthers(reading: Reading, draft: Draft): boolean {
  return !!draft.others?.length && complete(draft) && draft.others.includes(findingHash(content(reading, draft)));
}

function complete(draft: Draft): boolean {
  return draft.statement !== "" && draft.marks.length > 0;
}

async function tellEmpty({ session }: Reading): Promise<void> {
  done(session.host, words(session.host, "finding-empty"));
}

function tellUnkept({ session }: Reading): void {
  problem(session.host, words(session.host, "finding-unkept"));
}

/** What leads attest and the server publishes: all that the second lead signs with it. */
function content(reading: Reading, draft: Draft): { readonly [name: string]: Json } {
  const said: { [name: string]: string } = { statement: draft.statement };
  if (draft.quote) said.quote = draft.quote;
  return {
    promise: reading.frame.promise,
    smaller: draft.smaller,
    voices: toldOf(reading, draft.marks.length) as Json,
    root: rootOf(fromHex(draft.salt), draft.marks),
    words: { [draft.lang]: said },
    beside: draft.beside ?? [],
    answers: draft.answer ? [Number(draft.answer)] : [],
    driving: draft.driving ?? "",
    languages: [],
  };
}

/** Give what a finding stands beside: nothing, or for a smaller group's what its first writer saw, else what is public. */
function besideOf({ findings }: Reading, { smaller, beside }: Draft): readonly number[] {
  if (!smaller) return [];
  return beside?.length ? beside : findings.map(({ entry }) => entry);
}

/** Show which findings this one will stand beside, so that whoever confirms it reads them. */
function tellBeside({ view, findings }: Reading, entries: readonly number[]): void {
  const list = one(view, "[data-stands-beside-list]") as HTMLElement;
  empty(list);
  for (const { entry, words } of findings) {
    if (entries.includes(entry)) list.append(made(view, "[data-stands-beside-one]", { words: words || String(entry) }));
  }
  show(one(view, "[data-stands-beside]"), entries.length > 0);
}

/** Give the range in which so many voices are told, beside the marks that anyone can count. */
function toldOf({ frame }: Reading, count: number): Band {
  return beside(bandOf(count, frame.k, frame.bands), frame.k, frame.published.length);
}

/** Say how the count of chosen voices will be told. */
function tellBand(reading: Reading): void {
  const { view, frame, chosen } = reading;
  const band = toldOf(reading, chosen.size);
  showWhen(one(view, "[data-band]") as HTMLElement, band === "fewer" ? "fewer" : "range");
  if (band === "fewer") fill(view, { chosen: String(chosen.size), k: String(frame.k) });
  else fill(view, { chosen: String(chosen.size), low: String(band.low), high: String(band.high) });
}

async function fetchDrafts(reading: Reading, at: string): Promise<Draft[]> {
  const { session, identity } = reading;
  type Sealed = { id: string; sealed: string; yours: string[]; others: string[] };
  const { drafts, findings } = await session.server.get<{ drafts: Sealed[]; findings: Reading["findings"] }>(at);
  reading.findings = findings;
  const opened = drafts.map(async ({ sealed, ...told }) => ({
    ...(JSON.parse(await openText(identity, sealed)) as Draft),
    ...told,
  }));
  return Promise.all(opened);
}

/** Say who confirmed a draft as it stands: another lead, this one, or nobody. */
function stateOf(reading: Reading, draft: Draft): string {
  if (ofOthers(reading, draft)) return "other";
  if (!draft.yours?.length || !complete(draft)) return "open";
  return draft.yours.includes(findingHash(content(reading, draft))) ? "own" : "open";
}

function drawDrafts(reading: Reading, drafts: readonly Draft[], write: (draft: Draft) => void): void {
  const { view, session } = reading;
  const list = one(view, "[data-drafts]") as HTMLElement;
  empty(list);
  for (const draft of drafts) {
    const item = made(view, "[data-draft]", { statement: draft.statement });
    showWhen(item, stateOf(reading, draft));
    press(session.host, one(item, "[data-take-up]"), async () => write({ ...draft }));
    list.append(item);
  }
  show(one(view, "[data-no-drafts]"), drafts.length === 0);
}
