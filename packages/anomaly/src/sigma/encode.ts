import { plain, readWildcards, type Wild } from './wildcards.ts';

/** A value on its way through transformations: a text with wildcards, or bytes that are to become one. */
export type Encodable = Wild | Buffer;

const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'];
const MOST_FORMS = 1000;

/** How a modifier changes a value; an error says what to write instead. */
export type Transformation = (value: Encodable) => readonly Encodable[];

/** Transformation modifiers of the modifiers appendix of Sigma 2.1. */
export const TRANSFORMATIONS: Readonly<Record<string, Transformation>> = {
  windash,
  base64: (value) => [[bytesOf(value).toString('base64')]],
  base64offset: (value) => offsets(bytesOf(value)),
  utf16le: (value) => [utf16(value)],
  wide: (value) => [utf16(value)],
  utf16be: (value) => [utf16(value).swap16()],
  utf16: (value) => [Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(value)])],
};

/** A value that a transformation cannot take. */
export class Unencodable extends Error {
  override readonly name = 'Unencodable';
}

/** Every combination of the dashes that begin a word: at most 1,000 forms of a value. */
function windash(value: Encodable): readonly Encodable[] {
  if (Buffer.isBuffer(value)) throw new Unencodable('windash is for texts; write it before the encoding');
  let forms: Wild[] = [[]];
  for (const part of value) {
    const pieces: Wild =
      typeof part === 'string' ? part.split(/(?<![^\s])([-/\u2013\u2014\u2015])(?=[^\s])/u) : [part];
    for (const piece of pieces) {
      if (piece === '') continue;
      const choices: Wild = typeof piece === 'string' && DASHES.includes(piece) ? DASHES : [piece];
      forms = forms.flatMap((form) => choices.map((choice) => joined(form, choice)));
      if (forms.length > MOST_FORMS)
        throw new Unencodable(
          `windash makes more than ${MOST_FORMS} forms of it; write fewer dashes in one value`,
        );
    }
  }
  return forms;
}

function joined(form: Wild, piece: Wild[number]): Wild {
  const last = form.at(-1);
  return typeof last === 'string' && typeof piece === 'string'
    ? [...form.slice(0, -1), last + piece]
    : [...form, piece];
}

function bytesOf(value: Encodable): Buffer {
  if (Buffer.isBuffer(value)) return value;
  const text = plain(value);
  if (text === undefined)
    throw new Unencodable('a value that is encoded cannot have wildcards; write "\\*" for the character');
  return Buffer.from(text);
}

function utf16(value: Encodable): Buffer {
  if (Buffer.isBuffer(value)) throw new Unencodable('it is encoded already; write one encoding');
  return Buffer.from(bytesOf(value).toString(), 'utf16le');
}

/** The part of the Base64 text that does not depend on what stands before and after, for each of three places. */
function offsets(bytes: Buffer): readonly Wild[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const start = [0, 2, 3][shift];
    const cut = (shift + bytes.length) % 3 === 0 ? encoded.length : encoded.length - 1;
    return [encoded.slice(start, cut)];
  });
}

/**
 * Fills in `%name%`; `\%` is the character. An unknown name is given to `refuse`.
 *
 * @throws Unencodable when the forms are more than 1,000
 */
export function expand(
  value: string,
  lists: Readonly<Record<string, readonly string[]>>,
  refuse: (name: string) => void,
): readonly Wild[] {
  let forms = [''];
  for (const piece of value.split(/(?<!\\)(%[\w-]+%)/u)) {
    const name = /^%([\w-]+)%$/u.exec(piece)?.[1];
    const found = name !== undefined && Object.hasOwn(lists, name) ? lists[name] : undefined;
    if (name !== undefined && found === undefined) refuse(name);
    const choices = found ?? [piece.replaceAll('\\%', '%')];
    forms = forms.flatMap((form) => choices.map((choice) => form + choice));
    if (forms.length > MOST_FORMS)
      throw new Unencodable(
        `its placeholders make more than ${MOST_FORMS} forms of it; write fewer in one value`,
      );
  }
  return forms.map(readWildcards);
}
