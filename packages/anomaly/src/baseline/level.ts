import { DAY } from '../durations.ts';

/** What is usual for a sum over time, or for single values, and from where on it is odd. */
export interface LevelSpec {
  /** How long a bucket is, in milliseconds; 0: every value stands for itself. */
  readonly windowMs: number;
  /** Nothing below is odd. */
  readonly floor: number;
  /** How many buckets the mean and the spread look back, roughly. */
  readonly memory: number;
  /** How many standard deviations of the logarithm above the mean are odd. */
  readonly deviations: number;
  /** How many times the highest value so far is odd. */
  readonly margin: number;
  /**
   * While neither the principal nor its server is known, so many times the floor is odd. Default: nothing is, because
   * what is measured has no height that is odd everywhere.
   */
  readonly cold?: number;
  /** Most principals never have any of it, so that those who do say nothing about the others. Default: false. */
  readonly rare?: boolean;
}

/** How much is known already. */
export interface Ripeness {
  /** The principal was seen long enough to be compared with itself. */
  readonly ripe: boolean;
  /** The same of the server. */
  readonly tenantRipe: boolean;
}

const BUCKET = 0;
const SUM = 1;
const COUNT = 2;
const MEAN = 3;
const VARIANCE = 4;
const PEAK = 5;
const ANCHOR = 6;
const ANCHORED = 7;
const LIMIT = 8;
/** In the array of a group, which has no anchor: how much single principals spread around their own mean. */
const WITHIN = ANCHOR;
/** How many numbers a level is. */
export const LEVEL_LENGTH = 9;

/** So many buckets of the group stand beside those of the principal itself: for its mean, and for its spread. */
const PRIOR_MEAN = 2;
const PRIOR_SPREAD = 8;
/** A job that always does the same may still do something else once. */
const LEAST_DEVIATION = 0.35;
/** A value counts at most so many deviations above the mean when it is learned. */
const WINSOR = 3;
/** ... and so many below: short days must not make long ones look usual. */
const WINSOR_BELOW = 1.25;
/** After so many buckets a limit grows slowly only. */
const ANCHORED_AFTER = 5;
/** Until there were so many, it falls at once: the first few are too different to say much. */
const SETTLED_AFTER = 20;
/** By how much a limit may rise in a day (logarithm): who raises a baseline on purpose needs ten weeks to double it. */
const GROWTH = 0.01;
/** By how much it may fall, so that a quiet week is not held against anybody. */
const FALL = 0.02;
/** After so many values, twice what the range allows is as far as a wide spread may reach. */
const TRUST = 20;
/** The group has more buckets than one principal. */
const GROUP_MEMORY = 20;

/**
 * Exponentially weighted mean and spread of ln(1 + value), and the highest value so far, which fades. Odd is what exceeds
 * both the spread and the range. Odd buckets are not learned; the others are cut before they are, and a limit rises
 * slowly, so that a baseline cannot be pulled up unseen.
 *
 * The numbers stand in an array of the caller's, from `at` on, for one principal (`own`) and for all of its server
 * (`group`, the same array where there is no group).
 */
export class Level {
  readonly spec: LevelSpec;
  readonly #floor: number;
  readonly #lnMargin: number;
  readonly #tolerance: number;

  /** @param tolerance multiplies every limit */
  constructor(spec: LevelSpec, tolerance: number) {
    this.spec = spec;
    this.#floor = spec.floor * tolerance;
    this.#lnMargin = Math.log(spec.margin);
    this.#tolerance = tolerance;
  }

  /** @returns the limit when it is exceeded, otherwise 0 */
  add(own: number[], group: number[], at: number, time: number, amount: number, ripeness: Ripeness): number {
    const { windowMs } = this.spec;
    if (windowMs === 0) {
      const limit = this.#limit(own, group, at, time, ripeness);
      own[at + SUM] = amount;
      own[at + LIMIT] = limit;
      if (amount > limit) return limit;
      this.#learn(own, group, at, amount);
      return 0;
    }
    const bucket = Math.floor(time / windowMs) + 1;
    if (own[at + BUCKET] !== bucket) {
      this.#close(own, group, at);
      own[at + BUCKET] = bucket;
      own[at + LIMIT] = this.#limit(own, group, at, time, ripeness);
    }
    const sum = numberAt(own, at + SUM) + amount;
    own[at + SUM] = sum;
    const limit = numberAt(own, at + LIMIT);
    return sum > limit ? limit : 0;
  }

  /** What the current bucket holds. */
  observed(own: readonly number[], at: number): number {
    return numberAt(own, at + SUM);
  }

