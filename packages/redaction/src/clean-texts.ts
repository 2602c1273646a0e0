const FEW_PLACES = 256;
const MANY_PLACES = 4096;

/**
 * Short texts of one message that were read and have nothing in them: states, codes and units come again and again. A
 * text displaces another, and to look costs a third of what it costs in a `Set`. A message of many has more places, so that
 * ids, of which each stands once, do not displace what comes again.
 */
export class CleanTexts {
  #texts: (string | undefined)[] = [];
  #places = FEW_PLACES;
  #added = 0;

  constructor() {
    this.#texts.length = FEW_PLACES;
  }

  has(text: string): boolean {
    return this.#texts[hashOf(text) & (this.#places - 1)] === text;
  }

  add(text: string): void {
    this.#added += 1;
    if (this.#added === FEW_PLACES / 2) this.#widen();
    this.#texts[hashOf(text) & (this.#places - 1)] = text;
  }

  /** What was there is met again soon, or is not worth it. */
  #widen(): void {
    this.#places = MANY_PLACES;
    this.#texts = [];
    this.#texts.length = MANY_PLACES;
  }
}

/** By its length and four of its units. An empty text is where its length says. */
function hashOf(text: string): number {
  const { length } = text;
  if (length === 0) return 0;
  return (
    text.charCodeAt(0) * 31 +
    text.charCodeAt(length >> 1) * 127 +
    text.charCodeAt(length - 1) * 521 +
    text.charCodeAt(length >> 2) * 7 +
    length * 2053
  );
}
