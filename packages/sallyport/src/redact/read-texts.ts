import { accessSync, constants, createReadStream, type ReadStream, type Stats, statSync } from 'node:fs';
import { extname } from 'node:path';
import { TextDecoder } from 'node:util';
import { complain } from '../complain.ts';
import { unreadable, UnusableFile } from './unusable-file.ts';

export interface TextSource {
  /** As it is shown: a path, or `standard input`. */
  readonly name: string;
  /** Bytes; undefined where nobody knows before the end. */
  readonly size: number | undefined;
  /** `whole` is read as one text, since JSON is; the others in pieces that end with a line. */
  readonly form: 'whole' | 'lines' | 'unknown';
  /** Whether it was said that it is one value of JSON, so that something else is a slip. */
  readonly isJson: boolean;
  open(): AsyncIterable<Buffer>;
}

/** A piece of a source, and how many bytes of it were read so far. */
export interface TextPiece {
  readonly text: string;
  /** Of its first line, from 1. */
  readonly line: number;
  readonly bytesRead: number;
}

/** What cannot be read as text, with what to do about it. */
export class UnreadableText extends Error {
  override readonly name = 'UnreadableText';
}

const PIECE = 256 * 1024;
const LONGEST_WHOLE = 256 * 1024 * 1024;
/** A line that is longer is cut where a word ends. */
const LONGEST_LINE = 4 * 1024 * 1024;
const NUL = 0;
const SEARCHED_FOR_NUL = 8192;

/**
 * @param path a file; undefined: standard input
 * @throws UnusableFile for what is not there, a folder, or may not be read
 */
export function sourceOf(path: string | undefined, format: 'json' | 'lines' | undefined): TextSource {
  if (path === undefined) {
    return {
      name: 'standard input',
      size: undefined,
      form: formOf(undefined, format),
      isJson: format === 'json',
      open: () => {
        if (process.stdin.isTTY) complain('reading standard input; end with Ctrl-D');
        return process.stdin;
      },
    };
  }
  return {
    name: path,
    size: readable(path).size,
    form: formOf(path, format),
    isJson: format === 'json',
    open: (): ReadStream => createReadStream(path, { highWaterMark: PIECE }),
  };
}

/**
 * The text of a source, in pieces that are as long as they have to be.
 *
 * @throws UnreadableText for what is no UTF-8 text, no JSON where it has to be, or JSON that is too large to be read as
 *   one; UnusableFile
 */
export async function* readTexts(source: TextSource): AsyncGenerator<TextPiece> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let { form } = source;
  let held = '';
  let line = 1;
  let bytesRead = 0;
  for await (const chunk of chunksOf(source)) {
    if (bytesRead === 0) refuseBinary(chunk, source.name);
    bytesRead += chunk.length;
    held += decode(decoder, source.name, chunk);
    if (form === 'unknown' && /\S/.test(held)) form = /^\uFEFF?\s*[{[]/.test(held) ? 'whole' : 'lines';
    if (form === 'whole') {
      if (held.length > LONGEST_WHOLE) {
        throw new UnreadableText(
          `${source.name} is too large to be read as one text; write JSON as lines, one value each, and --format lines`,
        );
      }
      continue;
    }
    while (held.length >= PIECE) {
      const end = endOfPiece(held);
      if (end === 0) break;
      const text = held.slice(0, end);
      held = held.slice(end);
      yield { text, line, bytesRead };
      line += countLines(text);
    }
  }
  held += decode(decoder, source.name);
  if (source.isJson) refuseOther(held, source.name);
  if (held !== '') yield { text: held, line, bytesRead };
}

/** Asked before anything is written. */
function readable(path: string): Stats {
  try {
    const found = statSync(path);
    if (found.isDirectory()) throw new UnusableFile(`${path} is a folder; name files`);
    accessSync(path, constants.R_OK);
    return found;
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function* chunksOf(source: TextSource): AsyncGenerator<Buffer> {
  try {
    yield* source.open();
  } catch (error) {
    throw unreadable(source.name, error);
  }
}

function refuseOther(text: string, name: string): void {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // The error of the parser quotes the text.
    throw new UnreadableText(
      `${name} is no JSON value; write --format lines for text, and for JSON of one value in each line`,
    );
  }
}

function formOf(path: string | undefined, format: 'json' | 'lines' | undefined): TextSource['form'] {
  if (format !== undefined) return format === 'json' ? 'whole' : 'lines';
  switch (path === undefined ? '' : extname(path).toLowerCase()) {
    case '.json':
      return 'whole';
    case '.jsonl':
    case '.ndjson':
    case '.log':
    case '.txt':
    case '.csv':
      return 'lines';
    default:
      return 'unknown';
  }
}

/** After the last line that is whole; 0 where more has to be read. */
function endOfPiece(held: string): number {
  const end = held.lastIndexOf('\n') + 1;
  if (end > 0 || held.length < LONGEST_LINE) return end;
  const space = held.lastIndexOf(' ') + 1;
  return space > 0 ? space : held.length;
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function decode(decoder: TextDecoder, name: string, chunk?: Buffer): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new UnreadableText(`${name} is not UTF-8; convert it first, such as with iconv -f latin1 -t utf-8`);
  }
}

function refuseBinary(chunk: Buffer, name: string): void {
  if ((chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff)) {
    throw new UnreadableText(`${name} is UTF-16; convert it first, such as with iconv -f utf-16 -t utf-8`);
  }
  const start = chunk.subarray(0, SEARCHED_FOR_NUL);
  if (!start.includes(NUL)) return;
  const encoding = unmarkedUtf16(start);
  throw new UnreadableText(
    encoding === undefined
      ? `${name} is no text; only text and JSON are read`
      : `${name} looks like UTF-16; convert it first, such as with iconv -f ${encoding} -t utf-8`,
  );
}

/** Without a byte order mark: most letters of Europe have a NUL as their second byte, or as their first. */
function unmarkedUtf16(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const units = Math.floor(bytes.length / 2);
  if (units < 2) return undefined;
  let first = 0;
  let second = 0;
  for (let at = 0; at < units * 2; at += 2) {
    if (bytes[at] === NUL) first += 1;
    if (bytes[at + 1] === NUL) second += 1;
  }
  if (first === 0 && second > units / 2) return 'utf-16le';
  return second === 0 && first > units / 2 ? 'utf-16be' : undefined;
}
