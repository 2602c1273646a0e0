/** Counts the bytes of the server's that are with the guard, and says when the server should wait. */
export class GuardLoad {
  readonly #limit: number;
  readonly #onFull: () => void;
  readonly #onDrained: () => void;
  #bytes = 0;
  #full = false;

  constructor(limit: number, onFull: () => void, onDrained: () => void) {
    this.#limit = limit;
    this.#onFull = onFull;
    this.#onDrained = onDrained;
  }

  enter(bytes: number): void {
    this.#bytes += bytes;
    if (this.#full || this.#bytes <= this.#limit) return;
    this.#full = true;
    this.#onFull();
  }

  leave(bytes: number): void {
    this.#bytes -= bytes;
    if (!this.#full || this.#bytes > this.#limit) return;
    this.#full = false;
    this.#onDrained();
  }
}
