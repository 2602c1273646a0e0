import { createHash } from 'node:crypto';
import type { EventRecord } from '../audit-record.ts';
import type { JournalPosition } from './journal-position.ts';
import { newestCheckpoint, type NotedCheckpoint } from './last-checkpoint.ts';
import type { ShipperSettings } from './shipper-options.ts';
import type { Waiting } from './shipping-window.ts';

/**
 * The journal's newest checkpoint as a record of its own, from time to time: whoever has an old checkpoint sees that a
 * journal was cut off later. It does not wait for the records that it covers, which may be far behind.
 */
export class CheckpointFeed {
  readonly #settings: ShipperSettings;
  #pending: Waiting | undefined;
  #last: string | undefined;
  #takenAt = -Infinity;

  constructor(settings: ShipperSettings) {
    this.#settings = settings;
  }

  /** What is to be shipped, until it is `settled`. @param position stands in front of it in the cursor's eyes */
  async due(when: 'now' | 'when due', position: JournalPosition | undefined): Promise<Waiting | undefined> {
    const { fs, folder, clock, checkpointMs } = this.#settings;
    const since = clock.now() - this.#takenAt;
    const early = when === 'when due' && since >= 0 && since < checkpointMs;
    if (checkpointMs === Infinity || position === undefined || early) return this.#pending;
    const newest = await newestCheckpoint(fs, folder);
    if (newest === undefined) return this.#pending;
    this.#takenAt = clock.now();
    if (newest.note !== this.#last) {
      this.#last = newest.note;
      this.#pending = this.#waitingOf(newest, position);
    }
    return this.#pending;
  }

  isIt(one: Waiting): boolean {
    return this.#pending === one;
  }

  /** These were accepted, or given up. */
  settled(done: ReadonlySet<Waiting>): void {
    if (this.#pending !== undefined && done.has(this.#pending)) this.#pending = undefined;
  }

  #waitingOf({ origin, size, root, note }: NotedCheckpoint, before: JournalPosition): Waiting {
    const { clock, about, formatter } = this.#settings;
    const { server, policy } = about();
    const record: EventRecord = {
      v: 1,
      id: idOf(note),
      time: new Date(clock.now()).toISOString(),
      server,
      policy,
      type: 'event',
      event: 'checkpoint',
      detail: { origin, size, root, note },
    };
    const line = formatter.record(record);
    // The number of the last record that it covers; its id tells it from that record.
    const numbered = { sequence: size - 1, id: record.id, time: record.time };
    return {
      shipped: { ...numbered, line, json: formatter.json, record },
      json: JSON.stringify(record),
      frameBytes: 0,
      bytes: Buffer.byteLength(line),
      before,
      tries: 0,
    };
  }
}

/** The same note has the same id wherever it is shipped from: a UUIDv8 from its SHA-256 (RFC 9562, section 5.8). */
function idOf(note: string): string {
  const bytes = createHash('sha256').update(note).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
