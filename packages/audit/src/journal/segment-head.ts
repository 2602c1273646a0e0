import { hash } from 'node:crypto';
import { FRAME_HEAD, frameOf, HEAD, MAX_BODY } from './frame.ts';
import { type Link, NO_RECORD } from './entry.ts';
import type { JournalFile } from './journal-fs.ts';
import { isHash, MerkleTree, type TreeState } from './merkle-tree.ts';
import { type CarriedCalls, parseCarried } from './open-calls.ts';
import { readFrames } from './read-frames.ts';

/**
 * First frame of a segment: all that is needed to go on from here without the segments before it. It needs no
 * signature of its own: the first record behind it holds its hash, and is in the tree of the next checkpoint.
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

/** A head as it stands in a file. */
export interface ReadHead {
  readonly head: SegmentHead;
  /** SHA-256 of the body of its frame, hexadecimal: see `Link`. */
  readonly hash: string;
  /** Position of the first record. */
  readonly end: number;
}

/** SHA-256 of the body of a head's frame, hexadecimal. */
export function headHash(frame: Uint8Array): string {
  return hash('sha256', frame.subarray(FRAME_HEAD), 'hex');
}

/** @returns undefined when the file does not begin with a head */
export async function readHead(file: JournalFile): Promise<ReadHead | undefined> {
  for await (const frame of readFrames(file)) {
    const head = frame.ok ? parseHead(frame.body) : undefined;
    if (!frame.ok || head === undefined) return undefined;
    return { head, hash: hash('sha256', frame.body, 'hex'), end: frame.end };
  }
  return undefined;
}

/** Whether a head is one that no record was before: it tells of no call either. */
export function isBeginning({ prev, tree, open }: SegmentHead): boolean {
  const isEmpty = open === undefined || (open.calls.length === 0 && open.more === 0);
  return tree.size === 0 && prev === NO_RECORD && isEmpty;
}

/**
 * Whether a record says of the head of its segment what it has to: the first one holds its hash, the others none.
 *
 * @param binds whether a segment before was bound; writers that did not bind came before those that do
 */
export function isBound(link: Link, { head, hash: own }: ReadHead, binds: boolean): boolean {
  if (link.seq !== head.tree.size) return link.head === undefined;
  return link.head === undefined ? !binds : link.head === own;
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
