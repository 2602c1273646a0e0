export type SavedRepeat = readonly [key: string, since: number, rank: number];

/** More are forgotten, oldest first: what is forgotten is told again. */
const MOST = 50_000;

/** What was new lately, so that it is known when it comes again. */
export class Repeats {
  /** Oldest first, because time goes on and nothing is renewed while it is known. */
  readonly #known = new Map<string, { readonly since: number; readonly rank: number }>();
  readonly #repeatMs: number;

  constructor(repeatMs: number, saved: readonly SavedRepeat[] = []) {
    this.#repeatMs = repeatMs;
    for (const [key, since, rank] of saved) this.#known.set(key, { since, rank });
  }

  /** Whether it was new less than so long ago, with no lower rank; otherwise it is new from now on. */
  isRepeat(key: string, rank: number, now: number): boolean {
    const known = this.#known.get(key);
    if (known !== undefined && now - known.since < this.#repeatMs && rank <= known.rank) return true;
    this.#known.delete(key);
    this.#known.set(key, { since: now, rank });
    for (const [oldest, { since }] of this.#known) {
      if (this.#known.size <= MOST && now - since < this.#repeatMs) break;
      this.#known.delete(oldest);
    }
    return false;
  }

  clear(): void {
    this.#known.clear();
  }

  save(): readonly SavedRepeat[] {
    return [...this.#known].map(([key, { since, rank }]) => [key, since, rank]);
  }
}
