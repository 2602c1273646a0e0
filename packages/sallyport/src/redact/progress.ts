import { style } from '../terminal.ts';

const WIDTH = 30;
const EVERY_MS = 100;
/** Shorter work needs no bar. */
const FIRST_MS = 500;

/** A bar on a terminal; elsewhere nothing is shown. */
export class Progress {
  readonly #terminal: { readonly isTTY?: boolean; write(text: string): unknown } | undefined;
  readonly #now: () => number;
  readonly #started: number;
  #shown = 0;

  /**
   * @param terminal such as standard error; undefined where a bar would be in the way
   * @param now milliseconds of a clock that does not jump
   */
  constructor(
    terminal: { readonly isTTY?: boolean; write(text: string): unknown } | undefined,
    now: () => number = () => performance.now(),
  ) {
    this.#terminal = terminal?.isTTY === true ? terminal : undefined;
    this.#now = now;
    this.#started = now();
  }

  /** @param done of `total`; where nobody knows the total, what was done is shown */
  show(label: string, done: number, total: number | undefined): void {
    const terminal = this.#terminal;
    const now = this.#now();
    if (terminal === undefined || now - this.#started < FIRST_MS || now - this.#shown < EVERY_MS) return;
    this.#shown = now;
    const speed = `${megabytes((done * 1000) / (now - this.#started))}/s`;
    if (total === undefined || total === 0) {
      terminal.write(`\r\u001B[K${label}  ${megabytes(done)}  ${style.dim(speed)}`);
      return;
    }
    const filled = Math.min(WIDTH, Math.round((done / total) * WIDTH));
    const bar = `${'█'.repeat(filled)}${style.dim('░'.repeat(WIDTH - filled))}`;
    const percent = `${Math.floor((done / total) * 100)} %`.padStart(5);
    terminal.write(`\r\u001B[K${label}  ${bar} ${percent}  ${style.dim(speed)}`);
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.#shown > 0) this.#terminal?.write('\r\u001B[K');
    this.#shown = 0;
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
