import { join } from 'node:path';
import { type JournalFs, NODE_FS, writeAll } from '@sallyport/audit';
import { jsonInParts } from './json-parts.ts';

/** Characters that are made before others have the event loop. */
const PART = 64 * 1024;

/**
 * The state of a watch in `watch.json`, which only its owner can read: written to another file, synced and renamed over the
 * old one, so that after a crash there is the one or the other.
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
   * @returns undefined when nothing was saved
   * @throws SyntaxError for what is no JSON, and an error of the system when it cannot be read
   */
  async load(): Promise<unknown> {
    let text: string;
    try {
      text = await this.#fs.readText(this.#path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    return JSON.parse(text) as unknown;
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

  /** @param state JSON values that nobody changes meanwhile. @throws an error of the system; the old state is there then */
  async save(state: unknown): Promise<void> {
    const next = `${this.#path}.next`;
    await this.#fs.remove(next);
    const file = await this.#fs.create(next);
    try {
      let at = 0;
      let held = '';
      const write = async (): Promise<void> => {
        at = await writeAll(file, [Buffer.from(held)], at);
        held = '';
      };
      for (const part of jsonInParts(state)) {
        held += part;
        if (held.length >= PART) await write();
      }
      held += '\n';
      await write();
      await file.sync();
    } finally {
      await file.close();
    }
    await this.#fs.rename(next, this.#path);
    await this.#fs.syncFolder(this.#folder);
  }
}
