import { closeSync, constants, lstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs';
import type { ByteScan, ByteScanner } from '../engine/byte-scanner.ts';
import type { ProblemReason } from '../scan-finding.ts';

/** Why a file was not read, with what to say. */
export interface FileProblem {
  readonly why: ProblemReason;
  readonly message: string;
}

/** A symbolic link in place of the file is not followed, and nothing waits for the other end of a FIFO. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Looks at what a path is before it opens it: FIFOs, devices and sockets are never opened.
 *
 * @param path bytes where the name is no UTF-8
 * @param maxBytes of a file
 */
export function scanFile(
  scanner: ByteScanner,
  path: string | Buffer,
  maxBytes: number,
): ByteScan | FileProblem {
  try {
    const stats = lstatSync(path);
    const problem = judge(stats, maxBytes);
    if (problem !== undefined) return problem;
    const file = openSync(path, FLAGS);
    try {
      return scanner.scanFrom({
        size: stats.size,
        read: (into, at) => readSync(file, into, at, into.length - at, -1),
      });
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return problemOf(error);
  }
}

/** All of a file, with the same care. */
export function readWhole(path: string | Buffer, maxBytes: number): Buffer | FileProblem {
  try {
    const problem = judge(lstatSync(path), maxBytes);
    if (problem !== undefined) return problem;
    const file = openSync(path, FLAGS);
    try {
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return problemOf(error);
  }
}

function judge(stats: Stats, maxBytes: number): FileProblem | undefined {
  if (stats.isSymbolicLink())
    return { why: 'symlink', message: 'It is a symbolic link, which is not followed.' };
  if (!stats.isFile())
    return { why: 'not_a_file', message: 'It is a FIFO, a socket or a device, and was not opened.' };
  if (stats.size > maxBytes) return { why: 'too_large', message: tooLarge(stats.size, maxBytes) };
  return undefined;
}

export function tooLarge(size: number, maxBytes: number): string {
  return `It has ${size} bytes and was not scanned; raise the limit of ${maxBytes} bytes to scan it.`;
}

/** What an error of the file system means; its text holds a path and is not repeated. */
export function problemOf(error: unknown): FileProblem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { why: 'vanished', message: 'It was there when the files were listed, and is gone.' };
    case 'EACCES':
    case 'EPERM':
      return { why: 'unreadable', message: 'There is no permission to read it.' };
    case 'ELOOP':
      return { why: 'symlink', message: 'It is a symbolic link, which is not followed.' };
    default:
      return { why: 'unreadable', message: `It cannot be read: the system says ${code}.` };
  }
}
