import { Refusal } from '@sallyport/core';

import { BASE64_UNITS, base64End, base64Start, paddingEnd } from './base64-units.ts';
import { decodeBytes, decodeDeclared } from './decode-bytes.ts';
import { findWrapped, isGroups } from './wrapped-base64.ts';

/** Text that stands in base64, and how to write another in its place. */
export interface EncodedText {
  readonly text: string;
  write(text: string): string;
  /** Bytes that were decoded. */
  readonly size: number;
}

/** Below this, chance makes text of what is none. */
const SHORTEST = 24;
const MARK = ';base64,';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const BASE64_URL = /^[A-Za-z0-9_-]+={0,2}$/;
const DATA_URI = /^data:([^,;]{0,100})((?:;[^,;]{1,100}){0,5}),/i;
const TEXTUAL =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|yaml|x-yaml|x-ndjson|ndjson|javascript|sql|csv|rtf|hl7[\w.+-]*|edi-hl7[\w.+-]*|edifact|x-www-form-urlencoded)\b|image\/svg)/i;

/** One in the middle of another text. */
export interface EncodedRun extends EncodedText {
  readonly start: number;
  readonly end: number;
}

const NO_RUNS: readonly EncodedRun[] = Object.freeze([]);

/**
 * Whether a text in which `hasMarks` sees none may have base64 in it; most have not.
 *
 * @param hasRun whether it may have 24 units of base64 in a row, where that is known
 */
export function mayHoldBase64(unmarked: string, hasRun: boolean): boolean {
  return unmarked.length >= SHORTEST && ((hasRun && longRunFrom(unmarked, 0) !== -1) || isGroups(unmarked));
}

/** Words of a text that are base64 of a text themselves. */
export function findEncodedRuns(source: string): readonly EncodedRun[] {
  let end = longRunFrom(source, 0);
  if (end === -1 && !source.includes(MARK)) return joinWrapped(source, NO_RUNS);
  const runs: EncodedRun[] = [];
  for (; end !== -1; end = longRunFrom(source, end)) addRun(source, base64Start(source, end), end, runs);
  // After this, base64 may be as short as it likes.
  for (let at = source.indexOf(MARK); at !== -1; at = source.indexOf(MARK, at + 1)) {
    const start = at + MARK.length;
    const shortEnd = base64End(source, start);
    if (shortEnd > start && shortEnd - start < SHORTEST) addRun(source, start, shortEnd, runs);
  }
  return joinWrapped(source, runs).toSorted((a, b) => a.start - b.start);
}

/** Lines of one block are read as one: a value may go on over the end of a line. */
function joinWrapped(source: string, runs: readonly EncodedRun[]): readonly EncodedRun[] {
  const blocks = findWrapped(
    source,
    (packed) => packed.length >= SHORTEST && readBase64(packed) !== undefined,
  );
  if (blocks.length === 0) return runs;
  const joined = blocks.flatMap(({ start, end, packed, wrap }) => {
    const read = readBase64(packed);
    return read === undefined
      ? []
      : [{ ...read, write: (text: string) => wrap(read.write(text)), start, end }];
  });
  let next = 0;
  const others = runs
    .toSorted((a, b) => a.start - b.start)
    .filter((run) => {
      while (next < joined.length && (joined[next] as EncodedRun).end <= run.start) next += 1;
      return next === joined.length || (joined[next] as EncodedRun).start >= run.end;
    });
  return [...others, ...joined];
}

/**
 * The end of the next run that is long enough; -1 where there is none. A window of that length is read from its end, so
 * that the first blank in it says where the next one may begin, and most of a text is not looked at.
 */
function longRunFrom(source: string, from: number): number {
  let end = from + SHORTEST - 1;
  while (end < source.length) {
    const least = end - SHORTEST;
    let at = end;
    while (at > least && BASE64_UNITS[source.charCodeAt(at)] === 1) at -= 1;
    if (at === least) return base64End(source, end);
    end = at + SHORTEST;
  }
  return -1;
}

function addRun(source: string, start: number, end: number, runs: EncodedRun[]): void {
  const padded = paddingEnd(source, end);
  const text = readBase64(source.slice(start, padded));
  if (text !== undefined) runs.push({ ...text, start, end: padded });
}

function readBase64(source: string): EncodedText | undefined {
  const isUrl = !BASE64.test(source);
  if (isUrl && !BASE64_URL.test(source)) return undefined;
  const bytes = Buffer.from(source, 'base64');
  const decoded = decodeBytes(bytes);
  if (decoded === undefined) return undefined;
  const encoding = isUrl ? 'base64url' : 'base64';
  return {
    text: decoded.text,
    write: (text) => decoded.encode(text).toString(encoding),
    size: bytes.length,
  };
}

/** A `data:` URI (RFC 2397) of a text. */
export function readDataUri(source: string): EncodedText | undefined {
  const match = DATA_URI.exec(source);
  if (match === null) return undefined;
  const [head, type = '', parameters = ''] = match;
  if (!/;base64$/i.test(parameters)) return undefined;
  const blob = readBlob(source.slice(head.length), type === '' ? 'text/plain' : type);
  return blob === undefined ? undefined : { ...blob, write: (text) => head + blob.write(text) };
}

/**
 * A blob that holds text: what its media type says, and what it is. Undefined for what is not text.
 *
 * @param type the media type beside it, if there is one
 * @throws Refusal `permission_denied` for what is said to be text and cannot be read
 */
export function readBlob(source: string, type: string | undefined): EncodedText | undefined {
  const bytes = Buffer.from(source, 'base64');
  const size = bytes.length;
  if (size === 0) return undefined;
  const declared = isTextual(type);
  const decoded = decodeBytes(bytes) ?? (declared ? decodeDeclared(bytes) : undefined);
  if (decoded !== undefined) {
    const write = (text: string): string => wrapAs(source, decoded.encode(text).toString('base64'));
    return { text: decoded.text, write, size };
  }
  if (declared) {
    throw new Refusal(
      'permission_denied',
      'A blob is declared as text and cannot be read; send it as UTF-8.',
    );
  }
  return undefined;
}

/**
 * The same for what is named as a blob is and may be something else: only base64 in full groups (RFC 4648, section 4), in
 * one line or in lines, is taken for it, and only where it is long enough is it refused.
 */
export function readAttached(source: string, type: string): EncodedText | undefined {
  const [first = '', ...rest] = source.trim().split(/\s+/);
  const packed = first + rest.join('');
  const isWrapped = rest.slice(0, -1).every((group) => group.length === first.length);
  if (!isWrapped || packed.length % 4 !== 0 || !BASE64.test(packed)) return undefined;
  return readBlob(source, packed.length < SHORTEST ? undefined : type);
}

/** In lines where the blob stood in lines. */
function wrapAs(source: string, packed: string): string {
  const [block, ...others] = findWrapped(source, () => true);
  return block === undefined || others.length > 0 ? packed : block.wrap(packed);
}

function isTextual(type: string | undefined): boolean {
  return type !== undefined && TEXTUAL.test(type);
}
