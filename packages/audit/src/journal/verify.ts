import { basename } from 'node:path';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { CheckpointQueue } from './checkpoint-queue.ts';
import { journalEntry, NO_RECORD, parseLink } from './entry.ts';
import { JournalError } from './journal-error.ts';
import { type JournalFile, type JournalFs, NODE_FS } from './journal-fs.ts';
import { leafHash, MerkleTree } from './merkle-tree.ts';
import { openNote, parseVerifierKey, type VerifierKey } from './note.ts';
import { type Frame, readFrames } from './read-frames.ts';
import { pruneOrigin } from './retention.ts';
import { listSegments, type SegmentFiles } from './segment-files.ts';
import { readHead, type SegmentHead } from './segment-head.ts';
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

/** Carries a finding out of the walk. */
class Found extends Error {
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(finding.verdict);
    this.finding = finding;
  }
}

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
  #tree = new MerkleTree();
  #last = NO_RECORD;
  #origin = '';
  #first = 0;
  #firstRoot = '';
  #signed = 0;
  #checkpoints = 0;
  #segments = 0;
  /** Records before this one may be gone. */
  #prunable = 0;
  #given: Checkpoint | undefined;
  #compared: Verification['given'] = 'none';
  #done = 0;
  #total = 0;

  constructor(folder: string, keys: readonly VerifierKey[], options: VerifyOptions) {
    this.#folder = folder;
    this.#keys = keys;
    this.#fs = options.fs ?? NODE_FS;
    this.#options = options;
  }

  async run(): Promise<Verification> {
    let finding: Finding = { verdict: 'ok' };
    try {
      this.#openGiven();
      await this.#walk();
      this.#conclude();
    } catch (error) {
      if (!(error instanceof Found)) throw error;
      finding = error.finding;
    }
    return {
      ...finding,
      origin: this.#origin,
      first: this.#first,
      size: this.#tree.size,
      root: this.#tree.root(),
      signed: this.#signed,
      checkpoints: this.#checkpoints,
      segments: this.#segments,
      given: this.#compared,
    };
  }

  #openGiven(): void {
    const note = this.#options.checkpoint;
    if (note === undefined) return;
    const opened = openNote(note, this.#keys);
    if (opened.status === 'unknown_key')
      throw new Found({ verdict: 'unknown_key', file: 'the given checkpoint' });
    this.#given = opened.status === 'ok' ? parseCheckpoint(opened.text) : undefined;
    if (this.#given === undefined)
      throw new JournalError('malformed', 'The given checkpoint is not one, or its signature is wrong.');
  }

  async #walk(): Promise<void> {
    const all = await listSegments(this.#fs, this.#folder);
    if (all.length === 0 && this.#given === undefined)
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
      const bytes = await file.size();
      if (isLast && (await this.#fs.status(files.checkpoints))?.bytes === undefined && bytes < 8192)
        throw new Found({ verdict: 'torn', file: name, bytes });
      throw this.#tampered(name, 'head');
    }
    this.#begin(files, read.head, name);
    const checkpoints = new CheckpointQueue(
      readCheckpoints(this.#fs, files.checkpoints, this.#keys),
      basename(files.checkpoints),
    );
    try {
      await this.#compare(checkpoints, read.end);
      const end = await this.#frames({ file, from: read.end, name, isLast, checkpoints });
      await this.#leftOver(checkpoints, isLast);
      this.#segments += 1;
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
      this.#record(frame.body, name);
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
    const [sequence, until] = [this.#tree.size, await checkpoints.largest()];
    if (until > sequence)
      throw new Found(
        isLast
          ? { verdict: 'truncated', sequence, until, by: 'stored' }
          : { verdict: 'gap', sequence, until },
      );
    if (checkpoints.torn === 0) return;
    if (!isLast) throw this.#tampered(checkpoints.name, 'checkpoint');
    throw new Found({ verdict: 'torn', file: checkpoints.name, bytes: checkpoints.torn });
  }

  #begin(files: SegmentFiles, head: SegmentHead, name: string): void {
    const isFirst = this.#segments === 0;
    if (!this.#keys.some(({ name, id }) => head.key.startsWith(`${name}+${id}+`)))
      throw new Found({ verdict: 'unknown_key', file: name });
    if (isFirst) {
      this.#tree = MerkleTree.from(head.tree);
      this.#last = head.prev;
      this.#origin = head.origin;
      this.#first = this.#tree.size;
      this.#firstRoot = this.#tree.root();
      this.#signed = this.#tree.size;
      if (this.#given !== undefined && this.#given.origin !== head.origin)
        throw this.#tampered(name, 'origin');
      if (this.#first === 0 && head.prev !== NO_RECORD) throw this.#tampered(name, 'head');
    }
    if (head.tree.size !== files.first) throw this.#tampered(name, 'head');
    if (head.tree.size > this.#tree.size)
      throw new Found({ verdict: 'gap', sequence: this.#tree.size, until: head.tree.size });
    const same =
      head.origin === this.#origin &&
      head.prev === this.#last &&
      JSON.stringify(head.tree) === JSON.stringify(this.#tree.state());
    if (!same) throw this.#tampered(name, 'head');
    this.#compareGiven();
  }

  #record(body: Buffer, name: string): void {
    const size = this.#tree.size;
    const link = parseLink(body);
    if (link === undefined) throw this.#tampered(name, 'bytes');
    if (link.seq > size) throw new Found({ verdict: 'gap', sequence: size, until: link.seq });
    if (link.seq < size) throw this.#tampered(name, 'order');
    // Either this record names another one before it, or that one is not what it was.
    if (link.prev !== this.#last)
      throw this.#tampered(name, 'link', Math.max(this.#first, size - 1), size + 1);
    this.#last = leafHash(body);
    this.#tree.add(this.#last);
    const entry = journalEntry(body, link);
    if (entry?.type === 'prune') this.#allowPrune(entry.note, entry.first, name);
    this.#compareGiven();
  }

  #allowPrune(note: string, first: number, name: string): void {
    const opened = openNote(note, this.#keys);
    if (opened.status === 'unknown_key') throw new Found({ verdict: 'unknown_key', file: name });
    const allowed = opened.status === 'ok' ? parseCheckpoint(opened.text) : undefined;
    const sound = allowed?.origin === pruneOrigin(this.#origin) && allowed.size === first;
    if (!sound || (first === this.#first && allowed.root !== this.#firstRoot))
      throw this.#tampered(name, 'checkpoint', this.#tree.size - 1, this.#tree.size);
    this.#prunable = Math.max(this.#prunable, first);
  }

  async #compare(checkpoints: CheckpointQueue, end: number): Promise<void> {
    for (let next = await checkpoints.peek(); next !== undefined; next = await checkpoints.peek()) {
      if (next.status === 'torn') return;
      if (next.status === 'unknown_key') throw new Found({ verdict: 'unknown_key', file: checkpoints.name });
      if (next.status === 'bad') throw this.#tampered(checkpoints.name, 'checkpoint');
      const { checkpoint, stored } = next;
      if (checkpoint.size > this.#tree.size) return;
      const ours = checkpoint.size === this.#tree.size && checkpoint.origin === this.#origin;
      if (!ours) throw this.#tampered(checkpoints.name, 'checkpoint');
      const [sameRoot, sameLast] = [checkpoint.root === this.#tree.root(), stored.last === this.#last];
      // All before the last record are linked; if that one is another, it alone is to blame.
      if (!sameRoot)
        throw this.#tampered(checkpoints.name, 'root', sameLast ? this.#signed : checkpoint.size - 1);
      if (!sameLast || stored.end !== end) throw this.#tampered(checkpoints.name, 'checkpoint');
      this.#signed = checkpoint.size;
      this.#checkpoints += 1;
      checkpoints.take();
    }
  }

  #compareGiven(): void {
    if (this.#given?.size !== this.#tree.size) return;
    if (this.#given.root !== this.#tree.root())
      throw this.#tampered('the given checkpoint', 'root', this.#first);
    this.#compared = 'checked';
  }

  async #unreadable(frame: Frame & { ok: false }, segment: OpenSegment): Promise<Found> {
    const { file, name, isLast, checkpoints } = segment;
    const [sequence, until] = [this.#tree.size, await checkpoints.largest()];
    if (until <= sequence && isLast)
      return new Found({ verdict: 'torn', file: name, bytes: (await file.size()) - frame.start });
    if (frame.why === 'short' && isLast)
      return new Found({ verdict: 'truncated', sequence, until, by: 'stored' });
    return this.#tampered(name, 'bytes');
  }

  #conclude(): void {
    if (this.#first > this.#prunable) throw new Found({ verdict: 'gap', sequence: 0, until: this.#first });
    const given = this.#given;
    if (given === undefined || this.#compared === 'checked') return;
    if (given.size > this.#tree.size)
      throw new Found({ verdict: 'truncated', sequence: this.#tree.size, until: given.size, by: 'given' });
    this.#compared = 'pruned';
  }

  #tampered(
    file: string,
    why: (Finding & { verdict: 'tampered' })['why'],
    sequence: number = this.#tree.size,
    until: number = Math.max(this.#tree.size, sequence + 1),
  ): Found {
    return new Found({ verdict: 'tampered', sequence, until, file, why });
  }
}
