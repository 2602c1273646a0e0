import { parseCheckpoint } from './checkpoint.ts';
import { parseLink, valueText } from './entry.ts';
import { RECORD } from './frame.ts';
import { JournalError } from './journal-error.ts';
import { type JournalFs, NODE_FS } from './journal-fs.ts';
import {
  consistencyRanges,
  inclusionRanges,
  type LeafRange,
  RangeRoots,
  verifyConsistency,
  verifyInclusion,
} from './merkle-proof.ts';
import { isHash, leafHash } from './merkle-tree.ts';
import { openNote, parseVerifierKey } from './note.ts';
import { listSegments } from './segment-files.ts';
import { lastCheckpoint, type ReadCheckpoint } from './stored-checkpoint.ts';
import { walkRecords } from './walk-records.ts';

/** That one record stands in the journal that a checkpoint vouches for: RFC 6962, section 2.1.1. */
export interface InclusionProof {
  readonly v: 1;
  /** The body of the record without its first byte: the leaf is SHA-256 of 0x00, 0x00 dropped here, and this text. */
  readonly record: string;
  /** Its sequence number. */
  readonly index: number;
  /** The audit path, hexadecimal, from the leaf up. */
  readonly path: readonly string[];
  /** The signed note. */
  readonly checkpoint: string;
}

/** That a journal of `from` records is a beginning of one of `to`: RFC 6962, section 2.1.2. */
export interface ConsistencyProof {
  readonly v: 1;
  readonly from: number;
  readonly to: number;
  /** Hexadecimal. */
  readonly path: readonly string[];
}

export type CheckedProof =
  | {
      readonly ok: true;
      readonly origin: string;
      readonly index: number;
      readonly size: number;
      readonly record: unknown;
    }
  | { readonly ok: false; readonly why: 'malformed' | 'unknown_key' | 'signature' | 'path' };

interface ProveOptions {
  /** Default: the file system of this machine. */
  readonly fs?: JournalFs;
}

/**
 * Proves that the record with this id is in the journal, under its last checkpoint. Reads the journal twice, in memory
 * that does not grow with it.
 *
 * @throws JournalError `not_found` when no record has the id, or it is newer than the last checkpoint
 */
export async function prove(
  folder: string,
  id: string,
  keys: readonly string[],
  options: ProveOptions = {},
): Promise<InclusionProof> {
  const fs = options.fs ?? NODE_FS;
  const found = await findRecord(fs, folder, id);
  if (found === undefined) throw new JournalError('not_found', 'No record of the journal has this id.');
  const last = await newestCheckpoint(fs, folder, keys);
  if (last === undefined || last.checkpoint.size <= found.index)
    throw new JournalError(
      'not_found',
      'The record is newer than the last checkpoint; try again in a second.',
    );
  const ranges = inclusionRanges(found.index, last.checkpoint.size);
  const path = await rootsOf(fs, folder, ranges, last.checkpoint.size);
  return { v: 1, record: found.record, index: found.index, path, checkpoint: last.stored.note };
}

/** Checks a proof with the keys alone; the journal is not needed. `record` is what was recorded. */
export function verifyProof(proof: unknown, keys: readonly string[]): CheckedProof {
  if (!isInclusionProof(proof)) return { ok: false, why: 'malformed' };
  const opened = openNote(proof.checkpoint, keys.map(parseVerifierKey));
  if (opened.status !== 'ok')
    return { ok: false, why: opened.status === 'bad' ? 'signature' : opened.status };
  const checkpoint = parseCheckpoint(opened.text);
  const body = Buffer.concat([Buffer.of(RECORD), Buffer.from(proof.record)]);
  const link = parseLink(body);
  if (checkpoint === undefined || link === undefined) return { ok: false, why: 'malformed' };
  const { origin, size, root } = checkpoint;
  const { index, path } = proof;
  const included = verifyInclusion({ hash: leafHash(body), index, path, size, root });
  if (!included || link.seq !== index) return { ok: false, why: 'path' };
  return { ok: true, origin, index, size, record: JSON.parse(valueText(body, link)) as unknown };
}

/** Proves that the journal of `from` records is a beginning of that of `to`. @throws JournalError when it is too short */
export async function proveConsistency(
  folder: string,
  from: number,
  to: number,
  options: ProveOptions = {},
): Promise<ConsistencyProof> {
  const path = await rootsOf(options.fs ?? NODE_FS, folder, consistencyRanges(from, to), to);
  return { v: 1, from, to, path };
}

/** Whether the journal of the first checkpoint is a beginning of that of the second, by two notes that the keys signed. */
export function verifyConsistencyProof(
  proof: ConsistencyProof,
  notes: { readonly first: string; readonly second: string },
  keys: readonly string[],
): boolean {
  const known = keys.map(parseVerifierKey);
  const [first, second] = [notes.first, notes.second].map((note) => {
    const opened = openNote(note, known);
    return opened.status === 'ok' ? parseCheckpoint(opened.text) : undefined;
  });
  if (first === undefined || second === undefined || first.origin !== second.origin) return false;
  const same = first.size === proof.from && second.size === proof.to && proof.path.every(isHash);
  return same && verifyConsistency(first, second, proof.path);
}

async function findRecord(
  fs: JournalFs,
  folder: string,
  id: string,
): Promise<{ readonly index: number; readonly record: string } | undefined> {
  const wanted = `"id":${JSON.stringify(id)}`;
  for await (const walked of walkRecords(fs, folder)) {
    if (walked.kind === 'start' || !walked.body.includes(wanted)) continue;
    const { link, body } = walked;
    const value = JSON.parse(valueText(body, link)) as { readonly id?: unknown } | null;
    if (link.member === 'record' && value?.id === id)
      return { index: link.seq, record: body.toString('utf8', 1) };
  }
  return undefined;
}

async function newestCheckpoint(
  fs: JournalFs,
  folder: string,
  keys: readonly string[],
): Promise<(ReadCheckpoint & { status: 'ok' }) | undefined> {
  const known = keys.map(parseVerifierKey);
  for (const { checkpoints } of (await listSegments(fs, folder)).toReversed()) {
    const last = await lastCheckpoint(fs, checkpoints, known);
    if (last?.read.status === 'ok') return last.read;
  }
  return undefined;
}

async function rootsOf(
  fs: JournalFs,
  folder: string,
  ranges: readonly LeafRange[],
  size: number,
): Promise<string[]> {
  let roots = new RangeRoots(ranges);
  try {
    for await (const walked of walkRecords(fs, folder)) {
      if (walked.kind === 'start') roots = new RangeRoots(ranges, walked.tree);
      else if (walked.link.seq >= size) break;
      else roots.leaf(walked.leaf(), walked.link.seq);
    }
    return roots.roots();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new JournalError('not_found', 'Records that the proof needs were pruned, or are not there yet.');
  }
}

function isInclusionProof(proof: unknown): proof is InclusionProof {
  if (typeof proof !== 'object' || proof === null) return false;
  const { v, record, index, path, checkpoint } = proof as Partial<InclusionProof>;
  return (
    v === 1 &&
    typeof record === 'string' &&
    Number.isSafeInteger(index) &&
    Array.isArray(path) &&
    path.every(isHash) &&
    typeof checkpoint === 'string'
  );
}
