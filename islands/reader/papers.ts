/** Recovery papers in the reader: made and printed, signed by a second lead, checked, and typed in to open keys that leads lost. */

import { identityToRecipient } from "age-encryption";
import { listLeads } from "../lib/leads/choice.ts";
import { openNonce, openText, sealTo, sign } from "../lib/leads/keyring.ts";
import {
  areOfOneKey,
  checkOf,
  cut,
  IN_A_ROW,
  inForce,
  isAsked,
  joined,
  knownBy,
  type Papers,
  type PapersAsked,
  type PapersEntry,
  readPaper,
  rowsOf,
  setOf,
} from "../lib/leads/papers.ts";
import { Refused } from "../lib/leads/server.ts";
import { joinedStatement, lockedStatement, type PublicKeys, papersStatement } from "../lib/leads/statements.ts";
import type { Judged } from "../lib/leads/trust.ts";
import {
  done,
  field,
  fill,
  leadName,
  made,
  press,
  problem,
  renewed,
  showWhen,
  turnTo,
  words,
} from "../lib/leads/views.ts";
import { all, one, save, show, warn } from "../lib/page.ts";
import type { Engagement, Session } from "./session.ts";

/** What the site tells of papers. */
export interface Told {
  /** The entry of those that count for new engagements, as the site says it. */
  readonly counts: number | null;
  readonly made: readonly PapersEntry[];
  readonly checked: readonly { readonly papers: number; readonly paper: number; readonly seat: string }[];
  readonly locked: readonly { readonly papers: number; readonly key: number; readonly seat: string }[];
  readonly asked: PapersAsked | null;
}

/** The desk that papers stand on, as this device judged it. */
export interface Around {
  readonly judged: Judged;
  readonly engagements: readonly Engagement[];
  /** To whose keys one locks today. */
  readonly able: ReadonlyMap<string, PublicKeys>;
  readonly back: (at?: string) => Promise<unknown>;
  readonly open: (engagement: Engagement) => Promise<string>;
}

interface WrappedKey {
  readonly slug: string;
  readonly key: number;
  readonly test: string;
  readonly wraps: readonly { readonly recipient: string; readonly sealed: string }[];
}

/** Under which name leads sign that a key is locked to the papers, or was opened with them. */
const PAPERS = "papers";
/** Where what was done with papers is told. */
const HEADING = "[data-papers-heading]";
/** From so many leads on three of five papers are proposed, else two of three. */
const MANY = 4;

/** So many leads lock each key to the papers: what one of them locked wrongly, the other did not. */
const LOCKERS = 2;

