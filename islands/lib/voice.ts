/** The voice: the text that is sealed, padded so that its size tells little. */

import { padded, utf8 } from "./bytes.ts";
import { canonical } from "./canonical.ts";

/** What is said of a sound: its bytes, what it is, how long it is, and the words typed beside it (see spoken.ts). */
export type Spoken = {
  readonly bytes: number;
  readonly kind: string;
  readonly seconds: number;
  readonly words: string;
};

/** A choice or words; several choices; a step on a scale; what was spoken. */
export type Said = string | readonly string[] | number | Spoken;

/** What one person said: ids of engagement and form, r (hex), language, consent to quote, answers by question. */
export type Voice = {
  readonly engagement: string;
  readonly form: string;
  readonly r: string;
  readonly lang: string;
  readonly quote: boolean;
  readonly answers: { readonly [question: string]: Said };
};

/** What is sealed with it: how it came, and what its person agreed to (see core/sealing/voice.py). */
export type TakenIn = {
  readonly v: 2 | 3;
  readonly taken: string;
  readonly consent: { readonly notice: string; readonly how: string; readonly on: string };
};

/** The sizes of a voice before it is sealed, in bytes: those of core/sealing/voice.py, held together by vectors/voice.json. */
export const BUCKETS = [1024, 4096, 16384, 65536];

/** Write a voice as canonical JSON, with spaces up to a bucket; null where it is more than fits. */
export function plaintext(voice: Voice & Partial<TakenIn>): Uint8Array | null {
  return padded(utf8(canonical(Object.assign({ v: 1 }, voice))), BUCKETS);
}
