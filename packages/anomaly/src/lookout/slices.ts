import type { LookoutClock } from './lookout-clock.ts';

/** Long work in slices: others have the event loop between them. */
export class Slices {
  readonly #clock: Pick<LookoutClock, 'elapsed' | 'turn'>;
  readonly #ms: number;
  #began: number;

  /** @param ms how long one is, in milliseconds */
  constructor(clock: Pick<LookoutClock, 'elapsed' | 'turn'>, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
    this.#began = clock.elapsed();
  }

  /** To be asked after each small step; when it is so, await `turn`. */
  get isOver(): boolean {
    return this.#clock.elapsed() - this.#began >= this.#ms;
  }

  async turn(): Promise<void> {
    await this.#clock.turn();
    this.#began = this.#clock.elapsed();
  }
}
