import { context, type Context } from '@opentelemetry/api';
import type { Trouble } from './trouble.ts';

/** Runs something in a context: once and at once, whatever a context manager does with it. */
export function within<T>(active: Context, run: () => T, trouble: Trouble): T {
  const once = new Once(run);
  try {
    context.with(active, once.run);
  } catch (error) {
    trouble.tell(error);
  }
  return once.outcome();
}

class Once<T> {
  readonly #run: () => T;
  #state: 'new' | 'returned' | 'threw' = 'new';
  #value: T | undefined;
  #thrown: unknown;

  constructor(run: () => T) {
    this.#run = run;
  }

  readonly run = (): void => {
    if (this.#state !== 'new') return;
    // Before it runs: a manager that calls it from within must not run it again.
    this.#state = 'threw';
    try {
      this.#value = this.#run();
      this.#state = 'returned';
    } catch (error) {
      this.#thrown = error;
    }
  };

  outcome(): T {
    this.run();
    if (this.#state === 'threw') throw this.#thrown;
    return this.#value as T;
  }
}
