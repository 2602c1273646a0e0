import { LEVEL_LENGTH, Level, type LevelSpec } from '../baseline/level.ts';
import type { DetectorState, Oddity, StateLength } from '../detector.ts';
import type { Sighting } from '../sighting.ts';
import { span } from './in-words.ts';

export interface Measured {
  /** As in `calls in a minute`. */
  readonly unit: string;
  readonly inWords: (value: number) => string;
}

/** The same measure over several lengths of time: bursts show in the short ones, what drips in the long ones. */
export class OverLevels {
  readonly length: StateLength;
  readonly #levels: readonly Level[];
  readonly #measured: Measured;

  constructor(specs: readonly LevelSpec[], tolerance: number, measured: Measured) {
    this.#levels = specs.map((spec) => new Level(spec, tolerance));
    this.#measured = measured;
    this.length = exactly(specs.length * LEVEL_LENGTH);
  }

  /** Adds to each of them; of several that are exceeded, the one that is exceeded the most is told. */
  add(seen: Sighting, { own, group }: DetectorState, value: number): Oddity | undefined {
    let most = 0;
    let found: { level: Level; at: number; limit: number } | undefined;
    for (let n = 0; n < this.#levels.length; n++) {
      const level = this.#levels[n];
      if (level === undefined) continue;
      const at = n * LEVEL_LENGTH;
      const limit = level.add(own, group, at, seen.time, value, seen);
      if (limit === 0) continue;
      const ratio = level.observed(own, at) / limit;
      if (ratio <= most) continue;
      most = ratio;
      found = { level, at, limit };
    }
    if (found === undefined) return undefined;
    const { level, at, limit } = found;
    return this.#oddity(level, level.observed(own, at), limit, level.usual(own, at));
  }

  #oddity({ spec: { windowMs } }: Level, observed: number, limit: number, usual: number): Oddity {
    const { unit, inWords } = this.#measured;
    const name = windowMs === 0 ? unit : `${unit} in ${span(windowMs)}`;
    return {
      title: `${inWords(observed)} ${name}, where ${inWords(usual)} is usual and more than ${inWords(Math.floor(limit))} is odd.`,
      measure: { name, observed, baseline: limit },
      windowMs,
    };
  }
}

export function exactly(length: number): StateLength {
  return { least: length, most: length };
}
