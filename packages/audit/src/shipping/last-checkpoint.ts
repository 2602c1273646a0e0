import { type Checkpoint, parseCheckpoint } from '../journal/checkpoint.ts';
import type { JournalFs } from '../journal/journal-fs.ts';
import { listSegments } from '../journal/segment-files.ts';

/** Longer than any two checkpoint lines. */
const TAIL = 64 * 1024;

export interface NotedCheckpoint extends Checkpoint {
  /** The signed note, as the journal stored it. */
  readonly note: string;
}

/** How many records the journal's last checkpoint covers, unverified; the start of its last segment when it has none. */
export async function recordsAtLastCheckpoint(fs: JournalFs, folder: string): Promise<number> {
  const last = (await listSegments(fs, folder)).at(-1);
  if (last === undefined) return 0;
  return (await lastIn(fs, last.checkpoints))?.size ?? last.first;
}

/** The journal's newest checkpoint, unverified: who has the key checks it. */
export async function newestCheckpoint(fs: JournalFs, folder: string): Promise<NotedCheckpoint | undefined> {
  const segments = await listSegments(fs, folder);
  for (const { checkpoints } of segments.toReversed()) {
    const last = await lastIn(fs, checkpoints);
    if (last !== undefined) return last;
  }
  return undefined;
}

async function lastIn(fs: JournalFs, path: string): Promise<NotedCheckpoint | undefined> {
  if ((await fs.status(path)) === undefined) return undefined;
  const file = await fs.open(path, 'read');
  try {
    const tail = Buffer.alloc(TAIL);
    const got = await file.read(tail, Math.max(0, (await file.size()) - TAIL));
    // What stands behind the last end of a line is not whole.
    const lines = tail.toString('utf8', 0, got).split('\n').slice(0, -1);
    for (const line of lines.toReversed()) {
      const noted = parse(line);
      if (noted !== undefined) return noted;
    }
    return undefined;
  } finally {
    await file.close();
  }
}

function parse(line: string): NotedCheckpoint | undefined {
  try {
    const { note } = JSON.parse(line) as { readonly note?: unknown };
    if (typeof note !== 'string') return undefined;
    const checkpoint = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
    return checkpoint && { ...checkpoint, note };
  } catch {
    return undefined;
  }
}
