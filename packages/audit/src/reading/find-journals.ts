import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder that holds a journal. */
export interface FoundJournal {
  /** Its path below the folder that was searched, with `/`; `.` for that folder itself. */
  readonly name: string;
  readonly folder: string;
}

/** The gateway writes `ROOT/<server>/<number>/`. */
const DEPTH = 2;
/** Checkpoints without their segment are a journal too: one that somebody took away. */
const PART = /^[0-9]{16}\.(?:journal|checkpoints)$/;
/** Made by file systems at the top of a volume, and closed to everybody but root. */
const OF_THE_SYSTEM = 'lost+found';

/**
 * The journals in a folder: itself when it holds segments, otherwise those up to two levels below, by name.
 *
 * @param onUnreadable told of each folder below that may not be looked into
 * @throws the error of the system when the folder itself is not there or may not be read
 */
export async function findJournals(
  root: string,
  onUnreadable: (name: string) => void = () => undefined,
): Promise<FoundJournal[]> {
  const found: FoundJournal[] = [];
  const search = async (folder: string, below: readonly string[]): Promise<void> => {
    const entries = await entriesOf(folder, below.length === 0);
    if (entries === undefined) onUnreadable(below.join('/'));
    else if (entries.some(({ name }) => PART.test(name)))
      found.push({ name: below.join('/') || '.', folder });
    else if (below.length < DEPTH) {
      for (const entry of entries.toSorted(byName)) {
        const inside = join(folder, entry.name);
        if (entry.name !== OF_THE_SYSTEM && (await isFolder(entry, inside)))
          await search(inside, [...below, entry.name]);
      }
    }
  };
  await search(root, []);
  return found;
}

/** `2` before `10`. */
function byName(one: Dirent, other: Dirent): number {
  return one.name.localeCompare(other.name, 'en', { numeric: true });
}

/** @returns undefined for a folder below that may not be read; none for one that has gone meanwhile */
async function entriesOf(folder: string, isRoot: boolean): Promise<Dirent[] | undefined> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isRoot) throw error;
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : undefined;
  }
}

/** Links are followed; one that leads nowhere is no folder. */
async function isFolder(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
