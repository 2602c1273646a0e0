import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { isatty } from 'node:tty';

const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 64;

/**
 * Writes to a file descriptor that does not block. What its reader takes at once is with the kernel when `write` returns;
 * the rest waits here, and is tried again after 1 ms, then 2, at most 64. Waiting keeps no process alive.
 */
export class UnhurriedOutput extends Writable {
  readonly fd: number;
  readonly isTTY: boolean;
  readonly #prepare: () => void;
  #pause = FIRST_PAUSE_MS;
  #timer: NodeJS.Timeout | undefined;

  /** @param prepare called before each try: sees to it that the descriptor does not block. Default: it never does */
  constructor(fd: number, prepare: () => void = () => undefined) {
    super();
    this.fd = fd;
    this.isTTY = isatty(fd);
    this.#prepare = prepare;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    let from = 0;
    try {
      while (from < chunk.length) {
        this.#prepare();
        from += writeSync(this.fd, chunk, from);
        this.#pause = FIRST_PAUSE_MS;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') this.#later(chunk.subarray(from), done);
      else done(error as Error);
      return;
    }
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    done(error);
  }

  #later(rest: Buffer, done: (error?: Error) => void): void {
    this.#timer = setTimeout(() => this._write(rest, 'utf8', done), this.#pause).unref();
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE_MS);
  }
}
