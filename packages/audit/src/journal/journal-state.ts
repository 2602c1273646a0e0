import { basename } from 'node:path';
import { MAX_LEFT_UNSIGNED } from './checkpointer.ts';
import { journalEntry, NO_RECORD, parseLink } from './entry.ts';
import { JournalError } from './journal-error.ts';
import type { JournalFile, JournalFs } from './journal-fs.ts';
import { leafHash, MerkleTree } from './merkle-tree.ts';
import type { VerifierKey } from './note.ts';
import { callMarkIn, OpenCalls } from './open-calls.ts';
import { readFrames } from './read-frames.ts';
import { type Begun, type SegmentEnds, setAside } from './segment.ts';
import { listSegments, type SegmentFiles } from './segment-files.ts';
import {
  isBeginning,
  isBound,
  isUnfinished,
  type ReadHead,
  readHead,
  type SegmentHead,
} from './segment-head.ts';
import { lastCheckpoint, type ReadCheckpoint } from './stored-checkpoint.ts';

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
  readonly found?: Begun & { readonly ends: SegmentEnds };
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
 * Finds where a journal stopped. Reads its segments from the newest one with a checkpoint on, which is the last one
 * nearly always, and checks all of them.
 *
 * @throws JournalError `damaged` when the folder does not hold what its checkpoint says, or more without a signature
 *   than a writer leaves; `unknown_key`
 */
export async function readState(options: Options): Promise<JournalState> {
  const segments = await finishedSegments(options);
  if (segments.length === 0)
    return { tree: new MerkleTree(), last: NO_RECORD, signed: 0, calls: new OpenCalls() };
  const { from, checkpoint } = await newestSigned(options, segments);
  const reader = new StateReader(options, checkpoint);
  for (const files of segments.slice(from)) await reader.segment(files, files === segments.at(-1));
  return reader.state();
}

/** The segments, without one that a process died in while it began it: no record was ever written there. */
async function finishedSegments({ fs, folder, newId }: Options): Promise<SegmentFiles[]> {
  const segments = await listSegments(fs, folder);
  for (let files = segments.at(-1); files !== undefined; files = segments.at(-1)) {
    const file = await fs.open(files.path, 'read');
    try {
      if ((await readHead(file)) !== undefined) break;
      if (!(await isUnfinished(file)) || ((await fs.status(files.checkpoints))?.bytes ?? 0) > 0)
        throw damaged(files.first);
    } finally {
      await file.close();
    }
    await fs.rename(files.path, `${files.path}.torn-${newId()}`);
    await fs.remove(files.checkpoints);
    segments.pop();
  }
  return segments;
}

type Signed = ReadCheckpoint & { status: 'ok' };

/** The newest checkpoint, and the segment that it stands beside; the oldest segment where there is none. */
async function newestSigned(
  { fs, keys }: Options,
  segments: readonly SegmentFiles[],
): Promise<{ readonly from: number; readonly checkpoint: Signed | undefined }> {
  for (let from = segments.length - 1; from >= 0; from -= 1) {
    const { checkpoints, first } = segments[from] as SegmentFiles;
    const read = (await lastCheckpoint(fs, checkpoints, keys))?.read;
    if (read === undefined) continue;
    if (read.status === 'unknown_key') throw unknownKey();
    if (read.status !== 'ok') throw damaged(first);
    return { from, checkpoint: read };
  }
  return { from: 0, checkpoint: undefined };
}

/** Goes through segments in order, from one that a checkpoint stands beside to the last one. */
class StateReader {
  readonly #options: Options;
  readonly #checkpoint: Signed | undefined;
  #isBegun = false;
  #tree = new MerkleTree();
  #last = NO_RECORD;
  #calls = new OpenCalls();
  /** A segment was bound to its head: every later one is. */
  #binds = false;
  /** What the checkpoint covers was read, and agrees. */
  #isChecked = false;
  #torn: JournalState['torn'];
  #found: JournalState['found'];

  constructor(options: Options, checkpoint: Signed | undefined) {
    this.#options = options;
    this.#checkpoint = checkpoint;
  }

