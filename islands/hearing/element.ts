/** `<take-in>` where people may answer by voice: as taking/, and at each question in their own words a microphone or a file. README.md has the HTML. */

import { recipientBytes } from "../lib/bech32.ts";
import { canonical } from "../lib/canonical.ts";
import { attribute, everyElement, one } from "../lib/page.ts";
import type { Sounds } from "../lib/spoken.ts";
import type { Sealed, Speech } from "../seal/core.ts";
import { type Answering, answeringIn, sameSounds, spokenSpeech } from "../speak/answering.ts";
import { sealSpoken } from "../speak/core.ts";
import { openAlone } from "../taking/alone.ts";
import { Taking } from "../taking/taking.ts";

/** One page on which a lead takes in one voice after another, typed or spoken. */
class Hearing extends Taking {
  private readonly questions: readonly Answering[];
  private done: { readonly words: string; readonly sounds: Sounds; readonly sealed: Sealed } | null = null;

  constructor(host: HTMLElement, button: HTMLElement) {
    super(host, button);
    this.questions = answeringIn(host);
  }

  protected override isBegun(speech: Speech): boolean {
    return super.isBegun(speech) || this.questions.some(({ spoken, isRecording }) => spoken || isRecording);
  }

  protected override async sealed(speech: Speech, code: string, secret: Uint8Array): Promise<Sealed | string> {
    if (this.questions.some(({ isRecording }) => isRecording)) return "speaking";
    if (!this.questions.some(({ spoken }) => spoken)) return super.sealed(speech, code, secret);
    const aloud = spokenSpeech(speech, this.questions);
    const words = canonical([aloud.speech, code]);
    if (this.done?.words === words && sameSounds(aloud.sounds, this.done.sounds)) return this.done.sealed;
    const recipient = recipientBytes(attribute(this.host, "recipient"));
    const sealed = await sealSpoken(aloud.speech, aloud.sounds, recipient, undefined, secret);
    this.done = sealed && { words, sounds: aloud.sounds, sealed };
    return sealed || "loud";
  }

  protected override next(row: string, isSent: boolean): void {
    this.done = null;
    for (const question of this.questions) question.reset(); // nothing of the last person is left for the next one
    super.next(row, isSent);
  }
}

everyElement("take-in", (host) => {
  const button = one(host, "[data-seal]");
  if (button) new Hearing(host, button);
});
openAlone();
