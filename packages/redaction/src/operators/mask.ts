import type { Rewriting } from './operator.ts';

/** What stays, because it only gives the value its form. */
const SEPARATORS: ReadonlySet<string> = new Set(' -./:@()+,_');

/** A character in three is shown at most: the last four of a value of five would be the value. */
const SHOWN_SHARE = 3;

/** @param keepLast how many of the last characters stay, separators not counted */
export function mask(keepLast: number): Rewriting {
  return {
    text: (value) => {
      const characters = Array.from(value);
      const size = characters.reduce((sum, character) => sum + (SEPARATORS.has(character) ? 0 : 1), 0);
      let hidden = size - Math.min(keepLast, Math.floor(size / SHOWN_SHARE));
      return characters
        .map((character) => {
          if (SEPARATORS.has(character)) return character;
          hidden -= 1;
          return hidden >= 0 ? '*' : character;
        })
        .join('');
    },
    number: (value) => {
      const digits = String(Math.abs(Math.trunc(value)));
      const shown = Math.min(keepLast, Math.floor(digits.length / SHOWN_SHARE));
      return shown === 0 || !/^\d+$/.test(digits) ? 0 : Number(digits.slice(-shown));
    },
    keepsShape: false,
    cheap: true,
  };
}