/** Show where the papers stand, and what this lead can do with them; keep those that count, and what this lead can lock to them. */
export function showPapers(session: Session, told: Told, around: Around): void {
  const { host, server } = session;
  const { judged } = around;
  const place = one(host, "[data-papers]") as HTMLElement;
  show(place, judged.keys.has(server.seat) && !judged.first);
  const last = inForce(told.made, judged, server.origin);
  const now = last && told.counts === last.index ? last : undefined;
  const asked = told.asked && isAsked(told.asked, judged, server.origin) ? told.asked : null;
  const checked = told.checked.filter(({ papers }) => papers === now?.index);
  const unchecked = (now?.data.papers ?? []).flatMap((_, at) =>
    checked.some(({ paper }) => paper === at + 1) ? [] : at + 1,
  );
  const unlocked = now ? around.engagements.filter((each) => isUnlocked(each, now, told, server.seat)) : [];
  const list = new Intl.ListFormat(document.documentElement.lang, { type: "unit" });
  fill(place, {
    needed: String(now?.data.needed ?? ""),
    count: String(now?.data.papers.length ?? ""),
    set: now ? setOf(now.data) : "",
    maker: asked ? leadName(host, asked.seat) : "",
    "asked-needed": String(asked?.needed ?? ""),
    "asked-count": String(asked?.papers.length ?? ""),
    "asked-set": asked ? setOf(asked) : "",
    unlocked: list.format(unlocked.map(({ title }) => title)),
  });
  const before = told.made.length > 0 ? "gone" : "none";
  const state = now ? (unchecked.length > 0 ? "unchecked" : "checked") : asked ? "" : before;
  const waits = asked ? (asked.seat === server.seat ? "asked-own" : "asked") : "";
  for (const part of all(place, "[data-when]")) {
    const shown = (part.dataset.when as string).split(" ");
    show(
      part,
      [state, waits, waits && state ? "two-sets" : ""].some((one) => one && shown.includes(one)),
    );
  }
  const drawn = (now?.data.papers ?? []).map((_, at) => {
    const by = checked.filter(({ paper }) => paper === at + 1).map(({ seat }) => leadName(host, seat));
    const item = made(host, "[data-paper]", { paper: String(at + 1), by: by.join(", ") });
    showWhen(item, by.length > 0 ? "right" : "open");
    return item;
  });
  one(place, "[data-paper-list]")?.replaceChildren(...drawn);
  const lost = around.engagements.filter((each) => isLost(each, told, server.seat));
  bind(session, told, around, { now, asked });
  show(one(place, "[data-lock-papers]"), unlocked.length > 0);
  show(one(place, "[data-sure-papers]"), false);
  show(one(host, "[data-papers-wait]"), waits === "asked");
  show(one(host, "[data-papers-open]"), unchecked.length > 0 && now?.data.maker !== server.seat && waits !== "asked");
  const shared = lost.some(({ holders }) => holders.some((seat) => around.able.has(seat)));
  one(place, "[data-use-papers]")?.classList.toggle("quiet", shared);
  show(one(place, "[data-ask-first]"), shared);
  show(one(place, "[data-use-papers]"), lost.length > 0);
  show(one(place, "[data-make-papers]"), !asked);
  show(one(place, "[data-sign-papers]"), waits === "asked");
  show(one(place, "[data-drop-papers]"), asked !== null);
  show(one(place, "[data-check-papers]"), now !== undefined && now.data.maker !== server.seat);
  show(one(place, "[data-own-papers]"), now?.data.maker === server.seat && unchecked.length > 0);
  session.papers = now;
  session.toLock = new Set(unlocked.map(({ slug }) => slug));
}

/** Say whether this lead holds a key that fewer than two leads locked to the papers, and not this one. */
function isUnlocked(each: Engagement, now: PapersEntry, told: Told, seat: string): boolean {
  const locked = told.locked.filter(({ papers, key }) => papers === now.index && key === each.made?.index);
  const lockers = new Set(locked.map((one) => one.seat));
  const isOwed = lockers.size < LOCKERS && !lockers.has(seat);
  return !each.destroyed && each.recipient !== null && each.holders.includes(seat) && isOwed;
}

/** Say whether papers may open a key that this lead does not hold. */
function isLost(each: Engagement, told: Told, seat: string): boolean {
  const isLocked = told.locked.some(({ key }) => key === each.made?.index);
  return !each.destroyed && each.recipient !== null && !each.holders.includes(seat) && isLocked;
}

/** Let each button of the papers act once, on what was told last. */
function bind(
  session: Session,
  told: Told,
  around: Around,
  { now, asked }: { now: PapersEntry | undefined; asked: PapersAsked | null },
): void {
  const { host, server } = session;
  acts.set(host, {
    make: async () => makePapers(session, around, now ?? told.made.at(-1)),
    sign: async () => {
      if (asked) signPapers(session, told, around, asked);
    },
    drop: async () => {
      await server.post("papers/drop", {});
      await around.back(HEADING);
      done(host, words(host, "papers-dropped"));
    },
    check: async () => {
      if (now) checkPapers(session, told, around, now);
    },
    lock: async () => {
      show(one(host, "[data-sure-papers]"), true);
      one(host, "[data-lock-papers-now]")?.focus();
    },
    "lock-now": async () => {
      if (!now) return;
      for (const each of around.engagements.filter((each) => isUnlocked(each, now, told, server.seat))) {
        await lockToPapers(session, each, await around.open(each), now);
      }
      await around.back(HEADING);
      done(host, words(host, "papers-locked"));
    },
    use: async () => usePapers(session, told, around),
  });
  if (bound.has(host)) return;
  bound.add(host);
  for (const name of ["make", "sign", "drop", "check", "lock", "use"]) {
    press(host, one(host, `[data-${name}-papers]`), async () => acts.get(host)?.[name]?.());
  }
  press(host, one(host, "[data-lock-papers-now]"), async () => acts.get(host)?.["lock-now"]?.());
}
const acts = new WeakMap<HTMLElement, { readonly [name: string]: () => Promise<void> }>();
const bound = new WeakSet<HTMLElement>();

