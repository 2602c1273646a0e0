import type { AuditRecord } from '../audit-record.ts';

/** A record on its way, written in the receiver's format. */
export interface ShippedRecord {
  /** Its number in the journal. With `id` it tells a record that comes twice. */
  readonly sequence: number;
  readonly id: string;
  /** When it was written: RFC 3339, UTC, milliseconds. */
  readonly time: string;
  /** One line of the format, without its end. */
  readonly line: string;
  /** Whether `line` is a JSON object. */
  readonly json: boolean;
  readonly record: AuditRecord;
}

/** What became of one record of a batch. */
export type Outcome =
  | { readonly kind: 'accepted' }
  /** It may be accepted later. `code` is a word or a number of the protocol, never its text. */
  | { readonly kind: 'retry'; readonly code: string; readonly afterMs?: number }
  /** It will never be accepted, and goes to the dead letters. */
  | { readonly kind: 'rejected'; readonly reason: string };

export const ACCEPTED: Outcome = { kind: 'accepted' };

/** Where records are shipped. A receiver is used by one shipper, which sends one batch at a time. */
export interface Receiver {
  /**
   * Sends a batch, in order. When the signal aborts it gives up soon; a connection that it cannot trust any more is closed.
   *
   * @returns one outcome for each record, in the same order
   * @throws ReceiverError when nothing of the batch is known to be accepted: all of it is sent again
   */
  send(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<readonly Outcome[]>;
  /** True while records that were accepted have to be sent again; an empty batch makes it do that. Default: never. */
  readonly owes?: boolean;
  /**
   * How many of the last accepted records may have to be sent again. The cursor stays in front of them, so that the next
   * process sends them where this one dies. Default: none.
   */
  readonly unsure?: number;
  /**
   * Takes what a former receiver for the same place, which is closed, may have to send again: before it sends anything else.
   * Default: there is nothing to take.
   */
  takeOver?(former: Receiver): void;
  /** Ends the connection, after what was written to it has been sent. `unsure` still counts what may not have arrived. */
  close(): Promise<void>;
}

/** The receiver cannot be reached, or does not take records at the moment. */
export class ReceiverError extends Error {
  override readonly name = 'ReceiverError';
  /** A word or a number of the protocol, such as `ECONNREFUSED` or `http_503`; never a text of the receiver. */
  readonly code: string;
  /** How long the receiver asked to be left alone, in milliseconds. */
  readonly afterMs: number | undefined;

  constructor(
    code: string,
    message: string,
    options: ErrorOptions & { readonly afterMs?: number | undefined } = {},
  ) {
    super(message, options);
    this.code = code;
    this.afterMs = options.afterMs;
  }
}

/** What tells a record that comes twice. */
export function dedupKey({ id, sequence }: Pick<ShippedRecord, 'id' | 'sequence'>): string {
  return `${id}-${sequence}`;
}
