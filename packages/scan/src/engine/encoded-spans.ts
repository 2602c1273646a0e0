import type { Encoding } from '../scan-finding.ts';
import { base64Runs, LEAST, type Run, SEXTETS } from './base64-runs.ts';

/** Text that stood encoded in another text. */
export interface EncodedSpan {
  readonly encoding: Encoding;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Where a part of `text` stands in the outer text; rounded to whole groups. */
  readonly placeOf: (start: number, end: number) => readonly [start: number, end: number];
}

/** Units of one span that are decoded; what is longer is data. */
const MOST = 1 << 20;
/** Units of a run with percent signs. */
const MOST_PERCENT = 2_048;
/** Bytes that show whether text comes out. */
const PROBE = 36;

/**
 * Base64 (RFC 4648, both alphabets), hexadecimal and percent-encoded (RFC 3986, section 2.1) runs of which text comes out.
 *
 * @param budget units that may be decoded in all
 * @param runs of the text, where they are known
 */
export function encodedSpans(
  text: string,
  budget: number,
  runs: readonly Run[] = runsOf(text),
): readonly EncodedSpan[] {
  const spans: EncodedSpan[] = [];
  let left = budget;
  const add = (span: EncodedSpan | undefined): void => {
    if (span === undefined) return;
    spans.push(span);
    left -= span.end - span.start;
  };
  for (const [start, end] of runs) {
    for (let at = start; at + LEAST <= end && left > 0; at += MOST)
      add(readRun(text, at, Math.min(end, at + MOST)));
  }
  for (let at = text.indexOf('%'); at !== -1 && left > 0;) {
    const end = TELLING.test(text.slice(at + 1, at + 3)) ? percentEnd(text, at) : at + 1;
    if (end > at + 1) add(readPercent(text, at, end));
    at = text.indexOf('%', end);
  }
  return spans;
}

function runsOf(text: string): readonly Run[] {
  const bytes = Buffer.allocUnsafeSlow(text.length * 2);
  bytes.write(text, 'utf16le');
  return base64Runs(new Uint16Array(bytes.buffer));
}

function readRun(text: string, start: number, end: number): EncodedSpan | undefined {
  const isHex =
    (end - start) % 2 === 0 && HEX.test(text.slice(start, start + LEAST - 4)) && isText(text, start, 'hex');
  if (isHex) return readBytes(text, start, end, 'hex');
  return isText(text, start, 'base64') ? readBytes(text, start, end, 'base64') : undefined;
}

const HEX = /^[0-9a-f]+$/i;

function readBytes(text: string, start: number, end: number, encoding: 'hex' | 'base64'): EncodedSpan {
  const bytes = Buffer.from(text.slice(start, end), encoding);
  const wide = bytes[1] === 0 && bytes[3] === 0;
  const decoded = bytes.toString(wide ? 'utf16le' : 'utf8');
  const bytesBefore = (units: number): number =>
    wide ? units * 2 : Buffer.byteLength(decoded.slice(0, units));
  return {
    encoding,
    start,
    end,
    text: decoded,
    placeOf: (from, to) => {
      const [first, last] = [bytesBefore(from), bytesBefore(to)];
      return encoding === 'hex'
        ? [start + first * 2, Math.min(end, start + last * 2)]
        : [start + Math.floor(first / 3) * 4, Math.min(end, start + Math.ceil(last / 3) * 4)];
    },
  };
}

/** Whether what a run begins with decodes to text; most runs, paths and hashes, show after three bytes that they do not. */
function isText(text: string, start: number, encoding: 'hex' | 'base64'): boolean {
  if (encoding === 'base64' && !beginsText(text, start)) return false;
  const units = encoding === 'hex' ? LEAST - 4 : (PROBE * 4) / 3;
  return isPrintable(Buffer.from(text.slice(start, start + units), encoding));
}

/** Of the first 30 bytes, none is a control but those of white space and the NUL of UTF-16; of random ones, one run in 30. */
function beginsText(text: string, start: number): boolean {
  for (let at = start; at < start + LEAST; at += 4) {
    const three =
      (sextetAt(text, at) << 18) |
      (sextetAt(text, at + 1) << 12) |
      (sextetAt(text, at + 2) << 6) |
      sextetAt(text, at + 3);
    if (isControl(three >> 16) || isControl((three >> 8) & 255) || isControl(three & 255)) return false;
  }
  return true;
}

function sextetAt(text: string, at: number): number {
  return SEXTETS[text.charCodeAt(at)] as number;
}

function isControl(byte: number): boolean {
  return byte === 127 || (byte < 32 && byte !== 0 && byte !== 9 && byte !== 10 && byte !== 13);
}

/** Valid UTF-8 without controls; the NUL of every second byte is one of UTF-16, as PowerShell encodes its commands. */
function isPrintable(bytes: Buffer): boolean {
  const wide = bytes[1] === 0 && bytes[3] === 0;
  for (const [at, byte] of bytes.entries()) {
    if (isControl(byte) || (byte === 0 && !(wide && at % 2 === 1))) return false;
  }
  // The last character of what is looked at may be cut.
  return bytes.length > 8 && (wide || !bytes.toString('utf8').slice(0, -1).includes('\ufffd'));
}

/** What stands between a name and its value: a space, `"`, `&`, `\'`, `+`, `/`, `:`, `=`, `?`, `@`, brackets. */
const TELLING = /^(?:2[0267bf]|3[adf]|40|[57][bd])$/i;

function isEscape(text: string, at: number): boolean {
  return /^[0-9a-f]{2}$/i.test(text.slice(at + 1, at + 3));
}

/** Where the run ends that the escape at `at` is in. */
function percentEnd(text: string, at: number): number {
  let end = at + 3;
  while (end < text.length && end < at + MOST_PERCENT && !endsRun(text.charCodeAt(end))) end += 1;
  return end;
}

/** White space, quotes, `<`, `>`, a closing bracket. */
function endsRun(code: number): boolean {
  return code <= 32 || code === 34 || code === 39 || code === 60 || code === 62 || code === 96 || code === 41;
}

function readPercent(text: string, at: number, end: number): EncodedSpan | undefined {
  let start = at;
  while (start > 0 && start > at - MOST_PERCENT && !endsRun(text.charCodeAt(start - 1))) start -= 1;
  const bytes: number[] = [];
  const places: number[] = [];
  for (let place = start; place < end;) {
    const code = text.charCodeAt(place);
    const escaped = code === 37 && isEscape(text, place);
    // Other than ASCII is nothing that a credential holds.
    bytes.push(escaped ? Number.parseInt(text.slice(place + 1, place + 3), 16) : code < 128 ? code : 63);
    places.push(place);
    place += escaped ? 3 : 1;
  }
  places.push(end);
  const decoded = Buffer.from(bytes).toString('latin1');
  return {
    encoding: 'percent',
    start,
    end,
    text: decoded,
    placeOf: (from, to) => [places[from] ?? start, places[to] ?? end],
  };
}
