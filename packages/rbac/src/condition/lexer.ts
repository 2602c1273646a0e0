import type { Fault } from '../problem.ts';

export interface Token {
  readonly kind: 'number' | 'string' | 'name' | 'symbol' | 'end';
  /** A string's value; otherwise as written. */
  readonly text: string;
  readonly offset: number;
}

const SYMBOLS = ['&&', '||', '==', '!=', '<=', '>=', '<', '>', '!', '(', ')', '[', ']', ',', '.'];
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_$][\w$]*/y;
const SPACE = /[ \t]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  n: '\n',
  t: '\t',
  r: '\r',
};

const ADVICE: Readonly<Record<string, string>> = {
  '=': 'Write == to compare.',
  '&': 'Write && for "and".',
  '|': 'Write || for "or".',
  '+': 'Conditions do not compute; compare with the number itself.',
  '-': 'Conditions do not compute; a minus stands directly before a number.',
  '*': 'Conditions do not compute; compare with the number itself.',
  '/': 'Conditions do not compute; compare with the number itself.',
  '~': "There are no regular expressions; write matches(value, 'glob').",
  '?': 'There is no conditional operator; write && and ||.',
};

/** Splits a condition into tokens, the last of which is `end`. */
export function tokenize(text: string): readonly Token[] | Fault {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += run(SPACE, text, at).length;
    const c = text[at];
    if (c === undefined) {
      tokens.push({ kind: 'end', text: '', offset: at });
      return tokens;
    }
    if (c === "'" || c === '"') {
      const string = readString(text, at);
      if ('message' in string) return string;
      tokens.push({ kind: 'string', text: string.value, offset: at });
      at = string.end;
      continue;
    }
    const name = run(NAME, text, at);
    const word = name === '' ? run(NUMBER, text, at) : name;
    if (word !== '') {
      const number = name === '';
      if (number && /[\w$.]/.test(text[at + word.length] ?? '')) {
        return { offset: at, message: 'This is not a number; write 10, 2.5 or 1e6, or put it in quotes.' };
      }
      if (number && !isExact(word)) {
        return {
          offset: at,
          message: 'This number is too large to compare exactly; compare it as a string.',
        };
      }
      tokens.push({ kind: number ? 'number' : 'name', text: word, offset: at });
      at += word.length;
      continue;
    }
    const symbol = SYMBOLS.find((candidate) => text.startsWith(candidate, at));
    if (symbol === undefined) {
      return {
        offset: at,
        message: ADVICE[c] ?? 'A condition cannot contain this character outside quotes.',
      };
    }
    tokens.push({ kind: 'symbol', text: symbol, offset: at });
    at += symbol.length;
  }
}

function isExact(number: string): boolean {
  const value = Number(number);
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function readString(text: string, open: number): { readonly value: string; readonly end: number } | Fault {
  const quote = text[open];
  let value = '';
  for (let i = open + 1; i < text.length; i += 1) {
    const c = text[i] ?? '';
    if (c === quote) return { value, end: i + 1 };
    if (c === '\\') {
      const escaped = ESCAPES[text[i + 1] ?? ''];
      if (escaped === undefined) {
        return { offset: i, message: 'A backslash escapes \\ \' " n t r; write \\\\ for a backslash.' };
      }
      value += escaped;
      i += 1;
    } else {
      value += c;
    }
  }
  return { offset: open, message: 'This string is never closed; end it with the quote it began with.' };
}

function run(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
