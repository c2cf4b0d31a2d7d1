/** Findings: written from the voices that are chosen, kept by themselves and sealed, looked at as people will see them, then published. */

import type { Part } from "../lib/leads/acts.ts";
import { openAs, sealNote } from "../lib/leads/keyring.ts";
import { done, field, fill, languageOf, made, press, problem, showWhen, whyNot, words } from "../lib/leads/views.ts";
import { all, focusOn, one, show } from "../lib/page.ts";
import { isSignedBy, signAct, signatures, upon } from "./acting.ts";
import {
  blank,
  content,
  Drafting,
  held,
  isComplete,
  isDraft,
  meantBy,
  type Published,
  sealable,
  stateOf,
  type Typed,
  toldOf,
} from "./drafting.ts";
import { findingHash } from "./finding.ts";
import { rolling, tellChosen } from "./list.ts";
import { type Kept, Saving } from "./saving.ts";
import type { Draft, Reading } from "./session.ts";

/** Show the drafts of the leads and let this one write, attest and publish. */
export async function showComposing(reading: Reading): Promise<void> {
  const { view, frame, chosen } = reading;
  const { host, server, written } = reading.session;
  const at = `engagements/${frame.slug}/findings`;
  const drafting = new Drafting(frame, written);
  const list = one(view, "[data-finding-lang]") as HTMLSelectElement;
  list.replaceChildren(...frame.languages.map((code) => new Option(languageOf(code), code)));
  show(one(view, "[data-lang-field]"), frame.languages.length > 1);
  show(one(view, "[data-map-field]"), typeof frame.map === "number");
  const rests = all(view, "[data-rests]").map((place) => rolling(reading, place));
  const take = (): Draft => drafting.take(typed(reading));
  const tell = (): void => tellDraft(reading, drafting);
  const turn = (part: string): void => {
    if (part !== "read") {
      const picked = reading.opened.filter(({ mark }) => chosen.has(mark));
      for (const list of rests) list.show(picked);
      const mayQuote = picked.some(({ quote }) => quote) || field(view, "[data-quote-words]").value !== "";
      show(one(view, "[data-quote-field]"), mayQuote);
    }
    if (part === "read") view.dispatchEvent(new Event("redraw"));
    turnPart(view, part);
  };
  const write = (draft: Draft): void => {
    fillIn(reading, draft);
    drafting.takeUp(draft, typed(reading));
    tellBand(reading);
    tell();
  };
  const redraw = async (): Promise<void> => {
    const { drafts, closed, findings } = await fetchDrafts(reading, at);
    drafting.findings = findings;
    fill(view, { closed: String(closed) });
    show(one(view, "[data-closed-drafts]"), closed > 0);
    drawDrafts(reading, drafts, {
      async takeUp(draft) {
        await putAway();
        write(draft);
        if (stateOf(frame, drafting.draft) === "other") look();
        else turn("write");
      },
      async drop(draft) {
        await server.post(`${at}/drafts/drop`, { id: draft.id ?? "" });
        if (drafting.draft.id === draft.id) write(blank(draft.lang));
        await redraw();
        done(host, words(host, "draft-dropped"));
      },
    });
    take();
    tell();
  };
  const keep = async (draft: Draft, part?: Part): Promise<void> => {
    const what = held(draft);
    const sealed = await sealNote(reading.engagement.recipient as string, {
      ...sealable(draft),
      ...(part && { part }),
    });
    draft.id = (await server.post<{ id: string }>(`${at}/drafts`, { sealed, id: draft.id ?? "" })).id;
    drafting.settle(what);
  };
  const keeping = new Saving(
    async () => {
      if (!drafting.left) return;
      await keep(take());
      await redraw();
    },
    (state: Kept, why?: unknown): void => {
      const place = one(view, "[data-draft-kept]") as HTMLElement;
      showWhen(place, state);
      fill(place, { why: why ? whyNot(host, why) : "" });
    },
  );
  reading.session.saves.push(keeping);
  const change = (): void => {
    drafting.change(typed(reading));
    tell();
    // Voices that are chosen and not written about are no draft yet: other leads would find it empty.
    const { id, statement, quote } = drafting.draft;
    if (drafting.left && (id || statement || quote)) keeping.soon();
  };
  const look = (): void => {
    const draft = take();
    if (!isComplete(draft)) problem(host, words(host, "finding-empty"));
    else {
      drawPreview(reading, draft);
      const voices = one(view, "[data-look-voices]") as HTMLDetailsElement;
      voices.open = stateOf(frame, draft) === "other"; // whoever confirms it reads them
      turn("look");
    }
  };
  const putAway = async (): Promise<void> => {
    await keeping.now();
    drafting.letGo();
  };
  const begin = async (): Promise<void> => {
    const before = new Set(chosen);
    await putAway();
    const since = [...chosen].filter((mark) => !before.has(mark)); // chosen while the draft was on its way
    write({ ...blank(typed(reading).lang), marks: since });
  };
  const backTo = async (told: string): Promise<void> => {
    await redraw();
    turn("read");
    focusOn(one(view, "[data-with-drafts] h3") as HTMLElement);
    done(host, words(host, told));
  };
  const attest = async (): Promise<void> => {
    await keeping.now();
    const draft = take();
    const finding = findingHash(content(frame, draft));
    await keep(draft, await signAct(reading.session, upon(frame), finding, [meantBy(frame, draft)]));
    await server.post(`${at}/attest`, { finding, draft: draft.id ?? "" });
    await begin();
    await backTo("attested");
  };
  const putOff = async (): Promise<void> => {
    await begin();
    await backTo("draft-put-away");
  };
  const publish = async (): Promise<void> => {
    await keeping.now();
    const draft = take();
    const what = held(draft);
    const said = content(frame, draft);
    const { seat = "", part } = draft;
    const before = part && stateOf(frame, draft) === "other" ? [{ seat, part }] : [];
    const meant = [meantBy(frame, draft)];
    const own = await signAct(reading.session, upon(frame), findingHash(said), meant, before[0]);
    const { promise: _promise, ...finding } = said;
    const body = { ...finding, draft: draft.id ?? "", act: signatures(reading.session, own, before) };
    const told = await server.post<{ page: string }>(`${at}/publish`, body);
    drafting.settle(what);
    for (const save of reading.session.saves) await save.now();
    write(blank(draft.lang));
    done(host, words(host, "published"));
    location.assign(new URL(told.page, new URL(server.api, location.href)));
    await new Promise(() => {}); // the page goes: no second press publishes again
  };
  press(host, one(view, "[data-write]"), async () => turn("write"));
  for (const button of all(view, "[data-to-voices]")) press(host, button, async () => turn("read"));
  press(host, one(view, "[data-to-words]"), async () => turn("write"));
  press(host, one(view, "[data-choose-none]"), begin);
  tellChosen(reading);
  press(host, one(view, "[data-look]"), async () => look());
  press(host, one(view, "[data-attest]"), attest);
  press(host, one(view, "[data-keep-draft]"), putOff);
  press(host, one(view, "[data-publish]"), publish);
  press(host, one(view, "[data-confirm]"), publish);
  one(view, "[data-part=write]")?.addEventListener("input", change);
  view.addEventListener("chosen", change);
  view.addEventListener("chosen", () => tellBand(reading)); // read aloud, so not at every letter that is typed
  view.addEventListener("quoted", () => {
    change();
    turn("write");
    field(view, "[data-quote-words]").focus();
  });
  tellBand(reading);
  tell();
  if (drafting.left) {
    write(drafting.left);
    keeping.soon();
  }
  await redraw();
}

