import type { ByteScan, ByteScanner } from '../engine/byte-scanner.ts';
import { type ArchiveKind, archiveKindOf } from './archive-kind.ts';
import { type FileProblem, readWhole } from './read-file.ts';
import { readGzip, readTar } from './tar-entries.ts';
import { readZip } from './zip-entries.ts';

/** An archive in an archive is looked into, and no further. */
const DEPTH = 2;
/** What all entries of an archive may unpack to, and one of them, in bytes; and how many there may be. */
const MOST_BYTES = 1 << 29;
const MOST_ENTRY = 1 << 26;
const MOST_ENTRIES = 100_000;

/** What is left of what an archive may unpack to; shared by the archives in it. */
export interface Budget {
  bytes: number;
  entries: number;
  readonly entryBytes: number;
}

/** What a reader of archives tells of each entry. */
export type TakeEntry = (name: string, entry: Buffer | FileProblem) => Promise<void>;

/** Tells what was found in an entry; `inside` is empty where it is about the archive itself. */
export type TakeScan = (inside: string, scan: ByteScan | FileProblem) => void;

/** Nothing of it is written to disk, and the names of entries are only ever shown. */
export async function scanArchive(
  scanner: ByteScanner,
  path: string | Buffer,
  options: { readonly kind: ArchiveKind; readonly maxFileBytes: number },
  take: TakeScan,
): Promise<void> {
  // It is held in memory as a whole: a budget for what comes out bounds what may go in.
  const bytes = readWhole(path, Math.min(options.maxFileBytes, MOST_BYTES));
  if (!Buffer.isBuffer(bytes)) return take('', bytes);
  const budget: Budget = { bytes: MOST_BYTES, entries: MOST_ENTRIES, entryBytes: MOST_ENTRY };
  await scanBytes(scanner, bytes, options.kind, { budget, inside: '', depth: 0 }, take);
}

interface Place {
  readonly budget: Budget;
  readonly inside: string;
  readonly depth: number;
}

async function scanBytes(
  scanner: ByteScanner,
  bytes: Buffer,
  kind: ArchiveKind,
  place: Place,
  take: TakeScan,
): Promise<void> {
  const { budget, inside, depth } = place;
  const takeEntry: TakeEntry = async (name, entry) => {
    const path = inside === '' ? name : `${inside}!/${name}`;
    if (!Buffer.isBuffer(entry)) return take(path, entry);
    const nested = archiveKindOf(name);
    if (nested === undefined) return take(path, scanner.scanAll(entry));
    if (depth + 1 >= DEPTH)
      return take(path, { why: 'archive', message: 'It is an archive in an archive in an archive.' });
    await scanBytes(scanner, entry, nested, { budget, inside: path, depth: depth + 1 }, take);
  };
  try {
    await READERS[kind](bytes, budget, takeEntry);
  } catch {
    // What a library says may quote the archive.
    take(inside, { why: 'archive', message: 'It cannot be read as the archive that its name says it is.' });
  }
}

const READERS: Readonly<
  Record<ArchiveKind, (bytes: Buffer, budget: Budget, take: TakeEntry) => Promise<void>>
> = { zip: readZip, tar: readTar, gzip: readGzip };
