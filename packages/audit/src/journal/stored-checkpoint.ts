import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import type { JournalFs } from './journal-fs.ts';
import { isHash, MerkleTree } from './merkle-tree.ts';
import { openNote, type VerifierKey } from './note.ts';

/** A line is far shorter: a note and at most 53 nodes. */
const CHUNK = 64 * 1024;
const NEWLINE = 0x0a;

/** One line of a segment's checkpoints file: the signed note, and what a restart goes on from. */
export interface StoredCheckpoint {
  readonly note: string;
  /** Position in the segment behind the last record that it covers. */
  readonly end: number;
  /** SHA-256 of the body of that record, hexadecimal. */
  readonly last: string;
  /** Nodes of the tree: see `TreeState`. */
  readonly nodes: readonly string[];
}

export type ReadCheckpoint =
  | {
      readonly status: 'ok';
      readonly stored: StoredCheckpoint;
      readonly checkpoint: Checkpoint;
      readonly key: string;
    }
  | { readonly status: 'bad' }
  | { readonly status: 'unknown_key' }
  /** A last line without its end: a crash. */
  | { readonly status: 'torn'; readonly bytes: number };

export function checkpointLine(stored: StoredCheckpoint): string {
  return `${JSON.stringify(stored)}\n`;
}

/**
 * The checkpoints of a segment in the order of the file, one at a time; none when there is no file. Those that are
 * added after the first was asked for are left out: their records may be newer than what the caller reads.
 */
export async function* readCheckpoints(
  fs: JournalFs,
  path: string,
  keys: readonly VerifierKey[],
): AsyncGenerator<ReadCheckpoint, void, undefined> {
  const status = await fs.status(path);
  if (status === undefined) return;
  const file = await fs.open(path, 'read');
  try {
    let rest = Buffer.alloc(0);
    let position = 0;
    for (const chunk = Buffer.allocUnsafe(CHUNK); ;) {
      const left = Math.min(CHUNK, status.bytes - position);
      const got = await file.read(chunk.subarray(0, left), position);
      if (got === 0) break;
      position += got;
      rest = Buffer.concat([rest, chunk.subarray(0, got)]);
      for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
        yield readCheckpoint(rest.toString('utf8', 0, end), keys);
        rest = rest.subarray(end + 1);
      }
      if (rest.length > CHUNK) break;
    }
    if (rest.length > 0) yield { status: 'torn', bytes: rest.length };
  } finally {
    await file.close();
  }
}

/** The last whole checkpoint of a segment, and where it ends in the file; all that a restart reads of it. */
export async function lastCheckpoint(
  fs: JournalFs,
  path: string,
  keys: readonly VerifierKey[],
): Promise<{ readonly read: ReadCheckpoint; readonly end: number } | undefined> {
  const status = await fs.status(path);
  if (status === undefined) return undefined;
  const file = await fs.open(path, 'read');
  try {
    const from = Math.max(0, status.bytes - CHUNK);
    const tail = Buffer.alloc(status.bytes - from);
    const got = await file.read(tail, from);
    const end = tail.lastIndexOf(NEWLINE, got - 1);
    if (end < 0) return undefined;
    const start = end === 0 ? 0 : tail.lastIndexOf(NEWLINE, end - 1) + 1;
    return { read: readCheckpoint(tail.toString('utf8', start, end), keys), end: from + end + 1 };
  } finally {
    await file.close();
  }
}

function readCheckpoint(line: string, keys: readonly VerifierKey[]): ReadCheckpoint {
  const stored = parse(line);
  if (stored === undefined) return { status: 'bad' };
  const opened = openNote(stored.note, keys);
  if (opened.status !== 'ok') return opened;
  const checkpoint = parseCheckpoint(opened.text);
  if (checkpoint === undefined || rootOf(checkpoint.size, stored.nodes) !== checkpoint.root)
    return { status: 'bad' };
  return { status: 'ok', stored, checkpoint, key: opened.key };
}

function parse(line: string): StoredCheckpoint | undefined {
  try {
    const value = JSON.parse(line) as Partial<StoredCheckpoint> | null;
    const sound =
      typeof value?.note === 'string' &&
      Number.isSafeInteger(value.end) &&
      isHash(value.last) &&
      Array.isArray(value.nodes) &&
      // To the byte as it was written, so that no change goes unnoticed.
      checkpointLine(value as StoredCheckpoint) === `${line}\n`;
    return sound ? (value as StoredCheckpoint) : undefined;
  } catch {
    return undefined;
  }
}

function rootOf(size: number, nodes: readonly string[]): string | undefined {
  try {
    return MerkleTree.from({ size, nodes }).root();
  } catch {
    return undefined;
  }
}
