/** The lead's desk in the reader: engagements and their keys, and keys of other leads that wait to be vouched for. */

import { generateX25519Identity, identityToRecipient } from "age-encryption";
import type { Meant } from "../lib/leads/acts.ts";
import { listLeads } from "../lib/leads/choice.ts";
import { openNonce, openText, sealTo, sign } from "../lib/leads/keyring.ts";
import { Refused } from "../lib/leads/server.ts";
import { fingerprint, lockedStatement, type PublicKeys, vouchStatement } from "../lib/leads/statements.ts";
import {
  type Brought,
  isMadeByLead,
  type Judged,
  judge,
  type KeyEntry,
  keysOf,
  type MadeEntry,
  ownKeys,
  signsItself,
} from "../lib/leads/trust.ts";
import { refuseOthers } from "../lib/leads/unlock.ts";
import {
  done,
  field,
  fill,
  leadName,
  listedFor,
  made,
  press,
  problem,
  renewed,
  renewedIn,
  showWhen,
  turnTo,
  words,
} from "../lib/leads/views.ts";
import { all, one, show } from "../lib/page.ts";
import { isSignedBy, signAct, signatures, type Upon } from "./acting.ts";
import { lockToPapers, showPapers, type Told } from "./papers.ts";
import type { Engagement, Session } from "./session.ts";

interface Waiting extends Brought {
  readonly id: number;
  readonly vouched: readonly string[];
}

interface Desk {
  readonly keys: readonly KeyEntry[];
  /** The seats to whose key one locks today: leads who sit, and former ones who agreed. */
  readonly able: readonly string[];
  readonly waiting: readonly Waiting[];
  readonly engagements: readonly Engagement[];
}

interface Shown {
  readonly engagements: readonly Engagement[];
  readonly able: ReadonlyMap<string, PublicKeys>;
}

/** Let the address name the engagement that shows, so that Back and a reload lead to it again. */
export function standAt({ server, wanted }: Session): void {
  const reader = new URL("..", new URL(server.api, location.href));
  const here = new URL(wanted && `${wanted}/`, reader);
  if (here.pathname !== location.pathname) history.replaceState(history.state, "", here);
}

/** Where keys stand that wait for leads to vouch for them. */
export const WAITING = "[data-waiting-heading]";

/** Where the lead with whom one shares is named. */
export const TO_SHARE = "[data-share-heading]";

/** Steps of a draft, as the site names them. */
const [TEST, SIGN] = ["test-key", "sign"];

/** Give where what was done with the key of an engagement is told: at its name. */
export function headingOf({ slug }: { readonly slug: string }): string {
  return `[data-slug="${slug}"] h3`;
}

/** Load the desk and show it, from the heading `at` where one is named; give its engagements, and to whose keys one locks. */
export async function showDesk(session: Session, at?: string): Promise<Shown> {
  const { host, server } = session;
  standAt(session);
  const told = await server.get<Desk>("desk");
  const papers = await server.get<Told>("papers/");
  const judged = judge(told.keys, server.origin, session.keyring);
  const { keys, first } = judged;
  session.past = judged.past;
  session.keys = new Map(judged.past.flatMap((since) => [...since.keys]));
  const desk = checked(told, judged, server.origin);
  const asked = desk.waiting.filter(({ seat }) => seat === server.seat).at(-1);
  const waits = asked && { recipient: asked.recipient, signKey: asked.sign_key };
  await refuseOthers(session, ownKeys(judged, server.seat) ?? waits);
  const place = (own: Engagement): number => {
    return own.promise === null ? 2 : Number(stateOf(own, server.seat) !== "open");
  };
  const inOrder = [...desk.engagements].sort((a, b) => place(a) - place(b));
  const able = new Map([...keys].filter(([seat]) => desk.able.includes(seat)));
  const wanted = inOrder.filter((each) =>
    session.sharing ? isToShare(session, each, able) : each.slug === session.wanted,
  );
  showSharing(session, inOrder, wanted, able.get(session.sharing));
  const shown = wanted.length > 0 ? wanted : inOrder;
  const drawn = shown.map((engagement) => drawEngagement(session, engagement, able));
  one(host, "[data-engagements]")?.replaceChildren(...drawn);
  const isFounded = keys.size > 0 && !first;
  showFounding(session, desk, first, isFounded);
  const waiting = desk.waiting.map((asked) => waitingKey(session, asked, isFounded, first));
  one(host, "[data-waiting-keys]")?.replaceChildren(...waiting);
  const known = [...keys].map(([seat, own]) =>
    made(host, "[data-known]", { seat: leadName(host, seat), fingerprint: fingerprint(server.origin, seat, own) }),
  );
  one(host, "[data-known-keys]")?.replaceChildren(...known);
  showPapers(session, papers, {
    judged,
    engagements: desk.engagements,
    able,
    back: (at) => showDesk(session, at),
    open: async (engagement) => (await engagementKey(session, engagement)).identity,
  });
  show(one(host, "[data-alone]"), shown.length < inOrder.length);
  show(one(host, "[data-vouching]"), wanted.length === 0 || desk.waiting.length > 0 || !isFounded);
  show(one(host, "[data-no-engagements]"), desk.engagements.length === 0);
  show(one(host, "[data-no-waiting]"), desk.waiting.length === 0);
  show(one(host, "[data-own]"), !keys.has(server.seat));
  turnTo(host, "desk", at);
  return { engagements: desk.engagements, able };
}

