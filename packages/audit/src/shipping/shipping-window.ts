import type { JournalPosition } from './journal-position.ts';
import type { ShippedRecord } from './receiver.ts';

/** A record that was read and is not accepted yet. */
export interface Waiting {
  readonly shipped: ShippedRecord;
  /** The JSON of the record in the journal. */
  readonly json: string;
  /** Of its frame in the journal. */
  readonly frameBytes: number;
  /** Of its line. */
  readonly bytes: number;
  /** Position in front of it. */
  readonly before: JournalPosition;
  tries: number;
}

/** Takes records off the front while `goes` says so. */
export function takeWhile(waiting: Waiting[], goes: (one: Waiting) => boolean): Waiting[] {
  const end = waiting.findIndex((one) => !goes(one));
  return waiting.splice(0, end < 0 ? waiting.length : end);
}

/** How many from the front make a batch of at most so many bytes; at least one. */
export function batchSize(waiting: readonly Waiting[], most: { records: number; bytes: number }): number {
  let bytes = 0;
  let count = 0;
  for (const one of waiting) {
    bytes += one.bytes;
    if (count >= most.records || (count > 0 && bytes > most.bytes)) break;
    count += 1;
  }
  return count;
}
