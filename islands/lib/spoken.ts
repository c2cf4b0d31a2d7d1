/** The voice with sounds: its text, an end of line, the sounds and spaces (core/sealing/voice.py). vectors/voice.json holds both together. */

import { concat, padded, utf8 } from "./bytes.ts";
import { byCodePoint, canonical } from "./canonical.ts";
import type { Said, Spoken, TakenIn, Voice } from "./voice.ts";

/** The sizes of a voice with sound before it is sealed, in bytes. */
export const SOUND_BUCKETS = [262144, 1048576, 2097152];
/** Bytes of the text before the sounds, at most. */
export const MOST_HEAD = 65535;
/** Seconds of one sound, at most. */
export const LONGEST = 180;
/** What a sound is, where it says so, and how; and what a browser calls it. */
const KINDS: readonly (readonly [string, number, readonly number[], string])[] = [
  ["webm", 0, [0x1a, 0x45, 0xdf, 0xa3], "audio/webm"],
  ["ogg", 0, [0x4f, 0x67, 0x67, 0x53], "audio/ogg"],
  ["m4a", 4, [0x66, 0x74, 0x79, 0x70], "audio/mp4"],
];
const SPACE = 32;

/** Sounds by question. */
export type Sounds = { readonly [question: string]: Uint8Array };

/** Tell what a sound is from its first bytes; empty where no browser is sure to play it. */
export function kindOf(sound: Uint8Array): string {
  for (const [kind, at, begins] of KINDS) if (begins.every((byte, place) => sound[at + place] === byte)) return kind;
  return "";
}

/** Give the media type of a kind of sound. */
export function typeOf(kind: string): string {
  for (const [one, , , type] of KINDS) if (one === kind) return type;
  return "";
}

/** Say whether an answer was spoken, whatever is said of it. */
export function isSpoken(said: Said | undefined): said is Spoken {
  return typeof said === "object" && !Array.isArray(said);
}

/** Write a voice with its sounds as the bytes that are sealed; null where it is more than fits. */
export function spokenText(voice: Voice & Partial<TakenIn>, sounds: Sounds): Uint8Array | null {
  const head = utf8(`${canonical(Object.assign({}, voice, { v: 3 }))}\n`);
  if (head.length > MOST_HEAD + 1) return null;
  const names = Object.keys(sounds).sort(byCodePoint);
  return padded(concat(head, ...names.map((name) => sounds[name] as Uint8Array)), SOUND_BUCKETS);
}

/** Find the sounds that answers tell of in what stands behind the text; null where something else stands there. */
export function soundsIn(answers: { readonly [question: string]: Said }, behind: Uint8Array): Sounds | null {
  const found: { [question: string]: Uint8Array } = {};
  let at = 0;
  for (const name of Object.keys(answers).sort(byCodePoint)) {
    const said = answers[name];
    if (!isSpoken(said)) continue;
    const sound = behind.subarray(at, at + said.bytes);
    if (sound.length !== said.bytes || kindOf(sound) !== said.kind) return null;
    found[name] = sound;
    at += said.bytes;
  }
  return behind.subarray(at).every((byte) => byte === SPACE) ? found : null;
}

/** Say whether something is told of a sound as it must be. */
export function tellsOfSound(said: object): boolean {
  if (Object.keys(said).sort().join() !== "bytes,kind,seconds,words") return false;
  const { bytes, kind, seconds, words } = said as Spoken;
  return (
    isCount(bytes, SOUND_BUCKETS[SOUND_BUCKETS.length - 1] as number) &&
    isCount(seconds, LONGEST) &&
    typeof kind === "string" &&
    typeOf(kind) !== "" &&
    typeof words === "string"
  );
}

function isCount(value: unknown, most: number): boolean {
  return typeof value === "number" && value % 1 === 0 && value > 0 && value <= most;
}
