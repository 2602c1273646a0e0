/** A text that is JSON, read so that nothing in it escapes the walk, and can be written again as it was. */
export interface JsonText {
  readonly value: unknown;
  /** The value as text, with the spaces and the long numbers that the text had. */
  write(value: unknown): string;
  /** Whether the text has more members than that, as it has where a name stands twice in one object. */
  hasMoreThan(members: number): boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const MINUS = 0x2d;
/** Numbers with more digits change when JavaScript reads them. */
const EXACT_DIGITS = 15;
/** Unicode keeps U+FDD0 and U+FDD1 for use inside a program: they mark a number that must not be read as one. */
const OPEN = '\uFDD0';
const CLOSE = '\uFDD1';
/** The first unit of a number that was wrapped, and of hardly anything else. */
export const FIRST_OF_WRAPPED: number = OPEN.charCodeAt(0);
const WRAPPED = new RegExp(`"${OPEN}(-?[0-9][0-9.eE+-]*)${CLOSE}"`, 'g');

/** Whether a text could be a JSON object or array, from its first unit that is no white space. */
export function mayBeJson(text: string): boolean {
  let at = 0;
  let code = text.charCodeAt(0);
  while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0xfeff) {
    at += 1;
    code = text.charCodeAt(at);
  }
  return code === 0x7b || code === 0x5b;
}

/** A number that stands as text because it is longer than JavaScript can tell. */
export function wrappedNumber(text: string): string | undefined {
  return text.startsWith(OPEN) && text.endsWith(CLOSE) ? text.slice(1, -1) : undefined;
}

export function wrapNumber(digits: string): string {
  return `${OPEN}${digits}${CLOSE}`;
}

/** @returns undefined for what is no JSON object or array */
export function readJsonText(source: string): JsonText | undefined {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  const first = parse(text);
  if (first === undefined) return undefined;
  const wrapped = mayHaveLongNumbers(text) ? lex(text).wrapped : undefined;
  const value = wrapped === undefined ? first : parse(wrapped);
  if (value === undefined) return undefined;
  return {
    value,
    hasMoreThan: (members) => mostMembers(text) > members && lex(text).members > members,
    write: (changed) => {
      const written = JSON.stringify(changed, undefined, indentOf(text));
      return wrapped === undefined ? written : written.replaceAll(WRAPPED, '$1');
    },
  };
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * At most as many members as the text has colons after a quotation mark or a blank; the few that stand inside texts count
 * as well. To find colons costs a fifth of reading it all.
 */
function mostMembers(text: string): number {
  let members = 0;
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    const before = text.charCodeAt(at - 1);
    if (before === QUOTE || before <= 0x20) members += 1;
  }
  return members;
}

/** Whether there may be a number that changes when JavaScript reads it: one of so many digits covers one of these places. */
function mayHaveLongNumbers(text: string): boolean {
  for (let at = EXACT_DIGITS; at < text.length; at += EXACT_DIGITS + 1) {
    if (!isOfNumber(text.charCodeAt(at))) continue;
    let start = at;
    while (start > 0 && isOfNumber(text.charCodeAt(start - 1))) start -= 1;
    if (endOfNumber(text, start) - start > EXACT_DIGITS) return true;
  }
  return false;
}

/** Counts members, and wraps numbers that would change; the text is valid JSON. */
function lex(text: string): { readonly members: number; readonly wrapped: string | undefined } {
  let members = 0;
  let wrapped: string | undefined;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON) members += 1;
    else if (code === MINUS || (code >= 0x30 && code <= 0x39)) {
      const end = endOfNumber(text, at);
      if (end - at > EXACT_DIGITS) {
        wrapped = `${wrapped ?? ''}${text.slice(from, at)}"${wrapNumber(text.slice(at, end))}"`;
        from = end;
      }
      at = end - 1;
    }
  }
  return { members, wrapped: wrapped === undefined ? undefined : wrapped + text.slice(from) };
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    at = text.indexOf('"', at);
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && isOfNumber(text.charCodeAt(at))) at += 1;
  return at;
}

function isOfNumber(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2e ||
    code === 0x2b ||
    code === MINUS ||
    (code | 0x20) === 0x65
  );
}

/** The white space before the first member, or none. */
export function indentOf(text: string): string {
  return /^\s*[[{]\r?\n([ \t]{1,10})/.exec(text)?.[1] ?? '';
}
