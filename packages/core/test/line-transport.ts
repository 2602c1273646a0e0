import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Readable, Writable } from 'node:stream';
import { createInterface } from 'node:readline';

/** A client transport over two streams: what a stdio client does, without a process. Fits both SDK generations. */
export class LineTransport {
  onmessage: (<T extends JSONRPCMessage>(message: T) => void) | undefined;
  onclose: (() => void) | undefined;
  onerror: ((error: Error) => void) | undefined;
  readonly #input: Readable;
  readonly #output: Writable;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
  }

  start(): Promise<void> {
    createInterface({ input: this.#input }).on('line', (line) =>
      this.onmessage?.(JSON.parse(line) as JSONRPCMessage),
    );
    return Promise.resolve();
  }

  send(message: unknown): Promise<void> {
    this.#output.write(`${JSON.stringify(message)}\n`);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#output.end();
    this.onclose?.();
    return Promise.resolve();
  }
}
