import type { Outcome } from '@sallyport/audit';
import type { Notice } from '../triage/notice.ts';

/** A notice on its way. */
export interface NumberedNotice extends Notice {
  /**
   * The number of its first alert among all that its sender was given; the others have the next ones. With the id of an alert
   * it tells one that comes twice.
   */
  readonly sequence: number;
}

/** Where notices go. A receiver is used by one sender, which sends one batch at a time. */
export interface AlertReceiver {
  /** A batch has at most so many notices. Default: 20. */
  readonly most?: number;
  /**
   * Sends notices, in order. When the signal aborts it gives up soon.
   *
   * @returns one outcome for each notice, in the same order
   * @throws ReceiverError when nothing of the batch is known to be accepted: all of it is sent again
   */
  send(batch: readonly NumberedNotice[], signal: AbortSignal): Promise<readonly Outcome[]>;
  /** True while what was accepted has to be sent again; an empty batch makes it do that. Default: never. */
  readonly owes?: boolean;
  /** How many of the last accepted notices may have to be sent again by the next process. Default: none. */
  readonly unsure?: number;
  close(): Promise<void>;
}
