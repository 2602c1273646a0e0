import type { Profile } from './profile.ts';

const MOST = 4096;
/** So many ids an alert names. */
const MOST_NAMED = 20;

/** A record that may be evidence. */
export interface Trace {
  readonly id: string;
  readonly profile: Profile;
  readonly time: number;
  /** Bits of `TRAITS`. */
  readonly traits: number;
}

export interface Search {
  readonly matches: (profile: Profile) => boolean;
  /** Records with one of these traits. */
  readonly traits: number;
  /** Not older than this, in milliseconds since the epoch. */
  readonly since: number;
}

/** The newest records of all principals: enough to say what an alert rests on, at a size that does not grow with them. */
export class Evidence {
  readonly #ring: (Trace | undefined)[] = [];
  #next = 0;

  add(trace: Trace): void {
    this.#ring[this.#next] = trace;
    this.#next = (this.#next + 1) % MOST;
  }

  /** Ids of what agrees, the newest last. */
  find({ matches, traits, since }: Search): string[] {
    const found: string[] = [];
    for (let back = 1; back <= this.#ring.length && found.length < MOST_NAMED; back++) {
      const trace = this.#ring[(this.#next - back + MOST) % MOST];
      if (trace === undefined || trace.time < since) break;
      if ((trace.traits & traits) !== 0 && matches(trace.profile)) found.push(trace.id);
    }
    return found.toReversed();
  }

  /** From the oldest to the newest. */
  *[Symbol.iterator](): IterableIterator<Trace> {
    const length = this.#ring.length;
    for (let n = 0; n < length; n++) {
      const trace = this.#ring[length < MOST ? n : (this.#next + n) % MOST];
      if (trace !== undefined) yield trace;
    }
  }
}
