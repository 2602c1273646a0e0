import type { Cursor } from './cursor.ts';

/** Zeros after the text, so that a matcher may look ahead without asking for the end. */
const MARGIN = 128;
/** Shorter texts are copied faster unit by unit (measured on Node 20). */
const SHORT = 48;

/** The buffer that one piece of the text is read in at a time. */
export interface Piece {
  readonly cursor: Cursor & { text: string; length: number; at: number; end: number };
  /** `codes`, two units in a number, the first in its lower half. */
  readonly twos: Uint32Array;
  /** Puts `text` into the buffer. It may not be longer than `most`. */
  load(text: string): void;
  /** Forgets the text. */
  release(): void;
}

/** @param most units of the longest piece, an even number */
export function createPiece(most: number): Piece {
  const codes = new Uint16Array(most + MARGIN);
  const bytes = Buffer.from(codes.buffer);
  const cursor: Piece['cursor'] = {
    text: '',
    codes,
    length: 0,
    at: 0,
    end: 0,
    from: 0,
    to: 0,
    nameFrom: 0,
    nameTo: -1,
    valid: undefined,
  };
  return {
    cursor,
    twos: new Uint32Array(codes.buffer),
    load: (text) => {
      const { length } = text;
      if (length < SHORT) for (let at = 0; at < length; at++) codes[at] = text.charCodeAt(at);
      else bytes.write(text, 'utf16le');
      // What the text before left there, and no more: most texts are short, and a long one is followed by short ones.
      const dirty = cursor.length;
      if (dirty - length < SHORT) for (let at = length; at < dirty; at++) codes[at] = 0;
      else codes.fill(0, length, dirty);
      cursor.length = length;
      cursor.text = text;
      cursor.nameTo = -1;
    },
    release: () => {
      cursor.text = '';
    },
  };
}