/** Lock a key that this lead holds to the papers in force, and sign that. */
export async function lockToPapers(
  { server, keyring }: Session,
  { slug }: { readonly slug: string },
  identity: string,
  { index, data }: PapersEntry,
): Promise<void> {
  const statement = lockedStatement(server.origin, slug, await identityToRecipient(identity), [
    [PAPERS, data.recipient],
  ]);
  const sealed = await sealTo(data.recipient, identity);
  await server.post(`papers/keys/${slug}/lock`, { papers: index, sealed, signature: sign(keyring, statement) });
}

/** Make papers, show each as a sheet to print, and hand the site nothing but what everyone may know. */
function makePapers(session: Session, around: Around, before: PapersEntry | undefined): void {
  const { host, server, keyring } = session;
  const view = renewed(host, "papers-making");
  show(one(view, "[data-again-papers]"), before !== undefined);
  fill(view, { set: before ? setOf(before.data) : "" });
  const [count, needed] = [field(view, "[data-count]"), field(view, "[data-needed]")];
  [count.value, needed.value] = around.able.size >= MANY ? ["5", "3"] : ["3", "2"];
  const back = async (): Promise<void> => {
    removeEventListener("beforeunload", warn);
    await around.back(HEADING);
  };
  press(host, one(view, "[data-to-desk]"), back);
  press(host, one(view, "[data-cut]"), async () => {
    const [many, few] = [Number(count.value), Number(needed.value)];
    if (!(few >= 2 && few <= many && many <= 15)) return problem(host, words(host, "papers-numbers"));
    const { shares, ...said } = await cut(many, few);
    addEventListener("beforeunload", warn);
    const sheets = shares.map((share, at) => {
      const sheet = made(host, "[data-sheet-of-paper]", {
        paper: String(at + 1),
        count: String(many),
        needed: String(few),
        set: setOf(said),
        day: new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long" }).format(),
        address: new URL("..", new URL(server.api, location.href)).href,
      });
      one(sheet, "[data-rows]")?.replaceChildren(...rowsOf(share).map(line));
      share.fill(0);
      return sheet;
    });
    for (const sheet of sheets) press(host, one(sheet, "[data-print-paper]"), async () => printAlone(sheet, sheets));
    one(view, "[data-sheets-of-paper]")?.replaceChildren(...sheets);
    show(one(view, "[data-before-cut]"), false);
    show(one(view, "[data-after-cut]"), true);
    turnTo(host, "papers-making", "[data-cut-heading]");
    press(host, one(view, "[data-papers-kept]"), async () => {
      await server.post("papers/", { ...said, signature: sign(keyring, papersStatement(server.origin, said)) });
      one(view, "[data-sheets-of-paper]")?.replaceChildren();
      await back();
      done(host, words(host, "papers-made"));
    });
  });
}

/** Print one sheet and no other: no printer, and no file, holds enough of them to open a key. */
function printAlone(sheet: HTMLElement, sheets: readonly HTMLElement[]): void {
  for (const other of sheets) other.classList.toggle("prints-alone", other === sheet);
  print();
}

function line(digits: string): HTMLElement {
  const item = document.createElement("li");
  item.textContent = digits;
  return item;
}

/** Let the lead type one paper after the other; each is compared here and forgotten. */
function checkPapers(session: Session, told: Told, around: Around, now: PapersEntry): void {
  const { host, server, keyring } = session;
  const view = renewed(host, "papers-checking");
  fill(view, { set: setOf(now.data), needed: String(now.data.needed), count: String(now.data.papers.length) });
  press(host, one(view, "[data-to-desk]"), async () => void (await around.back(HEADING)));
  press(host, one(view, "[data-check-now]"), async () => {
    const share = typed(host, view);
    if (!share) return;
    const hashed = knownBy(share);
    const paper = now.data.papers.indexOf(hashed) + 1;
    share.fill(0);
    if (paper === 0) return problem(host, whoseIs(host, told, hashed, "papers-old"));
    await server.post("papers/check", { paper, signature: sign(keyring, checkOf(server.origin, now.data, paper)) });
    await around.back(HEADING);
    done(host, words(host, "papers-right", { paper: String(paper) }));
  });
}

