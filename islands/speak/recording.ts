/** One recording from a microphone: begun, watched, ended, and the microphone let go. Nothing of it is kept anywhere but in memory. */

import { LONGEST } from "../lib/spoken.ts";

/** What browsers record that others can play, best first. */
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const BITS = 24000; // a second: speech is clear, and three minutes are some 540 KB
const TICK = 100; // milliseconds between two looks at the level

/** Say whether this browser can record. */
export function canRecord(): boolean {
  return !!navigator.mediaDevices && typeof MediaRecorder !== "undefined" && !!typeHere();
}

function typeHere(): string | undefined {
  return TYPES.filter((type) => MediaRecorder.isTypeSupported(type))[0];
}

/** What was recorded: its bytes, and how many seconds. */
export interface Recorded {
  readonly sound: Uint8Array;
  readonly seconds: number;
}

/** A recording that runs. It ends by itself after three minutes, or where the microphone is taken away. */
export class Recording {
  /** Comes when it has ended. */
  readonly ended: Promise<Recorded>;
  private readonly recorder: MediaRecorder;
  private readonly began = Date.now();

  private constructor(stream: MediaStream, tick: (seconds: number, level: number) => void) {
    const type = typeHere();
    const parts: Blob[] = [];
    const [level, close] = levelOf(stream);
    this.recorder = new MediaRecorder(stream, type ? { mimeType: type, audioBitsPerSecond: BITS } : {});
    this.recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
    const timer = setInterval(() => {
      tick(this.seconds, level());
      if (this.seconds >= LONGEST) this.stop();
    }, TICK);
    this.ended = new Promise<Recorded>((done, fail) => {
      this.recorder.addEventListener("error", fail);
      this.recorder.addEventListener("stop", () => {
        const seconds = Math.max(1, Math.min(LONGEST, Math.round(this.seconds)));
        bytesOf(new Blob(parts)).then((sound) => done({ sound, seconds }), fail);
      });
    });
    const letGo = (): void => {
      clearInterval(timer);
      close();
      for (const track of stream.getTracks()) track.stop();
    };
    this.ended.then(letGo, letGo);
    this.recorder.start();
  }

  /** Ask for the microphone and begin; `tick` is told the seconds and how loud it is, 0 to 100. Throws where the person or the browser says no. */
  static async begin(tick: (seconds: number, level: number) => void): Promise<Recording> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    try {
      return new Recording(stream, tick);
    } catch (error) {
      for (const track of stream.getTracks()) track.stop();
      throw error;
    }
  }

  /** End it now. */
  stop(): void {
    if (this.recorder.state !== "inactive") this.recorder.stop();
  }

  private get seconds(): number {
    return (Date.now() - this.began) / 1000;
  }
}

/** Give a look at how loud it is, 0 to 100, and what ends it; always 0 where the browser does not tell. */
function levelOf(stream: MediaStream): [() => number, () => void] {
  if (typeof AudioContext === "undefined") return [() => 0, () => undefined];
  const context = new AudioContext();
  void context.resume(); // Safari begins it only when asked
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const wave = new Uint8Array(analyser.fftSize);
  const look = (): number => {
    analyser.getByteTimeDomainData(wave);
    let most = 0;
    for (const height of Array.from(wave)) most = Math.max(most, Math.abs(height - 128));
    return Math.round(Math.sqrt(most / 128) * 100); // a quiet voice shows too
  };
  return [look, () => void context.close()];
}

/** Read a blob whole. */
export function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(new Uint8Array(reader.result as ArrayBuffer));
    reader.onerror = () => fail(reader.error);
    reader.readAsArrayBuffer(blob);
  });
}
