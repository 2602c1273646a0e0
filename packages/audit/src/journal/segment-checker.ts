import { basename } from 'node:path';
import { type ChainChecker, Found } from './chain-checker.ts';
import { CheckpointQueue } from './checkpoint-queue.ts';
import type { JournalFile, JournalFs } from './journal-fs.ts';
import type { VerifierKey } from './note.ts';
import { type Frame, readFrames } from './read-frames.ts';
import type { SegmentFiles } from './segment-files.ts';
import { isUnfinished, readHead } from './segment-head.ts';
import { readCheckpoints } from './stored-checkpoint.ts';

const PROGRESS_BYTES = 1024 * 1024;

interface CheckOptions {
  /** Whether it is the newest one: a crash may have torn its end. */
  readonly isLast: boolean;
  /** Asked before each record: the rest need not be read. Default: never. */
  readonly isEnough?: () => boolean;
  /** Told from time to time how far it is, in bytes. */
  readonly onProgress?: (end: number) => void;
}

interface OpenSegment extends CheckOptions {
  readonly file: JournalFile;
  readonly name: string;
  readonly checkpoints: CheckpointQueue;
}

/** Leads a `ChainChecker` through the files of one segment after another. */
export class SegmentChecker {
  readonly #fs: JournalFs;
  readonly #keys: readonly VerifierKey[];
  readonly #checker: ChainChecker;

  constructor(fs: JournalFs, keys: readonly VerifierKey[], checker: ChainChecker) {
    this.#fs = fs;
    this.#keys = keys;
    this.#checker = checker;
  }

  /** @returns the position behind the last record that was read @throws Found, and errors of the system */
  async check(files: SegmentFiles, options: CheckOptions): Promise<number> {
    const file = await this.#fs.open(files.path, 'read');
    try {
      return await this.#segment(files, file, options);
    } finally {
      await file.close();
    }
  }

  async #segment(files: SegmentFiles, file: JournalFile, options: CheckOptions): Promise<number> {
    const { isLast } = options;
    const name = basename(files.path);
    const read = await readHead(file);
    if (read === undefined) {
      if (isLast && (await this.#fs.status(files.checkpoints)) === undefined && (await isUnfinished(file)))
        throw new Found({ verdict: 'torn', file: name, bytes: await file.size() });
      throw this.#checker.tampered(name, 'head');
    }
    this.#checker.begin(read, { name, first: files.first });
    const checkpoints = new CheckpointQueue(
      readCheckpoints(this.#fs, files.checkpoints, this.#keys),
      basename(files.checkpoints),
    );
    try {
      await this.#compare(checkpoints, read.end);
      const { end, isWhole } = await this.#frames({ ...options, file, from: read.end, name, checkpoints });
      if (isWhole) await this.#leftOver(checkpoints, isLast);
      return end;
    } finally {
      await checkpoints.close();
    }
  }

  /** @returns the position behind the last record that was read, and whether no other follows */
  async #frames(
    segment: OpenSegment & { readonly from: number },
  ): Promise<{ readonly end: number; readonly isWhole: boolean }> {
    const { file, from, name, checkpoints, isEnough, onProgress } = segment;
    let end = from;
    let reported = 0;
    for await (const frame of readFrames(file, from)) {
      if (isEnough?.() === true) return { end, isWhole: false };
      if (!frame.ok) throw await this.#unreadable(frame, segment);
      this.#checker.record(frame.body, name);
      end = frame.end;
      await this.#compare(checkpoints, end);
      if (end - reported < PROGRESS_BYTES) continue;
      reported = end;
      onProgress?.(end);
    }
    return { end, isWhole: true };
  }

  /** What the checkpoints say when there are no more records. */
  async #leftOver(checkpoints: CheckpointQueue, isLast: boolean): Promise<void> {
    const [sequence, until] = [this.#checker.size, await checkpoints.largest()];
    if (until > sequence)
      throw new Found(
        isLast
          ? { verdict: 'truncated', sequence, until, by: 'stored' }
          : { verdict: 'gap', sequence, until },
      );
    if (checkpoints.torn === 0) return;
    if (!isLast) throw this.#checker.tampered(checkpoints.name, 'checkpoint');
    throw new Found({ verdict: 'torn', file: checkpoints.name, bytes: checkpoints.torn });
  }

  async #compare(checkpoints: CheckpointQueue, end: number): Promise<void> {
    for (let next = await checkpoints.peek(); next !== undefined; next = await checkpoints.peek()) {
      if (!this.#checker.checkpoint(next, { name: checkpoints.name, end })) return;
      checkpoints.take();
    }
  }

  async #unreadable(frame: Frame & { ok: false }, segment: OpenSegment): Promise<Found> {
    const { file, name, isLast, checkpoints } = segment;
    const [sequence, until] = [this.#checker.size, await checkpoints.largest()];
    if (until <= sequence && isLast)
      return new Found({ verdict: 'torn', file: name, bytes: (await file.size()) - frame.start });
    if (frame.why === 'short' && isLast)
      return new Found({ verdict: 'truncated', sequence, until, by: 'stored' });
    return this.#checker.tampered(name, 'bytes');
  }
}
