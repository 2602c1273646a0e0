import { isAlnum, isAsciiLetter } from '../../code-units.ts';
import type { Cursor } from '../../engine/cursor.ts';
import { unitsOf } from './shape.ts';

/** The value that is assigned to a name: `KEY=value`, `"key": "value"`, `--key value`, `<key>value`, `set("key", "value")`. */
export interface Assignment {
  /** The whole name, of which the trigger is a part. */
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly start: number;
  /** The code of the quote that the value stands in; 0 without. */
  readonly quote: number;
  /** `NAME=value` without a space, as in an environment file or a query, or the value of a `--name`. */
  readonly tight: boolean;
  /** A sentence: `the password is value`. */
  readonly told: boolean;
}

/** Units of a name on either side of the trigger. */
export const NAME = 40;
const FILLER = 10;
/** What `readAssignment` reads at most. */
export const ASSIGNMENT_REACH = 160;

/** Reads on from the word that the cursor stands at; `undefined` where nothing is assigned to it. */
export function readAssignment(cursor: Cursor): Assignment | undefined {
  const { codes, at } = cursor;
  const nameEnd = readName(cursor);
  // A text can be made of names alone: nothing else is read of one that no unit of an assignment follows.
  if (!mayFollow(codes[nameEnd] as number)) return undefined;
  let nameStart = at;
  const least = Math.max(0, at - NAME);
  while (nameStart > least && isNameUnit(codes[nameStart - 1] as number)) nameStart -= 1;
  const isFlag = codes[nameStart] === 45 && codes[nameStart + 1] === 45;
  let to = nameEnd;
  let closed = false;
  let most = to + FILLER;
  for (; to < most && isClosing(codes[to] as number); to++) closed ||= isQuote(codes[to] as number);
  const afterName = to;
  to = skipBlanks(codes, to);
  const mark = codes[to] as number;
  let needsQuote = false;
  if (mark === 61 || mark === 58) {
    // `=`, `==`, `===`, `=>`, `:`, `:=`; of `!=` and `/=` the mark before ends the name.
    to = skipOperator(codes, to);
    const typed = typeEnd(codes, to);
    if (mark === 58 && typed !== -1) to = typed;
  } else if (mark === 44 && (closed || isFlag)) {
    to += 1;
    needsQuote = true;
  } else if (mark === 40) {
    to += 1;
    needsQuote = true;
  } else if (mark === 62 && to === afterName) to += 1;
  else if (isTold(codes, to)) to += 3;
  else if (!(isFlag && to > afterName && !closed)) return undefined;
  const told = mark === 105 && !isFlag;
  const afterMark = to;
  to = skipBlanks(codes, to);
  most = to + FILLER;
  let quote = 0;
  // The letters before a string literal (`b"`, `f"`, `@"`), and the backslashes of one inside another.
  if (isQuote(codes[to + 1] as number) && (isAsciiLetter(codes[to] as number) || codes[to] === 64)) to += 1;
  while (to < most && (isQuote(codes[to] as number) || codes[to] === 92)) {
    if (codes[to] !== 92) quote = codes[to] as number;
    to += 1;
  }
  // A part of a URL or of a resource name: `//token:x@host`, `arn:...:secret:name`.
  const isPart = quote === 0 && mark === 58 && afterMark === to && isJoint(codes[nameStart - 1]);
  if (isPart || (needsQuote && quote === 0) || beginsReference(codes[to] as number)) return undefined;
  const tight = quote === 0 && (isFlag || (afterMark === to && to === afterName + 1 && mark === 61));
  return { nameStart, nameEnd, start: to, quote, tight, told };
}

/** Whether the word that the cursor stands at is all of a name. */
export function isAlone({ codes, at, end }: Cursor): boolean {
  return !isNameUnit(codes[end] as number) && !(at > 0 && isNameUnit(codes[at - 1] as number));
}