  /** The usual value of a bucket. */
  usual(own: readonly number[], at: number): number {
    return Math.expm1(numberAt(own, at + MEAN));
  }

  #close(own: number[], group: number[], at: number): void {
    const sum = numberAt(own, at + SUM);
    own[at + SUM] = 0;
    if (sum > 0 && sum <= numberAt(own, at + LIMIT)) this.#learn(own, group, at, sum);
  }

  #learn(own: number[], group: number[], at: number, value: number): void {
    const { memory } = this.spec;
    const x = Math.log1p(value);
    const residual = learn(own, at, x, memory);
    if (group === own) return;
    learn(group, at, x, memory * GROUP_MEMORY);
    const weight = Math.max(1 / Math.max(1, numberAt(group, at + COUNT)), 1 / (memory * GROUP_MEMORY));
    const within = numberAt(group, at + WITHIN);
    group[at + WITHIN] = within + weight * (residual * residual - within);
  }

  #limit(own: number[], group: number[], at: number, time: number, { ripe, tenantRipe }: Ripeness): number {
    const { deviations, cold, rare } = this.spec;
    const count = numberAt(own, at + COUNT);
    const others = group === own || (rare === true && ripe) ? 0 : numberAt(group, at + COUNT);
    const mean = mixed(own, group, at + MEAN, at + MEAN, count, Math.min(others, PRIOR_MEAN));
    const variance = mixed(own, group, at + VARIANCE, at + WITHIN, count, Math.min(others, PRIOR_SPREAD));
    const range = numberAt(own, at + PEAK) + this.#lnMargin;
    // The more values there were, the more it says that none was higher: a wide spread must not hide that.
    const reach = count === 0 ? Infinity : range + Math.log1p(TRUST / count);
    let limit = Math.max(range, Math.min(mean + deviations * spread(variance), reach));
    if (ripe) {
      if (count >= ANCHORED_AFTER) limit = anchored(own, at, time, limit, count);
    } else if (tenantRipe) {
      const usual = numberAt(group, at + MEAN) + deviations * spread(numberAt(group, at + VARIANCE));
      limit = Math.max(limit, usual, numberAt(group, at + PEAK) + this.#lnMargin);
    } else if (cold === undefined) {
      return Number.MAX_VALUE;
    } else {
      return Math.max(this.#floor * cold, Math.expm1(limit) * this.#tolerance);
    }
    return Math.max(this.#floor, Math.expm1(limit) * this.#tolerance);
  }
}

/** The value of a principal and that of its group, each by how much there is of it. */
function mixed(
  own: readonly number[],
  group: readonly number[],
  at: number,
  groupAt: number,
  count: number,
  prior: number,
): number {
  if (prior === 0) return numberAt(own, at);
  return (count * numberAt(own, at) + prior * numberAt(group, groupAt)) / (count + prior);
}

/** Changes the mean, the spread and the peak by one value. @returns how far it was from the mean, after it was cut */
function learn(state: number[], at: number, x: number, memory: number): number {
  const count = numberAt(state, at + COUNT) + 1;
  const mean = numberAt(state, at + MEAN);
  const variance = numberAt(state, at + VARIANCE);
  const weight = Math.max(1 / count, 1 / memory);
  const wide = spread(variance);
  const cut =
    count > ANCHORED_AFTER ? Math.min(Math.max(x, mean - WINSOR_BELOW * wide), mean + WINSOR * wide) : x;
  const residual = cut - mean;
  const moved = mean + weight * residual;
  state[at + COUNT] = Math.min(count, memory);
  state[at + MEAN] = moved;
  state[at + VARIANCE] = (1 - weight) * (variance + weight * residual * residual);
  const peak = numberAt(state, at + PEAK);
  state[at + PEAK] = Math.max(x, peak - Math.max(0, peak - moved) / memory);
  return count === 1 ? 0 : residual;
}

function spread(variance: number): number {
  return Math.max(LEAST_DEVIATION, Math.sqrt(Math.max(0, variance)));
}

function anchored(own: number[], at: number, time: number, limit: number, count: number): number {
  const since = numberAt(own, at + ANCHORED);
  const days = since === 0 ? 0 : Math.max(0, time - since) / DAY;
  const anchor = since === 0 ? limit : numberAt(own, at + ANCHOR);
  const allowed = Math.min(limit, anchor + GROWTH * days);
  own[at + ANCHOR] = count < SETTLED_AFTER ? allowed : Math.max(allowed, anchor - FALL * days);
  own[at + ANCHORED] = time;
  return allowed;
}

function numberAt(state: readonly number[], at: number): number {
  return state[at] ?? 0;
}
