import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const END = '.sallyport-new';

/** A new path beside a file, on the same file system. */
export function temporaryBeside(file: string): string {
  return `${file}.${randomBytes(8).toString('hex')}${END}`;
}

/** Takes away what writers that were killed left beside a file. Hold the lock. */
export async function removeTemporaries(file: string): Promise<void> {
  const prefix = `${basename(file)}.`;
  for (const name of await readdir(dirname(file))) {
    const middle = name.slice(prefix.length, -END.length);
    if (!name.startsWith(prefix) || !name.endsWith(END) || !/^[0-9a-f]{16}$/.test(middle)) continue;
    await rm(join(dirname(file), name), { force: true });
  }
}
