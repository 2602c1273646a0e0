import { FRAME_HEAD, frameOf, HEAD, MAX_BODY } from './frame.ts';
import type { JournalFile } from './journal-fs.ts';
import { isHash, MerkleTree, type TreeState } from './merkle-tree.ts';
import { type CarriedCalls, parseCarried } from './open-calls.ts';
import { readFrames } from './read-frames.ts';

/**
 * First frame of a segment: all that is needed to go on from here without the segments before it. It needs no
 * signature of its own: the next checkpoint is one of a tree that began with these nodes.
 */
export interface SegmentHead {
  readonly v: 1;
  /** Which journal: the name of its first key and a random id. The first line of every checkpoint. */
  readonly origin: string;
  /** Verifier key of whoever signs from here on. */
  readonly key: string;
  /** When the segment was begun: RFC 3339, UTC, milliseconds. */
  readonly time: string;
  /** SHA-256 of the body of the record before, hexadecimal. */
  readonly prev: string;
  /** The tree over all records before. */
  readonly tree: TreeState;
  /** Calls with an attempt and no outcome among the records before. Absent in a head of a writer that did not tell. */
  readonly open?: CarriedCalls;
}

export function headFrame(head: SegmentHead): Buffer {
  return frameOf(HEAD, JSON.stringify(head));
}

/** @returns the head and the position of the first record; undefined when the file does not begin with a head */
export async function readHead(
  file: JournalFile,
): Promise<{ readonly head: SegmentHead; readonly end: number } | undefined> {
  for await (const frame of readFrames(file)) {
    const head = frame.ok ? parseHead(frame.body) : undefined;
    return frame.ok && head !== undefined ? { head, end: frame.end } : undefined;
  }
  return undefined;
}

/** Whether the file holds no more than a head that was not finished: its writer died, and no record follows. */
export async function isUnfinished(file: JournalFile): Promise<boolean> {
  const size = await file.size();
  const start = Buffer.alloc(FRAME_HEAD);
  if ((await file.read(start, 0)) < FRAME_HEAD) return true;
  // Zeros stand where a disk made room and the bytes never came.
  return size <= FRAME_HEAD + (start.readUInt32LE(0) || MAX_BODY);
}

function parseHead(body: Buffer): SegmentHead | undefined {
  if (body[0] !== HEAD) return undefined;
  try {
    const head = JSON.parse(body.toString('utf8', 1)) as Partial<SegmentHead> | null;
    const tree = head?.tree;
    const sound =
      head?.v === 1 &&
      typeof head.origin === 'string' &&
      typeof head.key === 'string' &&
      isHash(head.prev) &&
      tree !== undefined &&
      Number.isSafeInteger(tree.size) &&
      Array.isArray(tree.nodes) &&
      (head.open === undefined || parseCarried(head.open) !== undefined) &&
      MerkleTree.from(tree).size === tree.size;
    return sound ? (head as SegmentHead) : undefined;
  } catch {
    return undefined;
  }
}