/** Take the recipient of an engagement from nobody but the lead who made its key and signed it, and a waiting key from who can sign with it. */
function checked(desk: Desk, { past }: Judged, origin: string): Desk {
  const waiting = desk.waiting.filter((one) => signsItself(origin, one));
  const engagements = desk.engagements.map((one) => {
    const isGood = one.made !== null && isMadeByLead(one.made, one.slug, past, origin);
    return { ...one, recipient: isGood ? one.made.data.recipient : null };
  });
  return { ...desk, waiting, engagements };
}

/** Name where an engagement stands for this lead. */
function stateOf(engagement: Engagement, seat: string): string {
  if (engagement.destroyed) return "destroyed";
  if (engagement.made && !engagement.recipient) return "forged";
  if (!engagement.recipient) return "no-key";
  if (!engagement.holders.includes(seat)) return engagement.beside.includes(seat) ? "left-out" : "not-mine";
  if (engagement.promise !== null) return "open";
  return engagement.tested.includes(seat) ? "tested" : "to-test";
}

/** Say whether this lead came to share the key of this engagement with another, and can. */
function isToShare(
  { sharing, server }: Session,
  engagement: Engagement,
  able: ReadonlyMap<string, PublicKeys>,
): boolean {
  const { beside, holders } = engagement;
  const opens = OPENED.includes(stateOf(engagement, server.seat)) && !beside.includes(sharing);
  return opens && able.has(sharing) && sharing !== server.seat && !holders.includes(sharing);
}

/** Say with whom this lead came to share keys, and what is better not shared with them; let one press share all the rest. */
function showSharing(
  session: Session,
  every: readonly Engagement[],
  wanted: readonly Engagement[],
  keys: PublicKeys | undefined,
): void {
  const { host, server, sharing } = session;
  const place = renewedIn(host, "[data-sharing]");
  show(place, sharing !== "");
  const opened = every.filter((each) => OPENED.includes(stateOf(each, server.seat)));
  const left = opened.filter(({ beside, holders }) => beside.includes(sharing) && !holders.includes(sharing));
  showWhen(place, wanted.length > 0 ? "some" : "none");
  show(one(place, "[data-left-beside]"), left.length > 0);
  fill(place, {
    "share-with": sharing && leadName(host, sharing),
    "left-beside": inOneLine(left.map(({ title }) => title)),
    "share-titles": inOneLine(wanted.map(({ title }) => title)),
    "share-digits": keys ? fingerprint(server.origin, sharing, keys) : "",
  });
  if (wanted.length < 2 || !keys) return;
  const [first, sure] = [one(place, "[data-share-all]"), one(place, "[data-share-all-sure]")];
  press(host, first, async () => {
    show(first, false);
    show(one(place, "[data-all-of-these]"), true);
    press(host, sure, async () => {
      try {
        for (const engagement of wanted) await shareKey(session, engagement, [[sharing, keys]]);
      } finally {
        await showDesk(session, TO_SHARE); // what was shared before one failed is told as it is
      }
      done(host, words(host, "shared-all"));
    });
    sure?.focus();
  });
}

