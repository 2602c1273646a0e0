import { type JournalFs, systemCode } from '@sallyport/audit';
import { type Notice, severityOf } from '../triage/notice.ts';
import { rankOf } from '../triage/severity.ts';
import type { NumberedNotice } from './alert-receiver.ts';
import { LineFile } from './line-file.ts';
import { OutboxError } from './outbox-error.ts';
import { doneLine, headLine, noticeLine, readOutbox } from './outbox-lines.ts';

export interface OutboxOptions {
  readonly fs: JournalFs;
  readonly path: string;
  /** More are dropped. */
  readonly mostNotices: number;
  /** And while they take more than so many bytes. */
  readonly mostBytes: number;
  /** The file is not what was written: so many lines are lost, and it is a copy with this end of its name now. */
  readonly onDamaged: (lines: number, suffix: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A notice that is not done. */
export interface Waiting {
  readonly notice: NumberedNotice;
  readonly bytes: number;
  readonly rank: number;
  /** How often it was sent back while others were accepted. */
  tries: number;
  /** Accepted, but it may have to be sent again by the next process. */
  isSent: boolean;
  isDurable: boolean;
}

/** Ids of notices that are done and known when they are put again. */
const REMEMBERED = 10_000;
/** A file with less than so many bytes is not written anew to make it shorter. */
const WASTE = 1024 * 1024;

/** The notices for one sink, in the order in which they were put, in a file that survives a crash. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #file: LineFile;
  readonly #waiting = new Map<string, Waiting>();
  readonly #done: Set<string>;
  #next: number;
  #bytes = 0;
  /** Lines that are not in the file yet. */
  readonly #lines: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #joined: Promise<void> | undefined;

  private constructor(options: OutboxOptions, file: LineFile, lines: readonly string[]) {
    const { notices, done, next } = readOutbox(lines);
    this.#options = options;
    this.#file = file;
    this.#done = done;
    this.#next = next;
    for (const notice of notices.values()) this.#keep(notice).isDurable = true;
  }

  /** @throws an error of the system when the file is there and cannot be read, or cannot be written */
  static async open(options: OutboxOptions): Promise<Outbox> {
    const { fs, path, now, onDamaged } = options;
    const file = new LineFile(fs, path);
    const lines = await file.read();
    const { damaged } = readOutbox(lines);
    if (damaged > 0) {
      const suffix = `.damaged-${new Date(now()).toISOString().replaceAll(':', '-')}`;
      await file.putAside(suffix);
      onDamaged(damaged, suffix);
    }
    const outbox = new Outbox(options, file, lines);
    await file.writeAnew(outbox.#snapshot());
    return outbox;
  }

  /** How many are to be sent. */
  get size(): number {
    let size = 0;
    for (const { isSent } of this.#waiting.values()) if (!isSent) size += 1;
    return size;
  }

  /** The oldest that are to be sent. */
  oldest(most: number): readonly Waiting[] {
    const found: Waiting[] = [];
    for (const waiting of this.#waiting.values()) {
      if (found.length >= most) break;
      if (!waiting.isSent) found.push(waiting);
    }
    return found;
  }

  /**
   * Takes a notice, unless it was put before.
   *
   * @returns whether it is new, what had to make room, and a promise that it is durable
   */
  put(notice: Notice): {
    readonly isNew: boolean;
    readonly dropped: readonly NumberedNotice[];
    readonly durable: Promise<void>;
  } {
    const known = this.#waiting.get(notice.id);
    if (known === undefined && this.#done.has(notice.id))
      return { isNew: false, dropped: [], durable: Promise.resolve() };
    const waiting = known ?? this.#keep({ ...notice, sequence: this.#next });
    if (known === undefined) this.#next += notice.alerts.length;
    const dropped = known === undefined ? this.#makeRoom(waiting) : [];
    const durable = waiting.isDurable
      ? Promise.resolve()
      : this.#write(noticeLine(waiting.notice)).then(() => {
          waiting.isDurable = true;
        });
    return { isNew: known === undefined, dropped, durable };
  }

  /** These need not be sent any more. @throws OutboxError when that is not durable: the next process may send them again */
  async done(ids: readonly string[]): Promise<void> {
    const left = ids.filter((id) => this.#forget(id));
    if (left.length > 0) await this.#write(doneLine(left));
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  #keep(notice: NumberedNotice): Waiting {
    const bytes = Buffer.byteLength(noticeLine(notice));
    const rank = rankOf(severityOf(notice));
    const waiting: Waiting = { notice, bytes, rank, tries: 0, isSent: false, isDurable: false };
    this.#waiting.set(notice.id, waiting);
    this.#bytes += bytes;
    return waiting;
  }

  #forget(id: string): boolean {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return false;
    this.#waiting.delete(id);
    this.#bytes -= waiting.bytes;
    this.#done.add(id);
    for (const oldest of this.#done) {
      if (this.#done.size <= REMEMBERED) break;
      this.#done.delete(oldest);
    }
    return true;
  }

  /** Sent ones go first, then the oldest of the lowest severity. @returns those that nobody was told of */
  #makeRoom(newest: Waiting): readonly NumberedNotice[] {
    const { mostNotices, mostBytes } = this.#options;
    const dropped: Waiting[] = [];
    while (this.#waiting.size > mostNotices || (this.#bytes > mostBytes && this.#waiting.size > 1)) {
      // The newest goes only where it is worth less than all others.
      let victim = newest;
      for (const waiting of this.#waiting.values())
        if (worth(waiting) < worth(victim) || (victim === newest && worth(waiting) === worth(newest)))
          victim = waiting;
      this.#forget(victim.notice.id);
      if (!victim.isSent) dropped.push(victim);
      if (victim === newest) {
        // It never comes into the file.
        victim.isDurable = true;
        break;
      }
      // It fails as the write of the newest does, which is behind it.
      this.#write(doneLine([victim.notice.id])).catch(() => undefined);
    }
    return dropped.map(({ notice }) => notice);
  }

  /** Lines that are given while others are written go into the file together. */
  #write(line: string): Promise<void> {
    this.#lines.push(line);
    if (this.#joined === undefined) {
      this.#joined = this.#writing.then(() => this.#flush());
      this.#writing = this.#joined.catch(() => undefined);
    }
    return this.#joined;
  }

  async #flush(): Promise<void> {
    this.#joined = undefined;
    const lines = this.#lines.splice(0);
    const { bytes } = this.#file;
    try {
      if (bytes === undefined || bytes > 2 * this.#bytes + WASTE)
        await this.#file.writeAnew(this.#snapshot());
      else await this.#file.add(lines);
    } catch (cause) {
      throw new OutboxError(systemCode(cause), { cause });
    }
  }

  /** All that is known, lines that are not in the file yet included. */
  #snapshot(): string[] {
    const notices = [...this.#waiting.values()].map(({ notice }) => noticeLine(notice));
    return [headLine(this.#next, this.#done), ...notices];
  }
}

function worth({ isSent, rank }: Waiting): number {
  return isSent ? -1 : rank;
}
