import { MessageOutline } from './message-outline.ts';

/** Told of each line, in order. The bytes are only valid until the call returns. */
export interface LineSink {
  /** `bytes[start, end)` is one line without its newline. */
  line(bytes: Buffer, start: number, end: number): void;
  /**
   * A line was longer than the limit. It was thrown away; the outline is what could be learned of it
   * meanwhile.
   */
  tooLong(outline: MessageOutline): void;
}

const NEWLINE = 0x0a;
const FIRST_HOLD = 64 * 1024;
const KEPT_HOLD = 1024 * 1024;

/**
 * Cuts a byte stream into lines, whatever its chunks. Never holds more than one line of the permitted
 * length (in a buffer that doubles, so that a message in many small chunks costs neither an object per
 * chunk nor quadratic copying).
 */
export class LineReader {
  readonly #sink: LineSink;
  readonly #maxBytes: number;
  #held: Buffer | undefined;
  #length = 0;
  #discarding: MessageOutline | undefined;

  /** @param maxBytes longest line, without its newline */
  constructor(sink: LineSink, maxBytes: number) {
    this.#sink = sink;
    this.#maxBytes = maxBytes;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end === -1) break;
      this.#finish(chunk, start, end);
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk, start, chunk.length);
  }

  /** The stream ended: what came after the last newline is a line of its own. */
  end(): void {
    if (this.#length > 0 || this.#discarding !== undefined) this.#finish(EMPTY, 0, 0);
  }

  #finish(chunk: Buffer, start: number, end: number): void {
    if (this.#length === 0 && this.#discarding === undefined && end - start <= this.#maxBytes) {
      this.#sink.line(chunk, start, end);
      return;
    }
    this.#keep(chunk, start, end);
    const outline = this.#discarding;
    const length = this.#length;
    this.#discarding = undefined;
    this.#length = 0;
    if (outline === undefined) this.#sink.line(this.#held ?? EMPTY, 0, length);
    else this.#sink.tooLong(outline);
    if (this.#held !== undefined && this.#held.length > KEPT_HOLD) this.#held = undefined;
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    const length = this.#length + end - start;
    if (this.#discarding === undefined && length > this.#maxBytes) {
      this.#discarding = new MessageOutline();
      if (this.#held !== undefined) this.#discarding.scan(this.#held, 0, this.#length);
      this.#held = undefined;
      this.#length = 0;
    }
    if (this.#discarding !== undefined) {
      this.#discarding.scan(chunk, start, end);
      return;
    }
    if (this.#held === undefined || this.#held.length < length) this.#grow(length);
    chunk.copy(this.#held ?? EMPTY, this.#length, start, end);
    this.#length = length;
  }

  #grow(length: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(FIRST_HOLD, Math.min(2 * length, this.#maxBytes)));
    this.#held?.copy(grown, 0, 0, this.#length);
    this.#held = grown;
  }
}

const EMPTY: Buffer = Buffer.alloc(0);
