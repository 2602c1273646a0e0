import { ChainChecker, Found } from './chain-checker.ts';
import { type Checkpoint, checkpointText, pruneOrigin } from './checkpoint.ts';
import type { JournalEntry } from './entry.ts';
import { JournalError } from './journal-error.ts';
import type { JournalFs } from './journal-fs.ts';
import type { JournalSettings } from './journal-settings.ts';
import { parseVerifierKey, signNote, type VerifierKey } from './note.ts';
import { SegmentChecker } from './segment-checker.ts';
import { listSegments, type SegmentFiles } from './segment-files.ts';
import { readHead } from './segment-head.ts';
import { lastCheckpoint } from './stored-checkpoint.ts';

/** Segments that may go, and the first record that stays. */
interface Prunable {
  readonly segments: readonly SegmentFiles[];
  readonly bytes: number;
  /** The tree over all records before the first that stays: as it was read, not as a head says. */
  readonly behind: Checkpoint;
}

interface Limits {
  readonly fs: JournalFs;
  readonly folder: string;
  readonly keys: readonly VerifierKey[];
  readonly keepMs: number;
  readonly keepBytes: number;
  readonly now: number;
}

/**
 * The oldest segments that are too old or too much. The one that is being written always stays. Sizes are what
 * checkpoints tell, and age is when the next segment was begun: neither a time nor a size of a file can be trusted.
 *
 * @throws JournalError `damaged` when one that would go does not hold what was signed: it may be evidence
 */
async function findPrunable(limits: Limits): Promise<Prunable | undefined> {
  const { fs, folder, keys, keepBytes } = limits;
  const all = await listSegments(fs, folder);
  const sizes = await Promise.all(all.map((files) => signedSize(fs, files, keys)));
  let total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  let [count, bytes] = [0, 0];
  let behind: Checkpoint | undefined;
  for (const [index, files] of all.slice(0, -1).entries()) {
    const next = all[index + 1];
    const isSigned = sizes.slice(index + 1).some((size) => size.isSigned);
    const isTooMuch = total > keepBytes;
    // Without a checkpoint beside what stays, that would be a journal that nobody signed.
    if (next === undefined || !isSigned || !(isTooMuch || (await isTooOld(next, limits)))) break;
    const checked = await checkOldest(limits, {
      files,
      rest: all.slice(index + 1),
      upTo: isTooMuch ? next.first : next.first + 1,
    });
    if (checked === undefined) break;
    behind = checked;
    count += 1;
    bytes += sizes[index]?.bytes ?? 0;
    total -= sizes[index]?.bytes ?? 0;
  }
  return behind && { segments: all.slice(0, count), bytes, behind };
}

/** The longest line of checkpoints, about: a note with a long name and 53 nodes. */
const MAX_LINE = 4096;

/** Bytes of a segment up to its last checkpoint; none when it has none that the keys signed. */
async function signedSize(
  fs: JournalFs,
  { first, path, checkpoints }: SegmentFiles,
  keys: readonly VerifierKey[],
): Promise<{ readonly bytes: number; readonly isSigned: boolean }> {
  const last = await lastCheckpoint(fs, checkpoints, keys);
  if (last?.read.status !== 'ok') return { bytes: 0, isSigned: false };
  const { checkpoint, stored } = last.read;
  const records = Math.min(stored.end, (await fs.status(path))?.bytes ?? 0);
  const lines = Math.min(last.end, (checkpoint.size - first + 1) * MAX_LINE);
  return { bytes: records + Math.max(0, lines), isSigned: true };
}

/** Whether the segment before this one ended so long ago. */
async function isTooOld({ path }: SegmentFiles, { fs, keepMs, now }: Limits): Promise<boolean> {
  if (keepMs === Infinity) return false;
  const file = await fs.open(path, 'read');
  try {
    const read = await readHead(file);
    return now - Date.parse(read?.head.time ?? '') > keepMs;
  } finally {
    await file.close();
  }
}

/**
 * Checks every record of the oldest segment, and of those behind it until a checkpoint covers `upTo` records: that many
 * vouch for the head of the next one, when its first record is among them.
 *
 * @returns the tree behind the oldest segment; undefined while too little is signed
 */
async function checkOldest(
  { fs, keys }: Limits,
  of: { readonly files: SegmentFiles; readonly rest: readonly SegmentFiles[]; readonly upTo: number },
): Promise<Checkpoint | undefined> {
  const { files, rest, upTo } = of;
  const checker = new ChainChecker(keys);
  const segments = new SegmentChecker(fs, keys, checker);
  const isEnough = (): boolean => checker.signed >= upTo;
  try {
    await segments.check(files, { isLast: false });
    const { origin, size, root } = checker.known;
    for (const next of rest) {
      // Its head is compared in any case.
      await segments.check(next, { isLast: next === rest.at(-1), isEnough });
      if (isEnough()) return { origin, size, root };
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof Found)) throw error;
    if (error.finding.verdict === 'torn') return undefined;
    throw new JournalError(
      'damaged',
      `The audit journal keeps its segments from record ${files.first} on: they are not what was signed. Verify it, and keep the folder as evidence.`,
    );
  }
}

/**
 * Removes what is too old or too much, after it has said in the chain, signed and durable, what will be gone.
 *
 * @param by `now`: what the age of segments is counted to; `append` makes an entry of the journal durable
 * @throws JournalError `damaged` when what would be removed is not what was written; nothing is removed then
 */
export async function prune(
  folder: string,
  settings: JournalSettings,
  by: { readonly now: number; readonly append: (entry: JournalEntry) => Promise<void> },
): Promise<void> {
  const { fs, keepMs, keepBytes, signer, formerKeys, onEvent } = settings;
  const keys = [signer.verifierKey, ...formerKeys].map(parseVerifierKey);
  const prunable = await findPrunable({ fs, folder, keys, keepMs, keepBytes, now: by.now });
  if (prunable === undefined) return;
  const { behind, bytes } = prunable;
  const [first, segments] = [behind.size, prunable.segments.length];
  const time = new Date(settings.now()).toISOString();
  const note = await signNote(checkpointText({ ...behind, origin: pruneOrigin(behind.origin) }), signer);
  await by.append({ type: 'prune', time, first, segments, bytes, note });
  await removeSegments(fs, folder, prunable.segments);
  onEvent({ type: 'pruned', first, segments, bytes });
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
