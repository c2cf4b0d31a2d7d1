/** Saves a while after the last change, one save after the other, and tries again where one failed. No page. */

/** Where what was typed stands: not sent yet, kept, or refused for a reason. */
export type Kept = "saving" | "kept" | "unkept";

const PAUSE = 1200; // milliseconds without a change
const AGAIN = 15_000; // milliseconds until a save that failed is tried again

export class Saving {
  readonly #save: () => Promise<void>;
  readonly #tell: (state: Kept, why?: unknown) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last: Promise<void> = Promise.resolve();
  #isDue = false;

  constructor(save: () => Promise<void>, tell: (state: Kept, why?: unknown) => void) {
    this.#save = save;
    this.#tell = tell;
  }

  /** Whether something is not kept yet. */
  get isDue(): boolean {
    return this.#isDue;
  }

  /** Save once nothing changed for a while. */
  soon(): void {
    this.#isDue = true;
    this.#tell("saving");
    this.#wait(PAUSE);
  }

  /** Save what is not kept yet, now; throws where that fails. */
  async now(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isDue) {
      this.#isDue = false;
      this.#last = this.#last.catch(() => {}).then(this.#save);
    }
    try {
      await this.#last;
    } catch (error) {
      this.#isDue = true;
      this.#tell("unkept", error);
      this.#wait(AGAIN);
      throw error;
    }
    if (!this.#isDue) this.#tell("kept");
  }

  /** Forget what is not kept: it is kept in another way, or gone on purpose. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#isDue = false;
  }

  #wait(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.now().catch(() => {}), milliseconds);
  }
}
