import { isUtf8 } from 'node:buffer';

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
const PADDING = 0x3d;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const BASE64_URL = /^[A-Za-z0-9_-]+={0,2}$/;
const DATA_URI = /^data:([^,;]{0,100})((?:;[^,;]{1,100}){0,5}),/i;
const TEXTUAL =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|yaml|x-yaml|x-ndjson|ndjson|javascript|sql|csv)\b|image\/svg)/i;

/** 1 for the units that base64 is of, of either alphabet. */
const BASE64_UNITS: Uint8Array = Uint8Array.from({ length: 65_536 }, (_, code) =>
  isBase64Code(code) ? 1 : 0,
);

/** One in the middle of another text. */
export interface EncodedRun extends EncodedText {
  readonly start: number;
  readonly end: number;
}

const NO_RUNS: readonly EncodedRun[] = Object.freeze([]);

/** Words of a text that are base64 of a text themselves. */
export function findEncodedRuns(source: string): readonly EncodedRun[] {
  let end = longRunFrom(source, 0);
  if (end === -1 && !source.includes(MARK)) return NO_RUNS;
  const runs: EncodedRun[] = [];
  for (; end !== -1; end = longRunFrom(source, end)) addRun(source, runStart(source, end), end, runs);
  // After this, base64 may be as short as it likes.
  for (let at = source.indexOf(MARK); at !== -1; at = source.indexOf(MARK, at + 1)) {
    const start = at + MARK.length;
    const shortEnd = runEnd(source, start);
    if (shortEnd > start && shortEnd - start < SHORTEST) addRun(source, start, shortEnd, runs);
  }
  return runs.toSorted((a, b) => a.start - b.start);
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
    if (at === least) return runEnd(source, end);
    end = at + SHORTEST;
  }
  return -1;
}

function runStart(source: string, end: number): number {
  let start = end;
  while (start > 0 && BASE64_UNITS[source.charCodeAt(start - 1)] === 1) start -= 1;
  return start;
}

function runEnd(source: string, start: number): number {
  let end = start;
  while (end < source.length && BASE64_UNITS[source.charCodeAt(end)] === 1) end += 1;
  return end;
}

function addRun(source: string, start: number, end: number, runs: EncodedRun[]): void {
  let padded = end;
  while (padded < source.length && source.charCodeAt(padded) === PADDING) padded += 1;
  const text = readBase64(source.slice(start, padded));
  if (text !== undefined) runs.push({ ...text, start, end: padded });
}

function readBase64(source: string): EncodedText | undefined {
  const isUrl = !BASE64.test(source);
  if (isUrl && !BASE64_URL.test(source)) return undefined;
  const bytes = Buffer.from(source, 'base64');
  if (!isUtf8(bytes) || !isPrintable(bytes)) return undefined;
  const encoding = isUrl ? 'base64url' : 'base64';
  return {
    text: bytes.toString('utf8'),
    write: (text) => Buffer.from(text, 'utf8').toString(encoding),
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
 */
export function readBlob(source: string, type: string | undefined): EncodedText | undefined {
  const bytes = Buffer.from(source, 'base64');
  const size = bytes.length;
  if (size === 0) return undefined;
  // RFC 3629 and Unicode 23.8: a byte order mark tells UTF-16.
  if (size >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe) {
    const write = (text: string): string => Buffer.from(text, 'utf16le').toString('base64');
    return { text: bytes.toString('utf16le'), write, size };
  }
  if (size >= 2 && bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = bytes.subarray(0, size - (size % 2));
    const write = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString('base64');
    return { text: Buffer.from(even).swap16().toString('utf16le'), write, size };
  }
  if (isUtf8(bytes) && (isPrintable(bytes) || isTextual(type))) {
    const write = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
    return { text: bytes.toString('utf8'), write, size };
  }
  if (!isTextual(type)) return undefined;
  // No UTF-8, and yet a text: every byte a character, which loses nothing.
  return {
    text: bytes.toString('latin1'),
    write: (text) => Buffer.from(text, 'latin1').toString('base64'),
    size,
  };
}

function isTextual(type: string | undefined): boolean {
  return type !== undefined && TEXTUAL.test(type);
}

/** No control characters at the beginning but those of a text. */
function isPrintable(bytes: Buffer): boolean {
  const end = Math.min(bytes.length, 4096);
  for (let at = 0; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte < 0x20 ? byte < 0x09 || (byte > 0x0d && byte !== 0x1b) : byte === 0x7f) return false;
  }
  return true;
}

function isBase64Code(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x2f && code <= 0x39) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x5f
  );
}
