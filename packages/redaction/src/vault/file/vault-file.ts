import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TokenVaultError } from '../token-vault-error.ts';
import { removeTemporaries, temporaryBeside } from './temporary-file.ts';
import type { VaultFrames } from './vault-frames.ts';

const OWNER_ONLY = 0o600;
const NOTHING = Buffer.alloc(0);

/**
 * The file that frames are written to. After a failed write it must not be appended to: nobody knows what is
 * there.
 */
export class VaultFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #inode: number;
  readonly #frames: VaultFrames;
  #count: number;
  #size: number;

  private constructor(
    path: string,
    handle: FileHandle,
    inode: number,
    frames: VaultFrames,
    count: number,
    size: number,
  ) {
    this.#path = path;
    this.#handle = handle;
    this.#inode = inode;
    this.#frames = frames;
    this.#count = count;
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  /** A file that was read to its end. */
  static async resume(path: string, frames: VaultFrames, count: number, size: number): Promise<VaultFile> {
    const handle = await open(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
    await handle.chmod(OWNER_ONLY);
    return new VaultFile(path, handle, (await handle.stat()).ino, frames, count, size);
  }

  /**
   * A new file in the place of what was there: all of the one, or all of the other. Durable after
   * `syncFolder`.
   */
  static async replace(path: string, frames: VaultFrames, records: Iterable<Buffer>): Promise<VaultFile> {
    await removeTemporaries(path);
    const temporary = temporaryBeside(path);
    // A symbolic link that somebody put there would be refused, not followed.
    const handle = await open(temporary, 'wx', OWNER_ONLY);
    try {
      await writeAll(handle, frames.header, 0);
      const { ino } = await handle.stat();
      const file = new VaultFile(path, handle, ino, frames, 0, frames.header.length);
      for (const frame of records) await file.#write(frame);
      await handle.sync();
      await rename(temporary, path);
      return file;
    } catch (error) {
      await handle.close();
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** On the disk when it resolves. @param frames the records of each; overwritten with zeros */
  async append(frames: readonly Buffer[]): Promise<void> {
    for (const frame of frames) await this.#write(frame);
    await this.#handle.datasync();
  }

  /** What is written to a file that nobody finds any more is not durable. */
  async isThere(): Promise<boolean> {
    return (await stat(this.#path).catch(missing))?.ino === this.#inode;
  }

  /** Without this, the rename may be lost with the power. Windows cannot open a folder. */
  async syncFolder(): Promise<void> {
    if (process.platform === 'win32') return;
    const handle = await open(dirname(this.#path), constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #write(records: Buffer): Promise<void> {
    const frame = this.#frames.seal(this.#count, records);
    records.fill(0);
    await writeAll(this.#handle, frame, this.#size);
    this.#count += 1;
    this.#size += frame.length;
  }
}

/** Whether there is a file. @throws TokenVaultError `unavailable` when it is something else */
export async function fileIsThere(path: string): Promise<boolean> {
  const found = await lstat(path).catch(missing);
  if (found === undefined) return false;
  if (found.isFile()) return true;
  throw new TokenVaultError('unavailable', `${path} is no plain file; name another for the token vault.`);
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let left = bytes, at = position; left.length > 0;) {
    const { bytesWritten } = await handle.write(left, 0, left.length, at);
    at += bytesWritten;
    left = bytesWritten === left.length ? NOTHING : left.subarray(bytesWritten);
  }
}
