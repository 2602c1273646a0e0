import { dirname } from 'node:path';
import { systemCode } from '../journal/journal-error.ts';
import type { JournalFs } from '../journal/journal-fs.ts';
import { writeAll } from '../journal/write-all.ts';
import { type JournalPosition, parsePosition } from './journal-position.ts';

/** A position that survives a crash: written to another file, synced, and renamed over the old one. */
export class CursorFile {
  readonly #fs: JournalFs;
  readonly #path: string;

  constructor(fs: JournalFs, path: string) {
    this.#fs = fs;
    this.#path = path;
  }

  /** @returns undefined when there is none, `damaged` when it is not what was written */
  async load(): Promise<JournalPosition | 'damaged' | undefined> {
    let text: string;
    try {
      text = await this.#fs.readText(this.#path);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return parsePosition(JSON.parse(text)) ?? 'damaged';
    } catch {
      return 'damaged';
    }
  }

  async save(position: JournalPosition): Promise<void> {
    const next = `${this.#path}.next`;
    await this.#fs.remove(next);
    const file = await this.#fs.create(next);
    try {
      await writeAll(file, [Buffer.from(`${JSON.stringify(position)}\n`)], 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await this.#fs.rename(next, this.#path);
    await this.#fs.syncFolder(dirname(this.#path));
  }
}
