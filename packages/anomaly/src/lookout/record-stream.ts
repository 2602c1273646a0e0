import type { AuditRecord } from '@sallyport/audit';
import type { RecordFeed, WatchedRecord } from './ports.ts';

/** More wait for nobody: a watch that is so far behind is not there, or cannot go on. */
const MOST = 10_000;
/** Records that were dropped are told, and places of those that went made free, so many at a time. */
const TOGETHER = 1000;

/** Where a watch of a stream stands: what it did not take is gone with its process. */
export interface StreamCursor {
  readonly v: 1;
  readonly stream: true;
}

const CURSOR: StreamCursor = { v: 1, stream: true };

/** The records of this process, for a watch in it, where no journal keeps them. */
export class RecordStream implements RecordFeed {
  readonly journals = 0;
  readonly cursor: StreamCursor = CURSOR;
  readonly #onDropped: (records: number) => void;
  #records: AuditRecord[] = [];
  /** The next one; those before went. */
  #at = 0;
  #dropped = 0;
  #latest = 0;

  /** @param onDropped told of records that nobody will look at, of many together; it must not throw. Default: nobody is */
  constructor(onDropped: (records: number) => void = () => undefined) {
    this.#onDropped = onDropped;
  }

  /** How many records wait. */
  get size(): number {
    return this.#records.length - this.#at;
  }

  /** Takes a record, at once. Of more than 10,000 that wait the oldest are dropped. */
  push(record: AuditRecord): void {
    this.#records.push(record);
    if (this.size <= MOST) return;
    this.#pass(1);
    this.#dropped += 1;
    if (this.#dropped >= TOGETHER) this.#tell();
  }

  next(most: number): Promise<readonly WatchedRecord[]> {
    this.#tell();
    const records = this.#records.slice(this.#at, this.#at + most);
    this.#pass(records.length);
    return Promise.resolve(records.map((record) => ({ record, time: this.#timeOf(record) })));
  }

  wake(): void {
    // There is nothing to look at: what comes is pushed.
  }

  #pass(count: number): void {
    this.#at += count;
    if (this.#at < TOGETHER && this.size > 0) return;
    this.#records = this.#records.slice(this.#at);
    this.#at = 0;
  }

  #tell(): void {
    if (this.#dropped > 0) this.#onDropped(this.#dropped);
    this.#dropped = 0;
  }

  #timeOf({ time }: AuditRecord): number {
    const written = Date.parse(time);
    if (!Number.isNaN(written)) this.#latest = written;
    return this.#latest;
  }
}

/** Whether a saved cursor is that of a stream. */
export function isStreamCursor(value: unknown): value is StreamCursor {
  const { v, stream } = (value ?? {}) as { readonly v?: unknown; readonly stream?: unknown };
  return v === 1 && stream === true;
}
