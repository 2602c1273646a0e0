import type { Attributes, Counter } from '@opentelemetry/api';
import { isLabel, OTHER } from './known-names.ts';

/** No counter gets more series than this, whatever is counted. */
const MAX_SERIES = 1000;

interface Series {
  readonly attributes: Attributes;
  /** What the counter was not given yet. */
  pending: number;
}

/**
 * Counts beside a call, and gives the counts to a counter of the SDK when it collects: the SDK needs microseconds to find a
 * series by its attributes, a map of ours 0.1.
 */
export class Tally {
  readonly #names: readonly string[];
  readonly #series = new Map<string, Series>();

  /** @param names of the attributes */
  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** @param values of the attributes, in the order of their names; a value that cannot be a label counts as `_other` */
  add(values: readonly string[], count = 1): void {
    const series = this.#series.get(values.join('\n')) ?? this.#newSeries(values);
    series.pending += count;
  }

  /** Gives what was counted since the last time. */
  handTo(counter: Counter): void {
    for (const series of this.#series.values()) {
      if (series.pending === 0) continue;
      counter.add(series.pending, series.attributes);
      series.pending = 0;
    }
  }

  #newSeries(values: readonly string[]): Series {
    const isFull = this.#series.size >= MAX_SERIES;
    const labels = values.map((value) => (isFull || !isLabel(value) ? OTHER : value));
    const key = labels.join('\n');
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const attributes = Object.fromEntries(this.#names.map((name, at) => [name, labels[at] ?? OTHER]));
    const series = { attributes, pending: 0 };
    this.#series.set(key, series);
    return series;
  }
}
