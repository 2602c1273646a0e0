import type { Writable } from 'node:stream';

export interface MessageWriterOptions {
  /** Characters that may wait for the other side before `onFull` is called. */
  readonly highWaterMark: number;
  readonly onFull: () => void;
  /** Everything was taken; always follows `onFull`, unless the stream breaks. */
  readonly onDrain: () => void;
  /** The other side does not take anything any more; called once. */
  readonly onBroken: (error: Error) => void;
}

/**
 * A burst leaves in pieces of this many characters: Node reserves three bytes for each, and above 128 KiB
 * maps new memory.
 */
const BATCH = 16 * 1024;

/** Writes lines to a stream; what is written in one tick leaves in one system call. */
export class MessageWriter {
  readonly #stream: Writable;
  readonly #options: MessageWriterOptions;
  #batch = '';
  #full = false;
  #broken = false;
  #ended = false;

  constructor(stream: Writable, options: MessageWriterOptions) {
    this.#stream = stream;
    this.#options = options;
    stream.on('drain', this.#drained);
    stream.on('error', this.#fail);
    stream.on('close', this.#closed);
  }

  get broken(): boolean {
    return this.#broken;
  }

  /** Characters that wait for the other side. */
  get waiting(): number {
    return this.#stream.writableLength + this.#batch.length;
  }

  /** Writes one line. What is written after the end, or to a broken stream, is dropped. */
  write(line: string): void {
    if (this.#broken || this.#ended) return;
    // A tick's messages leave before the event loop waits again, but after all of them are there:
    // `nextTick` callbacks run when the microtasks that produced the messages are done.
    if (this.#batch === '') process.nextTick(this.#flush);
    this.#batch += line;
    this.#batch += '\n';
    if (this.#batch.length > BATCH) this.#flush();
  }

  /** Ends the stream after what was written. */
  end(): void {
    if (this.#ended) return;
    this.#flush();
    this.#ended = true;
    if (!this.#broken) this.#stream.end();
  }

  /** Calls back when everything written so far was taken by the operating system, or never will be. */
  whenFlushed(done: () => void): void {
    this.#flush();
    if (this.#broken || this.#stream.writableLength === 0) done();
    else this.#stream.write('', () => done());
  }

  /** Lets go of the stream without ending it. An error that still comes is swallowed. */
  release(): void {
    this.#ended = true;
    this.#stream.off('drain', this.#drained);
    this.#stream.off('close', this.#closed);
  }

  readonly #flush = (): void => {
    const batch = this.#batch;
    if (batch === '') return;
    this.#batch = '';
    if (this.#broken) return;
    // The stream promises 'drain' only after `write` has answered false.
    const room = this.#stream.write(batch);
    if (!room && !this.#full && this.#stream.writableLength > this.#options.highWaterMark) {
      this.#full = true;
      this.#options.onFull();
    }
  };

  readonly #drained = (): void => {
    if (!this.#full) return;
    this.#full = false;
    this.#options.onDrain();
  };

  readonly #closed = (): void => {
    if (!this.#ended) this.#fail(new Error('The stream was closed.'));
  };

  readonly #fail = (error: Error): void => {
    if (this.#broken) return;
    this.#broken = true;
    this.#batch = '';
    this.#options.onBroken(error);
  };
}
