import { join } from 'node:path';
import type { JournalFs } from './journal-fs.ts';

/** A segment is named after its first record, with zeros so that names sort like numbers. */
const NAME = /^([0-9]{16})\.journal$/;

/** A file of frames and the checkpoints beside it. */
export interface SegmentFiles {
  /** Sequence number of its first record. */
  readonly first: number;
  readonly path: string;
  readonly checkpoints: string;
}

export function segmentFiles(folder: string, first: number): SegmentFiles {
  const name = String(first).padStart(16, '0');
  return {
    first,
    path: join(folder, `${name}.journal`),
    checkpoints: join(folder, `${name}.checkpoints`),
  };
}

/** The segments in a folder, oldest first. */
export async function listSegments(fs: JournalFs, folder: string): Promise<SegmentFiles[]> {
  const names = (await fs.list(folder)).sort();
  return names.flatMap((name) => {
    const first = NAME.exec(name)?.[1];
    return first === undefined ? [] : [segmentFiles(folder, Number(first))];
  });
}
