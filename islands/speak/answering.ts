/** One question that is answered by voice: a microphone or a file, heard again, said anew. */

import { all, attribute, one, show } from "../lib/page.ts";
import { kindOf, LONGEST, type Sounds, typeOf } from "../lib/spoken.ts";
import type { Said, Spoken } from "../lib/voice.ts";
import type { Speech } from "../seal/core.ts";
import { soundOf } from "./file.ts";
import { canRecord, type Recorded, Recording } from "./recording.ts";

/** One question that can be answered by voice. */
export class Answering {
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

  /** Begin anew for the next person, where the focus is left to the page. */
  reset(): void {
    this.forget();
    this.tell("");
    this.turn("none");
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

/** Find the questions of a page that can be answered by voice. */
export function answeringIn(host: HTMLElement): Answering[] {
  const found: Answering[] = [];
  for (const question of all(host, "[data-question][data-kind=text]")) {
    const place = one(question, "[data-speak]");
    if (place) found.push(new Answering(question, place));
  }
  return found;
}

/** Give a speech with what was spoken in it, its sounds; a word typed beside a sound stays with it. */
export function spokenSpeech(speech: Speech, questions: readonly Answering[]): { speech: Speech; sounds: Sounds } {
  const answers: { [question: string]: Said } = Object.assign({}, speech.answers);
  const sounds: { [question: string]: Uint8Array } = {};
  for (const { id, spoken } of questions) {
    if (!spoken) continue;
    const { sound, kind, seconds } = spoken;
    const said: Spoken = { bytes: sound.length, kind, seconds, words: String(answers[id] || "") };
    answers[id] = said;
    sounds[id] = sound;
  }
  return { speech: Object.assign({}, speech, { v: 3 as const, answers }), sounds };
}

/** Say whether these are the very same sounds. */
export function sameSounds(sounds: Sounds, others: Sounds): boolean {
  const names = Object.keys(sounds);
  return names.length === Object.keys(others).length && names.every((name) => sounds[name] === others[name]);
}

/** Write seconds as a clock does. */
function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(100 + (whole % 60)).slice(1)}`;
}
