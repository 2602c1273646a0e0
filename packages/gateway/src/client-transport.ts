import type { Readable, Writable } from 'node:stream';
import { isJsonObject, type Message, Refusal, type RequestId } from '@sallyport/core';
import { MessageReader, type ReadLimits, type Unreadable } from './message-reader.ts';
import { MessageWriter } from './message-writer.ts';

export interface ClientTransportOptions extends ReadLimits {
  readonly input: Readable;
  readonly output: Writable;
  readonly highWaterMark: number;
  readonly onUnreadable: (what: Unreadable) => void;
  /** The client closed our input: it will ask nothing more. */
  readonly onEnd: () => void;
  /** The client takes no output any more. */
  readonly onBroken: () => void;
  /** The client does not take what it is sent as fast as it comes. */
  readonly onFull: () => void;
  readonly onDrain: () => void;
}

/**
 * What makes the client wait: the server takes no more, too much is held for the next one, or the client's
 * own output piles up.
 */
export type PauseReason = 'server' | 'held' | 'output';

/** Above so many high-water marks of output nothing is read that could lead to more of it. */
const OUTPUT_LIMIT = 16;
const SENT: Promise<void> = Promise.resolve();

/** The client's side of the gateway, as the MCP transport that `guardTransport` wraps. */
export class ClientTransport {
  onmessage: ((message: unknown) => void) | undefined;
  onclose: (() => void) | undefined;
  onerror: ((error: Error) => void) | undefined;
  /** Requests that were received and not yet answered. */
  readonly #open = new Set<RequestId>();
  readonly #options: ClientTransportOptions;
  readonly #reader: MessageReader;
  readonly #writer: MessageWriter;
  readonly #paused = new Set<PauseReason>();
  #ended = false;
  #answered = false;
  #closed = false;
  readonly #waiters = new Set<() => void>();

  constructor(options: ClientTransportOptions) {
    this.#options = options;
    const sink = {
      message: (value: unknown): void => this.#receive(value),
      unreadable: options.onUnreadable,
    };
    this.#reader = new MessageReader(sink, options);
    this.#writer = new MessageWriter(options.output, {
      highWaterMark: options.highWaterMark,
      onFull: options.onFull,
      onDrain: () => {
        this.resume('output');
        options.onDrain();
      },
      onBroken: () => this.#broken(),
    });
  }

  start(): Promise<void> {
    const { input } = this.#options;
    input.on('data', this.#data);
    input.on('end', this.#end);
    input.on('close', this.#end);
    input.on('error', this.#end);
    return SENT;
  }

  /**
   * Rejects when the client takes nothing any more, or the message is no JSON; an answer is then one with
   * an error.
   */
  send(message: Message): Promise<void> {
    if (this.#closed || this.#writer.broken) {
      return Promise.reject(new Refusal('unavailable', 'The client is gone.'));
    }
    const answers = 'method' in message ? undefined : (message.id ?? undefined);
    let failed: Refusal | undefined;
    let line: string;
    try {
      line = JSON.stringify(message);
    } catch (cause) {
      failed = new Refusal('internal', 'A message could not be written as JSON.', { cause });
      if (answers === undefined) return Promise.reject(failed);
      line = JSON.stringify({ jsonrpc: '2.0', id: answers, error: failed.toRpcError() });
    }
    this.#writer.write(line);
    if (answers !== undefined) {
      this.#answered = true;
      this.#open.delete(answers);
      if (this.#waiters.size > 0) this.#changed();
    }
    return failed === undefined ? SENT : Promise.reject(failed);
  }

  close(): Promise<void> {
    if (this.#closed) return SENT;
    this.#closed = true;
    const { input } = this.#options;
    input.off('data', this.#data);
    input.off('end', this.#end);
    input.off('close', this.#end);
    input.pause();
    this.#writer.release();
    this.onclose?.();
    return SENT;
  }

  /** Stops reading until each reason for it is gone. */
  pause(reason: PauseReason): void {
    this.#paused.add(reason);
    this.#options.input.pause();
  }

  resume(reason: PauseReason): void {
    if (this.#paused.delete(reason) && this.#paused.size === 0 && !this.#closed) this.#options.input.resume();
  }

  /** Waits until every request has its answer, or the time is over. */
  whenIdle(timeoutMs: number): Promise<void> {
    return this.#when(() => this.#open.size === 0 || this.#writer.broken, timeoutMs);
  }

  /** Waits until the client has had an answer to anything at all, is gone, or the time is over. */
  whenAnswered(timeoutMs: number): Promise<void> {
    return this.#when(() => this.#answered || this.#ended || this.#writer.broken, timeoutMs);
  }

  /** Waits until the client has taken everything, is gone, or the time is over. */
  whenFlushed(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#writer.whenFlushed(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #when(condition: () => boolean, timeoutMs: number): Promise<void> {
    if (condition()) return SENT;
    return new Promise((resolve) => {
      const check = (late: boolean): void => {
        if (!late && !condition()) return;
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve();
      };
      const waiter = (): void => check(false);
      const timer = setTimeout(check, timeoutMs, true);
      this.#waiters.add(waiter);
    });
  }

  #changed(): void {
    for (const waiter of this.#waiters) waiter();
  }

  #receive(value: unknown): void {
    if (this.#closed) return;
    if (isJsonObject(value) && typeof value['method'] === 'string') {
      const { id, method, params } = value;
      if (typeof id === 'string' || Number.isSafeInteger(id)) this.#open.add(id as RequestId);
      else if (method === 'notifications/cancelled' && isJsonObject(params)) {
        // The answer to a cancelled request may never come.
        this.#open.delete(params['requestId'] as RequestId);
      }
    }
    try {
      this.onmessage?.(value);
    } catch (error) {
      // The guard itself failed, its `identify` for one: refused, like everything that cannot be judged.
      const id = isJsonObject(value) ? value['id'] : undefined;
      if (!this.#open.has(id as RequestId)) return;
      const answer = {
        jsonrpc: '2.0',
        id: id as RequestId,
        error: Refusal.from(error).toRpcError(),
      } as const;
      this.send(answer).catch(() => undefined);
    }
  }

  readonly #data = (chunk: Buffer | string): void => {
    this.#reader.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    // A client that only writes is served for a while, since the end of its input must not be missed.
    if (this.#writer.waiting > OUTPUT_LIMIT * this.#options.highWaterMark) this.pause('output');
  };

  readonly #end = (): void => {
    if (this.#ended) return;
    this.#reader.end();
    this.#ended = true;
    this.#options.onEnd();
    this.#changed();
  };

  #broken(): void {
    this.#options.onBroken();
    this.#changed();
  }
}
