import {
  type AuditRecord,
  type FoundJournal,
  headedSegments,
  type JournalFs,
  type JournalItem,
  type JournalLine,
  JournalReader,
  lineOf,
  type ReaderEvent,
} from '@sallyport/audit';
import type { JournalMark } from './feed-cursor.ts';
import type { FeedProblem } from './feed-problem.ts';
import { KnownTail } from './known-tail.ts';

/** A record, and where it stands. */
export interface FedRecord {
  /** See `FoundJournal`. */
  readonly journal: string;
  readonly sequence: number;
  /** When it was written, in milliseconds since the epoch. */
  readonly time: number;
  readonly record: AuditRecord;
}

export interface SourceOptions {
  readonly fs: JournalFs;
  /** Default: the oldest record. */
  readonly mark?: JournalMark | undefined;
  readonly onProblem: (problem: FeedProblem) => void;
}

export interface ReadLimits {
  readonly records: number;
  readonly bytes: number;
}

interface Read {
  readonly item: JournalItem;
  readonly hash: string;
}

/** The records of one journal, each one once: a few that were read ahead, and a mark behind those that were taken. */
export class JournalSource {
  readonly name: string;
  readonly #folder: string;
  readonly #fs: JournalFs;
  readonly #onProblem: (problem: FeedProblem) => void;
  readonly #tail: KnownTail;
  #reader: JournalReader;
  #latest: number;
  /** Read ahead; those before `#at` were passed. */
  #read: readonly Read[] = [];
  #at = 0;
  #head: FedRecord | undefined;
  #closed = '';

  constructor({ name, folder }: FoundJournal, { fs, mark, onProblem }: SourceOptions) {
    this.name = name;
    this.#folder = folder;
    this.#fs = fs;
    this.#onProblem = onProblem;
    this.#tail = new KnownTail(mark?.tail);
    this.#latest = mark?.latest ?? 0;
    this.#reader = this.#readerFrom(mark?.position);
  }

  /** The record that is taken next; undefined until `fill` finds one. */
  get head(): FedRecord | undefined {
    return this.#head;
  }

  /** How many records it holds. */
  get held(): number {
    return this.#read.length - this.#at;
  }

  get mark(): JournalMark {
    const position = this.#read[this.#at]?.item.before ?? this.#reader.position;
    const mark = { name: this.name, tail: this.#tail.save(), latest: this.#latest };
    return position === undefined ? mark : { ...mark, position };
  }

  /** Takes the head, and turns to the next record that was read. */
  take(): FedRecord {
    const taken = this.#head;
    if (taken === undefined) throw new Error('There is nothing to take; fill it first.');
    this.#latest = Math.max(this.#latest, taken.time);
    this.#pass();
    this.#turn();
    return taken;
  }

  /** Reads what comes next, while nothing is held. Without a head then, all was read. It never throws. */
  async fill(limits: ReadLimits): Promise<void> {
    while (this.#head === undefined) {
      const read = await this.#more(limits);
      if (read.length === 0) return;
      this.#read = read;
      this.#at = 0;
      this.#turn();
    }
  }

  /** Passes over all that is there. */
  async toEnd(limits: ReadLimits): Promise<void> {
    const newest = (await headedSegments(this.#folder, this.#fs)).at(-1)?.files.first;
    if (newest === undefined) return;
    // The hash is read from the head.
    this.#reader = this.#readerFrom({ sequence: newest, prev: '0'.repeat(64), segment: newest, offset: 0 });
    for (;;) {
      const read = await this.#more(limits);
      if (read.length === 0) return;
      for (const { item, hash } of read) {
        this.#tail.add(item.sequence, hash);
        const line = item.json === undefined ? undefined : this.#line(item.sequence, item.json);
        this.#latest = Math.max(this.#latest, line?.time ?? 0);
      }
    }
  }

  async #more(limits: ReadLimits): Promise<readonly Read[]> {
    try {
      const items = await this.#reader.read(limits);
      const end = this.#reader.position?.prev ?? '';
      this.#closed = '';
      return items.map((item, at) => ({ item, hash: items[at + 1]?.before.prev ?? end }));
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      // A segment that went between the look at the folder and at the file; the next read goes on behind it.
      if (code === 'ENOENT') return [];
      if (this.#closed !== code) this.#onProblem({ journal: this.name, why: 'closed', code });
      this.#closed = code;
      return [];
    }
  }

  /** To the next record that was not given before. */
  #turn(): void {
    this.#head = undefined;
    for (let next = this.#read[this.#at]; next !== undefined; next = this.#read[this.#at]) {
      const { item, hash } = next;
      const { sequence, json } = item;
      const line = json === undefined ? undefined : this.#line(sequence, json);
      if (!this.#isNew(item, hash, line?.time)) {
        this.#at += 1;
        continue;
      }
      if (line?.kind === 'record') {
        const { time, record } = line;
        this.#head = { journal: this.name, sequence, time, record };
        return;
      }
      if (json !== undefined) this.#onProblem({ journal: this.name, why: 'malformed', sequence });
      this.#pass();
    }
    this.#read = [];
    this.#at = 0;
  }

  #line(sequence: number, json: string): JournalLine | undefined {
    return lineOf(this.name, sequence, { member: 'record', json });
  }

  #pass(): void {
    const passed = this.#read[this.#at];
    if (passed !== undefined) this.#tail.add(passed.item.sequence, passed.hash);
    this.#at += 1;
  }

  /** A segment that is read anew holds the same records again, and others. */
  #isNew({ sequence }: JournalItem, hash: string, time: number | undefined): boolean {
    if (sequence >= this.#tail.end) return true;
    const known = this.#tail.has(sequence, hash);
    // Too old to be known: what took the place of others was written after them.
    return known === undefined ? time !== undefined && time > this.#latest : !known;
  }

  #readerFrom(from: JournalMark['position']): JournalReader {
    return new JournalReader(this.#fs, {
      folder: this.#folder,
      from,
      onEvent: (event) => this.#onEvent(event),
    });
  }

  #onEvent(event: ReaderEvent): void {
    const { type: why, first: sequence } = event;
    const until = event.type === 'missing' ? { until: event.first + event.records } : {};
    this.#onProblem({ journal: this.name, why, sequence, ...until });
  }
}
