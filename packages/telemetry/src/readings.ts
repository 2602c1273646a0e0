import type { Attributes, Observable, BatchObservableResult } from '@opentelemetry/api';
import { isLabel, OTHER } from './known-names.ts';

/** No gauge gets more series than this. */
const MAX_SERIES = 200;

/**
 * Gives readings to a gauge of the SDK. A series that is not read any more (a sink that a reload removed) is given as 0,
 * because an SDK goes on telling the last value that it was given.
 */
export class Readings {
  readonly #names: readonly string[];
  readonly #known = new Map<string, Attributes>();
  #read = new Map<string, number>();

  /** @param names of the attributes */
  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** @param values of the attributes, in the order of their names; of two readings of one series the higher counts */
  read(values: readonly string[], value: number): void {
    let key = values.join('\n');
    if (!this.#known.has(key)) {
      const isFull = this.#known.size >= MAX_SERIES;
      const labels = values.map((label) => (isFull || !isLabel(label) ? OTHER : label));
      key = labels.join('\n');
      const attributes = Object.fromEntries(this.#names.map((name, at) => [name, labels[at] ?? OTHER]));
      this.#known.set(key, attributes);
    }
    this.#read.set(key, Math.max(value, this.#read.get(key) ?? 0));
  }

  /**
   * Gives what was read since the last time.
   *
   * @param isWhole that everything could be read: what was not read is gone. Else it keeps its last value, since a sink that
   * cannot be asked has not caught up
   */
  handTo(gauge: Observable, result: BatchObservableResult, isWhole: boolean): void {
    const read = this.#read;
    this.#read = new Map();
    for (const [key, attributes] of this.#known) {
      const value = read.get(key) ?? (isWhole ? 0 : undefined);
      if (value !== undefined) result.observe(gauge, value, attributes);
    }
  }
}
