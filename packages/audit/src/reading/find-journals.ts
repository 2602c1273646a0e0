import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder that holds a journal. */
export interface FoundJournal {
  /** Its path below the folder that was searched, with `/`; `.` for that folder itself. */
  readonly name: string;
  readonly folder: string;
}

/**
 * Told of what is below the folder and cannot be read.
 *
 * @param name path of the folder, as in `FoundJournal`
 * @param irregular a file in it that is named like one of a journal and is none, such as a pipe or a device, which could
 *   keep its reader for ever. Absent for a folder that may not be looked into
 */
type OnUnreadable = (name: string, irregular?: string) => void;

/** The gateway writes `ROOT/<server>/<number>/`. */
const DEPTH = 2;
/** Checkpoints without their segment are a journal too: one that somebody took away. */
const PART = /^[0-9]{16}\.(?:journal|checkpoints)$/;
/** Made by file systems at the top of a volume, and closed to everybody but root. */
const OF_THE_SYSTEM = 'lost+found';

/**
 * The journals in a folder: itself when it holds segments, and those up to two levels below, by name. One that has others
 * below it is among them, and hides none. What `onUnreadable` is told of is left out.
 *
 * @throws the error of the system when the folder itself is not there or may not be read
 */
export async function findJournals(
  root: string,
  onUnreadable: OnUnreadable = () => undefined,
): Promise<FoundJournal[]> {
  const found: FoundJournal[] = [];
  const search = async (folder: string, below: readonly string[]): Promise<void> => {
    const entries = await entriesOf(folder, below.length === 0);
    const name = below.join('/') || '.';
    if (entries === undefined) {
      onUnreadable(name);
      return;
    }
    const parts = entries.filter((entry) => PART.test(entry.name));
    const irregular = await firstIrregular(parts, folder);
    if (irregular !== undefined) onUnreadable(name, irregular);
    else if (parts.length > 0) found.push({ name, folder });
    if (below.length === DEPTH) return;
    for (const entry of entries.toSorted(byName)) {
      const inside = join(folder, entry.name);
      if (entry.name !== OF_THE_SYSTEM && (await isFolder(entry, inside)))
        await search(inside, [...below, entry.name]);
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

async function firstIrregular(parts: readonly Dirent[], folder: string): Promise<string | undefined> {
  for (const entry of parts)
    if (!entry.isFile() && (await targetOf(entry, join(folder, entry.name)))?.isFile() === false)
      return entry.name;
  return undefined;
}

async function isFolder(entry: Dirent, path: string): Promise<boolean> {
  return (await targetOf(entry, path))?.isDirectory() === true;
}

/** What it is, behind links; undefined for a link that leads nowhere. */
async function targetOf(
  entry: Dirent,
  path: string,
): Promise<Pick<Dirent, 'isFile' | 'isDirectory'> | undefined> {
  return entry.isSymbolicLink() ? stat(path).catch(() => undefined) : entry;
}
