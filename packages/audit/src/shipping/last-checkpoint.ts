import type { JournalFs } from '../journal/journal-fs.ts';
import { listSegments } from '../journal/segment-files.ts';

/** Longer than any two checkpoint lines. */
const TAIL = 64 * 1024;

/** How many records the journal's last checkpoint covers, unverified; the start of its last segment when it has none. */
export async function recordsAtLastCheckpoint(fs: JournalFs, folder: string): Promise<number> {
  const last = (await listSegments(fs, folder)).at(-1);
  if (last === undefined) return 0;
  if ((await fs.status(last.checkpoints)) === undefined) return last.first;
  const file = await fs.open(last.checkpoints, 'read');
  try {
    const tail = Buffer.alloc(TAIL);
    const got = await file.read(tail, Math.max(0, (await file.size()) - TAIL));
    const lines = tail.toString('utf8', 0, got).split('\n');
    for (const line of lines.toReversed()) {
      // The second line of a note is the size: https://c2sp.org/tlog-checkpoint
      const size = /^\{"note":"[^"\\]*\\n([0-9]{1,16})\\n/.exec(line)?.[1];
      if (size !== undefined) return Number(size);
    }
    return last.first;
  } finally {
    await file.close();
  }
}