/** Where the name ends that the cursor stands in. */
function readName(cursor: Cursor): number {
  const { codes, end, nameFrom, nameTo } = cursor;
  const isKnown = end >= nameFrom && end <= nameTo;
  const most = end + NAME;
  let to = isKnown ? Math.min(nameTo, most) : end;
  while (to < most && isNameUnit(codes[to] as number)) to += 1;
  if (!isKnown) cursor.nameFrom = end;
  cursor.nameTo = isKnown ? Math.max(nameTo, to) : to;
  return to;
}

/** `$`, `{`, `<`, `(`, `[`, or no value at all: a variable, a template, a call. */
function beginsReference(code: number): boolean {
  return code === 36 || code === 123 || code === 60 || code === 40 || code === 91 || code <= 32;
}

/** ` is `. */
function isTold(codes: Uint16Array, at: number): boolean {
  return codes[at - 1] === 32 && codes[at] === 105 && codes[at + 1] === 115 && codes[at + 2] === 32;
}

function isJoint(code: number | undefined): boolean {
  return code === 47 || code === 58;
}

function skipBlanks(codes: Uint16Array, at: number): number {
  let to = at;
  while (to < at + FILLER && (codes[to] === 32 || codes[to] === 9)) to += 1;
  return to;
}

function skipOperator(codes: Uint16Array, at: number): number {
  let to = at;
  while (to < at + 3 && (codes[to] === 61 || codes[to] === 58)) to += 1;
  return codes[to] === 62 ? to + 1 : to;
}

/** After the `=` that follows a type, as in `token: string = `; -1 where no type stands. */
function typeEnd(codes: Uint16Array, at: number): number {
  const start = skipBlanks(codes, at);
  let to = start;
  while (to < start + 16 && (isAsciiLetter(codes[to] as number) || codes[to] === 38)) to += 1;
  if (to === start) return -1;
  to = skipBlanks(codes, to);
  return codes[to] === 61 && codes[to + 1] !== 61 ? to + 1 : -1;
}

/** After the value: at its quote, or at what ends a word. -1 where it has no end within `most` units. */
export function valueEnd(codes: Uint16Array, { start, quote }: Assignment, most: number): number {
  for (let to = start; to <= start + most; to++) {
    const code = codes[to] as number;
    if (quote !== 0) {
      if (code === quote) return to;
      if (code === 92 && codes[to + 1] === quote) return to;
      if (code === 0 || code === 10 || code === 13) return -1;
    } else if (isWordEnd(code)) return to;
  }
  return -1;
}

// V8 reads a table slowly once it was asked for what is behind its end: so that is asked first.
function isNameUnit(code: number): boolean {
  return code < NAME_UNITS.length && NAME_UNITS[code] === 1;
}

function mayFollow(code: number): boolean {
  return code < FOLLOWING.length && FOLLOWING[code] === 1;
}

/** Letters (Latin ones too), digits, `_` and `-`: asked of so many units that a table is worth it. */
const NAME_UNITS: Uint8Array = Uint8Array.from({ length: 0x250 }, (_, code) =>
  isAlnum(code) || code === 95 || code === 45 ? 1 : 0,
);
/** What an assignment may go on with behind its name: a mark, a blank, or what closes the name. */
const FOLLOWING: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  isClosing(code) || '\t =:,(>'.includes(String.fromCharCode(code)) ? 1 : 0,
);

function isQuote(code: number): boolean {
  return code === 34 || code === 39 || code === 96;
}

/** A quote, a backslash before it, a closing bracket, a question mark. */
function isClosing(code: number): boolean {
  return isQuote(code) || code === 92 || code === 93 || code === 63;
}

/** What ends a value without quotes: white space, a quote, `,`, `;`, `&`, `<`, `>`, `|`, a closing bracket. */
const WORD_ENDS: Uint8Array = unitsOf(',;&<>|)\\]}"\'`').fill(1, 0, 33);

function isWordEnd(code: number): boolean {
  return code < WORD_ENDS.length && WORD_ENDS[code] === 1;
}
