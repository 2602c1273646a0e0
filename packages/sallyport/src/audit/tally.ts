/** Counts names, and never keeps more of them than a limit: those that come later count together. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #most: number;
  #others = 0;

  /** @param most how many names are told apart. Default: 10,000 */
  constructor(most = 10_000) {
    this.#most = most;
  }

  add(name: string, count = 1): void {
    const before = this.#counts.get(name);
    if (before === undefined && this.#counts.size >= this.#most) this.#others += count;
    else this.#counts.set(name, (before ?? 0) + count);
  }

  /** Of names beyond the limit. */
  get others(): number {
    return this.#others;
  }

  /** The most frequent first. */
  sorted(): readonly { readonly name: string; readonly count: number }[] {
    return [...this.#counts]
      .map(([name, count]) => ({ name, count }))
      .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  }
}
