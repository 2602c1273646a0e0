import { basename } from 'node:path';
import { ChainChecker, Found } from './chain-checker.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { CheckpointQueue } from './checkpoint-queue.ts';
import { JournalError } from './journal-error.ts';
import { type JournalFile, type JournalFs, NODE_FS } from './journal-fs.ts';
import { openNote, parseVerifierKey, type VerifierKey } from './note.ts';
import { type Frame, readFrames } from './read-frames.ts';
import { listSegments, type SegmentFiles } from './segment-files.ts';
import { isUnfinished, readHead } from './segment-head.ts';
import { readCheckpoints } from './stored-checkpoint.ts';
import type { Finding, Verification } from './verification.ts';

export interface VerifyOptions {
  /** A checkpoint that was kept elsewhere. Default: none, and then a journal cut off at a checkpoint is not noticed. */
  readonly checkpoint?: string;
  /** Told from time to time, in bytes. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Default: the file system of this machine. */
  readonly fs?: JournalFs;
}

/**
 * Reads a journal from end to end, in memory that does not grow with it, and checks every byte of its segments and
 * checkpoints against the verifier keys (`name+id+key`).
 *
 * @throws JournalError `not_found` when the folder holds no journal, `malformed` for a key or a checkpoint that is none
 */
export async function verify(
  folder: string,
  keys: readonly string[],
  options: VerifyOptions = {},
): Promise<Verification> {
  return new Verifier(folder, keys.map(parseVerifierKey), options).run();
}

const PROGRESS_BYTES = 1024 * 1024;

interface OpenSegment {
  readonly file: JournalFile;
  readonly name: string;
  readonly isLast: boolean;
  readonly checkpoints: CheckpointQueue;
}

class Verifier {
  readonly #folder: string;
  readonly #keys: readonly VerifierKey[];
  readonly #fs: JournalFs;
  readonly #options: VerifyOptions;
  readonly #checker: ChainChecker;
  /** Whether there should be a journal, whatever the folder holds. */
  #expects = false;
  #done = 0;
  #total = 0;

  constructor(folder: string, keys: readonly VerifierKey[], options: VerifyOptions) {
    this.#folder = folder;
    this.#keys = keys;
    this.#fs = options.fs ?? NODE_FS;
    this.#options = options;
    this.#checker = new ChainChecker(keys);
  }

  async run(): Promise<Verification> {
    let finding: Finding = { verdict: 'ok' };
    try {
      this.#openGiven();
      await this.#walk();
      this.#checker.conclude();
    } catch (error) {
      if (!(error instanceof Found)) throw error;
      finding = error.finding;
    }
    return { ...finding, ...this.#checker.known };
  }

  #openGiven(): void {
    const note = this.#options.checkpoint;
    if (note === undefined) return;
    const opened = openNote(note, this.#keys);
    if (opened.status === 'unknown_key')
      throw new Found({ verdict: 'unknown_key', file: 'the given checkpoint' });
    const given = opened.status === 'ok' ? parseCheckpoint(opened.text) : undefined;
    if (given === undefined)
      throw new JournalError('malformed', 'The given checkpoint is not one, or its signature is wrong.');
    this.#checker.expect(given);
    this.#expects = true;
  }

  async #walk(): Promise<void> {
    const all = await listSegments(this.#fs, this.#folder);
    if (all.length === 0 && !this.#expects)
      throw new JournalError('not_found', 'There is no journal in this folder.');
    for (const { path } of all) this.#total += (await this.#fs.status(path))?.bytes ?? 0;
    for (const [index, files] of all.entries()) {
      const file = await this.#fs.open(files.path, 'read');
      const begun = this.#done;
      try {
        const end = await this.#segment(files, file, index === all.length - 1);
        this.#done = begun + end;
      } finally {
        await file.close();
      }
      this.#options.onProgress?.(this.#done, this.#total);
    }
  }

  async #segment(files: SegmentFiles, file: JournalFile, isLast: boolean): Promise<number> {
    const name = basename(files.path);
    const read = await readHead(file);
    if (read === undefined) {
      if (isLast && (await this.#fs.status(files.checkpoints)) === undefined && (await isUnfinished(file)))
        throw new Found({ verdict: 'torn', file: name, bytes: await file.size() });
      throw this.#checker.tampered(name, 'head');
    }
    this.#checker.begin(read.head, { name, first: files.first });
    const checkpoints = new CheckpointQueue(
      readCheckpoints(this.#fs, files.checkpoints, this.#keys),
      basename(files.checkpoints),
    );
    try {
      await this.#compare(checkpoints, read.end);
      const end = await this.#frames({ file, from: read.end, name, isLast, checkpoints });
      await this.#leftOver(checkpoints, isLast);
      return end;
    } finally {
      await checkpoints.close();
    }
  }

  /** @returns the position behind the last record */
  async #frames(segment: OpenSegment & { readonly from: number }): Promise<number> {
    const { file, from, name, checkpoints } = segment;
    let end = from;
    let reported = 0;
    for await (const frame of readFrames(file, from)) {
      if (!frame.ok) throw await this.#unreadable(frame, segment);
      this.#checker.record(frame.body, name);
      end = frame.end;
      await this.#compare(checkpoints, end);
      if (end - reported < PROGRESS_BYTES) continue;
      reported = end;
      this.#options.onProgress?.(this.#done + end, this.#total);
    }
    return end;
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
