import { join } from 'node:path';
import { type JournalFs, NODE_FS, writeAll } from '@sallyport/audit';
import { fileLines } from './file-lines.ts';
import type { Slices } from './slices.ts';

/** Characters that are written together. */
const PART = 64 * 1024;

/**
 * The state of a watch in `watch.json`, a line of JSON for each part, which only its owner can read: written to another file,
 * synced and renamed over the old one, so that after a crash there is the one or the other. Neither writing nor reading keeps
 * the event loop for longer than a slice.
 */
export class LookoutFile {
  readonly #fs: JournalFs;
  readonly #folder: string;
  readonly #path: string;

  constructor(folder: string, fs: JournalFs = NODE_FS) {
    this.#fs = fs;
    this.#folder = folder;
    this.#path = join(folder, 'watch.json');
  }

  /**
   * Gives what was saved to `take`, part by part.
   *
   * @returns false when nothing was saved
   * @throws SyntaxError for what is no JSON, an error of the system when it cannot be read, and what `take` throws
   */
  async load(take: (part: unknown) => void, slices: Slices): Promise<boolean> {
    const file = await this.#fs.open(this.#path, 'read').catch(unlessMissing);
    if (file === undefined) return false;
    try {
      for await (const line of fileLines(file)) {
        take(JSON.parse(line));
        if (slices.isOver) await slices.turn();
      }
    } finally {
      await file.close();
    }
    return true;
  }

  /**
   * Takes a file out of the way that cannot be used, for somebody to look at.
   *
   * @param now milliseconds since the epoch
   * @returns its new name
   */
  async setAside(now: number): Promise<string> {
    const name = `watch.json.damaged-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
    await this.#fs.rename(this.#path, join(this.#folder, name));
    await this.#fs.syncFolder(this.#folder);
    return name;
  }

  /**
   * @param parts JSON values; what they are made of must not change meanwhile
   * @throws an error of the system; the old state is there then
   */
  async save(parts: Iterable<unknown>, slices: Slices): Promise<void> {
    const next = `${this.#path}.next`;
    await this.#fs.remove(next);
    const file = await this.#fs.create(next);
    try {
      let at = 0;
      let held = '';
      for (const part of parts) {
        held += `${JSON.stringify(part)}\n`;
        if (held.length >= PART) {
          at = await writeAll(file, [Buffer.from(held)], at);
          held = '';
        }
        if (slices.isOver) await slices.turn();
      }
      await writeAll(file, [Buffer.from(held)], at);
      await file.sync();
    } finally {
      await file.close();
    }
    await this.#fs.rename(next, this.#path);
    await this.#fs.syncFolder(this.#folder);
  }
}

function unlessMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
