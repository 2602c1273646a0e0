import type { RefusalCode } from '@sallyport/core';

/**
 * Something that happened beside the calls. Names, codes and counts only; what cannot be a label (too long, or too many
 * different ones) is counted as `_other`.
 */
export type TelemetryEvent =
  /** A detector found something in a call. `rule` is its id. `count` defaults to 1. */
  | { readonly type: 'finding'; readonly rule: string; readonly severity: string; readonly count?: number }
  /** A message that never became a call was refused. `count` defaults to 1. */
  | { readonly type: 'message_refused'; readonly code: RefusalCode; readonly count?: number }
  | { readonly type: 'alert'; readonly rule: string; readonly severity: string }
  /** A provider was asked for a secret. `provider` is the scheme; `outcome` is `ok`, or why there was none. */
  | { readonly type: 'secret_read'; readonly provider: string; readonly outcome: string }
  /** A secret has another value than before, or its lease was renewed. */
  | { readonly type: 'secret_renewed'; readonly provider: string }
  /** A provider cannot be asked, and the last value is used past its time. */
  | { readonly type: 'secret_stale'; readonly provider: string }
  /** Records could not be delivered; it is tried again. */
  | { readonly type: 'sink_failed'; readonly sink: string }
  /** Records that a sink will never take. `count` defaults to 1. */
  | { readonly type: 'dead_letter'; readonly sink: string; readonly count?: number }
  /** Records that were given up before they reached a sink. */
  | { readonly type: 'records_dropped'; readonly sink: string; readonly count: number }
  /** Another policy was put in force, or could not be. */
  | { readonly type: 'policy_reload'; readonly outcome: 'ok' | 'failed' };

/** Takes what happened; never throws, never waits. */
export type TelemetryEvents = (event: TelemetryEvent) => void;
