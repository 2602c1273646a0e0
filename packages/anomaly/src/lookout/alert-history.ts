import { join } from 'node:path';
import { type JournalFile, type JournalFs, NODE_FS, writeAll } from '@sallyport/audit';
import type { RaisedAlert } from './raised-alert.ts';

const NAME = 'alerts.jsonl';
const OLD = 'alerts.old.jsonl';
const MOST_BYTES = 16 * 1024 * 1024;
/** So much of the end is read for ids, when it is opened. */
const TAIL_BYTES = 1024 * 1024;
/** As many ids are known. */
const MOST_KNOWN = 10_000;

/** Every alert and what became of it, one JSON line each, in `alerts.jsonl`, and the older ones in `alerts.old.jsonl`. */
export class AlertHistory {
  readonly #fs: JournalFs;
  readonly #folder: string;
  readonly #mostBytes: number;
  readonly #known = new Set<string>();
  #file: JournalFile;
  #end = 0;

  private constructor(fs: JournalFs, folder: string, mostBytes: number, file: JournalFile) {
    this.#fs = fs;
    this.#folder = folder;
    this.#mostBytes = mostBytes;
    this.#file = file;
  }

  /** @throws an error of the system */
  static async open(
    folder: string,
    {
      fs = NODE_FS,
      mostBytes = MOST_BYTES,
    }: {
      readonly fs?: JournalFs;
      /** One that would grow over it becomes the old one. Default: 16 MiB. */ readonly mostBytes?: number;
    } = {},
  ): Promise<AlertHistory> {
    const file = await openOrCreate(fs, join(folder, NAME));
    const history = new AlertHistory(fs, folder, mostBytes, file);
    try {
      await history.#begin();
    } catch (error) {
      await file.close();
      throw error;
    }
    return history;
  }

  /** Whether an alert was added of late: after a crash, some are raised again under the same ids. */
  has(id: string): boolean {
    return this.#known.has(id);
  }

  /** Resolves when they are durable. @throws an error of the system; what was written of them is written over */
  async add(raised: readonly RaisedAlert[]): Promise<void> {
    const lines = raised.map(({ alert, journal, fate, reason, response }) =>
      JSON.stringify({ ...alert, journal, fate, reason, response: response?.kind }),
    );
    if (lines.length === 0) return;
    const text = Buffer.from(`${lines.join('\n')}\n`);
    if (this.#end > 0 && this.#end + text.length > this.#mostBytes) await this.#rotate();
    const end = await writeAll(this.#file, [text], this.#end);
    await this.#file.sync();
    this.#end = end;
    for (const { alert } of raised) this.#remember(alert.id);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #begin(): Promise<void> {
    const size = await this.#file.size();
    const from = Math.max(0, size - TAIL_BYTES);
    const tail = Buffer.alloc(size - from);
    let filled = 0;
    while (filled < tail.length) {
      const got = await this.#file.read(tail.subarray(filled), from + filled);
      if (got === 0) break;
      filled += got;
    }
    const whole = tail.lastIndexOf(0x0a, filled - 1) + 1;
    // What a crash tore off is raised again, and written anew.
    this.#end = from + whole;
    await this.#file.truncate(this.#end);
    for (const line of tail.toString('utf8', 0, whole).split('\n')) this.#remember(idOf(line));
  }

  async #rotate(): Promise<void> {
    const path = join(this.#folder, NAME);
    await this.#fs.rename(path, join(this.#folder, OLD));
    const next = await this.#fs.create(path);
    await this.#file.close();
    this.#file = next;
    this.#end = 0;
    await this.#fs.syncFolder(this.#folder);
  }

  #remember(id: string | undefined): void {
    if (id === undefined) return;
    this.#known.add(id);
    if (this.#known.size <= MOST_KNOWN) return;
    for (const oldest of this.#known) {
      this.#known.delete(oldest);
      break;
    }
  }
}

function idOf(line: string): string | undefined {
  try {
    const { id } = (JSON.parse(line) ?? {}) as { readonly id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

async function openOrCreate(fs: JournalFs, path: string): Promise<JournalFile> {
  try {
    return await fs.open(path, 'write');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return fs.create(path);
  }
}
