import {
  ACCEPTED,
  type Outcome,
  type Receiver,
  ReceiverError,
  type ShippedRecord,
} from '../../src/shipping/receiver.ts';
import type { Arrived } from './receiver-contract.ts';

/** A receiver in memory that does what a test says. */
export class MemoryReceiver implements Receiver {
  readonly stored: Arrived[];
  /** How many records each batch had. */
  readonly batches: number[] = [];
  closed = false;
  /** Asked before a batch is looked at; it may throw, or take its time. */
  before: (batch: readonly ShippedRecord[], signal: AbortSignal) => Promise<void> | void = () => undefined;
  outcome: (shipped: ShippedRecord) => Outcome = ({ line }) =>
    line.length > 15_000 ? { kind: 'rejected', reason: 'too_large' } : ACCEPTED;

  constructor(stored: Arrived[] = []) {
    this.stored = stored;
  }

  async send(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<readonly Outcome[]> {
    this.batches.push(batch.length);
    await this.before(batch, signal);
    return batch.map((shipped) => {
      const outcome = this.outcome(shipped);
      if (outcome.kind === 'accepted') this.stored.push(shipped);
      return outcome;
    });
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  sequences(): number[] {
    return this.stored.map(({ sequence }) => sequence);
  }
}

export function away(): never {
  throw new ReceiverError('ECONNREFUSED', 'The receiver cannot be reached.');
}
