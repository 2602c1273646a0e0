import { createReadStream, type ReadStream, statSync } from 'node:fs';
import { extname } from 'node:path';
import { TextDecoder } from 'node:util';

export interface TextSource {
  /** As it is shown: a path, or `standard input`. */
  readonly name: string;
  /** Bytes; undefined where nobody knows before the end. */
  readonly size: number | undefined;
  /** `whole` is read as one text, since JSON is; the others in pieces that end with a line. */
  readonly form: 'whole' | 'lines' | 'unknown';
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

/** @param path a file; undefined: standard input */
export function sourceOf(path: string | undefined, format: 'json' | 'lines' | undefined): TextSource {
  if (path === undefined) {
    return {
      name: 'standard input',
      size: undefined,
      form: formOf(undefined, format),
      open: () => process.stdin,
    };
  }
  return {
    name: path,
    size: statSync(path).size,
    form: formOf(path, format),
    open: (): ReadStream => createReadStream(path, { highWaterMark: PIECE }),
  };
}

/**
 * The text of a source, in pieces that are as long as they have to be.
 *
 * @throws UnreadableText for what is no UTF-8 text, or JSON that is too large to be read as one; system errors of the file
 */
export async function* readTexts(source: TextSource): AsyncGenerator<TextPiece> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let { form } = source;
  let held = '';
  let line = 1;
  let bytesRead = 0;
  for await (const chunk of source.open()) {
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
  if (held !== '') yield { text: held, line, bytesRead };
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
  if (chunk.subarray(0, SEARCHED_FOR_NUL).includes(NUL))
    throw new UnreadableText(`${name} is no text; only text and JSON are read`);
}
