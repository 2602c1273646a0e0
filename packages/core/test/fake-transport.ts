import type { JsonObject } from '@sallyport/core';

/** A transport under the test's control: messages are injected by hand, and what is sent is kept. */
export class FakeTransport {
  onmessage: ((message: never, extra?: never) => void) | undefined;
  onclose: (() => void) | undefined;
  onerror: ((error: Error) => void) | undefined;
  readonly sent: JsonObject[] = [];
  readonly options: unknown[] = [];
  /** What `send` answers; replace it to fail or to wait. */
  sending: () => Promise<void> = () => Promise.resolve();

  start(): Promise<void> {
    return Promise.resolve();
  }

  send(message: JsonObject, options?: unknown): Promise<void> {
    this.sent.push(message);
    this.options.push(options);
    return this.sending();
  }

  close(): Promise<void> {
    this.onclose?.();
    return Promise.resolve();
  }

  /** A message arrives from the client. */
  receive(message: unknown, extra?: unknown): void {
    this.onmessage?.(message as never, extra as never);
  }
}
