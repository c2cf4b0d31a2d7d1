/** Seals what a person spoke, without a page: in slices, so that an old phone's page goes on, and in the sizes of sounds. */

import { begin, CHUNK, chunk } from "../lib/age.ts";
import { hex, type Random, random } from "../lib/bytes.ts";
import { actHash, actSecret, digits, make, readSecret, sealMark } from "../lib/receipt/digits.ts";
import { type Sounds, spokenText } from "../lib/spoken.ts";
import type { Sealed, Speech } from "../seal/core.ts";

const SLICE = 80; // milliseconds between two breaths of the page
const LETTERS = 24576; // bytes that become base64 at once: whole threes, and few enough for an old browser's stack

/** Seal a speech with its sounds under a new receipt, or one that stands on a stub; null where it is more than fits. */
export async function sealSpoken(
  speech: Speech,
  sounds: Sounds,
  recipient: Uint8Array,
  draw: Random = random,
  secret = make(draw),
): Promise<Sealed | null> {
  const read = readSecret(secret);
  const text = spokenText(Object.assign({ r: hex(read) }, speech), sounds);
  if (!text) return null;
  const mark = hex(sealMark(read));
  const act = hex(actHash(actSecret(secret)));
  const sealed = await sealSlowly(text, recipient, draw);
  const row = digits(secret);
  for (const spent of [secret, read, text]) spent.fill(0);
  return { digits: row, sent: { mark, act, sealed } };
}

/** Seal bytes as an age file, in base64, and let the page breathe. */
export async function sealSlowly(text: Uint8Array, recipient: Uint8Array, draw: Random = random): Promise<string> {
  const breathe = breathing();
  const [head, cipher] = begin(recipient, draw);
  const chunks = Math.ceil(text.length / CHUNK);
  const file = new Uint8Array(head.length + text.length + chunks * cipher.tagLength);
  file.set(head);
  let end = head.length;
  for (let at = 0; at < text.length; at += CHUNK) {
    const sealed = chunk(cipher, text, at);
    file.set(sealed, end);
    end += sealed.length;
    await breathe();
  }
  const letters: string[] = [];
  for (let at = 0; at < file.length; at += LETTERS) {
    const bytes = file.subarray(at, at + LETTERS) as unknown as number[];
    letters.push(btoa(String.fromCharCode.apply(null, bytes)));
    await breathe();
  }
  return letters.join("");
}

/** Give what lets the page draw where it has waited for long. */
function breathing(): () => Promise<void> | undefined {
  let last = Date.now();
  return () => {
    if (Date.now() - last < SLICE) return undefined;
    return new Promise((done) =>
      setTimeout(() => {
        last = Date.now();
        done();
      }),
    );
  };
}
