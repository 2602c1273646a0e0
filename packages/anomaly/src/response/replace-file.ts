import { chown, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces a file by other content, or makes it: whatever happens meanwhile, there is either all of the old or all of the new,
 * readable by its owner alone. Only one process at a time may do so.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const next = `${path}.next`;
  // What a crash left.
  await rm(next, { force: true });
  try {
    // Nothing that somebody put there is followed or kept.
    const file = await open(next, 'wx', 0o600);
    try {
      await leaveTo(next, dirname(path));
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, path);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes a folder that only its owner can enter; one that is there stays as it is. */
export async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made !== undefined) await leaveTo(path, dirname(path));
}

/** What root makes belongs to whoever has the folder: the process that guards has to read what an admin writes. */
async function leaveTo(path: string, folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(folder);
  await chown(path, uid, gid);
}

/** Without this, the rename may be lost with the power. Windows cannot open a folder. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
