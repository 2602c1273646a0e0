import { style } from '../terminal.ts';

const WIDTH = 30;
const EVERY_MS = 100;
/** Shorter work needs no bar. */
const FIRST_MS = 500;

/** A bar on standard error, where that is a terminal; otherwise nothing is shown. */
export class Progress {
  readonly #started = performance.now();
  #shown = 0;

  /** @param done of `total`; where nobody knows the total, what was done is shown */
  show(label: string, done: number, total: number | undefined): void {
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.#started < FIRST_MS || now - this.#shown < EVERY_MS) return;
    this.#shown = now;
    const speed = `${megabytes((done * 1000) / (now - this.#started))}/s`;
    if (total === undefined || total === 0) {
      process.stderr.write(`\r\u001B[K${label}  ${megabytes(done)}  ${style.dim(speed)}`);
      return;
    }
    const filled = Math.min(WIDTH, Math.round((done / total) * WIDTH));
    const bar = `${'█'.repeat(filled)}${style.dim('░'.repeat(WIDTH - filled))}`;
    const percent = `${Math.floor((done / total) * 100)} %`.padStart(5);
    process.stderr.write(`\r\u001B[K${label}  ${bar} ${percent}  ${style.dim(speed)}`);
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.#shown > 0) process.stderr.write('\r\u001B[K');
    this.#shown = 0;
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
