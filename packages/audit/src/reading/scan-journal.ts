import { parseLink } from '../journal/entry.ts';
import { type JournalFile, type JournalFs, NODE_FS } from '../journal/journal-fs.ts';
import { readFrames } from '../journal/read-frames.ts';
import { listSegments } from '../journal/segment-files.ts';
import { readHead } from '../journal/segment-head.ts';
import { recordsAtLastCheckpoint } from '../shipping/last-checkpoint.ts';
import { type JournalLine, journalLine } from './journal-line.ts';
import type { HeadedSegment, ScanPlan } from './plan-scan.ts';
import type { ScanProblem } from './scan-problem.ts';

export interface ScanOptions {
  /** See `FoundJournal`. Default: `.` */
  readonly journal?: string;
  /**
   * Asked about the bytes of a record before they are parsed: false leaves it out. What the journal says itself is always
   * given. Default: none is left out.
   */
  readonly mayMatch?: (body: Buffer) => boolean;
  readonly onProblem?: (problem: ScanProblem) => void;
  /** Told from time to time how many more bytes were read. */
  readonly onBytes?: (bytes: number) => void;
  /** Default: the file system of this machine. */
  readonly fs?: JournalFs;
}

const TOLD_BYTES = 1024 * 1024;

/**
 * The records of the planned segments in their order, in memory that does not grow with them. It does not check the chain,
 * and goes on behind what cannot be read, as far as that can be: to find something in a damaged journal is better than
 * nothing, as long as it is told. What a crash tore, or a writer has not finished, just ends it.
 */
export function scanJournal(
  plan: ScanPlan,
  options: ScanOptions = {},
): AsyncGenerator<JournalLine, void, undefined> {
  return new Scanner(plan, options).lines();
}

class Scanner {
  readonly #plan: ScanPlan;
  readonly #fs: JournalFs;
  readonly #journal: string;
  readonly #options: ScanOptions;
  /** Number of the record that comes next. */
  #next = 0;

  constructor(plan: ScanPlan, options: ScanOptions) {
    this.#plan = plan;
    this.#fs = options.fs ?? NODE_FS;
    this.#journal = options.journal ?? '.';
    this.#options = options;
  }

  async *lines(): AsyncGenerator<JournalLine, void, undefined> {
    let last: number | undefined;
    for (const segment of this.#plan.segments) {
      const { first } = segment.files;
      if (last !== undefined && last === segment.before && this.#next !== first)
        this.#tell(this.#next < first ? 'missing' : 'order', Math.min(this.#next, first), first);
      this.#next = first;
      last = (yield* this.#segment(segment)) ? first : undefined;
    }
  }

  /** @returns whether it was read to its end; otherwise that was told, or it was pruned meanwhile */
  async *#segment({ files, bytes }: HeadedSegment): AsyncGenerator<JournalLine, boolean, undefined> {
    const isNewest = files.first === this.#plan.newest;
    // Before the records are read, because a writer may add both meanwhile.
    const signed = isNewest ? await this.#signed(files.first) : 0;
    const file = await this.#open(files.path);
    if (file === undefined) return false;
    try {
      const read = await readHead(file);
      // A crash leaves a newest segment without a head, and nothing in it.
      if (read === undefined && !(isNewest && signed <= files.first)) this.#tell('unreadable', files.first);
      if (read === undefined) return false;
      const whole = yield* this.#frames(file, read.end);
      if (!whole && !(isNewest && signed <= this.#next)) this.#tell('unreadable', this.#next);
      if (whole && signed > this.#next) this.#tell('missing', this.#next, signed);
      return whole;
    } finally {
      await file.close();
      this.#options.onBytes?.(bytes % TOLD_BYTES);
    }
  }

  /** @returns whether the file ends with a whole record */
  async *#frames(file: JournalFile, from: number): AsyncGenerator<JournalLine, boolean, undefined> {
    const { mayMatch, onBytes } = this.#options;
    let told = from;
    for await (const frame of readFrames(file, from)) {
      if (!frame.ok) return false;
      const { body, end } = frame;
      if (end - told >= TOLD_BYTES) {
        onBytes?.(TOLD_BYTES);
        told += TOLD_BYTES;
      }
      const link = parseLink(body);
      if (link === undefined) {
        this.#tell('malformed', this.#next);
        this.#next += 1;
        continue;
      }
      if (link.seq > this.#next) this.#tell('missing', this.#next, link.seq);
      if (link.seq < this.#next) this.#tell('order', link.seq);
      this.#next = link.seq + 1;
      if (link.member === 'record' && mayMatch?.(body) === false) continue;
      const line = journalLine(this.#journal, body, link);
      if (line === undefined) this.#tell('malformed', link.seq);
      else yield line;
    }
    return true;
  }

  /** How many records a checkpoint of the newest segment covers; 0 when it is not the newest one any more. */
  async #signed(first: number): Promise<number> {
    const signed = await recordsAtLastCheckpoint(this.#fs, this.#plan.folder);
    const newest = (await listSegments(this.#fs, this.#plan.folder)).at(-1);
    return newest?.first === first ? signed : 0;
  }

  /** @returns undefined for a segment that was pruned meanwhile */
  async #open(path: string): Promise<JournalFile | undefined> {
    try {
      return await this.#fs.open(path, 'read');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #tell(why: ScanProblem['why'], sequence: number, until?: number): void {
    this.#options.onProblem?.({
      journal: this.#journal,
      why,
      sequence,
      ...(why === 'missing' && until !== undefined && { until }),
    });
  }
}
