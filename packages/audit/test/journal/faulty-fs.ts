import { type JournalFile, type JournalFs, NODE_FS } from '../../src/journal/journal-fs.ts';

export type Operation = 'write' | 'sync' | 'create' | 'open' | 'syncFolder' | 'truncate' | 'remove';

/** The file system of this machine, until it is told to fail. */
export class FaultyFs implements JournalFs {
  /** Asked before each operation: a code makes it fail with that. */
  fails: (operation: Operation, path: string) => string | undefined = () => undefined;
  /** How many bytes one write takes at most. */
  shortBytes = Infinity;
  /** Called between the start of a sync and its end. */
  duringSync: () => Promise<void> = () => Promise.resolve();
  /** What was done, in order. */
  readonly done: string[] = [];

  readonly list = (path: string): Promise<string[]> => NODE_FS.list(path);
  readonly makeFolder = (path: string): Promise<void> => NODE_FS.makeFolder(path);
  readonly readText = (path: string): Promise<string> => NODE_FS.readText(path);
  readonly status: JournalFs['status'] = (path) => NODE_FS.status(path);
  readonly isThere = (path: string): boolean => NODE_FS.isThere(path);
  readonly rename = (from: string, to: string): Promise<void> => NODE_FS.rename(from, to);

  async create(path: string): Promise<JournalFile> {
    this.#try('create', path);
    return this.#file(path, await NODE_FS.create(path));
  }

  async open(path: string, mode: 'read' | 'write'): Promise<JournalFile> {
    this.#try('open', path);
    return this.#file(path, await NODE_FS.open(path, mode));
  }

  async remove(path: string): Promise<void> {
    this.#try('remove', path);
    await NODE_FS.remove(path);
  }

  async syncFolder(path: string): Promise<void> {
    this.#try('syncFolder', path);
    await NODE_FS.syncFolder(path);
  }

  #try(operation: Operation, path: string): void {
    this.done.push(`${operation} ${path.split('/').at(-1) ?? ''}`);
    const code = this.fails(operation, path);
    if (code !== undefined) throw Object.assign(new Error('injected'), { code });
  }

  #file(path: string, file: JournalFile): JournalFile {
    return {
      read: (into, position) => file.read(into, position),
      write: async (parts, position) => {
        this.#try('write', path);
        const all = Buffer.concat(parts);
        return file.write([all.subarray(0, this.shortBytes)], position);
      },
      sync: async () => {
        await this.duringSync();
        this.#try('sync', path);
        await file.sync();
      },
      truncate: async (bytes) => {
        this.#try('truncate', path);
        await file.truncate(bytes);
      },
      size: () => file.size(),
      close: () => file.close(),
    };
  }
}
