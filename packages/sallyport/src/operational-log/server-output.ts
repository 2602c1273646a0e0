import { Writable } from 'node:stream';
import type { LineTarget } from './log-stream.ts';

export interface ServerOutputOptions {
  /** Where it goes. Others may write to it as well. */
  readonly target: LineTarget;
  /** Called before the first line that is passed on again, and at the end, when lines were dropped. */
  readonly onDropped: (count: number) => void;
  /** How long the server waits for a reader, in milliseconds, before lines are dropped. Default: 1,000 */
  readonly patience?: number;
}

/** Half of what the log may leave waiting: a noisy server takes no line of the log its place. */
const MOST_WAITING = 524_288;
const PATIENCE_MS = 1000;
const END_OF_LINE = 0x0a;

/**
 * Passes what a server writes to standard error on, byte for byte and in order. While more than 512 KiB wait for the reader the
 * server is held up, as by a pipe of its own; a reader that then takes nothing for a second costs lines, and the server
 * goes on without it.
 */
export class ServerOutput extends Writable {
  readonly #target: LineTarget;
  readonly #onDropped: (count: number) => void;
  readonly #patience: number;
  /** Lines of which the end was dropped. */
  #dropped = 0;
  #isStuck = false;
  /** What was passed on last, or dropped last, goes on with what comes next. */
  #passedPart = false;
  #droppedPart = false;

  constructor({ target, onDropped, patience = PATIENCE_MS }: ServerOutputOptions) {
    super();
    this.#target = target;
    this.#onDropped = onDropped;
    this.#patience = patience;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#isStuck && this.#target.writableLength > MOST_WAITING) {
      this.#drop(chunk);
      done();
      return;
    }
    this.#isStuck = false;
    const rest = this.#withoutTorn(chunk);
    if (rest.length === 0) done();
    else this.#pass(rest, done);
  }

  override _final(done: () => void): void {
    if (this.#droppedPart) this.#dropped += 1;
    this.#tell();
    done();
  }

  #pass(bytes: Buffer, done: () => void): void {
    this.#tell();
    this.#passedPart = bytes.at(-1) !== END_OF_LINE;
    if (this.#target.writableLength + bytes.length <= MOST_WAITING) {
      this.#target.write(bytes);
      done();
      return;
    }
    let isDone = false;
    const goOn = (): void => {
      clearTimeout(timer);
      if (!isDone) done();
      isDone = true;
    };
    const timer = setTimeout(() => {
      this.#isStuck = true;
      goOn();
    }, this.#patience);
    this.#target.write(bytes, goOn);
  }

  #drop(bytes: Buffer): void {
    for (const byte of bytes) if (byte === END_OF_LINE) this.#dropped += 1;
    this.#droppedPart = bytes.at(-1) !== END_OF_LINE;
  }

  /** The end of a line whose beginning was dropped is no line. */
  #withoutTorn(chunk: Buffer): Buffer {
    if (!this.#droppedPart) return chunk;
    const end = chunk.indexOf(END_OF_LINE) + 1;
    this.#drop(end === 0 ? chunk : chunk.subarray(0, end));
    return end === 0 ? chunk.subarray(chunk.length) : chunk.subarray(end);
  }

  #tell(): void {
    const count = this.#dropped;
    if (count === 0) return;
    this.#dropped = 0;
    if (this.#passedPart) this.#target.write('\n');
    this.#passedPart = false;
    this.#onDropped(count);
  }
}
