/** `<own-reader>`: the reader as one file, where nothing of the site runs. A lead signs what she saved, or reads what people sealed. README.md says what HTML it expects. */

import { chooseLanguage } from "../lib/alone.ts";
import { fromBase64, utf8 } from "../lib/bytes.ts";
import { dayInWords } from "../lib/days.ts";
import { type Act, actStatement } from "../lib/leads/acts.ts";
import { drawAct } from "../lib/leads/drawing.ts";
import { type Keyring, openKeyring, sign } from "../lib/leads/keyring.ts";
import { seeWords } from "../lib/leads/unlock.ts";
import { done, enter, field, fill, press, problem, renewed, turnTo, words } from "../lib/leads/views.ts";
import { all, attribute, everyElement, one, saveText, show } from "../lib/page.ts";
import { showVoices } from "../reader/list.ts";
import { progress, showReport } from "../reader/opening.ts";
import type { Listed } from "../reader/session.ts";
import { openAll } from "../reader/voices.ts";
import {
  type ActFile,
  countOf,
  engagementKey,
  expected,
  FileError,
  goodUntil,
  kindOf,
  linesOf,
  type Place,
  promised,
  readAct,
  readSealed,
  type SealedFile,
  signedFile,
  voicesIn,
} from "./file.ts";

everyElement("own-reader", (host) => {
  const chosen = field(host, "[data-saved]");
  chosen.addEventListener("change", () => {
    const [file] = chosen.files ?? [];
    problem(host, "");
    if (file) void showFile(host, file);
  });
  for (const again of all(host, "[data-forget]")) press(host, again, async () => location.reload());
});
chooseLanguage(() => {});

/** Show what a file holds, or say why nothing of it is shown. */
async function showFile(host: HTMLElement, file: File): Promise<void> {
  const kind = await kindOf(file);
  try {
    if (!kind) throw new FileError("no-file");
    await (kind === "act" ? showAct(host, file) : showLocked(host, file));
  } catch (error) {
    field(host, "[data-saved]").value = ""; // so that the same name can be chosen again
    turnTo(host, "start");
    problem(host, whyNot(host, error));
  }
}

/** Say in words what went wrong. */
function whyNot(host: HTMLElement, error: unknown): string {
  return error instanceof FileError ? words(host, error.why, error.values) : words(host, "broken");
}

/** Do something, and say why it did not come about. */
function pressing(host: HTMLElement, view: HTMLElement, act: () => Promise<void>): void {
  seeWords(view);
  enter(one(view, "[data-passphrase]"), one(view, "[data-unlock]"));
  press(host, one(view, "[data-unlock]"), async () => {
    // Without a safe origin a browser gives no X25519, and everything sealed would look unreadable.
    if (!isSecureContext) return problem(host, words(host, "insecure"));
    show(one(view, "[data-unlocking]"), true);
    await new Promise((drawn) => setTimeout(drawn, 50));
    await act().catch((error: unknown) => problem(host, whyNot(host, error)));
    show(one(view, "[data-unlocking]"), false);
  });
}

/** Open a keyring with what was typed. Throws where the words are others. */
async function opened(view: HTMLElement, sealed: Uint8Array): Promise<Keyring> {
  const keyring = await openKeyring(sealed, field(view, "[data-passphrase]").value);
  if (!keyring) throw new FileError("wrong-words");
  field(view, "[data-passphrase]").value = "";
  return keyring;
}

/** Draw an act, and sign it. */
async function showAct(host: HTMLElement, file: File): Promise<void> {
  const found = await readAct(file);
  const until = goodUntil(found, Number(attribute(host, "v")), daysOf(host));
  const { origin } = JSON.parse(found.act) as Act;
  const { seat, head } = found;
  const view = renewed(host, "signing");
  fill(view, { origin, seat, until: dayInWords(until) });
  const wrong = drawn(host, found);
  if (wrong) throw new FileError(wrong);
  if (Date.parse(`${until}T23:59:59Z`) < Date.now() - 86_400_000)
    throw new FileError("over", { until: dayInWords(until) });
  show(one(view, "[data-others]"), found.before.length > 0);
  for (const again of all(view, "[data-forget]")) press(host, again, async () => location.reload());
  pressing(host, view, async () => {
    const [ring] = field(view, "[data-ring]").files ?? [];
    if (!ring) throw new FileError("no-keyring");
    const keyring = await opened(view, new Uint8Array(await ring.arrayBuffer()));
    const sig = sign(keyring, actStatement(origin, seat, utf8(found.act), head));
    const name = file.name.replace(/(\.json)?$/, ".signed.json");
    saveText(signedFile(await file.text(), found, keyring, sig), name);
    show(one(view, "[data-to-sign]"), false);
    done(host, words(host, "signed", { name: `\u2066${name}\u2069` })); // letters of its own, where the page runs from the right
  });
}

