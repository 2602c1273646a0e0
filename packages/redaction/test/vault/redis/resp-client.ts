import { connect, type Socket } from 'node:net';
import type { RedisClient } from '../../../src/vault/redis/redis-client.ts';

/** What an answer is, and where it ends; undefined while it is not all there. */
type Parsed = { readonly value: unknown; readonly end: number } | undefined;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The least of a Redis client, for tests: RESP2
 * (https://redis.io/docs/latest/develop/reference/protocol-spec/), one socket.
 */
export class RespClient implements RedisClient {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #bytes: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.#socket = connect(path);
    this.#socket.on('data', (chunk) => this.#take(chunk));
    const lost = (): void => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('Connection is closed.'));
    };
    this.#socket.on('error', lost).on('close', lost);
  }

  call(command: string, ...args: string[]): Promise<unknown> {
    const parts = [command, ...args].map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) {
        reject(new Error('Connection is closed.'));
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#socket.write(`*${parts.length}\r\n${parts.join('')}`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    for (let parsed = parse(this.#bytes, 0); parsed !== undefined; parsed = parse(this.#bytes, 0)) {
      this.#bytes = this.#bytes.subarray(parsed.end);
      const { value } = parsed;
      const waiting = this.#waiting.shift();
      if (value instanceof Error) waiting?.reject(value);
      else waiting?.resolve(value);
    }
  }
}

function parse(bytes: Buffer, at: number): Parsed {
  const lineEnd = bytes.indexOf('\r\n', at);
  if (lineEnd < 0) return undefined;
  const line = bytes.toString('utf8', at + 1, lineEnd);
  const end = lineEnd + 2;
  switch (bytes.toString('latin1', at, at + 1)) {
    case '+':
      return { value: line, end };
    case '-':
      return { value: new Error(line), end };
    case ':':
      return { value: Number(line), end };
    case '$': {
      const length = Number(line);
      if (length < 0) return { value: null, end };
      if (bytes.length < end + length + 2) return undefined;
      return { value: bytes.toString('utf8', end, end + length), end: end + length + 2 };
    }
    case '*':
      return parseList(bytes, Number(line), end);
    default:
      throw new Error('no RESP2');
  }
}

function parseList(bytes: Buffer, count: number, start: number): Parsed {
  const value: unknown[] = [];
  let end = start;
  for (let index = 0; index < count; index += 1) {
    const item = parse(bytes, end);
    if (item === undefined) return undefined;
    value.push(item.value);
    end = item.end;
  }
  return { value, end };
}
