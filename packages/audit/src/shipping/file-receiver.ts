import type { Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from '../journal/journal-error.ts';
import { NODE_FS } from '../journal/journal-fs.ts';
import { ACCEPTED, type Outcome, type Receiver, ReceiverError, type ShippedRecord } from './receiver.ts';

export interface FileReceiverOptions {
  /** Of one receiver only. Its folder has to be there. */
  readonly path: string;
  /** Permissions of a file that is made; one that is there keeps its own. Default: 0o600. */
  readonly mode?: number;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly stats: Stats;
}

/**
 * One line for each record in a file, such as one that a collector of the SIEM follows. A batch counts as accepted when it
 * is durable (`fdatasync`). A file that was moved or removed is made again with the next batch; with logrotate neither
 * `copytruncate` nor a signal is needed.
 */
export class FileReceiver implements Receiver {
  readonly #path: string;
  readonly #mode: number;
  #open: OpenFile | undefined;

  /** @throws TypeError for an option that cannot be used */
  constructor({ path, mode = 0o600 }: FileReceiverOptions) {
    if (path === '' || path.includes('\0')) throw new TypeError('path of a file receiver has to be a file.');
    if (!Number.isInteger(mode) || mode < 0 || mode > 0o777)
      throw new TypeError('mode of a file receiver has to be a number from 0 to 0o777.');
    this.#path = path;
    this.#mode = mode;
  }

  async send(batch: readonly ShippedRecord[], signal: AbortSignal): Promise<readonly Outcome[]> {
    if (batch.length === 0) return [];
    try {
      const { handle } = await this.#opened();
      if (signal.aborted) throw new ReceiverError('timeout', 'The file was not opened in time.');
      const { size } = await handle.stat();
      try {
        await writeWhole(handle, Buffer.from(batch.map(({ line }) => `${line}\n`).join('')));
        await handle.datasync();
      } catch (error) {
        // What was written of it is written again.
        await cutTo(handle, size).catch(() => undefined);
        throw error;
      }
      return batch.map(() => ACCEPTED);
    } catch (cause) {
      await this.close();
      if (cause instanceof ReceiverError) throw cause;
      const code = systemCode(cause);
      throw new ReceiverError(code, `The file cannot be written (${code}).`, { cause });
    }
  }

  async close(): Promise<void> {
    const file = this.#open;
    this.#open = undefined;
    // An error of the system here says nothing of what is durable already.
    await file?.handle.close().catch(() => undefined);
  }

  async #opened(): Promise<OpenFile> {
    const there = await stat(this.#path).catch(() => undefined);
    const { stats } = this.#open ?? {};
    if (this.#open !== undefined && there?.ino === stats?.ino && there?.dev === stats?.dev) return this.#open;
    await this.close();
    // Opening a pipe would wait for its reader.
    if (there?.isFile() === false) throw new ReceiverError('not_a_file', 'The path is not that of a file.');
    const handle = await open(this.#path, 'a+', this.#mode);
    this.#open = { handle, stats: await handle.stat() };
    if (there === undefined) await NODE_FS.syncFolder(dirname(this.#path));
    else await endTornLine(handle, this.#open.stats.size);
    return this.#open;
  }
}

/** A crash may have torn the last line; the next record must not be glued to it. */
async function endTornLine(handle: FileHandle, size: number): Promise<void> {
  if (size === 0) return;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  if (buffer[0] !== 0x0a) await writeWhole(handle, Buffer.from('\n'));
}

async function cutTo(handle: FileHandle, size: number): Promise<void> {
  if ((await handle.stat()).size > size) await handle.truncate(size);
}

async function writeWhole(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await handle.write(bytes, done)).bytesWritten;
}
