import type { JournalSettings } from './journal-settings.ts';

type Settings = Pick<JournalSettings, 'now' | 'monotonic' | 'clockStepMs' | 'onEvent'>;

/** Compares the wall clock with one that is never set. */
export class ClockWatch {
  readonly #settings: Settings;
  readonly #startWall: number;
  readonly #start: number;
  /** Wall clock less the other one, when it was looked at last. */
  #offset: number;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#startWall = settings.now();
    this.#start = settings.monotonic();
    this.#offset = this.#startWall - this.#start;
  }

  /** Tells of a step since the last time. A clock that is slewed, a little each second, makes none. */
  check(): void {
    const { now, monotonic, clockStepMs, onEvent } = this.#settings;
    const offset = now() - monotonic();
    const ms = Math.round(offset - this.#offset);
    this.#offset = offset;
    if (Math.abs(ms) > clockStepMs) onEvent({ type: 'clock_stepped', ms });
  }

  /** Wall clock for what cannot be undone: a clock that was set forward must not make everything look old. */
  cautiousNow(): number {
    const { now, monotonic } = this.#settings;
    return Math.min(now(), this.#startWall + monotonic() - this.#start);
  }
}
