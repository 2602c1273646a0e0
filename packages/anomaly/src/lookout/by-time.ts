import type { JournalSource } from './journal-source.ts';

/**
 * Sources by the times of their heads; of one time, by name. It depends on nothing but these, so that who goes on from a mark
 * meets the records in the order in which one that never stopped would have.
 */
export class ByTime {
  /** The next one stands at the end. */
  readonly #sources: JournalSource[] = [];

  get size(): number {
    return this.#sources.length;
  }

  /** Takes in a source that has a head. */
  add(source: JournalSource): void {
    let [low, high] = [0, this.#sources.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#sources[middle];
      if (other !== undefined && isBefore(source, other)) low = middle + 1;
      else high = middle;
    }
    this.#sources.splice(low, 0, source);
  }

  /** Gives the one whose head comes first, and lets go of it. */
  next(): JournalSource | undefined {
    return this.#sources.pop();
  }
}

function isBefore(one: JournalSource, other: JournalSource): boolean {
  const [time = 0, otherTime = 0] = [one.head?.time, other.head?.time];
  return time < otherTime || (time === otherTime && one.name < other.name);
}
