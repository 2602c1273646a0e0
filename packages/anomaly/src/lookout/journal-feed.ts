import { findJournals, type FoundJournal, type JournalFs, NODE_FS } from '@sallyport/audit';
import { ByTime } from './by-time.ts';
import type { FeedCursor, JournalMark } from './feed-cursor.ts';
import type { FeedProblem } from './feed-problem.ts';
import { type FedRecord, JournalSource, type ReadLimits } from './journal-source.ts';

export interface FeedOptions {
  /** A journal, or a folder with some in it, up to two levels down; it may begin later. */
  readonly folder: string;
  /** Default: the oldest record of each journal. */
  readonly cursor?: FeedCursor | undefined;
  /** Passes over what is there when it begins, in journals that the cursor does not know. Default: false. */
  readonly fromNow?: boolean;
  /** A journal without news is looked at again after so long, and up to four times as long, in milliseconds. Default: 250. */
  readonly pollMs?: number;
  readonly onProblem?: (problem: FeedProblem) => void;
  /** Default: the file system of this machine. */
  readonly fs?: JournalFs;
  /** Milliseconds since any moment, of a clock that is never set. Default: `performance.now`. */
  readonly elapsed?: () => number;
}

/** How often it is looked for new journals. */
const LOOK_MS = 1000;
/** Held of all journals together, but for some of each. */
const HELD = { records: 4096, bytes: 4 * 1024 * 1024 };
const LEAST = { records: 16, bytes: 64 * 1024 };
const MOST = { records: 256, bytes: 256 * 1024 };
const AT_ONCE = 16;
/** Marks of journals that are not there, in case they come back. */
const MOST_ABSENT = 1000;

interface Pace {
  pause: number;
  /** When to look again, of a journal that was read to its end. */
  due: number;
}

/**
 * The records of every journal in a folder, each one once and about in the order of time, also while others write them:
 * journals may begin, rotate, be pruned and be repaired. What it holds in memory does not grow with what is behind.
 */
export class JournalFeed {
  readonly #folder: string;
  readonly #fs: JournalFs;
  readonly #pollMs: number;
  readonly #elapsed: () => number;
  readonly #onProblem: (problem: FeedProblem) => void;
  /** Of journals that were not found yet. */
  readonly #absent: Map<string, JournalMark>;
  readonly #sources = new Map<string, JournalSource>();
  readonly #ready = new ByTime();
  /** Those that were read to their end. */
  readonly #idle = new Map<JournalSource, Pace>();
  readonly #closed = new Set<string>();
  #passesOver: boolean;
  #lookAt = 0;

  constructor(options: FeedOptions) {
    this.#folder = options.folder;
    this.#fs = options.fs ?? NODE_FS;
    this.#pollMs = options.pollMs ?? 250;
    this.#elapsed = options.elapsed ?? (() => performance.now());
    this.#onProblem = options.onProblem ?? (() => undefined);
    this.#absent = new Map(options.cursor?.journals.map((mark) => [mark.name, mark]));
    this.#passesOver = options.fromNow === true;
    this.#lookAt = -Infinity;
  }

  /** How many journals it follows. */
  get journals(): number {
    return this.#sources.size;
  }

  /** How many records it holds in memory. */
  get held(): number {
    let held = 0;
    for (const source of this.#sources.values()) held += source.held;
    return held;
  }

  /** Behind all that `next` gave. */
  get cursor(): FeedCursor {
    const absent = [...this.#absent.values()].slice(-MOST_ABSENT);
    return { v: 1, journals: [...absent, ...[...this.#sources.values()].map(({ mark }) => mark)] };
  }

  /** Makes the next look one at every journal. */
  wake(): void {
    this.#lookAt = -Infinity;
    for (const pace of this.#idle.values()) pace.due = -Infinity;
  }

  /**
   * The next records, as many as that at most; none at the end of all journals, as far as it is time to look at them.
   *
   * @throws the error of the system when the folder itself cannot be read; the next call tries again
   */
  async next(most: number): Promise<FedRecord[]> {
    await this.#look();
    await this.#fillDue();
    const records: FedRecord[] = [];
    while (records.length < most) {
      const source = this.#ready.next();
      if (source === undefined) break;
      records.push(source.take());
      // What it has next may be older than what the others have.
      if (source.head === undefined) await source.fill(this.#limits());
      if (source.head === undefined) this.#rest(source, this.#pollMs);
      else this.#ready.add(source);
    }
    return records;
  }

  async #look(): Promise<void> {
    const now = this.#elapsed();
    if (now < this.#lookAt) return;
    const closed = new Map<string, string>();
    const found = await findJournals(this.#folder, (name, irregular) =>
      closed.set(name, irregular === undefined ? 'EACCES' : 'irregular'),
    ).catch(noneYet);
    this.#lookAt = now + LOOK_MS;
    for (const [name, code] of closed)
      if (!this.#closed.has(name)) this.#onProblem({ journal: name, why: 'closed', code });
    this.#closed.clear();
    for (const name of closed.keys()) this.#closed.add(name);
    for (const journal of found) if (!this.#sources.has(journal.name)) await this.#begin(journal);
    // Journals that begin later are new from their first record on.
    this.#passesOver = false;
  }

  async #begin(journal: FoundJournal): Promise<void> {
    const { name } = journal;
    const mark = this.#absent.get(name);
    const source = new JournalSource(journal, { fs: this.#fs, mark, onProblem: this.#onProblem });
    if (this.#passesOver && mark === undefined) await source.toEnd(this.#limits());
    this.#absent.delete(name);
    this.#sources.set(name, source);
    this.#idle.set(source, { pause: this.#pollMs, due: -Infinity });
  }

  async #fillDue(): Promise<void> {
    const now = this.#elapsed();
    const due = [...this.#idle].filter(([, pace]) => pace.due <= now);
    const limits = this.#limits();
    for (let at = 0; at < due.length; at += AT_ONCE)
      await Promise.all(due.slice(at, at + AT_ONCE).map(([source]) => source.fill(limits)));
    for (const [source, { pause }] of due) {
      if (source.head === undefined) this.#rest(source, Math.min(2 * pause, 4 * this.#pollMs));
      else {
        this.#idle.delete(source);
        this.#ready.add(source);
      }
    }
  }

  #rest(source: JournalSource, pause: number): void {
    this.#idle.set(source, { pause, due: this.#elapsed() + pause });
  }

  /** What one journal reads ahead: less of each, the more there are. */
  #limits(): ReadLimits {
    const share = (of: keyof ReadLimits): number =>
      Math.min(MOST[of], Math.max(LEAST[of], Math.floor(HELD[of] / Math.max(1, this.#sources.size))));
    return { records: share('records'), bytes: share('bytes') };
  }
}

/** A folder that is not there yet has no journals yet. */
function noneYet(error: unknown): FoundJournal[] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}
