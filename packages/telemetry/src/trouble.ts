import type { LogEntry } from '@sallyport/core';

/** Told that telemetry does not work; once. */
export type OnTrouble = (entry: LogEntry) => void;

/**
 * Keeps what an SDK throws away from calls. The first failure is told, the others are not: an SDK that is broken is broken
 * in every call.
 */
export class Trouble {
  readonly #onTrouble: OnTrouble | undefined;
  #isTold = false;

  constructor(onTrouble: OnTrouble | undefined) {
    this.#onTrouble = onTrouble;
  }

  tell(error: unknown): void {
    if (this.#isTold) return;
    this.#isTold = true;
    try {
      this.#onTrouble?.({
        level: 'warn',
        event: 'telemetry_failed',
        message:
          'telemetry failed: the OpenTelemetry SDK of this process threw, or what it was to read. Calls go on, and spans and metrics may be missing. This is told once.',
        error,
      });
    } catch {
      // Whoever listens is no reason to stop a call either.
    }
  }

  /** What `use` gives; undefined when it throws. */
  readonly keep = <T>(use: () => T): T | undefined => {
    try {
      return use();
    } catch (error) {
      this.tell(error);
      return undefined;
    }
  };
}
