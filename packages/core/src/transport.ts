import type { Message } from './message.ts';

/**
 * The part of an MCP SDK transport that a guard needs, by structure, so that both SDK generations fit without being
 * imported. (`never` parameters: any transport's callbacks are assignable, whatever their message types.)
 */
export interface Transport {
  start(): Promise<void>;
  send(message: never, options?: never): Promise<void>;
  close(): Promise<void>;
  onmessage?: ((message: never, extra?: never) => void) | undefined;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
}

/** A transport as the guard uses it. What it does not need to understand stays opaque and is passed on untouched. */
export interface Wire {
  send(message: Message, options?: SendOptions): Promise<void>;
  onmessage?: ((message: unknown, extra?: unknown) => void) | undefined;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
}

export interface SendOptions {
  /** The incoming request to which an outgoing message belongs. */
  readonly relatedRequestId?: string | number | undefined;
}
