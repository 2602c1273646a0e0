import { join } from 'node:path';
import type { JournalFs, JournalLock } from '@sallyport/audit';
import { hasWaiting } from '../sinks/has-waiting.ts';
import { isLeftLocked, lockLookout } from './lookout-lock.ts';

/** Where a watch keeps its state and history, as long as it has the lock. */
export interface LookoutPlace {
  readonly folder: string;
  readonly lock: JournalLock;
}

/** So many processes can watch streams of their own with one folder. */
const MOST_SLOTS = 64;
const SLOT = /^stream-([1-9]\d?)$/;

/**
 * The folder itself, for the one of all processes that watches their journals.
 *
 * @returns undefined while another process has it
 * @throws an error of the system when the folder cannot be used
 */
export async function placeOfAll(
  fs: JournalFs,
  folder: string,
  now: number,
): Promise<LookoutPlace | undefined> {
  const lock = await lockLookout(fs, folder, now);
  return lock && { folder, lock };
}

/**
 * A folder in it that no other process uses, for one that watches its own stream: `stream-1` to `stream-64`. One that a
 * process left with something still to be told comes before all others, and then the first one: what was learned there last
 * goes on to be used.
 *
 * @returns undefined while all are in use
 * @throws an error of the system when the folder cannot be used
 */
export async function placeOfOne(
  fs: JournalFs,
  folder: string,
  now: number,
): Promise<LookoutPlace | undefined> {
  const left: number[] = [];
  for (const name of await fs.list(folder)) {
    const slot = Number(SLOT.exec(name)?.[1] ?? NaN);
    if (slot <= MOST_SLOTS && (await isLeft(fs, join(folder, name)))) left.push(slot);
  }
  const all = Array.from({ length: MOST_SLOTS }, (_, at) => at + 1);
  for (const slot of [...left, ...all.filter((one) => !left.includes(one))]) {
    const place = await placeOfAll(fs, join(folder, `stream-${String(slot)}`), now);
    if (place !== undefined) return place;
  }
  return undefined;
}

async function isLeft(fs: JournalFs, folder: string): Promise<boolean> {
  return (await isLeftLocked(fs, folder)) || hasWaiting(fs, folder);
}