/** Write words one after the other, as the language of the page lists them. */
function inOneLine(parts: readonly string[]): string {
  return new Intl.ListFormat(document.documentElement.lang, { type: "unit" }).format(parts);
}

/** States of an engagement whose key this lead has. */
const OPENED = ["to-test", "tested", "open"];

/** Say what opens a draft next, and who does it. */
function nextOf({ host, server }: Session, { next, tested }: Engagement): string {
  const said = next.map(({ what, who }) => {
    const isSecond = what === TEST && tested.length > 0;
    const isOwn = what === SIGN && who.includes(server.seat);
    const name = isSecond ? "next-second-test" : isOwn ? "next-sign-yourself" : `next-${what}`;
    return words(host, name, { who: listed(host, who) });
  });
  return said.filter((one) => one !== "").join(" ");
}

/** Name leads one after the other. */
function listed(host: HTMLElement, seats: readonly string[]): string {
  return inOneLine(seats.map((one) => leadName(host, one)));
}

function drawEngagement(session: Session, engagement: Engagement, keys: Map<string, PublicKeys>): HTMLElement {
  const { host, server } = session;
  const { title, taken, cap } = engagement;
  const next = nextOf(session, engagement);
  const counts = {
    next,
    taken: String(taken),
    cap: String(cap),
    asked: engagement.asked ? leadName(host, engagement.asked.seat) : "",
  };
  const item = made(host, "[data-engagement]", { title, ...counts });
  item.dataset.slug = engagement.slug;
  show(one(item, "[data-many]"), taken > cap);
  show(one(item, "[data-fill=next]"), next !== "");
  const others = [...keys].filter(([seat]) => seat !== server.seat && !engagement.given.includes(seat));
  press(host, one(item, "[data-make-key]"), async () => choose(session, engagement, [...keys], "make"));
  press(host, one(item, "[data-share]"), async () => choose(session, engagement, others, "share"));
  press(host, one(item, "[data-test]"), async () => testKey(session, engagement));
  press(host, one(item, "[data-destroy]"), async () => askToDestroy(session, engagement));
  press(host, one(item, "[data-keep]"), async () => {
    await server.post(`engagements/${engagement.slug}/destroy`, { keep: true });
    await showDesk(session, headingOf(engagement));
    done(host, words(host, "key-kept"));
  });
  press(host, one(item, "[data-read]"), async () => session.read(engagement));
  showWhen(item, stateOf(engagement, server.seat));
  tellUntil(item, engagement.until);
  leadToRoom(session, item, engagement);
  if (others.length === 0) show(one(item, "[data-share]"), false);
  if (isToShare(session, engagement, keys)) return onlyToShare(item, leadName(host, session.sharing));
  if (keys.size === 0) show(one(item, "[data-make-key]"), false);
  const mine = engagement.asked?.seat === server.seat;
  if (!engagement.may_destroy || mine) show(one(item, "[data-destroy]"), false);
  show(one(item, "[data-keep]"), mine && !engagement.destroyed);
  show(one(item, "[data-asked]"), !engagement.destroyed && engagement.asked !== null);
  return item;
}

/** Leave the one button for which the lead came: it names with whom they share. */
function onlyToShare(item: HTMLElement, name: string): HTMLElement {
  for (const button of all(item, "button")) show(button, button.matches("[data-share]"));
  one(item, "[data-share]")?.classList.remove("quiet");
  fill(item, { "share-with": name });
  show(one(item, "[data-share-more]"), false);
  show(one(item, "[data-share-one]"), true);
  return item;
}

/** Say until when people can speak, or that nobody can any more. */
export function tellUntil(within: HTMLElement, until: string): void {
  fill(within, { until });
  for (const place of all(within, "[data-taking]")) show(place, until !== "");
  for (const place of all(within, "[data-over]")) show(place, until === "");
}

/** Link to where everything about an engagement is found; former leads have no room. */
export function leadToRoom({ server }: Session, within: HTMLElement, { room }: Engagement): void {
  const link = one(within, "[data-room]") as HTMLAnchorElement;
  if (room) link.href = new URL(room, new URL(server.api, location.href)).href;
  show(one(within, "[data-in-room]"), room !== "");
}

