import type { Outcome } from '@sallyport/audit';
import type { Notice } from '../triage/notice.ts';

/** Where notices go. A receiver is used by one sender, which sends one batch at a time. */
export interface AlertReceiver {
  /**
   * Sends notices, in order. When the signal aborts it gives up soon.
   *
   * @returns one outcome for each notice, in the same order
   * @throws ReceiverError when nothing of the batch is known to be accepted: all of it is sent again
   */
  send(batch: readonly Notice[], signal: AbortSignal): Promise<readonly Outcome[]>;
  close(): Promise<void>;
}
