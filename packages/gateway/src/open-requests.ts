import type { RequestId } from '@sallyport/core';
import type { RequestMessage } from './message-kinds.ts';

/** Answered only when it ends (2026-07-28, basic/patterns/subscriptions). */
const LISTEN = 'subscriptions/listen';

/** The requests that the server has, and has not answered. */
export class OpenRequests {
  readonly #waiting = new Set<RequestId>();
  /** Those that the server keeps open, with their lines. */
  readonly #subscriptions = new Map<RequestId, string>();
  #answered: (() => void) | undefined;

  /** How many it should answer soon. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** What it keeps open, as it was sent. */
  get subscriptions(): Iterable<string> {
    return this.#subscriptions.values();
  }

  add({ id, method }: RequestMessage, line: string): void {
    if (method === LISTEN) this.#subscriptions.set(id, line);
    else this.#waiting.add(id);
  }

  has(id: RequestId): boolean {
    return this.#waiting.has(id) || this.#subscriptions.has(id);
  }

  /** The server has answered it, or need not any more; false when it had no such request. */
  settle(id: RequestId): boolean {
    const had = this.#waiting.delete(id) || this.#subscriptions.delete(id);
    if (this.#waiting.size === 0) this.#answered?.();
    return had;
  }

  /** The server keeps it open no longer. */
  unsubscribe(id: RequestId): void {
    this.#subscriptions.delete(id);
  }

  /** Settles when nothing waits for an answer. */
  whenAnswered(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#answered = resolve;
    });
  }

  /** Settles what `whenAnswered` returned: nobody waits for that any more. */
  giveUp(): void {
    this.#answered?.();
  }

  /**
   * The ids of what waited for an answer, and of the subscriptions unless they are kept; they are open no
   * more.
   */
  take(subscriptions: 'end subscriptions' | 'keep subscriptions'): readonly RequestId[] {
    const ids = [...this.#waiting];
    this.#waiting.clear();
    if (subscriptions === 'end subscriptions') {
      ids.push(...this.#subscriptions.keys());
      this.#subscriptions.clear();
    }
    this.giveUp();
    return ids;
  }
}
