import { join } from 'node:path';
import { uuidv7 } from '@sallyport/core';
import { JournalError } from '../journal/journal-error.ts';
import { JournalLock } from '../journal/journal-lock.ts';
import { thisProcess } from '../journal/process-identity.ts';
import type { ShipperSettings } from './shipper-options.ts';

/**
 * One shipper a name: two with one cursor would each pass over what the other one holds. It is the lock of the journal, in a
 * folder of its own beside the cursor (`NAME.shipper`), so that it is as sure and meets no other lock.
 *
 * @throws JournalError `locked` while another process ships under this name
 */
export async function lockShipper({ fs, folder, name, clock }: ShipperSettings): Promise<JournalLock> {
  const place = join(folder, `${name}.shipper`);
  await fs.makeFolder(place);
  try {
    return await JournalLock.take({
      fs,
      folder: place,
      self: thisProcess(),
      since: new Date(clock.now()).toISOString(),
      id: uuidv7(),
      // What a process that died held up is shipped now; there is nothing to do about it.
      onStale: () => undefined,
    });
  } catch (cause) {
    if (!(cause instanceof JournalError) || cause.code !== 'locked') throw cause;
    throw new JournalError(
      'locked',
      `Another process ships as ${name} already. Stop it, or give this one another name or another folder.`,
      { cause },
    );
  }
}
