/** What a stream of lines is written to: `process.stderr`, or a stand-in for it. */
export interface LineTarget {
  /** Characters or bytes that its reader has not taken yet. */
  readonly writableLength: number;
  readonly errored?: Error | null;
  write(text: string | Uint8Array, done?: (error?: Error | null) => void): boolean;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** Beyond as much that nobody has taken, lines are dropped and counted. */
const MOST_WAITING = 1_048_576;
const WAIT_MS = 1000;

/**
 * Lines on a stream that other parts of the process write to as well, so that no line is torn. A line is with the kernel
 * when `write` returns, unless the reader is slow: then it waits in memory, at most 1 MiB of it, and no call waits for it.
 * A reader that is gone takes nothing more, and that is all.
 */
export class LogStream {
  readonly #target: LineTarget;
  readonly #onDropped: (count: number) => string;
  #dropped = 0;

  /** @param onDropped the line, with its end, that says how many were dropped before it */
  constructor(target: LineTarget, onDropped: (count: number) => string) {
    this.#target = target;
    this.#onDropped = onDropped;
    // Without a listener a reader that goes away would end the process.
    target.on('error', () => undefined);
  }

  /** Whether every line was taken, or can be no more. */
  get isSettled(): boolean {
    const { writableLength, errored } = this.#target;
    return writableLength === 0 || (errored !== undefined && errored !== null);
  }

  /** @param line with its end */
  write(line: string): void {
    if (this.#target.writableLength > MOST_WAITING) {
      this.#dropped += 1;
      return;
    }
    const dropped = this.#dropped;
    this.#dropped = 0;
    this.#target.write(dropped === 0 ? line : this.#onDropped(dropped) + line);
  }

  /**
   * Waits until every line was taken; never fails.
   * @param within milliseconds, after which it waits no more
   */
  async settled(within: number = WAIT_MS): Promise<void> {
    if (this.isSettled) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, within);
      this.#target.write('', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