/** Go on with what an engagement needs of the lead who came for it: who reads is chosen, its test voice or its voices are opened. */
export async function goOn(
  session: Session,
  engagement: Engagement,
  able: ReadonlyMap<string, PublicKeys>,
): Promise<void> {
  const state = stateOf(engagement, session.server.seat);
  if (state === "no-key" && able.size > 0) choose(session, engagement, [...able], "make");
  if (state === "to-test" && engagement.next.some(({ what }) => what === TEST)) await testKey(session, engagement);
  if (state === "open") await session.read(engagement);
}

/** Until the set is founded, let a second lead compare the first founding key in person and sign it. */
function showFounding(session: Session, desk: Desk, first: KeyEntry | undefined, isFounded: boolean): void {
  const { host, server } = session;
  const place = one(host, "[data-founding]") as HTMLElement;
  show(place, !isFounded);
  const mine = desk.waiting.find(({ seat }) => seat === server.seat);
  showWhen(place, first?.data.seat === server.seat ? "first" : "second");
  const toSign = first && mine ? [firstToSign(session, first, mine.vouched.includes(server.seat))] : [];
  one(place, "[data-founders]")?.replaceChildren(...toSign);
}

function firstToSign(session: Session, first: KeyEntry, isSigned: boolean): HTMLElement {
  const { host, server, keyring } = session;
  const { seat } = first.data;
  const item = made(host, "[data-founder]", {
    seat: leadName(host, seat),
    fingerprint: fingerprint(server.origin, seat, keysOf(first)),
  });
  showWhen(item, isSigned ? "signed" : "compare");
  if (isSigned) return item;
  press(host, one(item, "[data-compare]"), async () => {
    const signature = sign(keyring, vouchStatement(server.origin, seat, keysOf(first)));
    const { founded } = await server.post<{ founded: boolean }>("compare", { signature });
    await showDesk(session);
    done(host, words(host, founded ? "founded" : "compared"));
  });
  return item;
}

function waitingKey(session: Session, asked: Waiting, isFounded: boolean, first: KeyEntry | undefined): HTMLElement {
  const { host, server, keyring } = session;
  const keys = { recipient: asked.recipient, signKey: asked.sign_key };
  const item = made(host, "[data-waiting]", {
    seat: leadName(host, asked.seat),
    fingerprint: fingerprint(server.origin, asked.seat, keys),
  });
  const mine = asked.seat === server.seat;
  show(one(item, "[data-replaces]"), session.keys.has(asked.seat) && !mine);
  const may = isFounded || first?.data.seat === server.seat;
  showWhen(item, mine ? "own" : asked.vouched.includes(server.seat) ? "vouched" : may ? "vouch" : "early");
  if (!may || mine || asked.vouched.includes(server.seat)) return item;
  press(host, one(item, "[data-vouch]"), async () => {
    const signature = sign(keyring, vouchStatement(server.origin, asked.seat, keys));
    const { certified } = await server.post<{ certified: boolean }>(`vouch/${asked.id}`, { signature });
    await showDesk(session, WAITING);
    const said = certified ? (isFounded ? "certified" : "founded") : isFounded ? "vouched" : "compared";
    done(host, words(host, said));
  });
  return item;
}

