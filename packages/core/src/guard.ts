import type { Call, Next } from './call.ts';
import { compose } from './compose.ts';
import { handOver } from './flight.ts';
import type { Interceptor } from './interceptor.ts';
import { ANONYMOUS, type Principal } from './principal.ts';
import type { Refusal } from './refusal.ts';
import { uuidv7 } from './uuid.ts';

/** A composed pipeline, bound to a policy: what `guardTransport` puts every message through. */
export interface Guard {
  /** The name by which the policy knows the guarded server. */
  readonly server: string;
  /** Read once per call: a call in flight finishes on the pipeline it began with. */
  readonly pipeline: Next;
  /** Longest time, in milliseconds, that the interceptors of one gate may take together. */
  readonly gateTimeoutMs: number;
  /**
   * Who is behind an incoming message.
   * @param extra what the transport passed beside the message: `authInfo`, request headers; undefined on stdio
   */
  identify(extra: unknown): Principal;
  newId(): string;
  /** Told of what never becomes a call, or cannot be answered: malformed messages, answers nobody asked for. */
  report(refusal: Refusal, about: Report): void;
}

export interface Report {
  readonly direction: Call['direction'];
  readonly server: string;
}

export interface GuardOptions {
  /** Default: `default`. */
  readonly server?: string;
  /** The first is the outermost. */
  readonly interceptors: readonly Interceptor[];
  /** Default: everybody is anonymous. */
  readonly identify?: Guard['identify'];
  /** Default: 30,000. */
  readonly gateTimeoutMs?: number;
  /** Default: UUIDv7. */
  readonly newId?: () => string;
  /** Default: nothing is told. */
  readonly report?: Guard['report'];
}

/**
 * Composes interceptors into a guard.
 *
 * @throws TypeError when two interceptors share a name
 */
export function composeGuard(options: GuardOptions): Guard {
  return {
    server: options.server ?? 'default',
    pipeline: compose(options.interceptors, handOver),
    gateTimeoutMs: options.gateTimeoutMs ?? 30_000,
    identify: options.identify ?? (() => ANONYMOUS),
    newId: options.newId ?? uuidv7,
    report: options.report ?? (() => undefined),
  };
}
