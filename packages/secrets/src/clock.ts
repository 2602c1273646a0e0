/** Time, as an option, so that tests decide how it passes. */
export interface Clock {
  /** Milliseconds that never go back; not the time of day. */
  now(): number;
  /** Runs `action` once, later; keeps no process alive. Returns what cancels it. `ms` may be more than a timer can hold. */
  after(ms: number, action: () => void): () => void;
}

/** `setTimeout` takes 31 bits and fires at once when it is given more (https://nodejs.org/api/timers.html). */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The clock of this process. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, action) {
    const end = performance.now() + ms;
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const left = end - performance.now();
      timer =
        left > LONGEST_TIMER_MS
          ? setTimeout(wait, LONGEST_TIMER_MS).unref()
          : setTimeout(action, Math.max(0, left)).unref();
    };
    wait();
    return () => clearTimeout(timer);
  },
};