/** Let the lead choose to whom a key is locked: only keys whose signatures were checked here. */
function choose(session: Session, engagement: Engagement, keys: [string, PublicKeys][], what: "make" | "share"): void {
  const { host, server } = session;
  const view = renewed(host, "choosing");
  const { sharing } = session;
  const isForOne = what === "share" && keys.some(([seat]) => seat === sharing) && !engagement.holders.includes(sharing);
  fill(view, { title: engagement.title, "share-with": sharing && leadName(host, sharing) });
  showWhen(view, isForOne ? "one" : what);
  const isOwn = (seat: string): boolean => what === "make" && seat === server.seat;
  const isBeside = (seat: string): boolean => engagement.beside.includes(seat);
  const holds = (seat: string): boolean => what === "share" && engagement.holders.includes(seat);
  const isOffered = (seat: string): boolean => !holds(seat) && !isBeside(seat) && (!sharing || seat === sharing);
  const shown = {
    name: (seat: string) => leadName(host, seat),
    isChosen: (seat: string) => isOwn(seat) || (isOffered(seat) && (what === "make" || isForOne)),
    isFixed: isOwn,
    isAlone: isForOne && isOffered(sharing),
    about: (seat: string) => ({
      payer: listedFor(host, "[data-payers]", seat),
      beside: isBeside(seat) ? words(host, "beside") : "",
    }),
  };
  const others = keys.filter(([seat]) => !holds(seat) && (!isForOne || seat === sharing));
  const holders = keys.filter(([seat]) => holds(seat));
  const having = what === "share" ? engagement.holders.filter((seat) => seat !== server.seat) : [];
  const again = one(view, "[data-holders]") as HTMLElement;
  const lists = [listLeads(view, server.origin, others, shown), listLeads(again, server.origin, holders, shown)];
  show(one(view, "fieldset"), others.length > 0);
  show(one(view, "[data-all-hold]"), others.length === 0);
  fill(again, { holders: listed(host, having) });
  show(again, having.length > 0 && !isForOne);
  const chosen = (): string[] => lists.flatMap((each) => each());
  show(
    one(view, "[data-some-beside]"),
    others.some(([seat]) => isBeside(seat) && !isOwn(seat)),
  );
  press(host, one(view, "[data-to-desk]"), async () => void (await showDesk(session, headingOf(engagement))));
  const first = one(view, "[data-lock-to]");
  const sure = one(view, "[data-lock-sure]");
  const lock = async (): Promise<void> => {
    const seats = chosen();
    const to = keys.filter(([seat]) => seats.includes(seat));
    if (what === "make") return lockNew(session, engagement, to);
    await shareKey(session, engagement, to);
    await showDesk(session, headingOf(engagement));
    done(host, words(host, "shared"));
  };
  if (isForOne) {
    askOnce(host, sure as HTMLElement, lock);
    return;
  }
  press(host, first, async () => {
    if (chosen().length === 0) return problem(host, words(host, "nobody-chosen"));
    show(first, false);
    show(one(view, "[data-sure]"), true);
    press(host, sure, lock);
    sure?.focus();
  });
}

/** Lead straight to the button that shares with the one lead for whom one came: what stands above it is the question, and is read with it. */
function askOnce(host: HTMLElement, sure: HTMLElement, lock: () => Promise<void>): void {
  press(host, sure, lock);
  sure.setAttribute("aria-describedby", "share-with-one");
  sure.focus();
}

/** Make the key of an engagement for these leads, and open its test voice. */
async function lockNew(session: Session, engagement: Engagement, to: [string, PublicKeys][]): Promise<void> {
  const fresh = await makeKey(session, engagement, to);
  done(session.host, words(session.host, "made")); // so it is told also where its test voice does not open
  await testKey(session, fresh, words(session.host, "made"));
}

/** Make the key of an engagement, lock it to leads, and give the engagement as the site shows it then. */
async function makeKey(session: Session, engagement: Engagement, to: [string, PublicKeys][]): Promise<Engagement> {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const body = { recipient, ...(await locked(session, engagement.slug, identity, to)) };
  await session.server.post(`engagements/${engagement.slug}/make-key`, body);
  const { engagements } = await showDesk(session, headingOf(engagement));
  const shown = engagements.find(({ slug }) => slug === engagement.slug);
  if (shown?.recipient !== recipient) throw new Refused(words(session.host, "another-key"), 0);
  await lockOnce(session, shown, identity);
  return shown;
}

/** Lock a key that is in hand to the recovery papers, where this lead is one of the two who do. */
async function lockOnce(session: Session, engagement: Engagement, identity: string): Promise<void> {
  if (!session.papers || !session.toLock.delete(engagement.slug)) return;
  await lockToPapers(session, engagement, identity, session.papers);
}

async function shareKey(session: Session, engagement: Engagement, to: [string, PublicKeys][]): Promise<void> {
  const { identity } = await engagementKey(session, engagement);
  const body = await locked(session, engagement.slug, identity, to);
  await session.server.post(`engagements/${engagement.slug}/share`, body);
}

/** Lock the key of an engagement to leads, and sign it and their keys, so that nobody puts another in its place. */
async function locked(
  { server, keyring }: Session,
  slug: string,
  identity: string,
  to: [string, PublicKeys][],
): Promise<{ wraps: { [seat: string]: string }; signature: string }> {
  const wraps: { [seat: string]: string } = {};
  for (const [seat, own] of to) wraps[seat] = await sealTo(own.recipient, identity);
  const keys = to.map(([seat, own]): [string, string] => [seat, own.recipient]);
  const statement = lockedStatement(server.origin, slug, await identityToRecipient(identity), keys);
  return { wraps, signature: sign(keyring, statement) };
}

