import type { Fault } from './problem.ts';

/** One field of a line: its value, and where it begins (UTF-16 units from the start of the line). */
export interface Field {
  readonly value: string;
  readonly offset: number;
}

// Tab is the one control character that means nothing but space to every reader.
const CONTROL = /[^\P{Cc}\t]/u;

/** Whether a line holds no rule: empty, or a comment, which has a line to itself. */
export function isBlank(line: string): boolean {
  const first = line.trimStart();
  return first === '' || first.startsWith('#');
}

/**
 * Reads one line of rules: comma-separated fields, spaces around them ignored; a field in double quotes may
 * contain commas, and a double quote as two. What casbin would read in a way nobody expects (it strips quotes
 * a second time, halves doubled quotes everywhere, glues fields together by parentheses) is a fault here, so
 * that whatever is accepted means the same to both.
 */
export function readLine(line: string): readonly Field[] | Fault {
  const control = CONTROL.exec(line);
  if (control !== null) {
    return fault(control.index, 'A control character stands here; remove it.');
  }
  const fields: Field[] = [];
  let at = 0;
  for (;;) {
    while (isSpace(line.charCodeAt(at))) at += 1;
    const quoted = line.charCodeAt(at) === 34;
    const end = quoted ? closingQuote(line, at) : comma(line, at);
    if (end === -1) return fault(at, 'This quote is never closed; end the field with a double quote.');
    let value = quoted ? line.slice(at + 1, end) : line.slice(at, end);
    if (quoted && value.includes('"')) value = value.replaceAll('""', '"');
    value = value.trim();
    const doubtful = doubt(value);
    if (doubtful !== undefined) return fault(at, doubtful);
    fields.push({ value, offset: quoted ? at + 1 : at });
    at = quoted ? end + 1 : end;
    while (isSpace(line.charCodeAt(at))) at += 1;
    if (at >= line.length) return fields;
    if (line.charCodeAt(at) !== 44) {
      return fault(
        at,
        'After a closing quote comes a comma; write a double quote inside a quoted field as two.',
      );
    }
    at += 1;
  }
}

function doubt(value: string): string | undefined {
  if (value.includes('"')) {
    if (value.includes('""') || (value.startsWith('"') && value.endsWith('"'))) {
      return 'Casbin drops quotes like these; write strings inside a condition in single quotes.';
    }
  }
  let open = 0;
  for (let i = 0; i < value.length; i += 1) {
    const c = value.charCodeAt(i);
    if (c === 40) open += 1;
    else if (c === 41) open -= 1;
  }
  return open === 0
    ? undefined
    : 'The parentheses of this field do not balance. A condition with a comma is written in double quotes.';
}

function comma(line: string, from: number): number {
  const found = line.indexOf(',', from);
  return found === -1 ? line.length : found;
}

function closingQuote(line: string, open: number): number {
  for (let i = line.indexOf('"', open + 1); i !== -1; i = line.indexOf('"', i + 2)) {
    if (line.charCodeAt(i + 1) !== 34) return i;
  }
  return -1;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9;
}

function fault(offset: number, message: string): Fault {
  return { offset, message };
}