/** Draw an act; give the name of the words that say why nobody may sign it, empty where all fits. */
function drawn(host: HTMLElement, { act, said, head, before }: ActFile): string {
  try {
    return drawAct(host, { text: act, said, head, before });
  } catch (_) {
    return "not-whole";
  }
}

/** Give of each kind how many days an act of it is good. */
function daysOf(host: HTMLElement): Map<string, number> {
  const list = one(host, "template[data-kinds]") as HTMLTemplateElement;
  return new Map(all(list.content, "[data-of]").map(({ dataset }) => [dataset.of as string, Number(dataset.days)]));
}

/** Show of what people sealed what it is, and ask for the words. */
async function showLocked(host: HTMLElement, file: File): Promise<void> {
  const first = await linesOf(file).next();
  const found = readSealed(first.value?.text ?? "");
  const count = await countOf(file);
  const view = renewed(host, "locked");
  const { voices_kept_until: until = "" } = promised(found).data;
  fill(view, { count: String(count), until: until && dayInWords(until), entry: String(found.promise) });
  fill(view, { origin: found.origin, vkey: found.vkey });
  showTitle(host, view, found);
  show(one(view, "[data-kept]"), until !== "");
  for (const again of all(view, "[data-forget]")) press(host, again, async () => location.reload());
  pressing(host, view, async () => {
    const keyring = await opened(view, fromBase64(found.keyring));
    await read(host, file, found, keyring, count);
  });
  turnTo(host, "locked");
}

/** Show what the engagement is called, in the language of the page where that was signed, else in the one in which it was written first. */
function showTitle(host: HTMLElement, view: HTMLElement, found: SealedFile): void {
  const heading = one(view, "h2") as HTMLElement;
  const title = found.titles?.find(({ lang }) => lang === langOf(host)) ?? found.title;
  heading.textContent = title.words ?? promised(found).data.engagement;
  heading.lang = title.lang ?? "";
  heading.dir = "auto";
}

/** Open what people sealed, and show it as the reader does. */
async function read(host: HTMLElement, file: File, found: SealedFile, keyring: Keyring, count: number): Promise<void> {
  const identity = await engagementKey(found, keyring);
  const { languages } = promised(found).data;
  const view = renewed(host, "reading");
  showTitle(host, view, found);
  for (const again of all(view, "[data-forget]")) press(host, again, async () => location.reload());
  const places = new Map<string, Place>();
  const { opened: voices, left } = await openAll(
    voicesIn(file, count, places),
    identity,
    expected(found),
    progress(view, count),
  );
  const listed: Listed = {
    session: { host },
    view,
    frame: { form: found.form, lang: langOf(host), languages },
    identity,
    opened: voices,
    left,
    chosen: new Set(),
    unfolded: new Set(),
    numbers: new Map(voices.map(({ mark }, at) => [mark, at + 1])),
    notes: { themes: [], marked: {}, heard: {} },
    whole: async (mark) => {
      const { start, end } = places.get(mark) ?? { start: 0, end: 0 };
      return (JSON.parse(await file.slice(start, end).text()) as { sealed: string }).sealed;
    },
  };
  show(one(view, "[data-opening]"), false);
  const others = [...left.values()].filter((why) => why === "other-form" || why === "other-promise").length;
  fill(view, { mismatched: String(others) });
  show(one(view, "[data-mismatched]"), others > 0);
  show(one(view, "[data-none-shown]"), others > voices.length);
  if (others > voices.length) return;
  show(one(view, "[data-opened]"), true);
  showReport(view, voices, left);
  showVoices(listed);
}

/** Give the language in which the page was opened, as the address of a site names it. */
function langOf(host: HTMLElement): string {
  return attribute(host, "voice-lang");
}