/** Say of which set a paper is that is not wanted here: one that waits for a second lead, another one, or none. */
function whoseIs(
  host: HTMLElement,
  { made, asked }: Pick<Told, "made" | "asked">,
  hashed: string,
  other: string,
): string {
  if (asked?.papers.includes(hashed)) return words(host, "papers-unsigned", { set: setOf(asked) });
  const of = made.find(({ data }) => data.papers.includes(hashed));
  return of ? words(host, other, { set: setOf(of.data) }) : words(host, "papers-other");
}

/** Read the four rows of a paper; tell which one is wrong. What was typed is taken out once it is right. */
function typed(host: HTMLElement, view: HTMLElement): Uint8Array | null {
  const rows = all(view, "[data-row]") as HTMLInputElement[];
  const read = readPaper(rows.map(({ value }) => value));
  if ("row" in read) {
    rows[read.row - 1]?.focus();
    const { row, digits } = read;
    const isLong = digits !== null && digits > 0 && digits !== IN_A_ROW;
    const what = digits === null ? "-letters" : digits === 0 ? "-empty" : isLong ? "-length" : "";
    problem(host, words(host, `papers-row${what}`, { row: String(row), digits: String(digits) }));
    return null;
  }
  for (const row of rows) row.value = "";
  return read;
}

/** Papers that were typed in a view, one after the other, in memory alone. */
interface Typed<T extends Papers> {
  readonly from: () => T | undefined;
  readonly shares: Map<number, Uint8Array>;
  /** Forget what was typed. */
  readonly forget: () => void;
}

/** Take papers one after the other, all of one of these keys; `enough` shows what can be done once there are as many as are needed. */
function gather<T extends Papers>(
  host: HTMLElement,
  view: HTMLElement,
  among: readonly T[],
  told: Pick<Told, "made" | "asked">,
  enough: (is: boolean) => void,
): Typed<T> {
  let from: T | undefined;
  const shares = new Map<number, Uint8Array>();
  const shown = (left: number): void => {
    one(view, "[data-here]")?.replaceChildren(
      ...[...shares.keys()].map((paper) => line(words(host, "papers-here", { paper: String(paper) }))),
    );
    show(one(view, "[data-rows-of-one]"), left > 0);
    enough(left === 0);
  };
  press(host, one(view, "[data-use-now]"), async () => {
    const share = typed(host, view);
    if (!share) return;
    const hashed = knownBy(share);
    const of = among.filter(({ papers }) => papers.includes(hashed)).at(-1);
    if (!of || (from && of !== from)) return problem(host, whoseIs(host, told, hashed, "papers-of-set"));
    from = of;
    const paper = of.papers.indexOf(hashed) + 1;
    if (shares.has(paper)) return problem(host, words(host, "papers-twice", { paper: String(paper) }));
    shares.set(paper, share);
    const left = Math.max(0, of.needed - shares.size);
    shown(left);
    done(host, words(host, left === 0 ? "papers-enough" : "papers-more", { left: String(left) }));
  });
  const forget = (): void => {
    for (const share of shares.values()) share.fill(0);
    shares.clear();
    from = undefined;
    shown(1);
  };
  enough(false);
  return { from: () => from, shares, forget };
}

/** Let a second lead type as many papers as open a key, before signing: this device joins them, tries all by that, and forgets. */
function signPapers(session: Session, told: Told, around: Around, asked: PapersAsked): void {
  const { host, server, keyring } = session;
  const view = renewed(host, "papers-joining");
  fill(view, { needed: String(asked.needed), maker: leadName(host, asked.seat), set: setOf(asked) });
  const button = one(view, "[data-sign-now]");
  const { shares, forget } = gather(host, view, [asked], { ...told, asked: null }, (is) => show(button, is));
  press(host, one(view, "[data-to-desk]"), async () => {
    forget();
    await around.back(HEADING);
  });
  press(host, button, async () => {
    const isOne = await areOfOneKey([...shares.values()], asked);
    const checked = asked.papers.map((_, at) =>
      shares.has(at + 1) ? sign(keyring, checkOf(server.origin, asked, at + 1)) : "",
    );
    forget();
    if (!isOne) return problem(host, words(host, "papers-not-one"));
    const signature = sign(keyring, joinedStatement(server.origin, asked));
    await server.post("papers/sign", { signature, checked });
    await around.back(HEADING);
    done(host, words(host, "papers-signed"));
  });
  show(button, false);
}

