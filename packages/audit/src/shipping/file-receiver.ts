import type { Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from '../journal/journal-error.ts';
import { NODE_FS } from '../journal/journal-fs.ts';
import { ACCEPTED, type Outcome, type Receiver, ReceiverError, type ShippedRecord } from './receiver.ts';

export interface FileReceiverOptions {
  /** Several processes may share it, on one machine. Its folder has to be there. */
  readonly path: string;
  /** Permissions of a file that is made; one that is there keeps its own. Default: 0o600. */
  readonly mode?: number;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly stats: Stats;
}

const LINE_FEED = 0x0a;

/**
 * One line for each record in a file, such as one that a collector of the SIEM follows. A batch counts as accepted when it
 * is durable (`fdatasync`). A file that was moved or removed is made again with the next batch; with logrotate neither
 * `copytruncate` nor a signal is needed.
 *
 * Nothing that stands in the file is ever taken back, since it may be another process's: a batch is appended with one write,
 * which the system does not mix with others (POSIX, O_APPEND). Where a full disk cut one short, the torn line is ended, and
 * the batch is written again.
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
      const lines = Buffer.from(batch.map(({ line }) => `${line}\n`).join(''));
      const written = (await isTornAt(handle, size)) ? Buffer.concat([END, lines]) : lines;
      await appendWhole(handle, written);
      await handle.datasync();
      if (await isGlued(handle, written, size))
        throw new ReceiverError('torn_line', 'Another process left a torn line in front of the batch.');
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
    return this.#open;
  }
}

const END = Buffer.of(LINE_FEED);

/** Whether a crash or a full disk tore the last line; the next record must not be glued to it. */
async function isTornAt(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return bytesRead === 1 && buffer[0] !== LINE_FEED;
}

async function appendWhole(handle: FileHandle, bytes: Buffer): Promise<void> {
  const { bytesWritten } = await handle.write(bytes);
  if (bytesWritten === bytes.length) return;
  // What another process appends next begins its own line, where there is room for as much.
  await handle.write(END).catch(() => undefined);
  throw Object.assign(new Error('Only a part was written.'), { code: 'ENOSPC' });
}

/** Whether another process tore a line between our look at the end and our write. */
async function isGlued(handle: FileHandle, written: Buffer, before: number): Promise<boolean> {
  const length = (await handle.stat()).size - before;
  // Nobody else wrote, or the file was emptied.
  if (length <= written.length) return false;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, before);
  const at = buffer.subarray(0, bytesRead).indexOf(written);
  return at > 0 && written[0] !== LINE_FEED && buffer[at - 1] !== LINE_FEED;
}
