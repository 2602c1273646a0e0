import { ACCEPTED, type Outcome, ReceiverError } from '@sallyport/audit';
import type { AlertReceiver, NumberedNotice } from '../../src/sinks/alert-receiver.ts';

/** A receiver in memory that does what a test says. */
export class MemoryReceiver implements AlertReceiver {
  readonly stored: NumberedNotice[] = [];
  /** How many notices each batch had. */
  readonly batches: number[] = [];
  unsure = 0;
  owes = false;
  closed = false;
  before: (batch: readonly NumberedNotice[], signal: AbortSignal) => Promise<void> | void = () => undefined;
  outcome: (notice: NumberedNotice) => Outcome = () => ACCEPTED;

  async send(batch: readonly NumberedNotice[], signal: AbortSignal): Promise<readonly Outcome[]> {
    this.batches.push(batch.length);
    await this.before(batch, signal);
    return batch.map((notice) => {
      const outcome = this.outcome(notice);
      if (outcome.kind === 'accepted') this.stored.push(notice);
      return outcome;
    });
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  ids(): string[] {
    return this.stored.map(({ id }) => id);
  }
}

export function away(): never {
  throw new ReceiverError('ECONNREFUSED', 'The receiver cannot be reached.');
}
