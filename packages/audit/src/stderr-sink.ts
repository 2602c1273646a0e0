import type { AuditRecord } from './audit-record.ts';
import type { Sink } from './sink.ts';

export interface StderrSinkOptions {
  /** Default: `process.stderr`. Its writes must not block the process; what they do not place at once waits in it. */
  readonly stream?: Pick<NodeJS.WritableStream, 'write' | 'on'>;
  /**
   * Longest wait of a durable record for somebody who reads, in milliseconds, below 2^31. Default: 5,000
   */
  readonly patience?: number;
}

const PATIENCE_MS = 5000;
/** So many milliseconds `close` waits for the last lines to be read, unless they are overdue already. */
const CLOSE_MS = 1000;
/** Characters. Beyond as many that nobody has read, records are refused. */
const MOST_WAITING = 1_048_576;

/**
 * JSON lines on standard error (never standard output: on a stdio server that is the protocol). For people who watch
 * and for platforms that collect it; a pipe cannot be synced, so `durable` means handed to the kernel.
 *
 * While nobody reads, a durable record is waited for as long as `patience` says and then refused, and those after it are
 * refused at once; `broken` says so until somebody reads again. A record that was refused after a wait can still come out
 * then: the attempt of a call that did not run, which its outcome says.
 */
export class StderrSink implements Sink {
  broken: Error | undefined;
  readonly #stream: Pick<NodeJS.WritableStream, 'write' | 'on'>;
  readonly #patience: number;
  /** Characters that were given to the stream and are not with the kernel. */
  #waiting = 0;
  /** A record was overdue, and nothing was read since. */
  #isStuck = false;

  /** @throws TypeError a patience that is none */
  constructor({ stream = process.stderr, patience = PATIENCE_MS }: StderrSinkOptions = {}) {
    if (!(patience > 0 && patience < 2 ** 31))
      throw new TypeError('patience must be a number of milliseconds above 0 and below 2147483648.');
    this.#stream = stream;
    this.#patience = patience;
    // Without a listener a reader that goes away would end the process; here it ends in `broken`.
    stream.on('error', (cause: unknown) => {
      this.broken = new Error('Standard error cannot be written.', { cause });
    });
  }

  append(record: AuditRecord, { durable }: { readonly durable: boolean }): Promise<void> {
    const line = `${JSON.stringify(record)}\n`;
    if (durable && this.#isStuck) return Promise.reject(this.#overdue());
    if (this.#waiting > 0 && this.#waiting + line.length > MOST_WAITING) {
      this.broken = new Error('Standard error is not read, and no more records may wait for it.');
      return Promise.reject(this.broken);
    }
    return new Promise((resolve, reject) => {
      const timer = durable ? setTimeout(() => reject(this.#overdue()), this.#patience) : undefined;
      this.#write(line, (error) => {
        clearTimeout(timer);
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  }

  async close(): Promise<void> {
    if (this.#waiting === 0 || this.#isStuck) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(this.#patience, CLOSE_MS));
      this.#stream.write('', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #write(line: string, done: (error: Error | undefined) => void): void {
    this.#waiting += line.length;
    this.#stream.write(line, (cause) => {
      this.#waiting -= line.length;
      this.#isStuck = false;
      this.broken = cause ? new Error('Standard error cannot be written.', { cause }) : undefined;
      done(this.broken);
    });
  }

  #overdue(): Error {
    this.#isStuck = true;
    this.broken = new Error(`Standard error is not read: a record has waited for ${this.#patience} ms.`);
    return this.broken;
  }
}
