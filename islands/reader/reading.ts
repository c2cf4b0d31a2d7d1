/** Opens the voices of one engagement and shows them to a lead. What was opened stays in the page. */

import { leafOf } from "../lib/leads/inclusion.ts";
import { entriesOf, isSignedByLeads, type SignedEntry } from "../lib/leads/trust.ts";
import { done, fill, press, problem, renewed, whyNot, words } from "../lib/leads/views.ts";
import { all, one, show } from "../lib/page.ts";
import { keepInTab, keptInTab, RANGES } from "../lib/tab.ts";
import { showComposing } from "./composing.ts";
import { engagementKey, headingOf, leadToRoom, showDesk, tellUntil } from "./desk.ts";
import { hasRanges } from "./drafting.ts";
import { showGiving } from "./giving.ts";
import { showVoices } from "./list.ts";
import { copied } from "./notes.ts";
import { showOffering } from "./offering.ts";
import { progress, showReport } from "./opening.ts";
import type { Engagement, Frame, Reading, Session, ToRead } from "./session.ts";
import { showSigning } from "./signing.ts";
import { fetchNotes, showThemes } from "./themes.ts";
import { isAsked, openAll, type SealedVoice } from "./voices.ts";

const ASIDE_AT_ONCE = 2000; // marks in one body

/** Fetch, open and show the voices of an engagement; `everything` opens what two leads set aside too. */
export async function showReading(session: Session, engagement: Engagement, everything = false): Promise<void> {
  const { host, server } = session;
  const view = renewed(host, "reading");
  session.saves.length = 0;
  for (const back of all(view, "[data-to-desk]"))
    press(host, back, async () => {
      for (const one of session.saves) await one.now(); // what cannot be kept holds the lead here
      session.wanted = "";
      await showDesk(session, headingOf(engagement));
    });
  const at = `engagements/${engagement.slug}`;
  const { identity } = await engagementKey(session, engagement);
  const told = await server.get<ToRead>(`${at}/read`);
  fill(view, { title: engagement.title });
  leadToRoom(session, view, engagement);
  tellUntil(view, told.until);
  const frame = promised(session, engagement, told);
  if (!frame) {
    show(one(view, "[data-opening]"), false);
    show(one(view, "[data-not-signed]"), true);
    return;
  }
  if (!isAsked(frame.form, frame)) {
    show(one(view, "[data-opening]"), false);
    show(one(view, "[data-other-questions]"), true);
    return;
  }
  if (!hasRanges(frame) || !areAsBefore(engagement.recipient as string, frame)) {
    show(one(view, "[data-opening]"), false);
    show(one(view, "[data-other-ranges]"), true);
    return;
  }
  const total = frame.waiting - (everything ? 0 : frame.aside);
  const { opened, left } = await openAll(pages(session, at, everything), identity, frame, progress(view, total));
  const { notes, revision, earlier } = await fetchNotes(session, at, identity);
  const reading: Reading = {
    session,
    view,
    engagement,
    frame,
    identity,
    opened,
    left,
    chosen: new Set(),
    unfolded: new Set(),
    numbers: new Map(opened.map(({ mark }, at) => [mark, at + 1])),
    notes,
    saved: copied(notes),
    revision,
    isNoted: false,
    earlier,
    whole: async (mark) => (await server.get<{ sealed: string }>(`${at}/voices?whole=${mark}`)).sealed,
  };
  // What the parts are told is drawn before anything is seen: what came late would push the voices down.
  const refused = (error: unknown): void => problem(session.host, whyNot(session.host, error));
  const parts = [showComposing, showSigning, showGiving, showOffering];
  await Promise.all(parts.map((part) => part(reading).catch(refused)));
  show(one(view, "[data-opening]"), false);
  show(one(view, "[data-opened]"), true);
  showReport(view, opened, left);
  showAside(reading, everything);
  showVoices(reading);
  showThemes(reading);
}

/** The entry of a promise. */
interface PromisedEntry extends SignedEntry {
  readonly data: {
    readonly engagement: string;
    readonly recipient: string;
    readonly form: string;
    readonly languages: readonly string[];
    readonly k: number;
  };
}

/** Give what voices are judged by, from the promise that leads signed and nobody else; null where they did not sign it. */
export function promised(
  { server, past }: Pick<Session, "past"> & { readonly server: { readonly origin: string } },
  { slug, recipient, made }: Pick<Engagement, "slug" | "recipient" | "made">,
  { signed, ...told }: ToRead,
): Frame | null {
  const entries = entriesOf(signed);
  if (!isSignedByLeads(entries, told.promise, past, server.origin)) return null;
  const { kind, data, cites } = entries.find(({ index }) => index === told.promise) as PromisedEntry;
  const isOfIt = data.engagement === slug && data.recipient === recipient && cites.key?.[0] === made?.index;
  if (kind !== "engagement.promised" || !isOfIt || told.promise < Number(made?.index)) return null;
  const notice = leafOf(signed.find(({ index }) => index === told.promise)?.entry ?? "");
  return { ...told, notice, form_hash: data.form, languages: data.languages, k: data.k };
}

const first = new Map<string, string>(); // the ranges of each engagement, as the page first saw them

/** Say whether counts are told in the ranges that this tab saw first: by edges that move, presses would tell a count. */
function areAsBefore(recipient: string, { k, bands }: Frame): boolean {
  const [name, now] = [`${RANGES}.${recipient}`, JSON.stringify([k, bands])];
  const before = first.get(name) || keptInTab(name) || now;
  first.set(name, before);
  keepInTab(name, before);
  return before === now;
}

/** Fetch the voices page by page: a phone cannot hold a flood. */
async function* pages({ server }: Session, at: string, everything: boolean): AsyncGenerator<readonly SealedVoice[]> {
  let after: string | null = "";
  while (after !== null) {
    const path = `${at}/voices?after=${after}${everything ? "&aside=1" : ""}`;
    const page: { voices: SealedVoice[]; next: string | null } = await server.get(path);
    yield page.voices;
    after = page.next;
  }
}

/** Let the lead set aside what did not open, and open what two leads set aside. */
function showAside(reading: Reading, everything: boolean): void {
  const { session, view, engagement, frame, left } = reading;
  fill(view, { aside: String(frame.aside) });
  show(one(view, "[data-aside]"), frame.aside > 0 && !everything);
  press(session.host, one(view, "[data-open-aside]"), async () => showReading(session, engagement, true));
  press(session.host, one(view, "[data-set-aside]"), async () => {
    const marks = [...left.keys()];
    for (let at = 0; at < marks.length; at += ASIDE_AT_ONCE) {
      const body = { marks: marks.slice(at, at + ASIDE_AT_ONCE) };
      await session.server.post(`engagements/${engagement.slug}/aside`, body);
    }
    done(session.host, words(session.host, "aside"));
  });
}
