import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JournalFile } from '../journal/journal-fs.ts';
import { type KeyEntry, parseKeyEntries } from './key-entry.ts';
import { type KeyFrames, MOST_BODY_BYTES, PREFIX_BYTES } from './key-frames.ts';
import type { EntryPlace, FramePlace } from './key-index.ts';
import { altered, type SubjectKeysError } from './subject-keys-error.ts';

/** An open file of keys, to read from. */
export interface KeySource {
  readonly path: string;
  readonly file: JournalFile;
  readonly frames: KeyFrames;
}

export interface FoundFrame extends FramePlace {
  readonly entries: readonly KeyEntry[];
}

/** Frames that are read before others have a turn: a few milliseconds of work. */
const TURN_FRAMES = 16;
const CHUNK_BYTES = 262_144;
/**
 * Blocks that the file system had given to the file, but not written when the power went, are read as zeros. A frame ends
 * in a tag of 16 bytes, which are not zeros.
 */
const LEAST_ZEROS = 16;

/**
 * The frames from a place on. What a crash left of a frame at the end is passed over; anything else that is not as it was
 * written is an error, since what comes after it would be lost without a word.
 *
 * @throws SubjectKeysError `altered`
 */
export async function* readFrames(
  source: KeySource,
  from: Omit<FramePlace, 'end'>,
): AsyncGenerator<FoundFrame, void, undefined> {
  const { frames, path } = source;
  let { at } = from;
  let chunk: Buffer = Buffer.alloc(0);
  for (let { index } = from; ; index += 1) {
    if (chunk.length < PREFIX_BYTES + MOST_BODY_BYTES) chunk = await withMore(source, chunk, at);
    if (chunk.length < PREFIX_BYTES) return;
    const length = frames.lengthIn(index, chunk);
    const size = PREFIX_BYTES + (length ?? 0);
    if (length !== undefined && chunk.length < size) return;
    const value = length === undefined ? undefined : frames.read(index, chunk.subarray(PREFIX_BYTES, size));
    if (value === undefined) {
      if (await endsInZeros(source, at, chunk.subarray(0, size))) return;
      throw changed(path, index);
    }
    yield { index, at, end: at + size, entries: entriesOf(path, index, value) };
    at += size;
    chunk = chunk.subarray(size);
    if (index % TURN_FRAMES === TURN_FRAMES - 1) await nextTurn();
  }
}

/** @throws SubjectKeysError `altered` */
export async function readEntry(source: KeySource, place: EntryPlace): Promise<KeyEntry> {
  const { file, frames, path } = source;
  const { index, at, end, nth } = place;
  const frame = Buffer.alloc(end - at);
  const isWhole = (await readFully(file, frame, at)) === frame.length;
  const isFrame = isWhole && frames.lengthIn(index, frame) === frame.length - PREFIX_BYTES;
  const value = isFrame ? frames.read(index, frame.subarray(PREFIX_BYTES)) : undefined;
  const entry = value === undefined ? undefined : entriesOf(path, index, value)[nth];
  if (entry === undefined) throw changed(path, index);
  return entry;
}

/** @returns how many bytes there were, up to the length of the buffer */
export async function readFully(file: JournalFile, into: Buffer, position: number): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const got = await file.read(into.subarray(filled), position + filled);
    if (got === 0) break;
    filled += got;
  }
  return filled;
}

function changed(path: string, index: number): SubjectKeysError {
  return altered(path, `frame ${index} was changed`);
}

function entriesOf(path: string, index: number, value: unknown): readonly KeyEntry[] {
  const entries = parseKeyEntries(value);
  const isInPlace = entries?.every(({ type }, nth) => (type === 'file') === (index === 0 && nth === 0));
  if (entries !== undefined && isInPlace === true) return entries;
  throw altered(path, `frame ${index} was written by another version, which has to be used`);
}

/** What is known of the file from a position on, with more behind it, unless it ends. */
async function withMore({ file }: KeySource, known: Buffer, at: number): Promise<Buffer> {
  const next = Buffer.allocUnsafe(known.length + CHUNK_BYTES);
  known.copy(next);
  const read = await readFully(file, next.subarray(known.length), at + known.length);
  return next.subarray(0, known.length + read);
}

/** Whether a frame ends in zeros, and the file with it. */
async function endsInZeros(source: KeySource, at: number, frame: Buffer): Promise<boolean> {
  const start = frame.findLastIndex((byte) => byte !== 0) + 1;
  const rest = await withMore(source, Buffer.alloc(0), at + start);
  return rest.length >= LEAST_ZEROS && rest.length < CHUNK_BYTES && rest.every((byte) => byte === 0);
}
