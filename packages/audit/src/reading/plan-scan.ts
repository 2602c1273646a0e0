import { parseLink } from '../journal/entry.ts';
import { type JournalFile, type JournalFs, NODE_FS } from '../journal/journal-fs.ts';
import { readFrames } from '../journal/read-frames.ts';
import { listSegments, type SegmentFiles } from '../journal/segment-files.ts';
import { readHead, type SegmentHead } from '../journal/segment-head.ts';
import { journalLine } from './journal-line.ts';

/** Milliseconds since the epoch, both inclusive. */
export interface TimeRange {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** A segment, and what its head says; undefined where the head cannot be read. */
export interface HeadedSegment {
  readonly files: SegmentFiles;
  readonly head: SegmentHead | undefined;
  /** Of its records, in bytes. */
  readonly bytes: number;
  /** Number of the first record of the segment before; undefined for the oldest one. */
  readonly before: number | undefined;
}

export interface ScanPlan {
  readonly folder: string;
  /** Those that may hold records of the time that was asked for, oldest first. */
  readonly segments: readonly HeadedSegment[];
  /** Of all of them. */
  readonly bytes: number;
  /** Time of the first record of them, in milliseconds since the epoch; 0 when it cannot be read. */
  readonly begun: number;
  /** Number of the first record of the newest segment of the journal, planned or not. */
  readonly newest: number | undefined;
}

/**
 * How far the time of a record may be from when it was written: one that nobody waits for stays in memory while the disk
 * fails, and clocks are set.
 */
const SLACK_MS = 3_600_000;

/** The segments of a journal with their heads, oldest first. */
export async function headedSegments(folder: string, fs: JournalFs = NODE_FS): Promise<HeadedSegment[]> {
  const segments: HeadedSegment[] = [];
  for (const files of await listSegments(fs, folder)) {
    const read = await readHeadOf(fs, files);
    if (read !== undefined) segments.push({ files, before: segments.at(-1)?.files.first, ...read });
  }
  return segments;
}

/**
 * Leaves out the segments that were written before or after the range, by the times of the first record of each and of the
 * next one. Those are in the chain: what a head says of its time is not, and could hide a segment.
 */
export async function planScan(
  folder: string,
  { since = -Infinity, until = Infinity }: TimeRange = {},
  fs: JournalFs = NODE_FS,
): Promise<ScanPlan> {
  const all = await headedSegments(folder, fs);
  const begins: (number | undefined)[] = [];
  if (since > -Infinity || until < Infinity)
    for (const { files } of all) begins.push(await firstTime(fs, files));
  const segments = all.filter((_, index) => {
    const from = begins[index];
    const to = index + 1 < all.length ? begins[index + 1] : Infinity;
    // Times that cannot be read, or go back, tell nothing.
    if (from === undefined || to === undefined || from > to) return true;
    return to + SLACK_MS >= since && from - SLACK_MS <= until;
  });
  const [oldest] = segments;
  const begun = oldest && (begins[all.indexOf(oldest)] ?? (await firstTime(fs, oldest.files)));
  return {
    folder,
    segments,
    bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
    begun: begun ?? 0,
    newest: all.at(-1)?.files.first,
  };
}

/** @returns undefined for a segment that was pruned meanwhile */
function readHeadOf(
  fs: JournalFs,
  files: SegmentFiles,
): Promise<Pick<HeadedSegment, 'head' | 'bytes'> | undefined> {
  return withFile(fs, files, async (file) => {
    const read = await readHead(file);
    return { head: read?.head, bytes: Math.max(0, (await file.size()) - (read?.end ?? 0)) };
  });
}

/** When the first record of a segment was written; undefined where none can be read, or its number is another. */
function firstTime(fs: JournalFs, files: SegmentFiles): Promise<number | undefined> {
  return withFile(fs, files, async (file) => {
    const head = await readHead(file);
    if (head === undefined) return undefined;
    for await (const frame of readFrames(file, head.end)) {
      const link = frame.ok ? parseLink(frame.body) : undefined;
      return frame.ok && link?.seq === files.first ? journalLine('.', frame.body, link)?.time : undefined;
    }
    return undefined;
  });
}

/** @returns undefined for a segment that was pruned meanwhile */
async function withFile<T>(
  fs: JournalFs,
  { path }: SegmentFiles,
  use: (file: JournalFile) => Promise<T>,
): Promise<T | undefined> {
  try {
    const file = await fs.open(path, 'read');
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
