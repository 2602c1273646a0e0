const DAY = 86_400_000;
/** Names of one day that are told apart. */
const MOST = 1_000_000;

/** Counts how many principals were there on how many days (UTC), of records that come in the order of time. */
export class PrincipalDays {
  /** Of the two newest days: records of several journals may be a little out of order. */
  readonly #days = new Map<number, Set<string>>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** @param time milliseconds since the epoch */
  add(time: number, principal: string): void {
    const day = Math.floor(time / DAY);
    let names = this.#days.get(day);
    if (names === undefined) {
      this.#days.set(day, (names = new Set()));
      for (const other of this.#days.keys()) if (this.#days.size > 2) this.#days.delete(other);
    }
    if (names.has(principal) || names.size >= MOST) return;
    names.add(principal);
    this.#count += 1;
  }
}
