import { join } from 'node:path';
import { JournalError } from './journal-error.ts';
import type { JournalFile, JournalFs } from './journal-fs.ts';
import { headFrame, headHash, type SegmentHead } from './segment-head.ts';
import { type SegmentFiles, segmentFiles } from './segment-files.ts';
import { checkpointLine, type StoredCheckpoint } from './stored-checkpoint.ts';
import { writeAll } from './write-all.ts';

/** How far the files of a segment are known to be durable. */
export interface SegmentEnds {
  readonly bytes: number;
  readonly checkpointBytes: number;
}

/** A segment that has its head. */
export interface Begun {
  readonly files: SegmentFiles;
  readonly head: SegmentHead;
  /** SHA-256 of the body of the head's frame, hexadecimal. */
  readonly headHash: string;
}

/** The segment that is being written. After any error it is abandoned: a kernel reports a lost page only once. */
export class Segment {
  readonly files: SegmentFiles;
  readonly head: SegmentHead;
  /** SHA-256 of the body of its frame, hexadecimal. */
  readonly headHash: string;
  readonly #fs: JournalFs;
  readonly #file: JournalFile;
  readonly #checkpoints: JournalFile;
  #ends: SegmentEnds;

  private constructor(
    fs: JournalFs,
    begun: Begun,
    open: { readonly file: JournalFile; readonly checkpoints: JournalFile; readonly ends: SegmentEnds },
  ) {
    this.#fs = fs;
    this.files = begun.files;
    this.head = begun.head;
    this.headHash = begun.headHash;
    this.#file = open.file;
    this.#checkpoints = open.checkpoints;
    this.#ends = open.ends;
  }

  /** Begins a segment; when this resolves it survives a power cut. */
  static async create(fs: JournalFs, folder: string, head: SegmentHead): Promise<Segment> {
    const files = segmentFiles(folder, head.tree.size);
    // One of this name holds no record: it was begun when the journal was as long as it is now.
    await fs.remove(files.path);
    const opened: JournalFile[] = [];
    try {
      const file = keep(opened, await fs.create(files.path));
      const frame = headFrame(head);
      const bytes = await writeAll(file, [frame], 0);
      await file.sync();
      const checkpoints = keep(opened, await openOrCreate(fs, files.checkpoints));
      await checkpoints.truncate(0);
      await fs.syncFolder(folder);
      const begun = { files, head, headHash: headHash(frame) };
      return new Segment(fs, begun, { file, checkpoints, ends: { bytes, checkpointBytes: 0 } });
    } catch (error) {
      await closeAll(opened);
      await fs.remove(files.path).catch(() => undefined);
      throw error;
    }
  }

  /** Goes on with a segment of an earlier process; what stands behind its ends is cut off. */
  static async reopen(
    fs: JournalFs,
    folder: string,
    found: Begun & { readonly ends: SegmentEnds },
  ): Promise<Segment> {
    const { files, ends } = found;
    const opened: JournalFile[] = [];
    try {
      const file = keep(opened, await fs.open(files.path, 'write'));
      const checkpoints = keep(opened, await openOrCreate(fs, files.checkpoints));
      await cutTo(file, ends.bytes);
      await cutTo(checkpoints, ends.checkpointBytes);
      await fs.syncFolder(folder);
      return new Segment(fs, found, { file, checkpoints, ends });
    } catch (error) {
      await closeAll(opened);
      throw error;
    }
  }

  /** Position behind the last durable record. */
  get bytes(): number {
    return this.#ends.bytes;
  }

  get ends(): SegmentEnds {
    return this.#ends;
  }

  /** Size of both files. */
  get totalBytes(): number {
    return this.#ends.bytes + this.#ends.checkpointBytes;
  }

  /** Writes frames and makes them durable. */
  async write(parts: readonly Uint8Array[]): Promise<void> {
    if (!this.#fs.isThere(this.files.path))
      throw Object.assign(new Error('The segment was removed.'), { code: 'ENOENT' });
    const bytes = await writeAll(this.#file, parts, this.#ends.bytes);
    await this.#file.sync();
    this.#ends = { ...this.#ends, bytes };
  }

  async checkpoint(stored: StoredCheckpoint): Promise<void> {
    const line = Buffer.from(checkpointLine(stored));
    const checkpointBytes = await writeAll(this.#checkpoints, [line], this.#ends.checkpointBytes);
    await this.#checkpoints.sync();
    this.#ends = { ...this.#ends, checkpointBytes };
  }

  /** Lets go of the descriptors; with an error nothing is lost that was not lost before. */
  async close(): Promise<void> {
    await closeAll([this.#file, this.#checkpoints]);
  }

  /** On new descriptors, cuts off what may or may not have reached the disk when the segment was abandoned. */
  async repair(): Promise<void> {
    for (const [path, bytes] of [
      [this.files.path, this.#ends.bytes],
      [this.files.checkpoints, this.#ends.checkpointBytes],
    ] as const) {
      if (!this.#fs.isThere(path)) continue;
      const file = await this.#fs.open(path, 'write');
      try {
        await cutTo(file, bytes);
      } finally {
        await file.close();
      }
    }
  }
}

/** Keeps the bytes behind a position in a file of their own: what a crash tore may still be evidence. */
export async function setAside(
  fs: JournalFs,
  folder: string,
  options: { readonly path: string; readonly from: number; readonly to: string },
): Promise<number> {
  const file = await fs.open(options.path, 'read');
  const kept = await fs.create(join(folder, options.to));
  try {
    const chunk = Buffer.allocUnsafe(64 * 1024);
    let done = 0;
    for (;;) {
      const got = await file.read(chunk, options.from + done);
      if (got === 0) break;
      done = await writeAll(kept, [chunk.subarray(0, got)], done);
    }
    await kept.sync();
    return done;
  } finally {
    await file.close();
    await kept.close();
  }
}

async function cutTo(file: JournalFile, bytes: number): Promise<void> {
  const size = await file.size();
  if (size < bytes)
    throw new JournalError('damaged', 'A segment of the audit journal became shorter by itself.');
  if (size > bytes) await file.truncate(bytes);
  await file.sync();
}

function keep(opened: JournalFile[], file: JournalFile): JournalFile {
  opened.push(file);
  return file;
}

async function closeAll(files: readonly JournalFile[]): Promise<void> {
  await Promise.allSettled(files.map((file) => file.close()));
}

async function openOrCreate(fs: JournalFs, path: string): Promise<JournalFile> {
  return fs.isThere(path) ? fs.open(path, 'write') : fs.create(path);
}
