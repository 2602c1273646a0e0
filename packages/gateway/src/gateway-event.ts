import type { Unreadable } from './message-reader.ts';
import type { NotStarted, ServerFault } from './server-end.ts';

/** For the operational log. Names, numbers and codes only: nothing that a message contained. */
export type GatewayEvent =
  | { readonly event: 'server_started'; readonly pid: number; readonly restarts: number }
  | { readonly event: 'server_not_started'; readonly why: NotStarted; readonly message: string }
  | {
      readonly event: 'server_exited';
      readonly code: number | undefined;
      readonly signal: NodeJS.Signals | undefined;
      /** Why the gateway had to end it; undefined when it ended by itself, or with the gateway. */
      readonly fault: ServerFault | undefined;
    }
  /** Its answers can come no more; so many requests were answered with an error instead. */
  | { readonly event: 'requests_failed'; readonly count: number }
  | {
      readonly event: 'server_restarting';
      /** `requested`: after `restart_requested`, whether the old server was ended or ended meanwhile. */
      readonly reason: 'crash' | 'requested';
      readonly restarts: number;
      readonly delayMs: number;
    }
  /** The environment of the next server is there; this one has still `open` requests to answer. */
  | { readonly event: 'restart_requested'; readonly open: number }
  /** It is ended now; it had answered all but `unanswered` of the requests in time. */
  | { readonly event: 'server_drained'; readonly unanswered: number }
  /** There was no environment for the next server, so that this one goes on. */
  | { readonly event: 'restart_failed'; readonly why: 'no_environment' }
  /** The new server could not repeat the handshake of the old one. */
  | { readonly event: 'handshake_failed'; readonly why: 'refused' | 'other_version' | 'timeout' }
  /**
   * Something was not passed on: it could not be read, was no MCP message, or answered nothing. `count` is
   * how many of this kind there were; the event comes at 1, 2, 4, 8, ... so that a noisy side cannot flood
   * the log.
   */
  | {
      readonly event: 'dropped';
      readonly from: 'client' | 'server';
      readonly why: Dropped;
      readonly count: number;
    }
  | {
      readonly event: 'stopping';
      readonly reason: 'client_closed' | 'client_gone' | 'stopped' | 'guard_failed';
    }
  | { readonly event: 'signal_sent'; readonly signal: 'SIGTERM' | 'SIGKILL' };

export type Dropped = Unreadable['why'] | 'not_a_message' | 'not_asked';

export type Log = (event: GatewayEvent) => void;

/** Counts what was dropped, per side and reason, and logs at each power of two. */
export class DropCounter {
  readonly #log: Log;
  readonly #counts = new Map<string, number>();

  constructor(log: Log) {
    this.#log = log;
  }

  readonly drop = (from: 'client' | 'server', why: Dropped): void => {
    const key = `${from} ${why}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if ((count & (count - 1)) === 0) this.#log({ event: 'dropped', from, why, count });
  };
}