/** Show one part of the view: the voices, the words, or how they will look. */
function turnPart(view: HTMLElement, part: string): void {
  for (const place of all(view, "[data-part]")) show(place, place.dataset.part === part);
  const heading = one(view, part === "read" ? "[data-voices-heading]" : `[data-part="${part}"] h3`);
  if (!heading) return;
  focusOn(heading);
  heading.scrollIntoView(); // at the top of the screen, wherever the button stood
}

/** Read what stands on the page. */
function typed({ view, chosen }: Reading): Typed {
  return {
    lang: field(view, "[data-finding-lang]").value,
    statement: field(view, "[data-statement]").value.trim(),
    quote: field(view, "[data-quote-words]").value.trim(),
    smaller: field(view, "[data-smaller]").checked,
    driving: listed(view, "[data-driving]")?.value ?? "",
    answer: listed(view, "[data-cited]")?.value ?? "",
    map: field(view, "[data-rests-on-map]").checked,
    marks: [...chosen].sort(),
  };
}

/** Put a draft on the page. */
function fillIn(reading: Reading, draft: Draft): void {
  const { view, chosen } = reading;
  field(view, "[data-finding-lang]").value = draft.lang;
  field(view, "[data-statement]").value = draft.statement;
  field(view, "[data-quote-words]").value = draft.quote;
  field(view, "[data-smaller]").checked = draft.smaller;
  field(view, "[data-rests-on-map]").checked = draft.map ?? false;
  const lists = [
    ["[data-driving]", draft.driving],
    ["[data-cited]", draft.answer],
  ] as const;
  for (const [which, value] of lists) {
    const list = listed(view, which);
    if (list) list.value = value ?? "";
  }
  chosen.clear();
  for (const mark of draft.marks) chosen.add(mark);
  const cites = one(view, "[data-cites]") as HTMLDetailsElement | null;
  if (cites) cites.open = Boolean(draft.answer || draft.driving); // whoever confirms it reads them
  tellChosen(reading);
  view.dispatchEvent(new Event("redraw"));
}

