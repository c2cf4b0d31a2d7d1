/** Themes that all leads share: counted, added, marked, saved by themselves and sealed; what two leads change at once becomes one. */

import { openAs, sealNote } from "../lib/leads/keyring.ts";
import { Refused } from "../lib/leads/server.ts";
import { done, enter, field, fill, press, showWhen, whyNot, words } from "../lib/leads/views.ts";
import { one, show } from "../lib/page.ts";
import { drawBar } from "./list.ts";
import { areNotes, copied, freeId, merged, noNotes } from "./notes.ts";
import { type Kept, Saving } from "./saving.ts";
import type { Notes, Reading, Session } from "./session.ts";

const CLASHED = 409;

interface Held {
  readonly sealed: string | null;
  readonly revision: number;
  readonly earlier: readonly number[];
}

/** Notes as they are kept: what they say, as which revision, and the numbers of those before, the last first. */
export interface Noted {
  readonly notes: Notes;
  readonly revision: number;
  readonly earlier: number[];
}

/** Fetch the notes as they were last saved; where those do not open, the last ones that do. */
export async function fetchNotes({ server }: Session, at: string, identity: string): Promise<Noted> {
  const { sealed, revision, earlier } = await server.get<Held>(`${at}/notes`);
  const left = [...earlier];
  let notes = sealed ? await openAs(identity, sealed, areNotes) : null;
  while (!notes && left.length) notes = await earlierNotes(server, at, identity, left.shift() as number);
  return { notes: copied(notes ?? noNotes()), revision, earlier: left };
}

async function earlierNotes(
  server: Session["server"],
  at: string,
  identity: string,
  saved: number,
): Promise<Notes | null> {
  const { sealed } = await server.get<Held>(`${at}/notes?revision=${saved}`);
  const notes = sealed ? await openAs(identity, sealed, areNotes) : null;
  return notes && copied(notes);
}

/** Show the themes and how many voices each has, and save what changes. */
export function showThemes(reading: Reading): void {
  const { view, session } = reading;
  const { host } = session;
  const list = one(view, "[data-by-theme]") as HTMLSelectElement;
  const first = list.options[0] as HTMLOptionElement;
  const tell = (state: Kept, why?: unknown): void => {
    const place = one(view, "[data-notes-kept]") as HTMLElement;
    showWhen(place, state);
    fill(place, { why: why ? whyNot(host, why) : "" });
  };
  const draw = (): void => {
    const { value } = list;
    list.replaceChildren(first, ...reading.notes.themes.map(({ id, name }) => new Option(name, id)));
    list.value = value;
    drawCounts(reading);
    view.dispatchEvent(new Event("marked"));
  };
  const saving = new Saving(async () => {
    if (await saveNotes(reading)) draw();
  }, tell);
  session.saves.push(saving);
  view.addEventListener("noted", () => {
    drawCounts(reading);
    saving.soon();
  });
  enter(one(view, "[data-new-theme]"), one(view, "[data-add-theme]"));
  press(host, one(view, "[data-add-theme]"), async () => {
    const name = field(view, "[data-new-theme]").value.trim();
    if (!name) return;
    reading.notes.themes.push({ id: freeId(reading.notes.themes), name });
    field(view, "[data-new-theme]").value = "";
    draw();
    saving.soon();
  });
  offerOlder(reading, draw);
  draw();
}

/** Let the lead take up the themes as they were saved before. */
function offerOlder(reading: Reading, taken: () => void): void {
  const { view, session } = reading;
  const older = one(view, "[data-older-notes]");
  const offer = (): void => show(older, reading.earlier.length > 0);
  press(session.host, older, async () => {
    const at = `engagements/${reading.engagement.slug}`;
    let notes: Notes | null = null;
    while (!notes && reading.earlier.length)
      notes = await earlierNotes(session.server, at, reading.identity, reading.earlier.shift() as number);
    if (notes) {
      reading.notes = notes;
      reading.isNoted = false; // what this lead saved stays among those of before
      taken();
      done(session.host, words(session.host, "older"));
    }
    offer();
  });
  offer();
}

/** Draw how many voices each theme has. */
function drawCounts(reading: Reading): void {
  const { view, notes, opened } = reading;
  const bars = notes.themes.map(({ id, name }) => {
    const count = opened.filter(({ mark }) => notes.marked[mark]?.includes(id)).length;
    return drawBar(reading, { label: name, end: "", count, of: opened.length }, { which: "theme", value: id });
  });
  const list = one(view, "[data-themes]") as HTMLElement;
  list.replaceChildren(...bars);
  show(list, bars.length > 0);
}

/** Seal the notes and save them; where another lead saved meanwhile, with what they changed. True where that came in. */
async function saveNotes(reading: Reading): Promise<boolean> {
  const { engagement, session, identity } = reading;
  const at = `engagements/${engagement.slug}`;
  let came = false;
  for (;;) {
    const sent = copied(reading.notes);
    const sealed = await sealNote(engagement.recipient as string, { v: 1, ...sent });
    // What this lead saved since the page was unlocked takes the place of itself, so that the notes of before stay.
    const body = { sealed, revision: reading.revision, again: reading.isNoted };
    try {
      reading.revision = (await session.server.post<{ revision: number }>(`${at}/notes`, body)).revision;
      reading.saved = sent;
      reading.isNoted = true;
      return came;
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== CLASHED) throw error;
      const theirs = await fetchNotes(session, at, identity);
      if (theirs.revision === reading.revision) throw error; // refused for another reason
      reading.notes = merged(reading.saved, reading.notes, theirs.notes);
      [reading.saved, reading.revision, reading.isNoted] = [theirs.notes, theirs.revision, false];
      came = true;
    }
  }
}
