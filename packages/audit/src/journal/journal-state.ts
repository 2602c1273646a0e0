import { basename } from 'node:path';
import { NO_RECORD, parseLink } from './entry.ts';
import { JournalError } from './journal-error.ts';
import type { JournalFile, JournalFs } from './journal-fs.ts';
import { leafHash, MerkleTree } from './merkle-tree.ts';
import type { VerifierKey } from './note.ts';
import { callMarkIn, OpenCalls } from './open-calls.ts';
import { readFrames } from './read-frames.ts';
import { type SegmentEnds, setAside } from './segment.ts';
import { listSegments, type SegmentFiles } from './segment-files.ts';
import { isUnfinished, readHead, type SegmentHead } from './segment-head.ts';
import { lastCheckpoint } from './stored-checkpoint.ts';

/** Where a journal stopped. */
export interface JournalState {
  readonly tree: MerkleTree;
  /** SHA-256 of the body of the last record. */
  readonly last: string;
  /** How many records have a checkpoint. */
  readonly signed: number;
  /** Calls with an attempt and no outcome. */
  readonly calls: OpenCalls;
  /** What a crash left behind the last whole record: cut off, and kept in a file of this name. */
  readonly torn?: { readonly bytes: number; readonly file: string };
  /** The segment to go on with; undefined in a new journal. */
  readonly found?: { readonly files: SegmentFiles; readonly head: SegmentHead; readonly ends: SegmentEnds };
}

interface Options {
  readonly fs: JournalFs;
  readonly folder: string;
  /** Keys that may have signed. */
  readonly keys: readonly VerifierKey[];
  /** For names that are never used again. */
  readonly newId: () => string;
}

/**
 * Finds where a journal stopped, reading only its last segment, and checking it from its last checkpoint on.
 *
 * @throws JournalError `damaged` when the folder does not hold what the checkpoint says, `unknown_key`
 */
export async function readState(options: Options): Promise<JournalState> {
  const { fs, folder, keys } = options;
  let segments = await listSegments(fs, folder);
  for (;;) {
    const files = segments.at(-1);
    if (files === undefined)
      return { tree: new MerkleTree(), last: NO_RECORD, signed: 0, calls: new OpenCalls() };
    const file = await fs.open(files.path, 'read');
    try {
      const read = await readHead(file);
      if (read !== undefined) {
        if (!keys.some(({ name, id }) => read.head.key.startsWith(`${name}+${id}+`))) throw unknownKey();
        return await readTail(options, files, read);
      }
      if (!(await isUnfinished(file)) || ((await fs.status(files.checkpoints))?.bytes ?? 0) > 0)
        throw damaged(files.first);
    } finally {
      await file.close();
    }
    // The process died while it began this segment; no record was ever written to it.
    await fs.rename(files.path, `${files.path}.torn-${options.newId()}`);
    await fs.remove(files.checkpoints);
    segments = segments.slice(0, -1);
  }
}

async function readTail(
  options: Options,
  files: SegmentFiles,
  { head, end: headEnd }: { readonly head: SegmentHead; readonly end: number },
): Promise<JournalState> {
  const { fs, folder } = options;
  const checkpoint = await lastCheckpoint(fs, files.checkpoints, options.keys);
  if (checkpoint?.read.status === 'unknown_key') throw unknownKey();
  if (checkpoint !== undefined && checkpoint.read.status !== 'ok') throw damaged(files.first);
  const signed = checkpoint?.read.status === 'ok' ? checkpoint.read : undefined;
  if (signed !== undefined && signed.checkpoint.origin !== head.origin) throw damaged(files.first);
  const tree = MerkleTree.from(
    signed === undefined ? head.tree : { size: signed.checkpoint.size, nodes: signed.stored.nodes },
  );
  let last = signed?.stored.last ?? head.prev;
  let bytes = signed?.stored.end ?? headEnd;
  let torn = false;
  const calls = new OpenCalls(head.open);
  const file = await fs.open(files.path, 'read');
  try {
    if ((await file.size()) < bytes) throw damaged(tree.size);
    await readCalls(file, { from: headEnd, to: bytes, first: files.first }, calls);
    for await (const frame of readFrames(file, bytes)) {
      if (!frame.ok) {
        torn = true;
        break;
      }
      const link = parseLink(frame.body);
      if (link?.seq !== tree.size || link.prev !== last) throw damaged(tree.size);
      last = leafHash(frame.body);
      tree.add(last);
      calls.apply(callMarkIn(frame.body, link));
      bytes = frame.end;
    }
  } finally {
    await file.close();
  }
  const aside = `${basename(files.path)}.torn-${options.newId()}`;
  return {
    tree,
    last,
    calls,
    signed: signed?.checkpoint.size ?? head.tree.size,
    ...(torn && {
      torn: { file: aside, bytes: await setAside(fs, folder, { path: files.path, from: bytes, to: aside }) },
    }),
    found: { files, head, ends: { bytes, checkpointBytes: checkpoint?.end ?? 0 } },
  };
}

/** What the records that are signed say about open calls. @throws JournalError when they cannot be read */
async function readCalls(
  file: JournalFile,
  part: { readonly from: number; readonly to: number; readonly first: number },
  calls: OpenCalls,
): Promise<void> {
  if (part.from === part.to) return;
  let sequence = part.first;
  for await (const frame of readFrames(file, part.from)) {
    const link = frame.ok ? parseLink(frame.body) : undefined;
    if (!frame.ok || link?.seq !== sequence || frame.end > part.to) throw damaged(sequence);
    calls.apply(callMarkIn(frame.body, link));
    if (frame.end === part.to) return;
    sequence += 1;
  }
}

function damaged(sequence: number): JournalError {
  return new JournalError(
    'damaged',
    `The audit journal does not hold what was written to it, from record ${sequence} on. Keep the folder as evidence and give the journal a new one.`,
  );
}

function unknownKey(): JournalError {
  return new JournalError(
    'unknown_key',
    'The audit journal was signed with another key. Give its verifier key as a former key, or give the journal a new folder.',
  );
}
