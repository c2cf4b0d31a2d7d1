/** Lets a lead who typed the six words set this device up, so that it opens the keyring next time. It is kept only once the device gave the same twice. */

import { same } from "../bytes.ts";
import { all, attribute, focusOn, one, show } from "../page.ts";
import { askFor, forgetOn, type Given, type Locked, lockToDevice, makeOn, openWithDevice, remember } from "./device.ts";
import { type Keyring, publicKeys } from "./keyring.ts";
import { Refused, Server } from "./server.ts";
import { enter, field, press, problem, words } from "./views.ts";

const NO_TOKEN = 401;

/** A keyring that was opened here, and its seat. */
export interface Opened {
  readonly keyring: Keyring;
  readonly seat: string;
}

/** Bind the buttons of the page to a set-up, and give what begins one; it ends with whether the device opens the keyring from now on. */
export function settingUp(host: HTMLElement, known: readonly Locked[]): (opened: Opened) => Promise<boolean> {
  const [panel, typing] = [one(host, "[data-setting-up]") as HTMLElement, one(host, "[data-typing]")];
  const called = field(host, "[data-device-called]");
  const origin = attribute(host, "origin");
  let begun: { opened: Opened; given: Given[]; end: (kept: boolean) => void } | null = null;
  const step = (name: string): void => {
    for (const part of all(panel, "[data-step]")) show(part, part.dataset.step === name);
    focusOn(one(panel, "h3") as HTMLElement); // the button that was pressed is gone
  };
  const over = (why: string): void => {
    step("over");
    problem(host, words(host, why));
    for (const { passkey } of begun?.given.slice(0, 1) ?? []) void forgetOn(passkey);
  };
  const end = (kept: boolean): void => {
    show(panel, false);
    show(typing, true);
    begun?.end(kept);
    begun = null;
  };

  /** Go on with what the device gave: once more, or keep it where it was the same. */
  const goOn = async (given: Given): Promise<void> => {
    if (!begun) return;
    begun.given.push(given);
    if (begun.given.slice(1).some(({ bytes }) => !bytes)) return over("device-cannot");
    const seen = begun.given.flatMap(({ bytes }) => (bytes ? [bytes] : []));
    const [first, ...more] = seen;
    if (!first || !more.length) return step("try");
    if (!more.every((bytes) => same(bytes, first))) return over("device-differs");
    await keep(host, begun.opened, given.passkey, first, called.value.trim());
    for (const bytes of seen) bytes.fill(0);
    end(true);
  };

  /** Take up what is here already: a device to which another one of the lead's copied it. */
  const takeUp = async ({ keyring, seat }: Opened): Promise<void> => {
    const mine = known.filter((each) => each.seat === seat);
    const { passkey, bytes } = await asked(host, askFor(origin, seat, mine));
    const found = mine.find((each) => each.passkey === passkey);
    const opens = found && bytes && openWithDevice(found.sealed, bytes, { ...found, origin });
    if (opens?.identity !== keyring.identity) return over("device-other");
    remember(origin, seat, passkey);
    end(true);
  };

  press(host, one(host, "[data-make-device]"), async () => {
    if (!begun) return;
    const { opened } = begun;
    if (!called.value.trim()) return problem(host, words(host, "device-unnamed"));
    const mine = known.filter(({ seat }) => seat === opened.seat);
    const made = await asked(host, makeOn(origin, opened.seat, words(host, "device-account"), mine));
    await (made ? goOn(made) : takeUp(opened));
  });
  press(host, one(host, "[data-try-device]"), async () => {
    const [made] = begun?.given ?? [];
    if (begun && made) await goOn(await asked(host, askFor(origin, begun.opened.seat, [made])));
  });
  press(host, one(host, "[data-no-device]"), async () => end(false));
  enter(called, one(host, "[data-make-device]"));

  return (opened) =>
    new Promise((end) => {
      begun = { opened, given: [], end };
      called.value ||= platform();
      show(typing, false);
      show(panel, true);
      step("make");
    });
}

/** Ask the device, and say in words where it, or the person, says no. */
export async function asked<T>(host: HTMLElement, ask: Promise<T>): Promise<T> {
  try {
    return await ask;
  } catch (error) {
    throw error instanceof DOMException ? new Refused(words(host, "device-stopped"), 0) : error;
  }
}

/** Keep the keyring, locked to this device: the server takes it from whoever signs in with that very keyring. */
async function keep(
  host: HTMLElement,
  { keyring, seat }: Opened,
  passkey: string,
  given: Uint8Array,
  called: string,
): Promise<void> {
  const origin = attribute(host, "origin");
  const { recipient } = await publicKeys(keyring);
  const sealed = lockToDevice(keyring, given, { origin, seat, recipient });
  const server = new Server(attribute(host, "api"), seat, origin);
  await server.signIn(keyring, { status: NO_TOKEN, words: words(host, "unreachable") });
  await server.post("device", { recipient, passkey, called, sealed });
  remember(origin, seat, passkey);
}

/** Guess what people call this device; empty where the browser does not say. */
function platform(): string {
  const { userAgentData } = navigator as { readonly userAgentData?: { readonly platform: string } };
  return userAgentData?.platform ?? "";
}
