const HOUR_MS = 3_600_000;
const BLOCKS = '▁▂▃▄▅▆▇█';
const WIDEST = 48;

/** A part of a timeline. */
export interface TimeBar {
  /** When it begins, in milliseconds since the epoch. */
  readonly from: number;
  readonly count: number;
}

/** Counts by the hour; where there are too many hours, by two, four, and so on. */
export class Timeline {
  #counts = new Map<number, number>();
  #hours = 1;
  readonly #most: number;

  /** @param most how many counts are kept. Default: 10,000 */
  constructor(most = 10_000) {
    this.#most = most;
  }

  /** How many hours each count stands for. */
  get hours(): number {
    return this.#hours;
  }

  /** @param time milliseconds since the epoch */
  add(time: number): void {
    const bar = Math.floor(time / (HOUR_MS * this.#hours));
    this.#counts.set(bar, (this.#counts.get(bar) ?? 0) + 1);
    while (this.#counts.size > this.#most) {
      const halved = new Map<number, number>();
      for (const [at, count] of this.#counts)
        halved.set(Math.floor(at / 2), (halved.get(Math.floor(at / 2)) ?? 0) + count);
      this.#counts = halved;
      this.#hours *= 2;
    }
  }

  /** In order; those without a record are left out. */
  bars(): readonly TimeBar[] {
    return [...this.#counts]
      .toSorted(([a], [b]) => a - b)
      .map(([bar, count]) => ({ from: bar * HOUR_MS * this.#hours, count }));
  }

  /**
   * A line of blocks from the first to the last record, as high as there are records; a space where there is none.
   *
   * @returns undefined without records
   */
  chart(): { readonly blocks: string; readonly hours: number; readonly most: number } | undefined {
    const bars = [...this.#counts.keys()];
    if (bars.length === 0) return undefined;
    const [first, last] = [lowest(bars), -lowest(bars.map((bar) => -bar))];
    const together = Math.ceil((last - first + 1) / WIDEST);
    const counts = Array.from({ length: Math.ceil((last - first + 1) / together) }, () => 0);
    for (const [bar, count] of this.#counts) {
      const at = Math.floor((bar - first) / together);
      counts[at] = (counts[at] ?? 0) + count;
    }
    const most = -lowest(counts.map((count) => -count));
    const block = (count: number): string =>
      count === 0 ? ' ' : (BLOCKS[Math.ceil((count / most) * BLOCKS.length) - 1] ?? '');
    return { blocks: counts.map(block).join(''), hours: together * this.#hours, most };
  }
}

/** Not by arguments of a function, of which there may be too many. */
function lowest(numbers: readonly number[]): number {
  return numbers.reduce((low, number) => Math.min(low, number), Infinity);
}
