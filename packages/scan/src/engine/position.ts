import type { Chunk } from './chunk-scanner.ts';

/** Where a part of a file begins. */
export interface Position {
  /** Lines before it. */
  readonly line: number;
  /** UTF-16 code units of its line that come before it. */
  readonly column: number;
  /** Bytes before it. */
  readonly byte: number;
}

export const BEGINNING: Position = { line: 0, column: 0, byte: 0 };

/** Where the bytes of a chunk stand in the file. */
export interface PositionCounter {
  /** Asked in about the order of the text, so that the chunk is counted once. */
  at(offset: number): Position;
}

export function createPositionCounter({ bytes, encoding, from, at: beginning }: Chunk): PositionCounter {
  let known = { offset: from, position: beginning };
  return {
    at: (offset) => {
      if (offset < known.offset) known = { offset: from, position: beginning };
      const text = bytes.toString(encoding, known.offset, offset);
      const after = positionAfter(known.position, text);
      known = { offset, position: { ...after, byte: beginning.byte + offset - from } };
      return known.position;
    },
  };
}

/** The line and column after `text`; a line ends at a line feed. */
export function positionAfter(position: Position, text: string): Position {
  let { line } = position;
  let last = -1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    line += 1;
    last = at;
  }
  const column = last === -1 ? position.column + text.length : text.length - last - 1;
  return { line, column, byte: position.byte };
}
