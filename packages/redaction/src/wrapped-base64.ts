import { BASE64_UNITS, base64End, base64Start, paddingEnd } from './base64-units.ts';

/** Base64 in lines: MIME (RFC 2045, section 6.8) breaks after 76 characters, PEM (RFC 7468) after 64. */
export interface WrappedBase64 {
  readonly start: number;
  readonly end: number;
  /** All lines as one. */
  readonly packed: string;
  /** Breaks one line as the block is broken. */
  readonly wrap: (packed: string) => string;
}

interface Line {
  readonly start: number;
  readonly end: number;
}

const GROUP = 4;
const SPACE = 0x20;
const BEYOND_ASCII = 0x80;

/**
 * Blocks of lines with the same indentation, of which all but the last are as long as each other; the first may follow
 * other words on its line. Every line is read a fixed number of times.
 *
 * @param isText whether what stands in one line decodes
 */
export function findWrapped(source: string, isText: (packed: string) => boolean): readonly WrappedBase64[] {
  const blocks: WrappedBase64[] = [];
  for (let at = source.indexOf('\n'); at !== -1;) {
    const lines = linesAt(source, at);
    if (lines === undefined) at = source.indexOf('\n', at + 1);
    else {
      const block = blockOf(source, lines, isText);
      if (block !== undefined) blocks.push(block);
      at = source.indexOf('\n', (lines.at(-1) as Line).end);
    }
  }
  const grouped = blocks.length === 0 ? groupsOf(source) : undefined;
  const block = grouped === undefined ? undefined : blockOf(source, grouped, isText);
  if (block !== undefined) blocks.push(block);
  return blocks;
}

/** @param at a line feed */
function linesAt(source: string, at: number): readonly Line[] | undefined {
  const firstEnd = source.charCodeAt(at - 1) === 0x0d ? at - 1 : at;
  const start = base64Start(source, firstEnd);
  const second = blanksEnd(source, at + 1);
  const secondEnd = base64End(source, second);
  if (start === firstEnd || secondEnd === second) return undefined;
  const indent = source.slice(at + 1, second);
  const before = start - indent.length;
  const opensLine =
    (before === 0 || source.charCodeAt(before - 1) === 0x0a) && source.startsWith(indent, before);
  const width = opensLine ? firstEnd - start : secondEnd - second;
  return linesFrom(source, { start, end: firstEnd }, second, width);
}

/** A text of nothing but groups, parted by blanks: FHIR lets white space stand anywhere in a `base64Binary`. */
function groupsOf(source: string): readonly Line[] | undefined {
  const start = textStart(source);
  const second = secondGroup(source, start);
  if (second === -1) return undefined;
  const end = base64End(source, start);
  const lines = linesFrom(source, { start, end }, second, end - start);
  const last = lines?.at(-1)?.end ?? 0;
  return paddingEnd(source, last) === source.trimEnd().length ? lines : undefined;
}

/** Whether a text is nothing but groups of units that base64 is of. */
export function isGroups(source: string): boolean {
  return groupsOf(source) !== undefined;
}

function textStart(source: string): number {
  return BASE64_UNITS[source.charCodeAt(0)] === 1 ? 0 : source.length - source.trimStart().length;
}

/** Where a second group begins; -1 where none follows a first of full groups that could be of one block with it. */
function secondGroup(source: string, start: number): number {
  const end = base64End(source, start);
  const width = end - start;
  if (width === 0 || width % GROUP !== 0) return -1;
  const second = spacesEnd(source, end);
  if (second === end) return -1;
  const secondEnd = base64End(source, second);
  const secondWidth = secondEnd - second;
  if (secondWidth === 0 || secondWidth > width) return -1;
  return secondWidth === width || isLast(source, secondEnd) ? second : -1;
}

/** A shorter group is the last one: after it comes padding, and white space at most. */
function isLast(source: string, end: number): boolean {
  const after = source.charCodeAt(paddingEnd(source, end));
  return !(after > SPACE && after < BEYOND_ASCII);
}

function linesFrom(source: string, first: Line, second: number, width: number): readonly Line[] | undefined {
  const gap = source.slice(first.end, second);
  const lines = [first];
  for (let start = second; ; start += width + gap.length) {
    const end = base64End(source, start);
    if (end === start || end - start > width) break;
    lines.push({ start, end });
    if (end - start < width || !source.startsWith(gap, end)) break;
  }
  return lines.length > 1 ? lines : undefined;
}

/** A word before the block, or after it, may look like a line of it. */
function blockOf(
  source: string,
  lines: readonly Line[],
  isText: (packed: string) => boolean,
): WrappedBase64 | undefined {
  for (const [from, to] of [
    [0, lines.length],
    [0, lines.length - 1],
    [1, lines.length],
    [1, lines.length - 1],
  ]) {
    const some = lines.slice(from, to);
    const [first, second] = some;
    const last = some.at(-1);
    if (first === undefined || second === undefined || last === undefined) continue;
    const end = paddingEnd(source, last.end);
    const packed =
      some.map((line) => source.slice(line.start, line.end)).join('') + source.slice(last.end, end);
    if (!isText(packed)) continue;
    const gap = source.slice(first.end, second.start);
    const firstWidth = first.end - first.start;
    const width = Math.max(second.end - second.start, some.length > 2 ? 0 : firstWidth);
    return { start: first.start, end, packed, wrap: (text) => wrap(text, firstWidth, width, gap) };
  }
  return undefined;
}

function wrap(text: string, firstWidth: number, width: number, gap: string): string {
  const lines = [text.slice(0, firstWidth)];
  for (let at = firstWidth; at < text.length; at += width) lines.push(text.slice(at, at + width));
  return lines.join(gap);
}

function spacesEnd(source: string, start: number): number {
  let end = start;
  for (let code = source.charCodeAt(end); code === 0x20 || code === 0x09;) {
    end += 1;
    code = source.charCodeAt(end);
  }
  return end;
}

/** Spaces, and the marks before the lines of a message that is answered. */
function blanksEnd(source: string, start: number): number {
  let end = start;
  for (let code = source.charCodeAt(end); code === 0x20 || code === 0x09 || code === 0x3e;) {
    end += 1;
    code = source.charCodeAt(end);
  }
  return end;
}
