/** `<lead-strategies>`: organizing strategies, opened and sealed on a lead's own device. README.md says what HTML it expects. */

import { openText } from "../lib/leads/keyring.ts";
import { judge, ownKeys } from "../lib/leads/trust.ts";
import { refuseOthers, unlocking } from "../lib/leads/unlock.ts";
import { done, field, made, press, problem, showWhen, turnTo, words } from "../lib/leads/views.ts";
import { all, attribute, empty, everyElement, one, show } from "../lib/page.ts";
import { blank, type Doc, read, signKeys, tidy } from "./core.ts";
import { chooseLeads } from "./leads.ts";
import { dayOf, fetchOne, type Listing, namesOf, type Session, seal, whyUnopened } from "./session.ts";
import { Writing } from "./writing.ts";

const NOT_HERE = 404; // to whoever has no token the doors are not there

everyElement("lead-strategies", (host) => {
  unlocking(host, { status: NOT_HERE, words: words(host, "gone") }, async (lead) => {
    const nothing = new Map();
    const today = attribute(host, "today");
    let session: Session = { ...lead, today, keys: nothing, signers: nothing, toList: () => showList() };
    const showList = async (): Promise<void> => {
      const listing = await session.server.get<Listing>("strategies");
      const { origin, seat } = session.server;
      const judged = judge(listing.keys, origin, lead.keyring);
      const named = ownKeys(judged, seat);
      if (named) await refuseOthers(session, named);
      const keys = new Map([...judged.keys].filter(([who]) => listing.able.includes(who)));
      session = { ...session, keys, signers: signKeys(judged) };
      await drawList(session, listing);
      turnTo(host, "list");
    };
    await showList();
    press(host, one(host, "[data-begin]"), async () => {
      const doc = starter(host, field(host, "[data-starter-choice]").value);
      begin(session, doc, [lead.server.seat], "begun");
    });
    one(host, "[data-copy]")?.addEventListener("change", () => void openCopy(session));
  });
});

async function drawList(session: Session, listing: Listing): Promise<void> {
  const { host } = session;
  const list = one(host, "[data-strategies]") as HTMLElement;
  empty(list);
  for (const { id, saved_on } of listing.strategies) {
    const { state, opened } = await fetchOne(session, id);
    const doc = typeof opened === "string" ? null : opened.doc;
    const title = doc?.words.title || words(host, "untitled");
    const who = namesOf(session, state.members);
    const item = made(host, "[data-strategy]", { title, who, day: dayOf(saved_on) });
    showWhen(item, typeof opened === "string" ? opened : "fine");
    show(one(item, "[data-end-asked]"), state.ending !== null && state.ending.by !== session.server.seat);
    if (typeof opened !== "string")
      press(host, one(item, "[data-open]"), async () => void (await openOne(session, id)));
    list.append(item);
  }
  show(one(host, "[data-no-strategies]"), listing.strategies.length === 0);
}

/** Open a strategy in the page; null where what the server has is none that its leads signed. */
async function openOne(session: Session, id: string): Promise<Writing | null> {
  const { state, opened } = await fetchOne(session, id);
  if (typeof opened === "string") {
    problem(session.host, whyUnopened(session, opened));
    return null;
  }
  const writing = new Writing(session, state, opened);
  writing.show();
  return writing;
}

/** Let leads be chosen and begin a strategy with them, under an id that is drawn here; then say so where there is a word for it. */
function begin(session: Session, doc: Doc, members: readonly string[], said = ""): void {
  const { host, server, toList } = session;
  const id = crypto.randomUUID();
  const then = async (chosen: string[]): Promise<void> => {
    await server.post("strategies", { id, members: chosen, sealed: await seal(session, id, 1, chosen, doc) });
    await openOne(session, id);
    if (said) done(host, words(host, said));
  };
  chooseLeads(session, "new", members, then, toList);
}

/** Give the words of a first campaign, or none. */
function starter(host: HTMLElement, name: string): Doc {
  const template = name ? (one(host, `template[data-starter="${name}"]`) as HTMLTemplateElement | null) : null;
  if (!template) return blank();
  const found: { words: { [name: string]: string }; rows: { [kind: string]: object[] } } = { words: {}, rows: {} };
  for (const place of all(template.content, "[data-at]"))
    found.words[place.dataset.at as string] = place.textContent ?? "";
  for (const item of all(template.content, "[data-item]")) {
    const row: { [field: string]: string } = {};
    for (const place of all(item, "[data-field]"))
      row[place.dataset.field as string] = place.dataset.value ?? place.textContent ?? "";
    const kind = item.dataset.item as string;
    found.rows[kind] = [...(found.rows[kind] ?? []), row];
  }
  return tidy(found);
}

/** Open a copy from a file: beside its strategy where that is still here, else as a new one. */
async function openCopy(session: Session): Promise<void> {
  const { host, keyring, server } = session;
  const input = one(host, "[data-copy]") as HTMLInputElement;
  const file = input.files?.[0];
  if (!file) return;
  input.value = "";
  problem(host, "");
  const text = await openText(keyring.identity, new Uint8Array(await file.arrayBuffer())).catch(() => "");
  const id = strategyOf(text);
  const copy = read(text, id, session.server.origin, session.signers);
  if (!copy) return problem(host, words(host, "no-copy"));
  const { strategies } = await server.get<Listing>("strategies");
  if (!strategies.some((one) => one.id === id)) return begin(session, copy.doc, copy.members);
  (await openOne(session, id))?.compareWith(copy, "", null);
}

function strategyOf(text: string): string {
  try {
    return String(JSON.parse(text).strategy);
  } catch (_) {
    return "";
  }
}
