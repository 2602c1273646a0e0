import { isAscii } from 'node:buffer';

/** A part of a text that is read at once: from `from` to `to`, and what is around it for context. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  /** Where its context begins and ends; never inside a character. */
  readonly contextFrom: number;
  readonly contextTo: number;
  readonly ascii: boolean;
}

/** What matchers look back at, and forward, at most; the detector reads its own pieces with less. */
export const BEFORE = 2_048;
const AFTER = 8_192;
/** Blocks that are asked for other than ASCII; not shorter than the context before. */
const BLOCK = BEFORE;
const BLOCKS_AFTER = AFTER / BLOCK;
/** Shorter texts are not worth a division. */
const SHORT = 4 * AFTER;

/**
 * Parts UTF-8 where ASCII ends and begins. ASCII is decoded for nothing, and a text with one invisible character in it is
 * then not normalized as a whole. A finding belongs to the segment that it begins in.
 */
export function segmentsOf(bytes: Buffer): readonly Segment[] {
  const { length } = bytes;
  if (isAscii(bytes)) return [wholeSegment(length, true)];
  if (length <= SHORT) return [wholeSegment(length, false)];
  let lastOther = -2;
  // Near other characters a block is read as they are: so the context of ASCII is ASCII, too.
  const plain: boolean[] = [];
  for (let at = 0; at * BLOCK < length; at++) {
    const ascii = isAscii(bytes.subarray(at * BLOCK, (at + 1) * BLOCK));
    plain.push(ascii && lastOther < at - 1);
    if (ascii) continue;
    lastOther = at;
    plain.fill(false, Math.max(0, at - BLOCKS_AFTER));
  }
  const segments: Segment[] = [];
  for (let first = 0; first < plain.length;) {
    const ascii = plain[first] as boolean;
    let last = first + 1;
    while (last < plain.length && plain[last] === ascii) last += 1;
    const from = backToStart(bytes, first * BLOCK);
    const to = last === plain.length ? length : backToStart(bytes, last * BLOCK);
    const contextFrom = backToStart(bytes, Math.max(0, from - BEFORE));
    const contextTo = to + AFTER >= length ? length : backToStart(bytes, to + AFTER);
    segments.push({ from, to, contextFrom, contextTo, ascii });
    first = last;
  }
  return segments;
}

/** Of a text that is read as one. */
export function wholeSegment(length: number, ascii: boolean): Segment {
  return { from: 0, to: length, contextFrom: 0, contextTo: length, ascii };
}

/** The first byte of the character at `at`: bytes of the form 10xxxxxx continue one. */
export function backToStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && start > at - 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}
