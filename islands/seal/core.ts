/** Seals what a person said, without a page: makes the receipt, builds the voice, pads it and seals it. */

import { seal } from "../lib/age.ts";
import { base64, hex, type Random, random } from "../lib/bytes.ts";
import { actHash, actSecret, digits, make, readSecret, sealMark } from "../lib/receipt/digits.ts";
import { plaintext, type TakenIn, type Voice } from "../lib/voice.ts";

/** What a person said and agreed to, before there is a receipt. */
export type Speech = Pick<Voice, "engagement" | "form" | "lang" | "quote" | "answers"> & Partial<TakenIn>;

/** What is sent (mark, act, sealed) and what stays on the device (the 30 digits). */
export interface Sealed {
  readonly digits: string;
  readonly sent: { readonly mark: string; readonly act: string; readonly sealed: string };
}

/** Seal a speech to 32 bytes of a recipient under a new receipt, or one that stands on a stub; null where it is longer than fits. */
export function sealSpeech(
  speech: Speech,
  recipient: Uint8Array,
  draw: Random = random,
  secret = make(draw),
): Sealed | null {
  const read = readSecret(secret);
  const text = plaintext(Object.assign({ r: hex(read) }, speech)); // ES2015 has no spread here: its stand-in weighs 120 bytes
  if (!text) return null;
  const sent = {
    mark: hex(sealMark(read)),
    act: hex(actHash(actSecret(secret))),
    sealed: base64(seal(text, recipient, draw)),
  };
  const row = digits(secret);
  for (const spent of [secret, read, text]) spent.fill(0);
  return { digits: row, sent };
}
