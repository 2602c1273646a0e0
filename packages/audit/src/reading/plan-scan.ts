import { type JournalFs, NODE_FS } from '../journal/journal-fs.ts';
import { listSegments, type SegmentFiles } from '../journal/segment-files.ts';
import { readHead, type SegmentHead } from '../journal/segment-head.ts';

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
  /** When the first of them was begun, in milliseconds since the epoch; 0 when nobody knows. */
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

/** Reads the heads of a journal alone, and leaves out the segments that were written before or after the range. */
export async function planScan(
  folder: string,
  { since = -Infinity, until = Infinity }: TimeRange = {},
  fs: JournalFs = NODE_FS,
): Promise<ScanPlan> {
  const all = await headedSegments(folder, fs);
  const begins = all.map(({ head }) => Date.parse(head?.time ?? ''));
  const segments = all.filter((_, index) => {
    const from = begins[index] ?? Number.NaN;
    const to = index + 1 < all.length ? (begins[index + 1] ?? Number.NaN) : Infinity;
    // Heads whose times are none, or go back, tell nothing.
    if (!(from <= to)) return true;
    return to + SLACK_MS >= since && from - SLACK_MS <= until;
  });
  const begun = Date.parse(segments[0]?.head?.time ?? '');
  return {
    folder,
    segments,
    bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
    begun: Number.isNaN(begun) ? 0 : begun,
    newest: all.at(-1)?.files.first,
  };
}

/** @returns undefined for a segment that was pruned meanwhile */
async function readHeadOf(
  fs: JournalFs,
  { path }: SegmentFiles,
): Promise<Pick<HeadedSegment, 'head' | 'bytes'> | undefined> {
  try {
    const file = await fs.open(path, 'read');
    try {
      const read = await readHead(file);
      return { head: read?.head, bytes: Math.max(0, (await file.size()) - (read?.end ?? 0)) };
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
