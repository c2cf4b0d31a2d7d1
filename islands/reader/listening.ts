/** What was spoken, in an open voice: play it, and type what it says. A sound is fetched when it is played, and forgotten with the next. */

import { made, press, problem, words } from "../lib/leads/views.ts";
import { one, show } from "../lib/page.ts";
import { isSpoken, typeOf } from "../lib/spoken.ts";
import type { Spoken } from "../lib/voice.ts";
import { clock, hear, heardOf } from "./heard.ts";
import type { Listed } from "./session.ts";
import { say } from "./tally.ts";
import { type OpenedVoice, openSounds } from "./voices.ts";

/** The one sound in hand: its address in the memory of this page, and who plays it. */
let playing: { readonly address: string; readonly player: HTMLAudioElement } | null = null;

/** Draw each answer of a voice that was spoken; `changed` is told when its words change. */
export function drawSounds(reading: Listed, voice: OpenedVoice, changed: () => void): HTMLElement[] {
  const asked = reading.frame.form.questions.map(({ id }) => id);
  const ids = [...asked, ...Object.keys(voice.answers).filter((id) => !asked.includes(id))];
  return ids.flatMap((id) => {
    const said = voice.answers[id];
    return isSpoken(said) ? [drawSound(reading, voice, id, said, changed)] : [];
  });
}

function drawSound(reading: Listed, voice: OpenedVoice, id: string, said: Spoken, changed: () => void): HTMLElement {
  const { view, frame, session, notes } = reading;
  const question = frame.form.questions.find((each) => each.id === id);
  const values = {
    question: question ? say(question.words, frame.lang) : id,
    length: clock(said.seconds),
    typed: said.words,
  };
  const item = made(view, "[data-sound]", values);
  show(one(item, "[data-with-typed]"), said.words !== "");
  const player = one(item, "audio") as HTMLAudioElement;
  player.addEventListener("error", () => {
    if (player.getAttribute("src")) problem(session.host, words(session.host, "not-played"));
  });
  press(session.host, one(item, "[data-play]"), async () => {
    const sound = (await openSounds(await reading.whole(voice.mark), reading.identity, voice))?.[id];
    if (!sound) return problem(session.host, words(session.host, "not-opened"));
    play(player, sound, said.kind);
    show(one(item, "[data-play]"), false);
  });
  const typed = one(item, "[data-heard]") as HTMLTextAreaElement | null; // where a file is read, nothing is kept
  if (!typed) return item;
  const label = one(item, "label") as HTMLLabelElement;
  typed.id = label.htmlFor = `heard-${voice.mark.slice(0, 12)}-${id}`;
  typed.value = heardOf(notes, voice.mark, id);
  typed.lang = voice.lang;
  typed.addEventListener("input", () => {
    hear(reading.notes, voice.mark, id, typed.value);
    changed();
    view.dispatchEvent(new Event("noted"));
  });
  return item;
}

/** Play a sound from memory, in place of the one before. */
function play(player: HTMLAudioElement, sound: Uint8Array, kind: string): void {
  if (playing) {
    playing.player.removeAttribute("src");
    playing.player.load();
    playing.player.hidden = true;
    show(playing.player.closest("[data-sound-of]")?.querySelector<HTMLElement>("[data-play]") ?? null, true);
    URL.revokeObjectURL(playing.address);
  }
  playing = { address: URL.createObjectURL(new Blob([sound as BlobPart], { type: typeOf(kind) })), player };
  player.src = playing.address;
  player.hidden = false;
  player.focus();
  player.play().catch(() => undefined); // a browser that does not begin by itself leaves the button
}
