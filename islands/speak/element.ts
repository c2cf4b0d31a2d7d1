/** `<seal-voice>` where people may answer by voice: as seal/, and at each question in their own words a microphone or a file. README.md has the HTML. */

import { recipientBytes } from "../lib/bech32.ts";
import { canonical } from "../lib/canonical.ts";
import { all, attribute, everyElement, one, show, warn } from "../lib/page.ts";
import { kindOf, LONGEST, type Sounds, typeOf } from "../lib/spoken.ts";
import type { Said, Spoken } from "../lib/voice.ts";
import type { Sealed, Speech } from "../seal/core.ts";
import { Speaking } from "../seal/saying.ts";
import { sealSpoken } from "./core.ts";
import { soundOf } from "./file.ts";
import { canRecord, type Recorded, Recording } from "./recording.ts";

/** One question that can be answered by voice. */
class Answering {
  readonly id: string;
  /** What was spoken, and is sent. */
  spoken: (Recorded & { readonly kind: string }) | null = null;
  private readonly place: HTMLElement;
  private readonly player: HTMLAudioElement;
  private recording: Recording | null = null;
  private asking = false;
  private address = "";

  constructor(question: HTMLElement, place: HTMLElement) {
    this.id = attribute(question, "data-question");
    this.place = place;
    this.player = one(place, "audio") as HTMLAudioElement;
    const begin = (): void => void this.record();
    for (const [name, act] of [
      ["record", begin],
      ["again", begin],
      ["stop", () => this.recording?.stop()],
      ["file", () => this.choose()],
      ["drop", () => this.drop()],
    ] as const)
      for (const button of all(place, `[data-${name}]`)) button.addEventListener("click", act);
    for (const button of all(place, "[data-record], [data-again]")) show(button, canRecord());
    this.offerFile(!canRecord());
    this.turn("none");
    show(place, true);
  }

  get isRecording(): boolean {
    return !!this.recording || this.asking;
  }

  /** Forget what was spoken, and let go of its memory. */
  forget(): void {
    this.spoken = null;
    this.player.removeAttribute("src");
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = "";
  }

  private async record(): Promise<void> {
    if (this.isRecording) return;
    this.asking = true;
    this.tell("");
    this.player.pause();
    try {
      this.recording = await Recording.begin((seconds, level) => this.watch(seconds, level));
    } catch (_) {
      this.tell("refused");
    }
    this.asking = false;
    if (!this.recording) return;
    this.watch(0, 0);
    this.turn("recording", "[data-stop]");
    const ended = await this.recording.ended.catch(() => null);
    this.recording = null;
    if (ended?.sound.length) this.keep(ended);
    else this.tell("broken");
    this.turn(this.spoken ? "kept" : "none", this.spoken ? "audio" : "button:not([hidden])");
  }

  private choose(): void {
    const picker = document.createElement("input"); // not in the page: a field there would be kept with what was typed
    picker.type = "file";
    picker.accept = "audio/*";
    picker.addEventListener("change", () => {
      const file = picker.files?.[0];
      if (file) void this.take(file);
    });
    picker.click();
  }

  private async take(file: File): Promise<void> {
    this.tell("");
    const found = await soundOf(file).catch(() => "kind");
    if (typeof found === "string") return this.tell(found);
    this.keep(found);
    this.turn("kept", "audio");
  }

  private keep(recorded: Recorded): void {
    const kind = kindOf(recorded.sound);
    if (!kind) {
      this.tell("broken");
      return;
    }
    this.forget();
    this.spoken = { sound: recorded.sound, seconds: recorded.seconds, kind };
    this.address = URL.createObjectURL(new Blob([recorded.sound as BlobPart], { type: typeOf(kind) }));
    this.player.src = this.address;
    for (const place of all(this.place, "[data-length]")) place.textContent = clock(recorded.seconds);
    this.place.dispatchEvent(new Event("input", { bubbles: true })); // something stands here that is not sent yet
  }

  private drop(): void {
    this.forget();
    this.turn("none", "button:not([hidden])");
  }

  /** Offer a file where this browser cannot record, or did not. */
  private offerFile(offered: boolean): void {
    for (const button of all(this.place, "[data-file]")) show(button, offered);
  }

  private watch(seconds: number, level: number): void {
    (one(this.place, "meter") as HTMLMeterElement).value = level;
    (one(this.place, "[data-time]") as HTMLElement).textContent = clock(Math.min(seconds, LONGEST));
  }

  /** Show what fits the state, and move the focus to what is pressed next. */
  private turn(state: string, next = ""): void {
    for (const part of all(this.place, "[data-when]")) show(part, attribute(part, "data-when") === state);
    if (next) one(this.place, `[data-when=${state}]`)?.querySelector<HTMLElement>(next)?.focus();
  }

  private tell(problem: string): void {
    if (problem) this.offerFile(true);
    for (const line of all(this.place, "[data-trouble]")) show(line, attribute(line, "data-trouble") === problem);
  }
}

/** The page on which a person speaks and writes. */
class SpeakingAloud extends Speaking {
  private readonly questions: Answering[] = [];
  private done: { readonly words: string; readonly sounds: readonly Uint8Array[]; readonly sealed: Sealed } | null =
    null;

  constructor(host: HTMLElement, button: HTMLElement) {
    super(host, button);
    for (const question of all(host, "[data-question][data-kind=text]")) {
      const place = one(question, "[data-speak]");
      if (place) this.questions.push(new Answering(question, place));
    }
    addEventListener("beforeunload", (event) => {
      if (this.spoken.length || this.isRecording) warn(event); // what was spoken does not go along to another language
    });
  }

  private get isRecording(): boolean {
    return this.questions.some((one) => one.isRecording);
  }

  private get spoken(): Answering[] {
    return this.questions.filter((one) => one.spoken);
  }

  protected override async send(): Promise<void> {
    await super.send();
    if (this.host.isConnected) return;
    this.done = null;
    for (const one of this.questions) one.forget(); // the receipt stands in place of the page
  }

  protected override async sealed(speech: Speech): Promise<Sealed | string> {
    if (this.isRecording) return "speaking";
    if (!this.spoken.length) return super.sealed(speech);
    const answers: { [question: string]: Said } = Object.assign({}, speech.answers);
    const sounds: { [question: string]: Uint8Array } = {};
    for (const { id, spoken } of this.spoken) {
      if (!spoken) continue;
      const { sound, kind, seconds } = spoken;
      const said: Spoken = { bytes: sound.length, kind, seconds, words: String(answers[id] || "") };
      answers[id] = said;
      sounds[id] = sound;
    }
    return this.sealedAloud(Object.assign({}, speech, { v: 3 as const, answers }), sounds);
  }

  private async sealedAloud(speech: Speech, sounds: Sounds): Promise<Sealed | string> {
    const words = canonical(speech);
    const held = this.spoken.map(({ id }) => sounds[id] as Uint8Array);
    const last = this.done;
    if (last && last.words === words && held.every((sound, at) => sound === last.sounds[at])) return last.sealed;
    const sealed = await sealSpoken(speech, sounds, recipientBytes(attribute(this.host, "recipient")));
    this.done = sealed && { words, sounds: held, sealed };
    return sealed || "loud";
  }
}

/** Write seconds as a clock does. */
function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(100 + (whole % 60)).slice(1)}`;
}

everyElement("seal-voice", (host) => {
  const button = one(host, "[data-seal]");
  if (button) new SpeakingAloud(host, button);
});
