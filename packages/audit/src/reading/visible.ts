import { ESCAPE, escapedByNumber, INVISIBLE } from '../formats/visible-text.ts';

const HIDDEN = new RegExp(`[${INVISIBLE}]`, 'gu');

/**
 * A text as a terminal or a cell can show it: what moves the cursor, ends a line or turns the direction of writing is
 * `U+241B` and its number, as in the text formats.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, escapedByNumber);
}

/** JSON on one line with the same characters as `\uXXXX`: another spelling of the same value. */
export function visibleJson(json: string): string {
  return json.replace(HIDDEN, (character) =>
    character === ESCAPE ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
