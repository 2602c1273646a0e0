import {
  closeSync,
  fchmodSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { AuditRecord } from './audit-record.ts';
import type { Sink } from './sink.ts';

const sync = promisify(fdatasync);

/** What is accepted without `durable` reaches the disk within this time. */
const LAZY_SYNC_MS = 100;
/** After a failure the file is opened anew, but not more often than this. */
const REOPEN_MS = 1000;

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * JSON lines in a file that only its owner can read (0600). Callers that arrive while one `fdatasync` runs share the
 * next one. After a failed write or sync the file is let go, because a kernel reports a lost page only once, and a new
 * attempt is made with the next record; until it succeeds `broken` says why.
 */
export class FileSink implements Sink {
  broken: Error | undefined;
  readonly #path: string;
  readonly #now: () => number;
  #fd: number | undefined;
  #waiting: Waiting[] = [];
  #syncing: Promise<void> | undefined;
  #unsynced = false;
  #lazy: NodeJS.Timeout | undefined;
  #failedAt = -Infinity;
  #closed = false;

  /** @throws when the file cannot be opened: nothing should start that cannot be recorded */
  constructor(path: string, options: { readonly now?: () => number } = {}) {
    this.#path = path;
    this.#now = options.now ?? Date.now;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#fd = openForAppend(path);
  }

  append(record: AuditRecord, { durable }: { readonly durable: boolean }): Promise<void> {
    try {
      writeAll(this.#open(), `${JSON.stringify(record)}\n`);
    } catch (error) {
      return Promise.reject(this.#fail(error));
    }
    this.#unsynced = true;
    if (!durable) {
      this.#lazy ??= setTimeout(() => this.#startSync(), LAZY_SYNC_MS).unref();
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#startSync();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    while (this.#syncing !== undefined || (this.#unsynced && this.#fd !== undefined)) {
      this.#startSync();
      await this.#syncing;
    }
    clearTimeout(this.#lazy);
    this.#release();
  }

  #open(): number {
    if (this.#closed) throw new Error('The audit file is closed.');
    if (this.#fd !== undefined) {
      if (isStillThere(this.#fd, this.#path)) return this.#fd;
      // Rotated or removed: a record written there would be durable in a file that nobody finds.
      this.#leave(this.#fd);
    }
    if (this.#now() - this.#failedAt < REOPEN_MS) throw this.broken ?? new Error('The audit file failed.');
    this.#fd = openForAppend(this.#path);
    this.broken = undefined;
    return this.#fd;
  }

  #startSync(): void {
    this.#syncing ??= this.#sync().finally(() => {
      this.#syncing = undefined;
      if (this.#waiting.length > 0) this.#startSync();
    });
  }

  async #sync(): Promise<void> {
    clearTimeout(this.#lazy);
    this.#lazy = undefined;
    const sharing = this.#waiting;
    this.#waiting = [];
    this.#unsynced = false;
    const fd = this.#fd;
    try {
      if (fd === undefined) throw this.broken ?? new Error('The audit file failed.');
      await sync(fd);
      for (const { resolve } of sharing) resolve();
    } catch (error) {
      const failure = this.#fail(error);
      for (const { reject } of sharing) reject(failure);
    }
  }

  /** Lets go of a file that is sound, with everything in it durable, and after a sync that may still run on it. */
  #leave(fd: number): void {
    this.#fd = undefined;
    fdatasyncSync(fd);
    const close = (): void => closeSync(fd);
    void (this.#syncing ?? Promise.resolve()).then(close, close);
  }

  #fail(cause: unknown): Error {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    this.broken ??= new Error(`The audit file cannot be written (${code}).`, { cause });
    if (this.#fd !== undefined) this.#failedAt = this.#now();
    this.#release();
    return this.broken;
  }

  #release(): void {
    if (this.#fd === undefined) return;
    const fd = this.#fd;
    this.#fd = undefined;
    try {
      closeSync(fd);
    } catch {
      // It was given up already; there is nothing left to save in it.
    }
  }
}

function isStillThere(fd: number, path: string): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  const ours = fstatSync(fd);
  return there !== undefined && there.ino === ours.ino && there.dev === ours.dev;
}

function openForAppend(path: string): number {
  const fd = openSync(path, 'a+', 0o600);
  // A file that was there before may be open to others; its records are for its owner.
  if (fstatSync(fd).isFile() && (fstatSync(fd).mode & 0o077) !== 0) fchmodSync(fd, 0o600);
  // A crash may have torn the last line; the next record must not be glued to it.
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  if (size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a) writeAll(fd, '\n');
  return fd;
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
}
