import type { Clock } from './clock.ts';

/** A sleep that ends early when there is something to do. */
export class Nap {
  readonly #clock: Clock;
  #over = new AbortController();
  #wakeable = false;
  #woken = false;
  #ended = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends a sleep that is `wakeable`, or leaves out the next one. */
  wake(): void {
    this.#woken = true;
    if (this.#wakeable) this.#over.abort();
  }

  /** Ends any sleep, for ever. */
  end(): void {
    this.#ended = true;
    this.#over.abort();
  }

  async sleep(ms: number, how: 'wakeable' | 'soundly'): Promise<void> {
    const wakeable = how === 'wakeable';
    if (!this.#ended && !(wakeable && this.#woken)) {
      this.#over = new AbortController();
      this.#wakeable = wakeable;
      await this.#clock.sleep(ms, this.#over.signal);
      this.#wakeable = false;
    }
    this.#woken = false;
  }
}
