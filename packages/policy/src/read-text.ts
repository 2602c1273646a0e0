import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { withinTime } from './within-time.ts';

/** Why a text cannot be read: the system's code, such as `ENOENT`, or words that fit into brackets. */
export interface Unread {
  readonly code: string;
}

/** Of a file of a policy. Rules of casbin for a hospital are a hundredth of it. */
const MOST_POLICY_BYTES = 16_777_216;

/** What a pipe, a device or a socket is called here. */
export const NO_REGULAR_FILE = 'no regular file';
export const NO_ANSWER = 'no answer from the disk';

const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * The text of a regular file in UTF-8. Nothing else is waited for: a pipe without a writer would keep its reader for ever, a
 * device gives without end, and a disk of the network may be away.
 *
 * @param mostBytes what is larger is not read
 */
export async function readText(
  path: string,
  mostBytes: number = MOST_POLICY_BYTES,
): Promise<string | Unread> {
  const bytes = await readBytes(path, mostBytes);
  return 'code' in bytes ? bytes : bytes.toString('utf8');
}

/** The same, as bytes. `EISDIR` for a folder. */
export async function readBytes(path: string, mostBytes: number): Promise<Buffer | Unread> {
  try {
    return (await withinTime(bytesOf(path, mostBytes))) ?? { code: NO_ANSWER };
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code ?? 'unknown error' };
  }
}

async function bytesOf(path: string, mostBytes: number): Promise<Buffer | Unread> {
  // Opening a device may already do something.
  const why = unfit(await stat(path), mostBytes);
  if (why !== undefined) return why;
  const file = await open(path, FLAGS);
  try {
    // Another one may stand there now.
    const about = await file.stat();
    return unfit(about, mostBytes) ?? (await contentOf(file, about.size, mostBytes));
  } finally {
    await file.close();
  }
}

interface About {
  readonly size: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

function unfit(about: About, mostBytes: number): Unread | undefined {
  if (about.isDirectory()) return { code: 'EISDIR' };
  if (!about.isFile()) return { code: NO_REGULAR_FILE };
  return about.size > mostBytes ? tooLarge(mostBytes) : undefined;
}

/** A size of 0 is also what the system says of files that it makes up as they are read. */
async function contentOf(file: FileHandle, size: number, mostBytes: number): Promise<Buffer | Unread> {
  const pieces: Buffer[] = [];
  let length = 0;
  while (size === 0 || length < size) {
    const piece = Buffer.allocUnsafe(size === 0 ? 65_536 : size - length);
    const { bytesRead } = await file.read(piece, 0, piece.length, null);
    if (bytesRead === 0) break;
    pieces.push(piece.subarray(0, bytesRead));
    length += bytesRead;
    if (length > mostBytes) return tooLarge(mostBytes);
  }
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
}

/** @param mostBytes whole MiB */
function tooLarge(mostBytes: number): Unread {
  return { code: `more than ${mostBytes / 1_048_576} MiB` };
}
