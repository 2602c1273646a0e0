import { type JournalFs, NODE_FS } from '../journal/journal-fs.ts';
import { JournalReader, type ReaderEvent } from '../shipping/journal-reader.ts';
import type { FoundJournal } from './find-journals.ts';
import { type JournalLine, lineOf } from './journal-line.ts';
import { planScan } from './plan-scan.ts';
import { scanJournal } from './scan-journal.ts';
import type { ScanProblem } from './scan-problem.ts';

const READ_AT_ONCE = { records: 1000, bytes: 4 * 1024 * 1024 };
/** So many of the records that were given are known again when a segment has to be read anew. */
const KNOWN = 4096;

export interface FollowerOptions {
  /** Which records are given. Default: all. */
  readonly matches?: (line: JournalLine) => boolean;
  readonly onProblem?: (problem: ScanProblem) => void;
  /** Default: the file system of this machine. */
  readonly fs?: JournalFs;
}

/** The end of a journal, and what is added to it. What the journal says itself is left out. */
export class JournalFollower {
  readonly #journal: FoundJournal;
  readonly #fs: JournalFs;
  readonly #matches: (line: JournalLine) => boolean;
  readonly #onProblem: (problem: ScanProblem) => void;
  #reader: JournalReader;
  /** Behind the last record that was read, however often. */
  #read = 0;
  /** Ids of the newest records that were read, with their numbers. */
  readonly #known = new Map<string, number>();

  constructor(journal: FoundJournal, options: FollowerOptions = {}) {
    this.#journal = journal;
    this.#fs = options.fs ?? NODE_FS;
    this.#matches = options.matches ?? (() => true);
    this.#onProblem = options.onProblem ?? (() => undefined);
    this.#reader = this.#readerFrom(undefined);
  }

  /** The last `count` that match, oldest first; `next` goes on behind them. Reads no further back than it has to. */
  async last(count: number): Promise<JournalLine[]> {
    const { folder, name } = this.#journal;
    const { segments } = await planScan(folder, {}, this.#fs);
    const newest = segments.at(-1);
    if (newest === undefined) return [];
    this.#reader = this.#readerFrom(newest.files.first);
    let found: JournalLine[] = [];
    for (let more = await this.next(); more.length > 0; more = await this.next())
      found = lastOf(count, [...found, ...more]);
    for (const segment of segments.slice(0, -1).toReversed()) {
      if (found.length >= count) break;
      const plan = { folder, segments: [segment], bytes: segment.bytes, begun: 0, newest: undefined };
      const options = { journal: name, onProblem: this.#onProblem, fs: this.#fs };
      let before: JournalLine[] = [];
      for await (const line of scanJournal(plan, options)) {
        if (line.kind !== 'record' || !this.#matches(line)) continue;
        before.push(line);
        if (before.length >= 2 * count) before = lastOf(count, before);
      }
      found = lastOf(count, [...before, ...found]);
    }
    return found;
  }

  /** What was added since, as far as it matches and up to some thousand records; none at the end. */
  async next(): Promise<JournalLine[]> {
    for (;;) {
      const items = await this.#reader.read(READ_AT_ONCE).catch(unlessPruned);
      if (items.length === 0) return [];
      const lines = items.flatMap(({ sequence, json }) => {
        if (json === undefined) return [];
        const line = lineOf(this.#journal.name, sequence, { member: 'record', json });
        if (line === undefined) this.#tell('malformed', sequence);
        return line !== undefined && this.#isNew(line) && this.#matches(line) ? [line] : [];
      });
      if (lines.length > 0) return lines;
    }
  }

  /** Whether it was not given before; a segment that is read anew holds the same records again, and others. */
  #isNew(line: JournalLine): boolean {
    const id = line.kind === 'record' ? line.record.id : '';
    const isAgain = line.sequence < this.#read;
    if (isAgain && (this.#known.has(id) || line.sequence < this.#read - KNOWN)) return false;
    this.#read = Math.max(this.#read, line.sequence + 1);
    this.#known.set(id, line.sequence);
    if (this.#known.size > KNOWN)
      for (const [oldest] of this.#known) {
        this.#known.delete(oldest);
        break;
      }
    return true;
  }

  #readerFrom(segment: number | undefined): JournalReader {
    return new JournalReader(this.#fs, {
      folder: this.#journal.folder,
      // The hash is read from the head.
      from:
        segment === undefined ? undefined : { sequence: segment, prev: '0'.repeat(64), segment, offset: 0 },
      onEvent: (event) => this.#onEvent(event),
    });
  }

  #onEvent(event: ReaderEvent): void {
    switch (event.type) {
      case 'missing':
        this.#tell('missing', event.first, event.first + event.records);
        break;
      case 'reread':
      case 'unreadable':
        this.#tell(event.type, event.first);
        break;
    }
  }

  #tell(why: ScanProblem['why'], sequence: number, until?: number): void {
    this.#onProblem({ journal: this.#journal.name, why, sequence, ...(until !== undefined && { until }) });
  }
}

/** A segment that went between the look at the folder and at the file; the next read goes on behind it. */
function unlessPruned(error: unknown): [] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}

function lastOf<T>(count: number, all: readonly T[]): T[] {
  return all.slice(Math.max(0, all.length - count));
}
