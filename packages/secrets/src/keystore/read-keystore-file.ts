import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Fail } from './derive-key.ts';
import { MAX_FILE_BYTES } from './sealed-file.ts';

export interface KeystoreFile {
  readonly text: string;
  /** The permission bits, when others than the owner have some; undefined otherwise, and on Windows. */
  readonly openMode: string | undefined;
}

/**
 * Undefined when there is none.
 *
 * @throws SecretError `invalid_value` when it is no file, `too_large`; errors of the file system as they are
 */
export async function readKeystoreFile(file: string, fail: Fail): Promise<KeystoreFile | undefined> {
  // Opening a pipe would otherwise wait for a writer.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(missing);
  if (handle === undefined) return undefined;
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw fail('invalid_value', `${file} is no file; name another`);
    if (found.size > MAX_FILE_BYTES) throw fail('too_large', `${file} is more than ${MAX_FILE_BYTES} bytes`);
    const text = await handle.readFile('utf8');
    const mode = found.mode & 0o777;
    const isOpen = process.platform !== 'win32' && (mode & 0o077) !== 0;
    return { text, openMode: isOpen ? mode.toString(8) : undefined };
  } finally {
    await handle.close();
  }
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
