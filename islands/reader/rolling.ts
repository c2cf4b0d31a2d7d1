/** A list that is drawn where it is looked at: ten thousand lines cost what ten do. */

const WHOLE = 200; // lines that are always all drawn: the browser's own search finds them, and this is the everyday case
const AT_ONCE = 10; // lines in one block
const FIRST_GUESS = 70; // pixels of a line, before any is drawn

/** Lines of a list in blocks: those near the screen are drawn; one empty place above them and one below are as high as all others. */
export class Rolling<T> {
  readonly #place: HTMLElement;
  readonly #draw: (one: T, at: number) => HTMLElement;
  readonly #above = document.createElement("div");
  readonly #below = document.createElement("div");
  #items: readonly T[] = [];
  #heights: number[] = []; // of each block: as it was drawn, or a guess
  #drawn = new Map<number, HTMLElement>();
  #isRolling = false;

  constructor(place: HTMLElement, draw: (one: T, at: number) => HTMLElement) {
    this.#place = place;
    this.#draw = draw;
  }

  /** Show these lines, from the first. */
  show(items: readonly T[]): void {
    this.#items = items;
    this.#drawn = new Map();
    if (items.length <= WHOLE) {
      this.#heights = [];
      this.#place.replaceChildren(this.#block(0, items.length));
      return;
    }
    this.#heights = Array.from({ length: Math.ceil(items.length / AT_ONCE) }, () => FIRST_GUESS * AT_ONCE);
    this.#place.replaceChildren(this.#above, this.#below);
    this.#put(0, 1);
    const first = this.#drawn.get(0)?.offsetHeight;
    if (first) this.#heights.fill(first);
    this.#roll();
    if (this.#isRolling) return;
    this.#isRolling = true;
    const follow = (): void => {
      if (this.#place.isConnected) this.#roll();
      else for (const what of ["scroll", "resize"]) removeEventListener(what, follow);
    };
    for (const what of ["scroll", "resize"]) addEventListener(what, follow, { passive: true });
  }

  /** Draw again what is drawn: what the lines show has changed, not which lines there are. */
  redraw(): void {
    const from = Number(this.#drawn.keys().next().value ?? 0);
    const blocks = this.#drawn.size;
    if (this.#heights.length === 0) this.show(this.#items);
    else {
      for (const block of this.#drawn.values()) block.remove();
      this.#drawn = new Map();
      this.#put(from, from + blocks);
    }
  }

  /** Draw what a screen more than the screen shows. */
  #roll(): void {
    const { top, height } = this.#place.getBoundingClientRect();
    if (this.#heights.length === 0 || height === 0) return; // nothing to roll, or hidden: it stays as it was
    for (const [block, { offsetHeight }] of this.#drawn) this.#heights[block] = offsetHeight; // a line may lie open
    const [start, end] = [-top - innerHeight, -top + 2 * innerHeight];
    let [at, from, to] = [0, -1, 0];
    this.#heights.forEach((high, block) => {
      if (at + high > start && at < end) {
        if (from < 0) from = block;
        to = block + 1;
      }
      at += high;
    });
    if (from >= 0) this.#put(from, to);
  }

  /** Have these blocks drawn, and no others. */
  #put(from: number, to: number): void {
    const now = [...this.#drawn.keys()];
    if (now[0] === from && now.length === to - from) return;
    const gone = now.filter((block) => block < from || block >= to);
    for (const block of gone) {
      this.#drawn.get(block)?.remove();
      this.#drawn.delete(block);
    }
    const blocks = new Map<number, HTMLElement>();
    let before: HTMLElement = this.#above;
    for (let block = from; block < to; block++) {
      const place = this.#drawn.get(block) ?? this.#block(block * AT_ONCE, (block + 1) * AT_ONCE);
      if (!this.#drawn.has(block)) before.after(place);
      blocks.set(block, place);
      before = place;
    }
    this.#drawn = blocks;
    const high = (some: number[]): string => `${some.reduce((sum, one) => sum + one, 0)}px`;
    this.#above.style.blockSize = high(this.#heights.slice(0, from));
    this.#below.style.blockSize = high(this.#heights.slice(to));
  }

  #block(from: number, to: number): HTMLElement {
    const place = document.createElement("div");
    place.append(
      ...this.#items.slice(from, to).map((one, within) => {
        const line = this.#draw(one, from + within);
        line.setAttribute("aria-setsize", String(this.#items.length));
        line.setAttribute("aria-posinset", String(from + within + 1));
        return line;
      }),
    );
    return place;
  }
}
