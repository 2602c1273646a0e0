import { type Detector, type Rule, SECRET_RULES } from '@sallyport/detection/secrets';
import { mayHoldClientConfig } from '../client-config/looks-like-config.ts';
import { maskedExcerpt } from '../masked-excerpt.ts';
import { base64Runs, type Run } from './base64-runs.ts';
import { createHitsOnLine, type HitsOnLine } from './hits-on-line.ts';
import { lineTextAt } from './line-text.ts';
import type { LocatedHit } from './located-hit.ts';
import { createOffsetCounter } from './offset-counter.ts';
import { createPositionCounter, type Position, positionAfter, type PositionCounter } from './position.ts';
import { BEFORE, type Segment, segmentsOf, wholeSegment } from './segments.ts';
import { scanText, type TextHit } from './text-scanner.ts';

/** A part of a file, or all of it, with some bytes around it for context. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly encoding: 'utf8' | 'utf16le';
  /** The part of `bytes` that findings begin in. */
  readonly from: number;
  readonly to: number;
  /** Where `bytes[from]` stands in the file. */
  readonly at: Position;
}

/** A text that was decoded from a chunk. */
interface Piece {
  readonly text: string;
  readonly segment: Segment;
}

/**
 * A longer credential, such as a key of many lines, is read again from shortly before it: the detector reads long texts in
 * pieces, and where one ends must not change what the credential is.
 */
const LONG = 2_048;
/** And so much of the text after it. */
const MOST = 1 << 18;

/** Finds what a detector finds in chunks of files, with lines and columns. */
export interface ChunkScanner {
  scan(chunk: Chunk): readonly LocatedHit[];
}

export function createChunkScanner(detector: Detector): ChunkScanner {
  const rules = new Map(SECRET_RULES.map((rule) => [rule.id, rule]));
  return {
    scan: (chunk) => {
      const position = createPositionCounter(chunk);
      const found: LocatedHit[] = [];
      for (const piece of piecesOf(chunk)) {
        const hits = scanText(detector, piece.text, runsOf(chunk, piece));
        if (hits.length === 0) continue;
        const whole = hits.map((hit) => lengthened(detector, piece.text, hit));
        const places: Places = {
          position,
          offsetOf: offsetsOf(chunk, piece),
          onLine: createHitsOnLine(whole),
        };
        for (const [at, hit] of whole.entries()) {
          const offset = places.offsetOf(hit);
          // Otherwise it begins in another segment or chunk.
          if (isOwn(chunk, piece, offset))
            found.push(located(piece.text, hit, { at, offset, rule: rules.get(hit.rule) }, places));
        }
      }
      return found;
    },
  };
}

/** They are looked for in the bytes, which costs a third; where other text has some, `scanText` finds their places. */
function runsOf({ bytes, encoding }: Chunk, { segment }: Piece): readonly Run[] | undefined {
  if (encoding !== 'utf8') return undefined;
  const runs = base64Runs(bytes.subarray(segment.contextFrom, segment.contextTo));
  return segment.ascii || runs.length === 0 ? runs : undefined;
}

function piecesOf({ bytes, encoding }: Chunk): readonly Piece[] {
  const { length } = bytes;
  if (encoding === 'utf16le') {
    return [{ text: bytes.toString('utf16le'), segment: wholeSegment(length, false) }];
  }
  const segments = segmentsOf(bytes);
  // The config of a client is understood as a whole only.
  const isWhole = segments.length > 1 && mayHoldClientConfig(bytes);
  return (isWhole ? [wholeSegment(length, false)] : segments).map((segment) => {
    const { contextFrom, contextTo, ascii } = segment;
    // Latin-1 of ASCII is a copy of its bytes.
    return { text: bytes.toString(ascii ? 'latin1' : 'utf8', contextFrom, contextTo), segment };
  });
}

function lengthened(detector: Detector, text: string, hit: TextHit): TextHit {
  if (hit.encoded !== undefined || hit.end - hit.start < LONG) return hit;
  const from = Math.max(0, hit.start - BEFORE / 2);
  const part = text.slice(from, hit.start + MOST);
  const again = detector
    .scan(part)
    .find(({ start, rule }) => start === hit.start - from && rule === hit.rule);
  return again === undefined || from + again.end <= hit.end
    ? hit
    : { ...hit, end: from + again.end, secret: part.slice(again.start, again.end) };
}

/** What finds places in a piece; each is asked in the order of the text. */
interface Places {
  readonly position: PositionCounter;
  readonly offsetOf: (hit: TextHit) => number;
  readonly onLine: HitsOnLine;
}

function isOwn(chunk: Chunk, { segment }: Piece, offset: number): boolean {
  return offset >= Math.max(segment.from, chunk.from) && offset < Math.min(segment.to, chunk.to);
}

function located(
  text: string,
  hit: TextHit,
  { at, offset, rule }: { readonly at: number; readonly offset: number; readonly rule: Rule | undefined },
  { position, onLine }: Places,
): LocatedHit {
  const start = position.at(offset);
  const end = positionAfter(start, text.slice(hit.start, hit.end));
  const line = lineTextAt(text, hit.start);
  const inLine = hit.start - line.from;
  const checked = rule?.validate === undefined ? undefined : hit.score >= rule.scores.alone;
  return {
    rule: hit.rule,
    entity: hit.entity,
    severity: rule?.severity ?? 'high',
    score: hit.score,
    ...(checked === undefined ? {} : { validated: checked }),
    line: start.line + 1,
    column: start.column + 1,
    endLine: end.line + 1,
    endColumn: end.column + 1,
    ...(hit.encoded === undefined ? { byteOffset: start.byte } : { encoded: hit.encoded }),
    secret: hit.secret,
    lineText: line.text,
    start: inLine,
    end: Math.min(line.text.length, hit.end - line.from),
    ...(line.before === undefined ? {} : { lineBefore: line.before }),
    excerpt: maskedExcerpt(line.text, inLine, onLine(at, line)),
  };
}

/** Where in the chunk a place in the text of a segment is. */
function offsetsOf({ bytes, encoding }: Chunk, { text, segment }: Piece): Places['offsetOf'] {
  const { contextFrom, ascii } = segment;
  if (encoding === 'utf16le') return ({ start }) => start * 2;
  if (ascii) return ({ start }) => contextFrom + start;
  const counter = createOffsetCounter(bytes, text, contextFrom);
  return ({ start, secret }) => counter.at(start, secret);
}
