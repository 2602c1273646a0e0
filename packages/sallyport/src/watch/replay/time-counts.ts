const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Each is a multiple of the one before it, so that counts can be put together. */
const STEPS: readonly number[] = [
  SECOND,
  5 * SECOND,
  15 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  4 * HOUR,
  12 * HOUR,
  DAY,
  7 * DAY,
  28 * DAY,
  364 * DAY,
];
/** 5 January 1970: weeks begin on Mondays. */
const MONDAY: number = 4 * DAY;

/** What was counted in a stretch of time. */
export interface TimeBucket {
  /** When it begins, in milliseconds since the epoch. */
  readonly from: number;
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * Counts by time and name, in memory that does not grow: when there are too many of them, they are put together over longer
 * times.
 */
export class TimeCounts {
  #buckets = new Map<number, Map<string, number>>();
  #cells = 0;
  #at: number;
  readonly #most: number;

  /**
   * @param least how long each count stands for at least, in milliseconds: one of the steps. Default: a second
   * @param most how many counts are kept. Default: 20,000
   */
  constructor({ least = SECOND, most = 20_000 }: { readonly least?: number; readonly most?: number } = {}) {
    this.#at = Math.max(0, STEPS.indexOf(least));
    this.#most = most;
  }

  /** How long each count stands for now, in milliseconds. */
  get step(): number {
    return STEPS[this.#at] ?? 364 * DAY;
  }

  /** @param time milliseconds since the epoch */
  add(time: number, name: string, count = 1): void {
    this.#put(this.#buckets, bucketStart(time, this.step), name, count);
    while (this.#cells > this.#most && this.#at + 1 < STEPS.length) this.#coarsen();
  }

  /** In order; times in which nothing was counted are left out. @param step a multiple of `step`. Default: that */
  buckets(step: number = this.step): readonly TimeBucket[] {
    const wide = new Map<number, Map<string, number>>();
    for (const [from, counts] of this.#buckets)
      for (const [name, count] of counts) add(wide, bucketStart(from, step), name, count);
    return [...wide].toSorted(([a], [b]) => a - b).map(([from, counts]) => ({ from, counts }));
  }

  #coarsen(): void {
    const narrow = this.#buckets;
    this.#buckets = new Map();
    this.#cells = 0;
    this.#at += 1;
    for (const [from, counts] of narrow)
      for (const [name, count] of counts) this.#put(this.#buckets, bucketStart(from, this.step), name, count);
  }

  #put(buckets: Map<number, Map<string, number>>, from: number, name: string, count: number): void {
    if (add(buckets, from, name, count)) this.#cells += 1;
  }
}

/** When the stretch of time begins that a moment is in; both in milliseconds since the epoch. */
export function bucketStart(time: number, step: number): number {
  return Math.floor((time - MONDAY) / step) * step + MONDAY;
}

/** @returns whether there was nothing of this name before */
function add(buckets: Map<number, Map<string, number>>, from: number, name: string, count: number): boolean {
  let counts = buckets.get(from);
  if (counts === undefined) buckets.set(from, (counts = new Map()));
  const before = counts.get(name);
  counts.set(name, (before ?? 0) + count);
  return before === undefined;
}
