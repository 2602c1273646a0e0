import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Fail } from './derive-key.ts';
import { removeTemporaries, temporaryBeside } from './temporary-file.ts';

/** What is done, in this order. */
export type WriteStep = 'create' | 'write' | 'sync' | 'rename' | 'sync-folder';

const OWNER_ONLY = 0o600;

/**
 * Replaces a file by other content, or makes it: whatever happens meanwhile, there is either all of the old or all of the
 * new. Readable by its owner alone; root leaves it to the owner that it had. Hold the write lock.
 *
 * @param before called before each step; for tests
 * @throws SecretError `invalid_value` when something else than a file is there; errors of the file system as they are
 */
export async function replaceFile(
  file: string,
  text: string,
  fail: Fail,
  before: (step: WriteStep) => void = () => undefined,
): Promise<void> {
  const owner = await ownerOf(file, fail);
  await removeTemporaries(file);
  const temporary = temporaryBeside(file);
  try {
    before('create');
    // A symbolic link that somebody put there would be refused, not followed.
    const handle = await open(temporary, 'wx', OWNER_ONLY);
    try {
      await handle.chmod(OWNER_ONLY);
      if (owner !== undefined && process.getuid?.() === 0) await handle.chown(owner.uid, owner.gid);
      before('write');
      await handle.writeFile(text);
      before('sync');
      await handle.sync();
    } finally {
      await handle.close();
    }
    before('rename');
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  before('sync-folder');
  await syncFolder(dirname(file));
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Renaming would put a file in the place of a link, and leave what the link leads to as it was. */
async function ownerOf(file: string, fail: Fail): Promise<Owner | undefined> {
  const found = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found?.isSymbolicLink()) {
    throw fail('invalid_value', `${file} is a symbolic link; name the file that it leads to`);
  }
  if (found !== undefined && !found.isFile()) {
    throw fail('invalid_value', `${file} is no file; name another`);
  }
  return found;
}

/** Without this, the rename may be lost with the power. Windows cannot open a folder. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle: FileHandle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
