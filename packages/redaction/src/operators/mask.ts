import type { Rewriting } from './operator.ts';

/** What stays, because it only gives the value its form. */
const SEPARATORS: ReadonlySet<string> = new Set(' -./:@()+,_');

/** A character in three is shown at most: the last four of a value of five would be the value. */
const SHOWN_SHARE = 3;
/** Of fewer characters none is shown: a security code, a PIN, a year, half of a postal code. */
const SHORTEST_SHOWN = 8;

/** @param keepLast how many of the last characters stay, separators not counted */
export function mask(keepLast: number): Rewriting {
  const shownOf = (size: number): number =>
    size < SHORTEST_SHOWN ? 0 : Math.min(keepLast, Math.floor(size / SHOWN_SHARE));
  return {
    text: (value) => {
      const characters = Array.from(value);
      const size = characters.reduce((sum, character) => sum + (SEPARATORS.has(character) ? 0 : 1), 0);
      // Of separators alone, they are the value.
      if (size === 0) return '*'.repeat(characters.length);
      let hidden = size - shownOf(size);
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
      const shown = shownOf(digits.length);
      return shown === 0 || !/^\d+$/.test(digits) ? 0 : Number(digits.slice(-shown));
    },
    keepsShape: false,
    cheap: true,
  };
}