/** Fetch an engagement's key and open it with the lead's own: of all that was sealed to it, what fits the key that a lead signed. */
export async function engagementKey(
  session: Session,
  engagement: Engagement,
): Promise<{ identity: string; test: string }> {
  const held = await session.server.get<{ wraps: string[]; test: string }>(`engagements/${engagement.slug}/key`);
  for (const wrap of held.wraps) {
    const identity = await openText(session.keyring.identity, wrap).catch(() => "");
    const recipient = await identityToRecipient(identity).catch(() => "");
    if (recipient === engagement.recipient) return { identity, test: held.test };
  }
  throw new Refused(words(session.host, "no-key-fits"), 0);
}

/** Open the test voice with the lead's own key, and tell it after what was done `before`. */
async function testKey(session: Session, engagement: Engagement, before = ""): Promise<void> {
  const { identity, test } = await engagementKey(session, engagement);
  const nonce = await openNonce(identity, test);
  if (nonce === null) throw new Refused(words(session.host, "no-test"), 0);
  const key = engagement.made as MadeEntry;
  const meant: Meant = { kind: "key.tested", data: {}, cites: { key: [key.index] }, texts: {} };
  const own = await signAct(session, keyOf(engagement, key.index), `${key.index} ${session.server.seat}`, [meant]);
  const act = signatures(session, own);
  await session.server.post(`engagements/${engagement.slug}/test`, { nonce, act });
  await lockOnce(session, engagement, identity);
  await showDesk(session, headingOf(engagement));
  done(session.host, `${before} ${words(session.host, "tested")}`.trim());
}

/** Give the entry, the one of its key or its promise, by which the log knows an engagement: it names the key that this device checked. */
function keyOf({ slug, recipient }: Engagement, index: number): Upon {
  const isIt = (entry: string): boolean => {
    const { data } = JSON.parse(entry) as { data: { engagement?: string; recipient?: string } };
    return data.engagement === slug && data.recipient === recipient;
  };
  return { index, isIt };
}

/** Sign that the key of an engagement goes, for the reason that the first lead gave; nothing where that lead did not sign it. */
async function signDestroying(session: Session, engagement: Engagement, ground: string): Promise<object> {
  const { asked } = engagement;
  const promise = engagement.promise as number;
  const lang = asked?.lang ?? document.documentElement.lang;
  const texts = { ground: { lang, words: ground } };
  const meant: Meant = { kind: "key.destroyed", data: {}, cites: { engagement: [promise] }, texts };
  const before = asked?.part ? { seat: asked.by, part: asked.part } : undefined;
  if (before && !isSignedBy(session, before.seat, [meant], before.part))
    throw new Refused(words(session.host, "other-before"), 0);
  const own = await signAct(session, keyOf(engagement, promise), String(promise), [meant], before);
  return { ground, act: signatures(session, own) };
}

/** Ask once more whether the key goes: one lead asks, with a reason that goes on the record, and a second lead does it. */
function askToDestroy(session: Session, engagement: Engagement): void {
  const { host, server } = session;
  const view = renewed(host, "destroying");
  const { asked } = engagement;
  fill(view, { title: engagement.title, ground: asked?.ground ?? "", seat: asked ? leadName(host, asked.seat) : "" });
  showWhen(view, asked ? "second" : "first");
  const typed = field(view, "[data-ground]");
  press(host, one(view, "[data-to-desk]"), async () => void (await showDesk(session, headingOf(engagement))));
  press(host, one(view, "[data-destroy-now]"), async () => {
    const ground = asked?.ground ?? typed.value.trim();
    if (!ground) {
      typed.focus();
      return problem(host, words(host, "no-ground"));
    }
    const body = await signDestroying(session, engagement, ground);
    const { destroyed } = await server.post<{ destroyed: boolean }>(`engagements/${engagement.slug}/destroy`, body);
    await showDesk(session, headingOf(engagement));
    done(host, words(host, destroyed ? "destroyed" : "asked-to-destroy"));
  });
}
