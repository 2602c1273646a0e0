import type { Chunk, ChunkScanner } from './chunk-scanner.ts';
import { encodingOf, HEAD, type TextEncoding } from './encoding.ts';
import type { LocatedHit } from './located-hit.ts';
import { BEGINNING, createPositionCounter, type Position } from './position.ts';
import { backToStart } from './segments.ts';

/** Bytes one after the other: a file, or what comes out of an archive. */
interface ByteSource {
  /** Bytes that it is known to have, which saves the question for more. */
  readonly size?: number;
  /** Fills `into` from `at` as far as there is something; 0 at the end. */
  read(into: Buffer, at: number): number;
}

export interface ByteScan {
  readonly hits: readonly LocatedHit[];
  readonly bytes: number;
  readonly kind: 'text' | 'binary' | 'empty';
}

/** A file up to this size is scanned at once. Even, as is the context: units of UTF-16 are not parted. */
const CHUNK = 8 << 20;
/** What is kept of a chunk before the next one, and read past its end: more than any credential is long. */
const BEFORE = 8_192;
const AFTER = 1 << 17;
/** What the buffer has at first, and what it may grow to. */
const FIRST = 1 << 20;
const MOST = CHUNK + BEFORE + AFTER + 64;

/** Scans text of any length in a buffer of its own that is used again. */
export interface ByteScanner {
  /** All of `bytes`, which may be changed: UTF-16 with the high byte first is turned around in place. */
  scanAll(bytes: Buffer): ByteScan;
  scanFrom(source: ByteSource): ByteScan;
}

export function createByteScanner(scanner: ChunkScanner): ByteScanner {
  let buffer = Buffer.allocUnsafeSlow(FIRST);

  const fill = (source: ByteSource, from: number, most: number): number => {
    let end = from;
    while (end < most) {
      if (end === buffer.length) {
        const wider = Buffer.allocUnsafeSlow(Math.min(MOST, buffer.length * 2));
        buffer.copy(wider, 0, 0, end);
        buffer = wider;
      }
      const read = source.read(buffer.subarray(0, Math.min(most, buffer.length)), end);
      end += read;
      if (read === 0 || end === source.size) break;
    }
    return end;
  };

  const scanAll = (bytes: Buffer): ByteScan => {
    if (bytes.length === 0) return { hits: [], bytes: 0, kind: 'empty' };
    const encoding = encodingOf(bytes);
    if (encoding === undefined) return { hits: [], bytes: bytes.length, kind: 'binary' };
    const { mark } = encoding;
    const text = bytes.subarray(mark);
    turn(text, encoding, 0, text.length);
    const at = { ...BEGINNING, byte: mark };
    const hits = scanner.scan({ bytes: text, encoding: wordOf(encoding), from: 0, to: text.length, at });
    return { hits, bytes: bytes.length, kind: 'text' };
  };

  const scanFrom = (source: ByteSource): ByteScan => {
    const first = fill(source, 0, FIRST);
    const encoding = encodingOf(buffer.subarray(0, Math.min(HEAD, first)));
    if (first < FIRST || encoding === undefined) return scanAll(buffer.subarray(0, first));
    let end = fill(source, first, CHUNK + AFTER);
    if (end < CHUNK + AFTER) return scanAll(buffer.subarray(0, end));
    const hits: LocatedHit[] = [];
    let from = encoding.mark;
    let at: Position = { ...BEGINNING, byte: from };
    let isLast = false;
    turn(buffer, encoding, from, end);
    for (;;) {
      const to = isLast ? end : edgeOf(buffer, encoding, end - AFTER);
      const chunk: Chunk = { bytes: buffer.subarray(0, end), encoding: wordOf(encoding), from, to, at };
      for (const hit of scanner.scan(chunk)) hits.push(hit);
      at = createPositionCounter(chunk).at(to);
      if (isLast) return { hits, bytes: at.byte, kind: 'text' };
      const kept = edgeOf(buffer, encoding, to - BEFORE);
      buffer.copyWithin(0, kept, end);
      from = to - kept;
      const known = end - kept;
      end = fill(source, known, from + CHUNK + AFTER);
      isLast = end < from + CHUNK + AFTER;
      turn(buffer, encoding, known, end);
    }
  };
  return { scanAll, scanFrom };
}

function wordOf({ name }: TextEncoding): Chunk['encoding'] {
  return name === 'utf8' ? 'utf8' : 'utf16le';
}

/** The beginning of the character at `at`. */
function edgeOf(bytes: Buffer, { name }: TextEncoding, at: number): number {
  return name === 'utf8' ? backToStart(bytes, at) : at - (at % 2);
}

/** UTF-16 with the high byte first becomes UTF-16 with the low byte first. */
function turn(bytes: Buffer, { name }: TextEncoding, from: number, to: number): void {
  if (name === 'utf16be') bytes.subarray(from, to - ((to - from) % 2)).swap16();
}
