/** `<seal-voice>` where people may answer by voice: as seal/, and at each question in their own words a microphone or a file. README.md has the HTML. */

import { recipientBytes } from "../lib/bech32.ts";
import { canonical } from "../lib/canonical.ts";
import { attribute, everyElement, one, warn } from "../lib/page.ts";
import type { Sounds } from "../lib/spoken.ts";
import type { Sealed, Speech } from "../seal/core.ts";
import { Speaking } from "../seal/saying.ts";
import { type Answering, answeringIn, sameSounds, spokenSpeech } from "./answering.ts";
import { sealSpoken } from "./core.ts";

/** The page on which a person speaks and writes. */
class SpeakingAloud extends Speaking {
  private readonly questions: readonly Answering[];
  private done: { readonly words: string; readonly sounds: Sounds; readonly sealed: Sealed } | null = null;

  constructor(host: HTMLElement, button: HTMLElement) {
    super(host, button);
    this.questions = answeringIn(host);
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
    const spoken = spokenSpeech(speech, this.questions);
    return this.sealedAloud(spoken.speech, spoken.sounds);
  }

  private async sealedAloud(speech: Speech, sounds: Sounds): Promise<Sealed | string> {
    const words = canonical(speech);
    const last = this.done;
    if (last?.words === words && sameSounds(sounds, last.sounds)) return last.sealed;
    const sealed = await sealSpoken(speech, sounds, recipientBytes(attribute(this.host, "recipient")));
    this.done = sealed && { words, sounds, sealed };
    return sealed || "loud";
  }
}

everyElement("seal-voice", (host) => {
  const button = one(host, "[data-seal]");
  if (button) new SpeakingAloud(host, button);
});