/** Find a list of what a finding may look at; the page leaves it out where it would be empty. */
function listed(view: HTMLElement, which: string): HTMLSelectElement | null {
  return one(view, which) as HTMLSelectElement | null;
}

/** Say what the draft in hand stands beside, and offer what this lead can do with it: few voices need two leads. */
function tellDraft({ view, frame }: Reading, { draft, findings }: Drafting): void {
  tellBeside(view, findings, draft.beside ?? []);
  const isSecond = stateOf(frame, draft) === "other";
  const isFew = toldOf(frame, draft.marks.length) === "fewer";
  for (const place of all(view, "[data-confirming]")) show(place, isSecond);
  show(one(view, "[data-publish]"), !isSecond && !isFew);
  const attest = one(view, "[data-attest]");
  show(attest, !isSecond);
  attest?.classList.toggle("quiet", !isFew); // of few voices it is the next step
}

/** Show which findings this one will stand beside, so that whoever confirms it reads them. */
function tellBeside(view: HTMLElement, findings: readonly Published[], entries: readonly number[]): void {
  for (const place of all(view, "[data-stands-beside]")) {
    const list = findings
      .filter(({ entry }) => entries.includes(entry))
      .map(({ entry, words }) => made(view, "[data-stands-beside-one]", { words: words || String(entry) }));
    one(place, "[data-stands-beside-list]")?.replaceChildren(...list);
    show(place, entries.length > 0);
  }
}

/** Say how the count of chosen voices will be told. */
function tellBand({ view, frame, chosen }: Reading): void {
  const count = chosen.size;
  const band = toldOf(frame, count);
  for (const place of all(view, "[data-band]")) showWhen(place, band === "fewer" ? "fewer" : "range");
  if (band === "fewer") fill(view, { chosen: String(count), k: String(frame.k) });
  else fill(view, { chosen: String(count), low: String(band.low), high: String(band.high) });
}

/** Show the finding as people will see it. */
function drawPreview({ view, frame }: Reading, draft: Draft): void {
  const place = one(view, "[data-preview]") as HTMLElement;
  const about = (which: string): string => listed(view, which)?.selectedOptions[0]?.textContent ?? "";
  const [answer, driving] = [draft.answer && about("[data-cited]"), draft.driving && about("[data-driving]")];
  fill(place, { statement: draft.statement, quote: draft.quote, answer: answer ?? "", driving: driving ?? "" });
  for (const said of all(place, "[data-said]")) {
    said.lang = draft.lang;
    said.dir = "auto";
  }
  show(one(place, "[data-with-quote]"), draft.quote !== "");
  show(one(place, "[data-is-smaller]"), draft.smaller);
  show(one(place, "[data-with-answer]"), Boolean(answer));
  show(one(place, "[data-with-map]"), draft.map === true && typeof frame.map === "number");
  show(one(place, "[data-with-driving]"), Boolean(driving));
}

/** Fetch the drafts, how many of them do not open here or are something else, and what is public. */
async function fetchDrafts(
  { session, identity, frame }: Reading,
  at: string,
): Promise<{ drafts: Draft[]; closed: number; findings: readonly Published[] }> {
  type Sealed = { id: string; sealed: string; seat: string; own: boolean; yours: string[]; others: string[] };
  const told = await session.server.get<{ drafts: Sealed[]; findings: readonly Published[] }>(at);
  const fits = (draft: Draft): boolean => isDraft(frame, draft);
  const read = await Promise.all(
    told.drafts.map(async ({ sealed, ...about }) => {
      const draft = await openAs(identity, sealed, fits);
      // Whatever the site says who confirmed it: only what their own key signed counts.
      const isSigned =
        draft && isComplete(draft) && isSignedBy(session, about.seat, [meantBy(frame, draft)], draft.part);
      return draft && { ...draft, ...about, ...(!isSigned && { yours: [], others: [] }) };
    }),
  );
  const drafts = read.filter((draft) => draft !== null);
  return { drafts, closed: read.length - drafts.length, findings: told.findings };
}

interface Presses {
  takeUp(draft: Draft): Promise<void>;
  drop(draft: Draft): Promise<void>;
}

function drawDrafts({ view, session, frame }: Reading, drafts: readonly Draft[], { takeUp, drop }: Presses): void {
  const list = drafts.map((draft) => {
    const item = made(view, "[data-draft]", { statement: draft.statement, voices: String(draft.marks.length) });
    const said = one(item, "[data-said]") as HTMLElement;
    said.lang = draft.lang;
    said.dir = "auto";
    showWhen(item, stateOf(frame, draft));
    press(session.host, one(item, "[data-take-up]"), async () => takeUp(draft));
    const dropping = one(item, "[data-drop-draft]");
    press(session.host, dropping, async () => drop(draft));
    show(dropping, draft.own === true);
    return item;
  });
  one(view, "[data-drafts]")?.replaceChildren(...list);
  show(one(view, "[data-with-drafts]"), drafts.length > 0);
}
