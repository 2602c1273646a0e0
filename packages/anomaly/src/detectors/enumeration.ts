import { Level, LEVEL_LENGTH, type LevelSpec } from '../baseline/level.ts';
import type { Detector, DetectorState, Oddity } from '../detector.ts';
import { DAY, HOUR } from '../durations.ts';
import type { Sighting } from '../sighting.ts';
import { TRAITS } from '../traits.ts';
import { DISTINCT_LENGTH, distinctOf, forgetDistinct, markDistinct } from './distinct.ts';
import { amount, span } from './in-words.ts';
import { exactly } from './over-levels.ts';
import type { Tuning } from './tuning.ts';

/** A window that counts distinct ones: its level, its bucket, how many bits are set, and the bits. */
const BUCKET: number = LEVEL_LENGTH;
const SET: number = BUCKET + 1;
const MARKS: number = SET + 1;
const COUNTER_LENGTH: number = MARKS + DISTINCT_LENGTH;

/** Distinct tools, resources and prompts that a principal calls, and above all those that it is denied. */
export function enumeration({ tolerance }: Tuning): Detector {
  const called = new Counter(
    { windowMs: HOUR, floor: 60, memory: 250, deviations: 5, margin: 2.5 },
    tolerance,
    0,
  );
  const denied = [
    new Counter(
      { windowMs: HOUR, floor: 6, memory: 250, deviations: 3.8, margin: 2, cold: 2, rare: true },
      tolerance,
      COUNTER_LENGTH,
    ),
    new Counter(
      { windowMs: DAY, floor: 9, memory: 30, deviations: 3.2, margin: 2, cold: 2, rare: true },
      tolerance,
      2 * COUNTER_LENGTH,
    ),
  ];
  const lengths = { least: COUNTER_LENGTH, most: 3 * COUNTER_LENGTH };
  return {
    id: 'enumeration',
    name: 'Enumeration of tools or resources',
    severity: 'high',
    concerns: TRAITS.call,
    lengths: { own: lengths, group: exactly(3 * COUNTER_LENGTH) },
    observe(seen, state) {
      if (seen.target === 0) return undefined;
      let oddity = called.mark(seen, state, 'distinct targets');
      if ((seen.traits & (TRAITS.denied | TRAITS.invalid)) === 0) return oddity;
      // Few principals are ever denied anything, so the room for it is made when one is.
      while (state.own.length < lengths.most) state.own.push(0);
      for (const counter of denied) oddity = counter.mark(seen, state, 'distinct denied targets') ?? oddity;
      return oddity;
    },
  };
}

class Counter {
  readonly #level: Level;
  readonly #at: number;

  constructor(spec: LevelSpec, tolerance: number, at: number) {
    this.#level = new Level(spec, tolerance);
    this.#at = at;
  }

  mark(seen: Sighting, { own, group }: DetectorState, what: string): Oddity | undefined {
    const at = this.#at;
    const { windowMs } = this.#level.spec;
    const bucket = Math.floor(seen.time / windowMs) + 1;
    if (own[at + BUCKET] !== bucket) {
      own[at + BUCKET] = bucket;
      own[at + SET] = 0;
      forgetDistinct(own, at + MARKS);
    }
    if (!markDistinct(own, at + MARKS, seen.target)) return undefined;
    const set = (own[at + SET] ?? 0) + 1;
    own[at + SET] = set;
    const more = distinctOf(set) - distinctOf(set - 1);
    const limit = this.#level.add(own, group, at, seen.time, more, seen);
    if (limit === 0) return undefined;
    // Whole ones, as they are: counting distinct ones gives a little more than there are.
    const observed = Math.round(this.#level.observed(own, at));
    const baseline = Math.ceil(limit) - 1;
    return {
      title: `${amount(observed)} ${what} in ${span(windowMs)}, where ${amount(this.#level.usual(own, at))} is usual and more than ${amount(baseline)} is odd.`,
      measure: { name: `${what} in ${span(windowMs)}`, observed, baseline },
      windowMs,
    };
  }
}
