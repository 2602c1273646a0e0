/** Time, for what expires. */
export interface VaultClock {
  /** Milliseconds since 1970, as in `Date.now`: a file outlives the process. */
  now(): number;
  /** Does something later, once, unless the function that is returned was called. Keeps no process alive. */
  after(ms: number, action: () => void): () => void;
}

export const SYSTEM_CLOCK: VaultClock = Object.freeze({
  now: (): number => Date.now(),
  after: (ms: number, action: () => void): (() => void) => {
    const timer = setTimeout(action, ms).unref();
    return () => clearTimeout(timer);
  },
});
