import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { SecretReference } from '../reference.ts';
import { SecretError, type SecretErrorCode } from '../secret-error.ts';
import { MAX_SECRET_BYTES } from '../secret-provider.ts';

/** The bytes of a file, and who may read it. */
export interface SecretFile {
  readonly bytes: Buffer;
  readonly mode: number;
}

/** A line's end may follow the longest secret. */
const MOST_READ = MAX_SECRET_BYTES + 2;
const FIRST_READ = 4096;

/**
 * Reads a regular file, and no more than a secret may be long, whatever `stat` says: it may be growing, or be endless.
 *
 * @throws SecretError
 */
export async function readSecretFile(
  path: string,
  reference: SecretReference,
  signal: AbortSignal,
): Promise<SecretFile> {
  let handle: FileHandle | undefined;
  try {
    // A FIFO that nobody writes to must not hold a thread, nor a terminal become ours.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const stat = await handle.stat();
    if (!stat.isFile()) {
      throw new SecretError(
        'invalid_value',
        reference.text,
        stat.isDirectory() ? 'names a directory; name a file in it' : 'is no regular file; name one',
      );
    }
    return { bytes: await readAll(handle, stat.size, reference, signal), mode: stat.mode };
  } catch (thrown) {
    throw thrown instanceof SecretError ? thrown : failure(thrown, reference);
  } finally {
    await handle?.close().catch(() => undefined);
  }
}

async function readAll(
  handle: FileHandle,
  expected: number,
  reference: SecretReference,
  signal: AbortSignal,
): Promise<Buffer> {
  // Not from the pool that other buffers come from. One byte more than is expected shows the end.
  let buffer = Buffer.alloc(Math.min(Math.max(expected, FIRST_READ), MOST_READ) + 1);
  let length = 0;
  for (;;) {
    if (signal.aborted) throw new SecretError('timeout', reference.text, 'the file was not read in time');
    if (length === buffer.length) {
      const longer = Buffer.alloc(Math.min(length * 2, MOST_READ + 1));
      buffer.copy(longer);
      buffer = longer;
    }
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
    if (length > MOST_READ) {
      throw new SecretError('too_large', reference.text, `is more than ${MAX_SECRET_BYTES} bytes`);
    }
  }
}

const REASONS: Readonly<Record<string, readonly [SecretErrorCode, string]>> = {
  ENOENT: ['not_found', 'there is no such file'],
  ENOTDIR: ['not_found', 'there is no such file: a part of the path is no directory'],
  ENAMETOOLONG: ['not_found', 'there is no such file: the path is too long'],
  ELOOP: ['not_found', 'there is no such file: its symbolic links go in a circle'],
  EACCES: ['denied', 'the file may not be read by this process; change its owner or its mode'],
  EPERM: ['denied', 'the file may not be read by this process; change its owner or its mode'],
  EISDIR: ['invalid_value', 'names a directory; name a file in it'],
  ENXIO: ['invalid_value', 'is no regular file; name one'],
};

function failure(thrown: unknown, reference: SecretReference): SecretError {
  const code: unknown = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  const known = typeof code === 'string' && Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  const [reason, why] = known ?? ['unavailable', 'the file could not be read'];
  return new SecretError(reason, reference.text, why);
}
