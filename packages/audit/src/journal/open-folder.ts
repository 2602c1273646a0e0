import { JournalLock } from './journal-lock.ts';
import type { JournalSettings } from './journal-settings.ts';
import { type JournalState, readState } from './journal-state.ts';
import { parseVerifierKey } from './note.ts';
import { Segment } from './segment.ts';
import { headOf } from './segment-writer.ts';

/** A folder that this process alone may write, and where the journal in it stopped. */
export interface OpenFolder {
  readonly lock: JournalLock;
  readonly state: JournalState;
  readonly segment: Segment;
}

/** @throws JournalError and errors of the system; the folder is not held then */
export async function openFolder(folder: string, settings: JournalSettings): Promise<OpenFolder> {
  const { fs, self, newId, now, signer, onEvent } = settings;
  const keys = [signer.verifierKey, ...settings.formerKeys].map(parseVerifierKey);
  await fs.makeFolder(folder);
  const onStale = (holder: string): void => onEvent({ type: 'stale_lock', holder });
  const since = new Date(now()).toISOString();
  const lock = await JournalLock.take({ fs, folder, self, since, id: newId(), onStale });
  try {
    const state = await readState({ fs, folder, keys, newId });
    return { lock, state, segment: await segmentFor(folder, settings, state) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function segmentFor(folder: string, settings: JournalSettings, state: JournalState): Promise<Segment> {
  const { fs, signer, now, newId } = settings;
  const { found, tree, last, calls } = state;
  // With another key a new segment begins, so that its head names the key.
  if (found !== undefined && found.head.key === signer.verifierKey) return Segment.reopen(fs, folder, found);
  if (found !== undefined) await (await Segment.reopen(fs, folder, found)).close();
  const origin = found?.head.origin ?? `${signer.name}/${newId()}`;
  const head = headOf(
    { origin, key: signer.verifierKey, now: now() },
    { tree: tree.state(), last, open: calls.carried() },
  );
  return Segment.create(fs, folder, head);
}
