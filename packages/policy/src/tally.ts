/** Counts things by name, and tells of the 1st, 2nd, 4th, 8th, ... so that noise can fill neither record nor log. */
export class Tally {
  readonly #counts = new Map<string, number>();

  /** Counts one. @returns how many there were by now; undefined when that need not be told */
  count(name: string): number | undefined {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    return (count & (count - 1)) === 0 ? count : undefined;
  }
}
