/** A list that is drawn where it is looked at: ten thousand lines cost what ten do. */

const AT_ONCE = 30; // lines in one block
const WHOLE = 200; // lines that are always all drawn: the browser's own search finds them, and this is the everyday case
const FIRST_GUESS = 88; // pixels of a line, before any is drawn
const AHEAD = "100% 0px"; // a screen before and after

interface Block {
  readonly place: HTMLElement;
  readonly from: number;
  readonly to: number;
}

/** Lines of a list in blocks: a block near the screen is drawn, one far from it keeps its height and nothing else. */
export class Rolling<T> {
  readonly #place: HTMLElement;
  readonly #draw: (one: T, at: number) => HTMLElement;
  readonly #seen: IntersectionObserver;
  #items: readonly T[] = [];
  #blocks = new Map<Element, Block>();

  constructor(place: HTMLElement, draw: (one: T, at: number) => HTMLElement) {
    this.#place = place;
    this.#draw = draw;
    this.#seen = new IntersectionObserver((changes) => this.#look(changes), { rootMargin: AHEAD });
  }

  /** Show these lines, from the first. */
  show(items: readonly T[]): void {
    this.#items = items;
    this.#seen.disconnect();
    this.#blocks = new Map();
    if (items.length <= WHOLE) {
      const whole = this.#block(0, items.length);
      this.#place.replaceChildren(whole.place);
      this.#fill(whole);
      return;
    }
    const starts = Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, block) => block * AT_ONCE);
    const blocks = starts.map((from) => this.#block(from, Math.min(from + AT_ONCE, items.length)));
    this.#place.replaceChildren(...blocks.map(({ place }) => place));
    const first = blocks[0] as Block;
    this.#fill(first);
    const { height } = first.place.getBoundingClientRect();
    const each = height > 0 ? height / AT_ONCE : FIRST_GUESS;
    for (const block of blocks) {
      if (block !== first) this.#rest(block, (block.to - block.from) * each);
      this.#seen.observe(block.place);
    }
  }

  /** Draw again what is drawn: what the lines show has changed, not which lines there are. */
  redraw(): void {
    for (const block of this.#blocks.values()) if (block.place.childElementCount > 0) this.#fill(block);
  }

  #block(from: number, to: number): Block {
    const block = { place: document.createElement("div"), from, to };
    this.#blocks.set(block.place, block);
    return block;
  }

  #fill({ place, from, to }: Block): void {
    const lines = this.#items.slice(from, to).map((one, within) => {
      const line = this.#draw(one, from + within);
      line.setAttribute("aria-setsize", String(this.#items.length));
      line.setAttribute("aria-posinset", String(from + within + 1));
      return line;
    });
    place.style.blockSize = "";
    place.replaceChildren(...lines);
  }

  #rest({ place }: Block, height: number): void {
    place.replaceChildren();
    place.style.blockSize = `${height}px`;
  }

  #look(changes: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of changes) {
      const block = this.#blocks.get(target);
      if (!block) continue;
      const isDrawn = block.place.childElementCount > 0;
      if (isIntersecting && !isDrawn) this.#fill(block);
      if (isIntersecting || !isDrawn || block.place.contains(document.activeElement)) continue;
      const { height } = block.place.getBoundingClientRect();
      if (height > 0) this.#rest(block, height); // no height: the whole list is hidden, and comes back as it was
    }
  }
}
