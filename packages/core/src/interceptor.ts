import type { Call, Next, Result } from './call.ts';

/** One layer around a call. The first interceptor is the outermost. */
export interface Interceptor {
  /** Stable and unique in a pipeline: used in policy, errors and audit. */
  readonly name: string;
  /**
   * Sees the call on its way in, calls `next` at most once, and sees the answer on its way out. It refuses by throwing a
   * `Refusal`; any other error refuses as `internal`. It must not wait before `next` unless it has something to wait
   * for: a protocol rejection has to travel back in the tick in which the request was delivered.
   */
  intercept(call: Call, next: Next): Promise<Result>;
}

/** `enforce` refuses; `audit` records on the trail what it would have refused, and changes nothing. */
export type Mode = 'enforce' | 'audit';
