import { ChainChecker, Found } from './chain-checker.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { JournalError } from './journal-error.ts';
import { type JournalFs, NODE_FS } from './journal-fs.ts';
import { openNote, parseVerifierKey, type VerifierKey } from './note.ts';
import { SegmentChecker } from './segment-checker.ts';
import { listSegments } from './segment-files.ts';
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

class Verifier {
  readonly #folder: string;
  readonly #keys: readonly VerifierKey[];
  readonly #fs: JournalFs;
  readonly #options: VerifyOptions;
  readonly #checker: ChainChecker;
  readonly #segments: SegmentChecker;
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
    this.#segments = new SegmentChecker(this.#fs, keys, this.#checker);
  }

  async run(): Promise<Verification> {
    let finding = await findingOf(async () => {
      this.#openGiven();
      await this.#walk();
    });
    // A torn end excuses nothing else.
    if (finding.verdict === 'ok' || finding.verdict === 'torn') {
      const last = await findingOf(() => this.#checker.conclude());
      if (last.verdict !== 'ok') finding = last;
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
      const onProgress = (end: number): void => this.#options.onProgress?.(this.#done + end, this.#total);
      this.#done += await this.#segments.check(files, { isLast: index === all.length - 1, onProgress });
      onProgress(0);
    }
  }
}

/** What a part of the walk threw; `ok` when it threw nothing. */
async function findingOf(part: () => Promise<void> | void): Promise<Finding> {
  try {
    await part();
    return { verdict: 'ok' };
  } catch (error) {
    if (error instanceof Found) return error.finding;
    throw error;
  }
}
