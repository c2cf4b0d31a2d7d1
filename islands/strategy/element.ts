/** `<lead-strategies>`: organizing strategies, opened and sealed on a lead's own device. README.md says what HTML it expects. */

import { all, empty, everyElement, one, show } from "../lib/page.ts";
import { openAny, openText } from "../reader/keyring.ts";
import { done, enter, field, made, press, problem, showWhen, turnTo, words } from "../reader/page.ts";
import { Server } from "../reader/server.ts";
import { keysInForce } from "../reader/trust.ts";
import { blank, type Doc, read, tidy } from "./core.ts";
import { type Desk, dayOf, fetchOne, namesOf, seal, signersOf } from "./desk.ts";
import { chooseLeads } from "./leads.ts";
import { Doors, type Listing } from "./server.ts";
import { Writing } from "./writing.ts";

everyElement("lead-strategies", (host) => {
  const attribute = (name: string): string => host.getAttribute(name) ?? "";
  const [origin, today] = [attribute("origin"), attribute("today")];
  let desk: Desk;

  const showList = async (): Promise<void> => {
    const listing = await desk.doors.get<Listing>();
    const keys = new Map([...keysInForce(listing.keys, origin)].filter(([who]) => listing.able.includes(who)));
    desk = { ...desk, keys, signers: signersOf(listing, origin) };
    await drawList(desk, listing);
    turnTo(host, "list");
  };

  enter(one(host, "[data-passphrase]"), one(host, "[data-unlock]"));
  press(host, one(host, "[data-unlock]"), async () => {
    if (!isSecureContext) return problem(host, words(host, "insecure"));
    const typed = field(host, "[data-passphrase]");
    show(one(host, "[data-unlocking]"), true);
    await new Promise((drawn) => setTimeout(drawn, 50));
    const unlocked = await openAny(attribute("keyring").split(" "), attribute("seat").split(" "), typed.value);
    show(one(host, "[data-unlocking]"), false);
    if (!unlocked) return problem(host, words(host, "wrong-words"));
    typed.value = "";
    const { keyring, seat } = unlocked;
    const server = new Server(attribute("api"), seat, origin);
    await server.signIn(keyring);
    const doors = new Doors(server, keyring, words(host, "gone"));
    const nothing = new Map();
    desk = { host, doors, keyring, seat, origin, today, keys: nothing, signers: nothing, toList: showList };
    await showList();
    press(host, one(host, "[data-begin]"), async () => begin(desk));
    press(host, one(host, "[data-lock]"), async () => location.reload());
    one(host, "[data-copy]")?.addEventListener("change", () => void openCopy(desk));
  });
});

async function drawList(desk: Desk, listing: Listing): Promise<void> {
  const { host } = desk;
  const list = one(host, "[data-strategies]") as HTMLElement;
  empty(list);
  for (const { id, saved_on } of listing.strategies) {
    const { state, opened } = await fetchOne(desk, id);
    const doc = typeof opened === "string" ? null : opened.doc;
    const title = doc?.words.title || words(host, "untitled");
    const who = namesOf(desk, state.members);
    const item = made(host, "[data-strategy]", { title, who, day: dayOf(saved_on) });
    showWhen(item, typeof opened === "string" ? opened : "fine");
    show(one(item, "[data-end-asked]"), state.ending !== null && state.ending.by !== desk.seat);
    if (typeof opened !== "string") press(host, one(item, "[data-open]"), async () => openOne(desk, id));
    list.append(item);
  }
  show(one(host, "[data-no-strategies]"), listing.strategies.length === 0);
}

async function openOne(desk: Desk, id: string): Promise<void> {
  const { state, opened } = await fetchOne(desk, id);
  if (typeof opened === "string") return problem(desk.host, words(desk.host, "forged"));
  new Writing(desk, state, opened).show();
}

/** Begin a strategy under an id that is drawn here, with the words of a first campaign or without. */
function begin(desk: Desk): void {
  const { host, doors, seat, toList } = desk;
  const id = crypto.randomUUID();
  const doc = starter(host, field(host, "[data-starter-choice]").value);
  const then = async (members: string[]): Promise<void> => {
    const sealed = await seal(desk, id, 1, members, doc);
    await doors.post("", { id, members, sealed });
    await openOne(desk, id);
    done(host, words(host, "begun"));
  };
  chooseLeads(desk, "new", [seat], then, toList);
}

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
async function openCopy(desk: Desk): Promise<void> {
  const { host, keyring, doors } = desk;
  const input = one(host, "[data-copy]") as HTMLInputElement;
  const file = input.files?.[0];
  if (!file) return;
  input.value = "";
  problem(host, "");
  const text = await openText(keyring.identity, new Uint8Array(await file.arrayBuffer())).catch(() => "");
  const id = strategyOf(text);
  const copy = read(text, id, desk.origin, desk.signers);
  if (!copy) return problem(host, words(host, "no-copy"));
  const { strategies } = await doors.get<Listing>();
  if (!strategies.some((one) => one.id === id)) {
    const made = crypto.randomUUID();
    chooseLeads(
      desk,
      "new",
      copy.members,
      async (members) => {
        await doors.post("", { id: made, members, sealed: await seal(desk, made, 1, members, copy.doc) });
        await openOne(desk, made);
      },
      desk.toList,
    );
    return;
  }
  const { state, opened } = await fetchOne(desk, id);
  if (typeof opened === "string") return problem(host, words(host, "forged"));
  const writing = new Writing(desk, state, opened);
  writing.show();
  writing.compareWith(copy, "", null);
}

function strategyOf(text: string): string {
  try {
    return String(JSON.parse(text).strategy);
  } catch (_) {
    return "";
  }
}
