/** A sound that was recorded before: what it is, how long it is, and without what a phone wrote into it about its owner. */

import { concat } from "../lib/bytes.ts";
import { kindOf, LONGEST, SOUND_BUCKETS, typeOf } from "../lib/spoken.ts";
import { bytesOf, type Recorded } from "./recording.ts";

/** Boxes of an MP4 file that hold words, places and pictures; those that hold other boxes; those with the time it was made. */
const WORDY = ["udta", "meta", "uuid"];
const NESTS = ["moov", "trak", "mdia"];
const DATED = ["mvhd", "tkhd", "mdhd"];
const FREE = [0x66, 0x72, 0x65, 0x65]; // "free": a box that players pass over

/** Read a file as a sound, or name what is wrong with it: `large`, `kind` or `lasts`. */
export async function soundOf(file: File): Promise<Recorded | string> {
  if (file.size > (SOUND_BUCKETS[SOUND_BUCKETS.length - 1] as number)) return "large";
  const sound = await bytesOf(file);
  const kind = kindOf(sound);
  if (!kind) return "kind";
  const cleaned = kind === "m4a" ? blanked(sound) : sound;
  const seconds = await lengthOf(cleaned, typeOf(kind));
  if (!seconds) return "kind";
  if (seconds >= LONGEST + 1) return "lasts";
  return { sound: cleaned, seconds: Math.max(1, Math.min(LONGEST, Math.round(seconds))) };
}

/** Give an MP4 file of the same length in which titles, places, pictures and times are empty. */
export function blanked(file: Uint8Array): Uint8Array {
  const kept = concat(file);
  blank(kept, 0, kept.length);
  return kept;
}

function blank(file: Uint8Array, from: number, to: number): void {
  const view = new DataView(file.buffer, file.byteOffset);
  for (let at = from; at + 8 <= to; ) {
    const size = view.getUint32(at) || to - at; // 0: to the end
    const name = String.fromCharCode.apply(null, Array.from(file.subarray(at + 4, at + 8)));
    const end = size === 1 ? to : at + size; // 1: its length stands elsewhere; only a sound is that long
    if (size !== 1 && (size < 8 || end > to)) return;
    if (NESTS.indexOf(name) >= 0) blank(file, at + 8, end);
    if (DATED.indexOf(name) >= 0) file.fill(0, at + 12, Math.min(end, at + 12 + (file[at + 8] === 1 ? 16 : 8)));
    if (WORDY.indexOf(name) >= 0) {
      file.set(FREE, at + 4);
      file.fill(0, at + 8, end);
    }
    at = end;
  }
}

/** Ask the browser how many seconds a sound lasts; 0 where it cannot play it. */
function lengthOf(sound: Uint8Array, type: string): Promise<number> {
  const address = URL.createObjectURL(new Blob([sound as BlobPart], { type }));
  const player = new Audio();
  player.preload = "metadata";
  return new Promise<number>((done) => {
    const tell = (): void => {
      if (player.duration !== Number.POSITIVE_INFINITY) done(player.duration || 0);
      else player.currentTime = 1e7; // some files tell their length only at their end
    };
    player.onloadedmetadata = tell;
    player.ondurationchange = tell;
    player.onerror = () => done(0);
    player.src = address;
  }).then((seconds) => {
    player.removeAttribute("src");
    URL.revokeObjectURL(address);
    return seconds;
  });
}
