/** Unlocks a lead's page: six words open a keyring on this device, or the device does it alone; its key signs in. */

import { attribute, one, show } from "../page.ts";
import { keepInTab, keptInTab, LOCKED } from "../tab.ts";
import { askFor, canAsk, type Locked, openWithDevice, remembered } from "./device.ts";
import { type Keyring, openAny, publicKeys } from "./keyring.ts";
import { type Ended, Refused, Server } from "./server.ts";
import { asked, type Opened, settingUp } from "./setup.ts";
import { fingerprint, type PublicKeys } from "./statements.ts";
import { lockTab, offerTab, stay } from "./staying.ts";
import { done, enter, field, fill, press, problem, showWhen, turnTo, words } from "./views.ts";

/** So long an opened page waits for a touch before it locks (milliseconds). */
const IDLE = 20 * 60 * 1000;

/** A lead whose page is unlocked. */
export interface Lead {
  readonly host: HTMLElement;
  readonly server: Server;
  readonly keyring: Keyring;
}

/** Let the lead unlock the page, and sign in; `then` shows what was locked. */
export function unlocking(host: HTMLElement, ended: Ended, then: (lead: Lead) => Promise<void>): void {
  tellLocked(host);
  opening(host, async ({ keyring, seat }) => {
    const origin = attribute(host, "origin");
    const server = new Server(attribute(host, "api"), seat, origin);
    fill(host, { mine: fingerprint(origin, seat, await publicKeys(keyring)) }); // also where the server lets nobody in yet
    show(one(host, "[data-own]"), true);
    await server.signIn(keyring, ended);
    press(host, one(host, "[data-lock]"), async () => lock(host));
    lockWhenIdle(host);
    await then({ host, server, keyring });
  });
}

/** Lock the page, which begins anew. */
function lock(host: HTMLElement): void {
  lockTab(host);
  keepInTab(LOCKED, "yes");
  history.scrollRestoration = "manual"; // at its top
  location.reload();
}

/** Say that the page is locked, where it was a moment ago by its button. */
function tellLocked(host: HTMLElement): void {
  if (!keptInTab(LOCKED)) return;
  keepInTab(LOCKED, "");
  done(host, words(host, "locked"));
}

/** Lock a page that was opened and that nobody touched for so long. Words that are not saved yet keep it open: not every browser asks. */
function lockWhenIdle(host: HTMLElement): void {
  let timer = 0;
  const wait = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const isSaved = dispatchEvent(new Event("beforeunload", { cancelable: true }));
      if (isSaved) lock(host);
      else wait();
    }, IDLE);
  };
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, wait, { passive: true });
  wait();
}

/** Let the lead open a keyring with the six words or with this device; `then` is given it, and the seat whose keyring it is. */
export function opening(host: HTMLElement, then: (opened: Opened) => Promise<void>): void {
  const listed = (name: string): string[] => attribute(host, name).split(" ");
  const known = JSON.parse(attribute(host, "devices") || "[]") as readonly Locked[];
  const setUp = settingUp(host, known);
  enter(one(host, "[data-passphrase]"), one(host, "[data-unlock]"));
  seeWords(host);
  press(host, one(host, "[data-unlock]"), async () => {
    // Without a safe origin a browser gives no X25519, and everything sealed would look unreadable.
    if (!isSecureContext) return problem(host, words(host, "insecure"));
    const typed = field(host, "[data-passphrase]");
    show(one(host, "[data-unlocking]"), true);
    await new Promise((drawn) => setTimeout(drawn, 50));
    const opened = await openAny(listed("keyring"), listed("seat"), typed.value);
    const [waiting, at] = [attribute(host, "waiting"), attribute(host, "waiting-seat")];
    const early = !opened && waiting ? await openAny([waiting], [at], typed.value) : null;
    show(one(host, "[data-unlocking]"), false);
    if (early) return tellWaiting(host, early);
    if (!opened) return problem(host, words(host, "wrong-words"));
    typed.value = "";
    const isWished = !(one(host, "[data-wish]") as HTMLElement).hidden && field(host, "[data-wish] input").checked;
    await stay(host, opened);
    const isKept = isWished && (await setUp(opened));
    await then(opened);
    if (isKept) done(host, words(host, "device-kept"));
  });
  offerTab(host, then);
  if (attribute(host, "devices")) void offer(host, listed("seat"), known, then);
}

/** Say that the words are of a keyring that two leads have yet to vouch for, with the digits that they compare. */
async function tellWaiting(host: HTMLElement, { keyring, seat }: Opened): Promise<void> {
  field(host, "[data-passphrase]").value = "";
  if (!one(host, '[data-view="waiting-key"]')) return problem(host, words(host, "waits"));
  fill(host, { mine: fingerprint(attribute(host, "origin"), seat, await publicKeys(keyring)) });
  press(host, one(host, "[data-type-other]"), async () => location.reload());
  turnTo(host, "waiting-key");
}

/** Let this device open the keyring where it was set up, the newest seat's first; else let the lead set it up. */
async function offer(
  host: HTMLElement,
  seats: readonly string[],
  known: readonly Locked[],
  then: (opened: Opened) => Promise<void>,
): Promise<void> {
  if (!(await canAsk())) return;
  const origin = attribute(host, "origin");
  const here = seats
    .flatMap((seat) => known.filter((each) => each.seat === seat))
    .find(({ seat, passkey }) => remembered(origin, seat) === passkey);
  show(one(host, "[data-wish]"), !here);
  show(one(host, "[data-by-device]"), here !== undefined);
  if (!here) return;
  press(host, one(host, "[data-open-device]"), async () => {
    const { bytes } = await asked(host, askFor(origin, here.seat, [here]));
    const keyring = bytes && openWithDevice(here.sealed, bytes, { ...here, origin });
    bytes?.fill(0);
    if (!keyring) return problem(host, words(host, "device-other"));
    await then({ keyring, seat: here.seat });
  });
}

/** Let the lead see what they type: six words are long, and a wrong letter cannot be found in dots. */
export function seeWords(host: HTMLElement): void {
  const [typed, button] = [field(host, "[data-passphrase]"), one(host, "[data-see-words]") as HTMLElement];
  showWhen(button, typed.type);
  show(button, true);
  button.addEventListener("click", () => {
    typed.type = typed.type === "text" ? "password" : "text";
    showWhen(button, typed.type);
    typed.focus();
  });
}

/** Go no further where the record names other keys for the lead's seat than those in hand: somebody put theirs in their place. */
export async function refuseOthers({ host, keyring }: Lead, named: PublicKeys | undefined): Promise<void> {
  const mine = await publicKeys(keyring);
  if (named?.recipient === mine.recipient && named.signKey === mine.signKey) return;
  throw new Refused(words(host, "not-yours"), 0);
}