/** Let the lead type as many papers as are needed, put the recovery key together, and lock what it opens to leads again. */
function usePapers(session: Session, told: Told, around: Around): void {
  const { host, server } = session;
  const view = renewed(host, "papers-using");
  const button = one(view, "[data-open-keys]");
  const who = one(view, "[data-who]");
  const { from, shares, forget } = gather(
    host,
    view,
    told.made.map(({ index, data }) => ({ ...data, index })),
    told,
    (is) => [button, who].map((part) => show(part, is)),
  );
  const chosen = listLeads(view, server.origin, around.able, {
    name: (seat) => leadName(host, seat),
    isChosen: () => true,
    isFixed: (seat) => seat === server.seat,
  });
  press(host, one(view, "[data-to-desk]"), async () => {
    forget();
    await around.back(HEADING);
  });
  press(host, one(view, "[data-save-keys]"), async () => {
    const locked = JSON.stringify(await server.get<object>("papers/keys"));
    const address = URL.createObjectURL(new Blob([locked], { type: "application/json" }));
    save(address, "locked-keys.json");
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  });
  const opened = new Set<string>();
  press(host, button, async () => {
    const papers = from();
    if (!papers) return;
    const to = [...around.able].filter(([seat]) => chosen().includes(seat));
    const recovery = await joined([...shares.values()], papers.recipient).catch(() => "");
    if (!recovery) {
      forget();
      return problem(host, words(host, "papers-other"));
    }
    const left = await openWithPapers(session, around.engagements, papers, recovery, to, opened);
    if (left.length > 0) {
      const list = new Intl.ListFormat(document.documentElement.lang, { type: "unit" });
      return problem(host, words(host, "papers-left", { opened: String(opened.size), left: list.format(left) }));
    }
    forget();
    await around.back(HEADING);
    done(host, words(host, opened.size > 0 ? "papers-opened" : "papers-none", { opened: String(opened.size) }));
  });
  show(button, false);
}

/** Open each key that was locked to these papers and that this lead lacks, and lock it to leads of today; give what could not be done. */
async function openWithPapers(
  session: Session,
  engagements: readonly Engagement[],
  from: Papers & { readonly index: number },
  recovery: string,
  to: readonly [string, PublicKeys][],
  opened: Set<string>,
): Promise<string[]> {
  const { server } = session;
  const { keys } = await server.get<{ keys: WrappedKey[] }>("papers/keys");
  const left: string[] = [];
  for (const each of engagements) {
    const held = keys.find(({ key }) => key === each.made?.index);
    if (!held || each.destroyed || each.holders.includes(server.seat) || opened.has(each.slug)) continue;
    const isDone = await recover(session, each, held, from, recovery, to).catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
      left.push(each.title);
    });
    if (isDone) opened.add(each.slug);
  }
  return left;
}

/** Open one key with the recovery key, and lock it to leads; say whether these papers open it. */
async function recover(
  { server, keyring }: Session,
  { slug, recipient }: Engagement,
  held: WrappedKey,
  from: Papers & { readonly index: number },
  recovery: string,
  to: readonly [string, PublicKeys][],
): Promise<boolean> {
  const identity = recipient && (await opens(recovery, from.recipient, held, recipient));
  const nonce = identity && (await openNonce(identity, held.test));
  if (!identity || !recipient || !nonce) return false;
  const wraps: { [seat: string]: string } = {};
  for (const [seat, own] of to) wraps[seat] = await sealTo(own.recipient, identity);
  const locked = to.map(([seat, own]): [string, string] => [seat, own.recipient]);
  const statement = lockedStatement(server.origin, slug, recipient, [...locked, [PAPERS, from.recipient]]);
  const body = { papers: from.index, wraps, nonce, signature: sign(keyring, statement) };
  await server.post(`papers/keys/${slug}/recover`, body);
  return true;
}

/** Give the identity of an engagement, of all that was sealed to the recovery key: the one that fits the key that a lead signed. */
async function opens(recovery: string, to: string, { wraps }: WrappedKey, recipient: string): Promise<string> {
  for (const { sealed } of wraps.filter((each) => each.recipient === to)) {
    const identity = await openText(recovery, sealed).catch(() => "");
    if ((await identityToRecipient(identity).catch(() => "")) === recipient) return identity;
  }
  return "";
}