  /** @throws JournalError `damaged`, `unknown_key` */
  async segment(files: SegmentFiles, isLast: boolean): Promise<void> {
    const { fs, folder, keys, newId } = this.#options;
    const file = await fs.open(files.path, 'read');
    try {
      const read = await readHead(file);
      if (read === undefined) throw damaged(files.first);
      if (!keys.some(({ name, id }) => read.head.key.startsWith(`${name}+${id}+`))) throw unknownKey();
      this.#begin(files, read.head);
      const { end, torn } = await this.#records(file, read);
      // It stands beside the first of these segments, and its last record does in it.
      if (this.#checkpoint !== undefined && !this.#isChecked) throw damaged(this.#tree.size);
      if (torn && !isLast) throw damaged(this.#tree.size);
      if (!isLast) return;
      if (torn) {
        const aside = `${basename(files.path)}.torn-${newId()}`;
        const bytes = await setAside(fs, folder, { path: files.path, from: end, to: aside });
        this.#torn = { file: aside, bytes };
      }
      const checkpointBytes = (await lastCheckpoint(fs, files.checkpoints, keys))?.end ?? 0;
      const ends = { bytes: end, checkpointBytes };
      this.#found = { files, head: read.head, headHash: read.hash, ends };
    } finally {
      await file.close();
    }
  }

  state(): JournalState {
    const size = this.#tree.size;
    const signed = this.#checkpoint?.checkpoint.size ?? 0;
    if (size - signed > MAX_LEFT_UNSIGNED) throw damaged(signed);
    return {
      tree: this.#tree,
      last: this.#last,
      calls: this.#calls,
      signed,
      ...(this.#torn !== undefined && { torn: this.#torn }),
      ...(this.#found !== undefined && { found: this.#found }),
    };
  }

  #begin({ first }: SegmentFiles, head: SegmentHead): void {
    const signed = this.#checkpoint?.checkpoint;
    if (head.tree.size !== first || (signed !== undefined && head.origin !== signed.origin))
      throw damaged(first);
    if (!this.#isBegun) {
      this.#isBegun = true;
      // Either a checkpoint covers what follows from this head, or nothing is before it.
      if (signed === undefined && first > 0) throw damaged(first);
      this.#tree = MerkleTree.from(head.tree);
      this.#last = head.prev;
      if (first === 0 && !isBeginning(head)) throw damaged(0);
    } else {
      const goesOn =
        head.prev === this.#last &&
        JSON.stringify(head.tree) === JSON.stringify(this.#tree.state()) &&
        (head.open === undefined || this.#calls.agrees(head.open));
      if (!goesOn) throw damaged(Math.min(first, this.#tree.size));
    }
    this.#calls = new OpenCalls(head.open);
  }

  /** @returns the position behind the last record, and whether more stands there that is none */
  async #records(
    file: JournalFile,
    read: ReadHead,
  ): Promise<{ readonly end: number; readonly torn: boolean }> {
    let { end } = read;
    this.#compare(end);
    for await (const frame of readFrames(file, read.end)) {
      const size = this.#tree.size;
      if (!frame.ok) return { end, torn: true };
      const link = parseLink(frame.body);
      if (link?.seq !== size || link.prev !== this.#last) throw damaged(size);
      if (!isBound(link, read, this.#binds)) throw damaged(size);
      this.#binds ||= link.head !== undefined;
      // Whatever began a journal signed its first entry before it acknowledged anything.
      if (this.#checkpoint === undefined && (size > 0 || journalEntry(frame.body, link)?.type !== 'open'))
        throw damaged(0);
      this.#last = leafHash(frame.body);
      this.#tree.add(this.#last);
      this.#calls.apply(callMarkIn(frame.body, link));
      end = frame.end;
      this.#compare(end);
    }
    return { end, torn: false };
  }

  /** What the checkpoint says, once everything that it covers was read. */
  #compare(end: number): void {
    const signed = this.#checkpoint;
    const { size } = this.#tree;
    if (this.#isChecked || signed?.checkpoint.size !== size) return;
    const { stored, checkpoint } = signed;
    this.#isChecked = true;
    if (this.#tree.root() !== checkpoint.root || stored.last !== this.#last || stored.end !== end)
      throw damaged(size);
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
