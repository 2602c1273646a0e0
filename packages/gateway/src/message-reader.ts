import { isUtf8 } from 'node:buffer';
import { isJsonObject, type RequestId } from '@sallyport/core';
import { isDeeperThan } from './is-deeper-than.ts';
import { LineReader } from './line-reader.ts';

export interface ReadLimits {
  readonly maxMessageBytes: number;
  readonly maxDepth: number;
}

/** Why something that came never became a message. */
export type Unreadable =
  | { readonly why: 'invalid_json' | 'invalid_utf8' }
  | {
      readonly why: 'too_large' | 'too_deep';
      /** Set where it could be found. */
      readonly id: RequestId | undefined;
      /** A request or a notification; an answer otherwise. */
      readonly hasMethod: boolean;
    };

export interface MessageSink {
  /** Any JSON value of `size` bytes; whether it is a message of MCP is not for the reader to say. */
  message(value: unknown, size: number): void;
  unreadable(what: Unreadable): void;
}

const REPLACEMENT = '\uFFFD';
const BLANK = /^\s*$/;

/**
 * Reads newline-delimited JSON (MCP, basic/transports, "stdio"). Bad lines are reported, and the stream
 * goes on.
 */
export class MessageReader {
  readonly #lines: LineReader;
  readonly #sink: MessageSink;
  readonly #maxDepth: number;

  constructor(sink: MessageSink, limits: ReadLimits) {
    this.#sink = sink;
    this.#maxDepth = limits.maxDepth;
    this.#lines = new LineReader(
      {
        line: (bytes, start, end) => this.#line(bytes, start, end),
        tooLong: ({ id, hasMethod }) => sink.unreadable({ why: 'too_large', id, hasMethod }),
      },
      limits.maxMessageBytes,
    );
  }

  push(chunk: Buffer): void {
    this.#lines.push(chunk);
  }

  end(): void {
    this.#lines.end();
  }

  #line(bytes: Buffer, start: number, end: number): void {
    const text = bytes.toString('utf8', start, end);
    // Decoding puts U+FFFD where the bytes are wrong; two parsers may disagree on those, so they are not
    // passed on.
    if (text.includes(REPLACEMENT) && !isUtf8(bytes.subarray(start, end))) {
      this.#sink.unreadable({ why: 'invalid_utf8' });
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      if (!BLANK.test(text)) this.#sink.unreadable({ why: 'invalid_json' });
      return;
    }
    // `1e999` is read as Infinity, decided on as that, and would be written as null: not what was decided on.
    if (HUGE_NUMBER.test(text) && hasInfinity(value)) {
      this.#sink.unreadable({ why: 'invalid_json' });
      return;
    }
    // Each level takes two characters at least, so that short messages need no look.
    if (text.length > 2 * this.#maxDepth && isDeeperThan(value, this.#maxDepth)) {
      this.#sink.unreadable({ why: 'too_deep', ...outlineOf(value) });
      return;
    }
    this.#sink.message(value, end - start);
  }
}

/** Finds every text that may hold a number beyond the double range, and a few others. */
const HUGE_NUMBER = /\d(?:[eE]\+?\d{3}|\d{300})/;

function hasInfinity(root: unknown): boolean {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (value === Infinity || value === -Infinity) return true;
    if (typeof value !== 'object' || value === null) continue;
    for (const inner of Object.values(value)) open.push(inner);
  }
  return false;
}

function outlineOf(value: unknown): { id: RequestId | undefined; hasMethod: boolean } {
  if (!isJsonObject(value)) return { id: undefined, hasMethod: false };
  const { id } = value;
  const usable = typeof id === 'string' || Number.isSafeInteger(id);
  return { id: usable ? (id as RequestId) : undefined, hasMethod: value['method'] !== undefined };
}
