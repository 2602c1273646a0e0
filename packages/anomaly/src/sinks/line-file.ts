import { dirname } from 'node:path';
import { type JournalFile, type JournalFs, systemCode, writeAll } from '@sallyport/audit';

/**
 * Lines in a file that only its owner can read (0600): added at its end and synced, or written anew under another name and
 * renamed. After a failure the file is not added to again: what is in it is not known, and it has to be written anew.
 */
export class LineFile {
  readonly #fs: JournalFs;
  readonly #path: string;
  #file: JournalFile | undefined;
  #bytes = 0;

  constructor(fs: JournalFs, path: string) {
    this.#fs = fs;
    this.#path = path;
  }

  /** Undefined while it has to be written anew. */
  get bytes(): number | undefined {
    return this.#file && this.#bytes;
  }

  /** The lines that are there; one without its end is left out, nobody was told that it is durable. */
  async read(): Promise<string[]> {
    try {
      const text = await this.#fs.readText(this.#path);
      return text.split('\n').slice(0, -1);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }
  }

  /** Puts the file aside. @param suffix what its name ends with from then on */
  async putAside(suffix: string): Promise<void> {
    await this.#fs.rename(this.#path, this.#path + suffix);
  }

  async add(lines: readonly string[]): Promise<void> {
    const file = this.#file;
    if (file === undefined)
      throw Object.assign(new Error('The file has to be written anew.'), { code: 'EBADF' });
    try {
      this.#bytes = await writeAll(file, bytesOf(lines), this.#bytes);
      await file.sync();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async writeAnew(lines: readonly string[]): Promise<void> {
    await this.close();
    const next = `${this.#path}.next`;
    await this.#fs.remove(next);
    const file = await this.#fs.create(next);
    try {
      this.#bytes = await writeAll(file, bytesOf(lines), 0);
      await file.sync();
      await this.#fs.rename(next, this.#path);
      await this.#fs.syncFolder(dirname(this.#path));
      this.#file = file;
    } catch (error) {
      await file.close().catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
  }
}

function bytesOf(lines: readonly string[]): readonly Uint8Array[] {
  return [Buffer.from(lines.map((line) => `${line}\n`).join(''))];
}
