import type { VaultClock } from '../../src/vault/vault-clock.ts';

/** Time that stands still until a test lets it pass. */
export class FakeClock implements VaultClock {
  #now = Date.UTC(2026, 0, 1);
  readonly #timers = new Set<{ readonly at: number; readonly action: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { at: this.#now + ms, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get waiting(): number {
    return this.#timers.size;
  }

  /** Lets time pass without anything that was to be done in it: as if the process had been busy. */
  jump(ms: number): void {
    this.#now += ms;
  }

  /** Lets time pass; what comes due is done, once each. */
  advance(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(timer);
      timer.action();
    }
  }
}
