import type { RequestId } from '@sallyport/core';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;
/** `[` and `{`, and `]` and `}`, differ in this bit alone. */
const BRACE_BIT = 0x20;
const CLOSING = 0x7d;
/** Longer keys and ids are given up: MCP's own are a few characters, and what is kept must stay small. */
const MAX_TOKEN = 512;

/**
 * Finds out whom a message belongs to without keeping it: the top-level `id`, and whether there is a
 * `method`. For messages that are too large to be read; without their id, whoever waits for the answer
 * would wait for ever. Text that is no JSON gives a meaningless outline, never an error.
 */
export class MessageOutline {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #expecting: 'key' | 'value' = 'key';
  #token: number[] | undefined;
  #key: unknown;
  #id: unknown;
  #hasMethod = false;
  #inArray = false;

  /**
   * The id, when it is one that MCP allows. When the key stands there twice, the last one, as `JSON.parse`
   * has it.
   */
  get id(): RequestId | undefined {
    const id = this.#id;
    return typeof id === 'string' || Number.isSafeInteger(id) ? (id as RequestId) : undefined;
  }

  /** Whether it is a request or a notification; an answer otherwise. */
  get hasMethod(): boolean {
    return this.#hasMethod;
  }

  /** Takes the next bytes of the message, `bytes[start, end)`. */
  scan(bytes: Buffer, start: number, end: number): void {
    for (let at = start; at < end && !this.#inArray; at += 1) {
      const byte = bytes[at] ?? 0;
      if (!this.#inString) this.#byte(byte);
      else this.#stringByte(byte);
    }
  }

  #stringByte(byte: number): void {
    this.#collect(byte);
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
  }

  #byte(byte: number): void {
    if (byte === QUOTE) {
      this.#inString = true;
      if (this.#depth === 1) this.#token = [];
      this.#collect(byte);
    } else if ((byte | BRACE_BIT) === BRACE) {
      if (this.#depth === 0) this.#inArray = byte !== BRACE;
      this.#depth += 1;
      this.#token = this.#depth === 1 ? [] : undefined;
    } else if ((byte | BRACE_BIT) === CLOSING) {
      if (this.#depth === 1) this.#member();
      this.#depth -= 1;
    } else if (this.#depth !== 1) {
      return;
    } else if (byte === COLON) {
      this.#key = this.#expecting === 'key' ? this.#value() : undefined;
      if (this.#key === 'method') this.#hasMethod = true;
      this.#expecting = 'value';
      this.#token = [];
    } else if (byte === COMMA) {
      this.#member();
    } else {
      this.#collect(byte);
    }
  }

  #collect(byte: number): void {
    if (this.#token === undefined) return;
    if (this.#token.length < MAX_TOKEN) this.#token.push(byte);
    else this.#token = undefined;
  }

  #member(): void {
    if (this.#expecting === 'value' && this.#key === 'id') this.#id = this.#value();
    this.#expecting = 'key';
    this.#token = [];
  }

  #value(): unknown {
    if (this.#token === undefined) return undefined;
    try {
      return JSON.parse(Buffer.from(this.#token).toString('utf8'));
    } catch {
      return undefined;
    }
  }
}
