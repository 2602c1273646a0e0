import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  findJournals,
  type FoundJournal,
  Journal,
  JournalError,
  type JournalOptions,
} from '@sallyport/audit';

/** So many processes may guard one server with one policy at the same time. */
const MAX_PLACES = 64;
/** File systems take names of 255 bytes. */
const LONGEST_NAME = 200;

/**
 * Opens the first journal of a server that no other process writes: clients start a gateway each, and a journal has one
 * writer. `folder/<server>/1` is the first of them.
 *
 * @throws JournalError, or an error of the system, when there is none
 */
export async function openFirstFree(
  folder: string,
  server: string,
  options: JournalOptions,
): Promise<{ readonly journal: Journal; readonly place: string }> {
  for (let number = 1; number <= MAX_PLACES; number++) {
    const place = join(folder, folderName(server), String(number));
    try {
      return { journal: await Journal.open(place, options), place };
    } catch (error) {
      if (!(error instanceof JournalError) || error.code !== 'locked') throw error;
    }
  }
  throw new JournalError(
    'locked',
    `${MAX_PLACES} processes write journals of this server; give this one a folder of its own.`,
  );
}

/** A journal, and its path below the folder of all. */
export type Place = FoundJournal;

/** Every journal of the folder, that of each server and process. Folders that cannot be read are left out. */
export async function journalsIn(folder: string): Promise<readonly Place[]> {
  const found = await findJournals(folder);
  return found.filter(({ name }) => /^[^/]+\/[0-9]+$/.test(name));
}

/** A server's name may hold anything, and two names never share a folder. */
function folderName(server: string): string {
  const whole = encodeURIComponent(server).replace(/[.*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  if (whole === '') return '%';
  if (whole.length <= LONGEST_NAME) return whole;
  return `${whole.slice(0, LONGEST_NAME - 65)}%${createHash('sha256').update(server).digest('hex')}`;
}
