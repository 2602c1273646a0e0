import { join } from 'node:path';
import { JournalError, type JournalFs, JournalLock, thisProcess } from '@sallyport/audit';
import { uuidv7 } from '@sallyport/core';

const NAME = 'watch.lock';

/**
 * One watch a folder: two would tell everything twice. It is the lock of the journal, in a folder of its own (`watch.lock`),
 * so that it is as sure.
 *
 * @returns undefined while another process watches
 * @throws an error of the system when the folder cannot be used
 */
export async function lockLookout(
  fs: JournalFs,
  folder: string,
  now: number,
): Promise<JournalLock | undefined> {
  const place = join(folder, NAME);
  await fs.makeFolder(place);
  try {
    return await JournalLock.take({
      fs,
      folder: place,
      self: thisProcess(),
      since: new Date(now).toISOString(),
      id: uuidv7(),
      // What a process that died left behind is taken over; there is nothing to tell.
      onStale: () => undefined,
    });
  } catch (error) {
    if (error instanceof JournalError && error.code === 'locked') return undefined;
    throw error;
  }
}

/** Whether there is a lock, of a process that runs, or of one that did not end in good order. */
export async function isLeftLocked(fs: JournalFs, folder: string): Promise<boolean> {
  return (await fs.list(join(folder, NAME))).length > 0;
}
