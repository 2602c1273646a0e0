import { join } from 'node:path';
import type { AuditRecord } from '../audit-record.ts';
import { CursorFile } from './cursor-file.ts';
import type { JournalPosition } from './journal-position.ts';
import { type JournalItem, JournalReader } from './journal-reader.ts';
import { recordFilter } from './record-filter.ts';
import type { ShipperSettings } from './shipper-options.ts';
import { takeWhile, type Waiting } from './shipping-window.ts';

type DropCause = 'spool_bytes' | 'spool_age';

/** What waits for a receiver: the end of the journal behind the receiver's own cursor. */
export class Spool {
  /** What was read and is not accepted yet, oldest first. */
  readonly waiting: Waiting[] = [];
  dropped = 0;
  readonly #settings: ShipperSettings;
  readonly #cursor: CursorFile;
  readonly #reader: JournalReader;
  readonly #passes: (record: AuditRecord) => boolean;
  /** Batches that were accepted, oldest first, as far as the receiver is not sure of them. */
  readonly #passed: { readonly before: JournalPosition; readonly records: number }[] = [];
  #passedRecords = 0;
  #saved: JournalPosition | undefined;
  #savedAt: number;

  private constructor(settings: ShipperSettings, cursor: CursorFile, from: JournalPosition | undefined) {
    const { fs, folder, onEvent } = settings;
    this.#settings = settings;
    this.#cursor = cursor;
    this.#reader = new JournalReader(fs, { folder, from, onEvent });
    this.#passes = recordFilter(settings.filter);
    this.#saved = from;
    this.#savedAt = settings.clock.now();
  }

  static async open(settings: ShipperSettings): Promise<Spool> {
    const cursor = new CursorFile(settings.fs, join(settings.folder, `${settings.name}.cursor`));
    const from = await cursor.load();
    if (from === 'damaged') settings.onEvent({ type: 'cursor_damaged' });
    return new Spool(settings, cursor, from === 'damaged' ? undefined : from);
  }

  /** Everything before it is accepted, dropped or not for this receiver. */
  get position(): JournalPosition | undefined {
    return this.waiting[0]?.before ?? this.#reader.position;
  }

  /** Reads up to a full batch, and drops what is over the caps. */
  async fill(): Promise<void> {
    const drops = new Map<DropCause, { first: number; last: number; records: number }>();
    const drop = (why: DropCause, sequence: number): void => {
      const sum = drops.get(why);
      drops.set(why, {
        first: sum?.first ?? sequence,
        last: sequence,
        records: (sum?.records ?? 0) + 1,
      });
    };
    try {
      await this.#fill(drop);
    } finally {
      for (const [why, sum] of drops) {
        this.dropped += sum.records;
        this.#settings.onEvent({ type: 'dropped', why, ...sum });
      }
    }
  }

  /** Says that so many records of a batch, which began there, were accepted. */
  passed(before: JournalPosition, records: number): void {
    this.#passed.push({ before, records });
    this.#passedRecords += records;
  }

  /**
   * Makes the cursor durable where it changed; `now` also when it was done a moment ago.
   *
   * @returns whether it had to be written
   */
  async save(when: 'now' | 'when due'): Promise<boolean> {
    const { clock, saveMs } = this.#settings;
    const since = clock.now() - this.#savedAt;
    if (when === 'when due' && since >= 0 && since < saveMs) return false;
    const cursor = this.#cursorPosition();
    if (cursor === undefined || isSame(cursor, this.#saved)) return false;
    this.#savedAt = clock.now();
    await this.#cursor.save(cursor);
    this.#saved = cursor;
    return true;
  }

  /** In front of what the receiver may still ask for, so that a crash of this process does not lose that either. */
  #cursorPosition(): JournalPosition | undefined {
    const unsure = this.#settings.receiver.unsure ?? 0;
    for (let oldest = this.#passed[0]; oldest !== undefined; oldest = this.#passed[0]) {
      if (this.#passedRecords - oldest.records < unsure) return oldest.before;
      this.#passedRecords -= oldest.records;
      this.#passed.shift();
    }
    return this.position;
  }

  async #fill(drop: (why: DropCause, sequence: number) => void): Promise<void> {
    const { batchRecords, batchBytes, spoolBytes, spoolMs, clock } = this.#settings;
    let excess = spoolBytes === Infinity ? 0 : (await this.#reader.bytesBehind(this.position)) - spoolBytes;
    const overdue = clock.now() - spoolMs;
    const isOver = (sequence: number, time: string, bytes: number): boolean => {
      const why = excess > 0 ? 'spool_bytes' : Date.parse(time) < overdue ? 'spool_age' : undefined;
      excess -= bytes;
      if (why !== undefined) drop(why, sequence);
      return why !== undefined;
    };
    takeWhile(this.waiting, ({ shipped, frameBytes }) => isOver(shipped.sequence, shipped.time, frameBytes));
    let bytes = this.waiting.reduce((sum, one) => sum + one.bytes, 0);
    while (this.waiting.length < batchRecords && bytes < batchBytes) {
      const room = { records: batchRecords - this.waiting.length, bytes: batchBytes - bytes };
      const items = await this.#reader.read(room);
      if (items.length === 0) return;
      for (const item of items) {
        const one = this.#waitingOf(item);
        if (one === undefined) excess -= item.bytes;
        else if (!isOver(item.sequence, one.shipped.time, item.bytes)) {
          this.waiting.push(one);
          bytes += one.bytes;
        }
      }
    }
  }

  /** @returns undefined for what this receiver does not get */
  #waitingOf({ sequence, json, bytes: frameBytes, before }: JournalItem): Waiting | undefined {
    if (json === undefined) return undefined;
    const { formatter } = this.#settings;
    const record = JSON.parse(json) as AuditRecord;
    if (!this.#passes(record)) return undefined;
    const line = formatter.record(record);
    const { id, time } = record;
    const shipped = { sequence, id, time, line, json: formatter.json, record };
    return { shipped, json, frameBytes, bytes: Buffer.byteLength(line), before, tries: 0 };
  }
}

function isSame(one: JournalPosition, other: JournalPosition | undefined): boolean {
  return one.prev === other?.prev && one.offset === other.offset && one.segment === other.segment;
}
