import {
  close,
  constants,
  fdatasync,
  fstat,
  fsync,
  ftruncate,
  open,
  read,
  readFile,
  statSync,
  writev,
} from 'node:fs';
import { chmod, mkdir, readdir, rename, stat, unlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { JournalError } from './journal-error.ts';

/** An open file. */
export interface JournalFile {
  /** Reads at a position. @returns how many bytes; 0 at the end */
  read(into: Uint8Array, position: number): Promise<number>;
  /** Writes at a position with one `writev`. @returns how many bytes, which may be fewer than were given */
  write(parts: readonly Uint8Array[], position: number): Promise<number>;
  /** `fdatasync`: resolves when what was written survives a power cut. */
  sync(): Promise<void>;
  truncate(bytes: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

export interface FileStatus {
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
}

/** What the journal asks of a file system; another one injects faults. Paths are absolute or relative to the process. */
export interface JournalFs {
  /** Makes a folder that only its owner can enter (0700), and its parents; makes one that is there so. */
  makeFolder(path: string): Promise<void>;
  /** The names in a folder, in any order; none when there is no folder. */
  list(path: string): Promise<string[]>;
  /** Makes a file that only its owner can read (0600), and opens it. @throws EEXIST when it is there */
  create(path: string): Promise<JournalFile>;
  /** Opens a file that is there, to read or to read and write. @throws ENOENT, JournalError for a pipe, a device or a folder */
  open(path: string, mode: 'read' | 'write'): Promise<JournalFile>;
  /** @throws the same as `open` */
  readText(path: string): Promise<string>;
  /** @returns undefined when it is not there */
  status(path: string): Promise<FileStatus | undefined>;
  /** Asked once a group, without waiting for a thread. */
  isThere(path: string): boolean;
  rename(from: string, to: string): Promise<void>;
  /** One that is not there is as good as removed. */
  remove(path: string): Promise<void>;
  /** Makes names that were made or removed in a folder survive a power cut. */
  syncFolder(path: string): Promise<void>;
}

const fsOpen = promisify(open);
const fsClose = promisify(close);
const fsRead = promisify(read);
const fsWritev = promisify(writev);
const fsDatasync = promisify(fdatasync);
const fsFsync = promisify(fsync);
const fsTruncate = promisify(ftruncate);
const fsStat = promisify(fstat);
const readWhole = promisify((fd: number, done: (error: Error | null, text: string) => void) =>
  readFile(fd, 'utf8', done),
);

/** The file system of this machine. */
export const NODE_FS: JournalFs = {
  async makeFolder(path) {
    await mkdir(path, { recursive: true, mode: 0o700 });
    if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o700);
  },
  list: (path) => readdir(path).catch(unlessMissing<string[]>([])),
  create: async (path) => fileOf(await fsOpen(path, 'wx+', 0o600)),
  open: async (path, mode) => fileOf(await openRegular(path, mode)),
  async readText(path) {
    const file = await openRegular(path, 'read');
    try {
      return await readWhole(file);
    } finally {
      await fsClose(file);
    }
  },
  status: (path) =>
    stat(path).then(
      ({ size, mtimeMs }): FileStatus => ({ bytes: size, changedAt: mtimeMs }),
      unlessMissing<FileStatus | undefined>(undefined),
    ),
  isThere: (path) => statSync(path, { throwIfNoEntry: false }) !== undefined,
  rename,
  remove: (path) => unlink(path).catch(unlessMissing<void>(undefined)),
  async syncFolder(path) {
    const fd = await fsOpen(path, 'r');
    try {
      await fsFsync(fd);
    } finally {
      await fsClose(fd);
    }
  },
};

/** What a pipe or a device gives never ends, and opening one may never either: others can put one there. */
async function openRegular(path: string, mode: 'read' | 'write'): Promise<number> {
  const fd = await fsOpen(
    path,
    (mode === 'read' ? constants.O_RDONLY : constants.O_RDWR) | constants.O_NONBLOCK,
  );
  const isFile = await fsStat(fd).then(
    (status) => status.isFile(),
    () => false,
  );
  if (isFile) return fd;
  await fsClose(fd);
  throw new JournalError(
    'damaged',
    'A file of the audit journal is none: a pipe, a device or a folder stands in its place. Find out who put it there.',
  );
}

function fileOf(fd: number): JournalFile {
  return {
    read: async (into, position) => (await fsRead(fd, into, 0, into.length, position)).bytesRead,
    write: async (parts, position) => (await fsWritev(fd, parts, position)).bytesWritten,
    sync: () => fsDatasync(fd),
    truncate: (bytes) => fsTruncate(fd, bytes),
    size: async () => (await fsStat(fd)).size,
    close: () => fsClose(fd),
  };
}

function unlessMissing<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return instead;
    throw error;
  };
}
