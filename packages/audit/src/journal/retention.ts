import { checkpointText } from './checkpoint.ts';
import type { JournalEntry } from './entry.ts';
import { JournalError } from './journal-error.ts';
import type { JournalFs } from './journal-fs.ts';
import type { JournalSettings } from './journal-settings.ts';
import { MerkleTree } from './merkle-tree.ts';
import { type Signer, signNote } from './note.ts';
import { listSegments, type SegmentFiles } from './segment-files.ts';
import { readHead } from './segment-head.ts';

/** What tells the note of a prune record from that of a checkpoint, so that one never stands for the other. */
export function pruneOrigin(origin: string): string {
  return `${origin} prune`;
}

/** Segments that may go, and the first record that stays. */
interface Prunable {
  readonly segments: readonly SegmentFiles[];
  readonly first: number;
  readonly bytes: number;
}

/** The oldest segments that are too old or too much. The one that is being written always stays. */
async function findPrunable(options: {
  readonly fs: JournalFs;
  readonly folder: string;
  readonly keepMs: number;
  readonly keepBytes: number;
  readonly now: number;
}): Promise<Prunable | undefined> {
  const { fs, folder, keepMs, keepBytes, now } = options;
  const all = await listSegments(fs, folder);
  const sized = await Promise.all(
    all.map(async (files) => {
      const segment = await fs.status(files.path);
      const checkpoints = await fs.status(files.checkpoints);
      return {
        files,
        bytes: (segment?.bytes ?? 0) + (checkpoints?.bytes ?? 0),
        changedAt: segment?.changedAt ?? now,
      };
    }),
  );
  let total = sized.reduce((sum, { bytes }) => sum + bytes, 0);
  let count = 0;
  for (const { bytes, changedAt } of sized.slice(0, -1)) {
    if (total <= keepBytes && now - changedAt <= keepMs) break;
    total -= bytes;
    count += 1;
  }
  const first = all[count]?.first;
  if (count === 0 || first === undefined) return undefined;
  const bytes = sized.slice(0, count).reduce((sum, segment) => sum + segment.bytes, 0);
  return { segments: all.slice(0, count), first, bytes };
}

/**
 * Removes what is too old or too much, after it has said in the chain, signed and durable, what will be gone.
 *
 * @param by `now`: what the age of segments is counted to; `append` makes an entry of the journal durable
 */
export async function prune(
  folder: string,
  settings: JournalSettings,
  by: { readonly now: number; readonly append: (entry: JournalEntry) => Promise<void> },
): Promise<void> {
  const { fs, keepMs, keepBytes, signer, onEvent } = settings;
  const prunable = await findPrunable({ fs, folder, keepMs, keepBytes, now: by.now });
  if (prunable === undefined) return;
  const time = new Date(settings.now()).toISOString();
  await by.append(await pruneEntry(fs, folder, { prunable, signer, time }));
  await removeSegments(fs, folder, prunable.segments);
  const { first, segments, bytes } = prunable;
  onEvent({ type: 'pruned', first, segments: segments.length, bytes });
}

/** The entry that allows them to be gone, with a signature of its own. */
async function pruneEntry(
  fs: JournalFs,
  folder: string,
  options: { readonly prunable: Prunable; readonly signer: Signer; readonly time: string },
): Promise<JournalEntry> {
  const { prunable, signer, time } = options;
  const kept = (await listSegments(fs, folder)).find(({ first }) => first === prunable.first);
  if (kept === undefined) throw new JournalError('not_found', 'The first segment to keep is gone.');
  const file = await fs.open(kept.path, 'read');
  try {
    const read = await readHead(file);
    if (read === undefined) throw new JournalError('damaged', 'The first segment to keep has no head.');
    const { tree, origin } = read.head;
    const root = MerkleTree.from(tree).root();
    const note = await signNote(
      checkpointText({ origin: pruneOrigin(origin), size: tree.size, root }),
      signer,
    );
    const { first, segments, bytes } = prunable;
    return { type: 'prune', time, first, segments: segments.length, bytes, note };
  } finally {
    await file.close();
  }
}

/** Oldest first, so that what is left is always the end of the journal; a crash leaves no checkpoints without a segment. */
async function removeSegments(
  fs: JournalFs,
  folder: string,
  segments: readonly SegmentFiles[],
): Promise<void> {
  for (const { path, checkpoints } of segments) {
    await fs.remove(checkpoints);
    await fs.remove(path);
  }
  await fs.syncFolder(folder);
}
