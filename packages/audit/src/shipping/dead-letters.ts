import { dirname } from 'node:path';
import { systemCode } from '../journal/journal-error.ts';
import type { JournalFile, JournalFs } from '../journal/journal-fs.ts';
import { writeAll } from '../journal/write-all.ts';

/** A record that a receiver will never take. */
export interface DeadLetter {
  readonly sequence: number;
  readonly reason: string;
  /** When it was given up: RFC 3339, UTC, milliseconds. */
  readonly time: string;
  /** The JSON of the record. */
  readonly json: string;
}

/**
 * Lines of JSON (`{"sequence","reason","time","record"}`) in a file that only its owner can read (0600). A line that a
 * crash tore is ended before the next one; its record is written again, because the cursor did not pass it.
 */
export class DeadLetters {
  readonly #fs: JournalFs;
  readonly #path: string;
  readonly #mostBytes: number;

  constructor(fs: JournalFs, path: string, mostBytes: number) {
    this.#fs = fs;
    this.#path = path;
    this.#mostBytes = mostBytes;
  }

  /** @returns false when the file is full: nothing was written, and the records are in the journal only */
  async add(letters: readonly DeadLetter[]): Promise<boolean> {
    const lines = letters.map(
      ({ sequence, reason, time, json }) =>
        `${JSON.stringify({ sequence, reason, time }).slice(0, -1)},"record":${json}}\n`,
    );
    const bytes = Buffer.from(lines.join(''));
    const file = await this.#open();
    try {
      const size = await file.size();
      if (size + bytes.length > this.#mostBytes) return false;
      const end = Buffer.alloc(1);
      const torn = size > 0 && (await file.read(end, size - 1)) === 1 && end[0] !== 0x0a;
      await writeAll(file, torn ? [Buffer.from('\n'), bytes] : [bytes], size);
      await file.sync();
    } finally {
      await file.close();
    }
    return true;
  }

  async #open(): Promise<JournalFile> {
    try {
      return await this.#fs.open(this.#path, 'write');
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
    }
    const file = await this.#fs.create(this.#path);
    await this.#fs.syncFolder(dirname(this.#path));
    return file;
  }
}
