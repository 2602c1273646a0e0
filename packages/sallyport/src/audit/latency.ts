/** Each bucket is so much wider than the one before: what is read from it is at most 1 % off. */
const GROWTH = 1.02;
const LOG_GROWTH = Math.log(GROWTH);
/** In milliseconds; what is shorter counts as nothing. */
const SHORTEST = 0.001;

/** Whole milliseconds up to here are kept as they are. */
const EXACT = 256;

/** A histogram of durations in milliseconds: some hundred numbers, however many durations. */
export class Latency {
  /** How many there are of what takes about so long. */
  readonly #counts = new Map<number, number>();
  #count = 0;
  #max = 0;

  add(ms: number): void {
    this.#count += 1;
    if (ms > this.#max) this.#max = ms;
    const about = representative(ms);
    this.#counts.set(about, (this.#counts.get(about) ?? 0) + 1);
  }

  get count(): number {
    return this.#count;
  }

  get max(): number {
    return this.#max;
  }

  /** So many of them (0 to 1) took no longer, within 1 %, in milliseconds. */
  quantile(part: number): number {
    const rank = Math.ceil(part * this.#count);
    let seen = 0;
    for (const [about, count] of [...this.#counts].toSorted(([a], [b]) => a - b)) {
      seen += count;
      if (seen >= rank) return Math.min(this.#max, about);
    }
    return this.#max;
  }
}

function representative(ms: number): number {
  if (!(ms >= SHORTEST)) return 0;
  if (ms <= EXACT && Number.isInteger(ms)) return ms;
  return (2 * GROWTH ** Math.ceil(Math.log(ms) / LOG_GROWTH)) / (GROWTH + 1);
}
