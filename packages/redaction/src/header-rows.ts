/** A cell of a table in a text, and the text that it stands for. */
interface Cell {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** As the cell has to stand in the table. */
  write(text: string): string;
}

/** Rows whose first says what the cells of the others are. */
export interface HeaderRows {
  readonly start: number;
  readonly end: number;
  readonly names: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

interface Row {
  readonly cells: readonly Cell[];
  /** Where the next row begins. */
  readonly next: number;
}

const SEPARATORS = [',', ';', '\t', '|'];
/** What a column may be called: a few words. Names begin with a letter, so that they stay in their order as keys. */
const NAME = /^\p{L}[\p{L}\p{N}_./#()-]{0,39}(?: [\p{L}\p{N}_./#()-]{1,40}){0,4}(?<!\.)$/u;
/** With the blanks and marks around it. */
const LONGEST_NAME = 100;
/** The line below the header in Markdown and in what databases print. */
const RULE = /^[\s|:+=-]+$/;
const LONGEST_CELL = 65_536;

/**
 * CSV (RFC 4180) with comma, semicolon, tab or bar, and tables of Markdown: a row of names and rows with as many cells,
 * wherever in the text they begin. They end with a line that has only one cell.
 */
export function findHeaderRows(source: string): readonly HeaderRows[] {
  if (!source.includes('\n') && !source.includes('\r')) return [];
  const tables: HeaderRows[] = [];
  // A mark without its other half is read as a mark, and then all of them are, so that none is looked for twice.
  let isQuoted = true;
  const read = (start: number, separator: string): Row => {
    const row = readRow(source, start, separator, isQuoted);
    if (row !== undefined) return row;
    isQuoted = false;
    return readRow(source, start, separator, false) as Row;
  };
  for (let start = 0; start < source.length;) {
    const end = lineEnd(source, start);
    let next = afterBreak(source, end);
    for (const separator of SEPARATORS) {
      if (next >= source.length || !opensWithName(source, start, end, separator)) continue;
      const names = namesOf(readRow(source, start, separator, true, end)?.cells ?? []);
      if (names === undefined) continue;
      const found = rowsFrom(source, next, names.length, (at) => read(at, separator));
      if (found === undefined) continue;
      tables.push({ start, end: Math.min(found.next, source.length), names, rows: found.rows });
      next = found.next;
      break;
    }
    start = next;
  }
  return tables;
}

function rowsFrom(
  source: string,
  from: number,
  width: number,
  read: (at: number) => Row,
): { readonly rows: readonly (readonly Cell[])[]; readonly next: number } | undefined {
  const rows: (readonly Cell[])[] = [];
  let at = from;
  while (at < source.length) {
    const end = lineEnd(source, at);
    if (RULE.test(source.slice(at, end))) {
      at = afterBreak(source, end);
      continue;
    }
    const { cells, next } = read(at);
    if (rows.length === 0 ? cells.length !== width : cells.length < 2) break;
    rows.push(cells);
    at = next;
  }
  return rows.length === 0 ? undefined : { rows, next: at };
}

/** Whether the first cell may be a name, which most lines of other texts are told from a header by. */
function opensWithName(source: string, start: number, end: number, separator: string): boolean {
  const opening = source.slice(start, Math.min(end, start + LONGEST_NAME));
  const at = opening.indexOf(separator);
  if (at === -1) return false;
  const first = opening
    .slice(0, at)
    .replace(/^\uFEFF/, '')
    .trim();
  return first === '' || first.startsWith('"') || NAME.test(first);
}

/** Undefined where not every cell is a name; those at the edges may be empty, as in Markdown. */
function namesOf(cells: readonly Cell[]): readonly string[] | undefined {
  const names = cells.map(({ text }) => text.replace(/^\uFEFF/, ''));
  const isHeader =
    names.length > 1 &&
    names.some((name) => name !== '') &&
    names.every((name, index) => (name === '' ? index === 0 || index === names.length - 1 : NAME.test(name)));
  return isHeader ? names : undefined;
}

/** Undefined where a quotation mark has no other. */
function readRow(
  source: string,
  start: number,
  separator: string,
  isQuoted: boolean,
  limit: number = source.length,
): Row | undefined {
  const cells: Cell[] = [];
  for (let at = start; ; at += 1) {
    const first = blanksEnd(source, at, separator);
    let end = first;
    if (isQuoted && source[first] === '"') {
      end = quotedEnd(source, first, limit);
      if (end === -1) return undefined;
      cells.push(quotedCell(source, first, end));
      at = blanksEnd(source, end, separator);
      // What stands behind the mark is read as a cell of its own.
      if (at < limit && source[at] !== separator && !isBreak(source, at)) {
        at = cellEnd(source, at, separator, limit);
        cells[cells.length - 1] = plainCell(source, first, at, separator);
      }
    } else {
      at = cellEnd(source, first, separator, limit);
      cells.push(plainCell(source, first, at, separator));
    }
    if (at >= limit || isBreak(source, at)) return { cells, next: afterBreak(source, at) };
  }
}

function quotedCell(source: string, start: number, end: number): Cell {
  const text = source.slice(start + 1, end - 1).replaceAll('""', '"');
  return { start, end, text, write: quoted };
}

function plainCell(source: string, start: number, end: number, separator: string): Cell {
  const text = source.slice(start, end).trimEnd();
  const write = (written: string): string => {
    if (separator === '|') return written.replaceAll(/\\?\|/g, '\\|').replaceAll(/[\r\n]+/g, ' ');
    return written.includes(separator) || /["\r\n]/.test(written) ? quoted(written) : written;
  };
  return { start, end: start + text.length, text, write };
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function quotedEnd(source: string, start: number, limit: number): number {
  const last = Math.min(limit, start + LONGEST_CELL);
  for (let at = source.indexOf('"', start + 1); at !== -1 && at < last; at = source.indexOf('"', at + 2)) {
    if (source[at + 1] !== '"') return at + 1;
  }
  return -1;
}

function cellEnd(source: string, start: number, separator: string, limit: number): number {
  let end = start;
  while (end < limit && source[end] !== separator && !isBreak(source, end))
    end += separator === '|' && source[end] === '\\' && source[end + 1] === '|' ? 2 : 1;
  return end;
}

function blanksEnd(source: string, start: number, separator: string): number {
  let end = start;
  while (source[end] === ' ' || (source[end] === '\t' && separator !== '\t')) end += 1;
  return end;
}

function isBreak(source: string, at: number): boolean {
  const code = source.charCodeAt(at);
  return code === 0x0a || code === 0x0d;
}

function lineEnd(source: string, start: number): number {
  let end = start;
  while (end < source.length && !isBreak(source, end)) end += 1;
  return end;
}

function afterBreak(source: string, at: number): number {
  return source[at] === '\r' && source[at + 1] === '\n' ? at + 2 : at + 1;
}
