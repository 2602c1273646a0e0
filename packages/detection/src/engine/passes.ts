import { isAlnum } from '../code-units.ts';
import type { Shared } from './attempt.ts';
import type { Piece } from './piece.ts';
import { createWordSearch } from './word-search.ts';

/** Searches a whole text for users' patterns that begin with no literal. It reads other texts into the piece. */
export type Passes = (text: string) => void;

export function createPasses({ program, cursor, progress, hits }: Shared, piece: Piece): Passes {
  const hasWord = createWordSearch(program.words, program.classes, cursor, progress);
  return (text) => {
    for (const { rule, regex } of program.passes) {
      regex.lastIndex = 0;
      for (let match = regex.exec(text); match !== null; match = regex.exec(text)) {
        const from = match.index;
        const to = regex.lastIndex;
        if (isInWord(text, from) || isInWord(text, to)) continue;
        if (rule.before !== -1) {
          piece.load(text.slice(Math.max(0, from - rule.window), from));
          if (!hasWord(rule.before, 0, cursor.length)) continue;
        }
        hits.add(rule, from, to, rule.context);
      }
    }
  };
}

/** Whether a letter, digit or `_` stands on both sides of `at`. */
function isInWord(text: string, at: number): boolean {
  return at > 0 && at < text.length && isWordUnit(text.charCodeAt(at - 1)) && isWordUnit(text.charCodeAt(at));
}

function isWordUnit(code: number): boolean {
  return isAlnum(code) || code === 95;
}
