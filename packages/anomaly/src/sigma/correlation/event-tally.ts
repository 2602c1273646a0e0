import { isNumbers, isTexts, MOST_EVIDENCE, type Sign, type Tally, type TallyKind } from './tally.ts';

const NO_TIMES: number[] = [];
const NO_IDS: string[] = [];

/** Counts records of the timespan. @param most counts no further */
export function eventTallies(spanMs: number, most: number): TallyKind {
  return {
    create: () => new EventTally(spanMs, most, NO_TIMES, NO_IDS),
    load(saved) {
      const { times, ids } = (saved ?? {}) as { readonly times?: unknown; readonly ids?: unknown };
      if (!isNumbers(times) || !isTexts(ids) || times.length > most || ids.length > MOST_EVIDENCE)
        return undefined;
      return new EventTally(spanMs, most, [...times], [...ids]);
    },
  };
}

class EventTally implements Tally {
  readonly #spanMs: number;
  readonly #most: number;
  #times: number[];
  #ids: string[];

  constructor(spanMs: number, most: number, times: number[], ids: string[]) {
    this.#spanMs = spanMs;
    this.#most = most;
    this.#times = times;
    this.#ids = ids;
  }

  get size(): number {
    return this.#times.length + this.#ids.length;
  }

  add({ id, time }: Sign): number {
    if (this.#times.length === 0) {
      // Most groups see one record: an array that begins with it holds one, one that is pushed to makes room for many.
      this.#times = [time];
      this.#ids = [id];
      return 1;
    }
    const [times, ids] = [this.#times, this.#ids];
    // A record that several of the rules match is one record.
    if (ids.at(-1) !== id) {
      times.push(time);
      ids.push(id);
    }
    while (times.length > this.#most || (times[0] as number) < time - this.#spanMs) times.shift();
    while (ids.length > MOST_EVIDENCE || ids.length > times.length) ids.shift();
    return times.length;
  }

  evidence(): readonly string[] {
    return [...this.#ids];
  }

  save(): unknown {
    return { times: this.#times, ids: this.#ids };
  }
}
