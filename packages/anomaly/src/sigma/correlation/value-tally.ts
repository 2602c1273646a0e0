import { MOST_EVIDENCE, type Sign, type Tally, type TallyKind } from './tally.ts';

type Seen = readonly [value: string, time: number, id: string];

/** Counts different values of the timespan. @param most counts no further */
export function valueTallies(spanMs: number, most: number): TallyKind {
  return {
    create: () => new ValueTally(spanMs, most, []),
    load: (saved) =>
      Array.isArray(saved) && saved.length <= most && saved.every(isSeen)
        ? new ValueTally(spanMs, most, saved)
        : undefined,
  };
}

function isSeen(value: unknown): value is Seen {
  if (!Array.isArray(value)) return false;
  const [text, time, id] = value as readonly unknown[];
  return typeof text === 'string' && typeof time === 'number' && typeof id === 'string';
}

class ValueTally implements Tally {
  readonly #spanMs: number;
  readonly #most: number;
  /** The one that was seen longest ago first. */
  readonly #seen: Map<string, { readonly time: number; readonly id: string }>;

  constructor(spanMs: number, most: number, seen: readonly Seen[]) {
    this.#spanMs = spanMs;
    this.#most = most;
    this.#seen = new Map(seen.map(([value, time, id]) => [value, { time, id }]));
  }

  get size(): number {
    return this.#seen.size;
  }

  add({ id, time, values }: Sign): number {
    for (const value of values) {
      this.#seen.delete(value);
      this.#seen.set(value, { time, id });
    }
    for (const [value, seen] of this.#seen) {
      if (this.#seen.size <= this.#most && seen.time >= time - this.#spanMs) break;
      this.#seen.delete(value);
    }
    return this.#seen.size;
  }

  evidence(): readonly string[] {
    const ids = new Set([...this.#seen.values()].map(({ id }) => id));
    return [...ids].slice(-MOST_EVIDENCE);
  }

  save(): unknown {
    return [...this.#seen].map(([value, { time, id }]) => [value, time, id]);
  }
}
