import type { Attempt, Shared } from './attempt.ts';
import type { CompiledForm } from './compiled.ts';
import { SEPARATOR } from './classes.ts';
import { CLEAN } from './left-edge.ts';
import {
  ANY_UNIT,
  backOf,
  headOf,
  type IndexedWord,
  isAtBeginning,
  isLast,
  quadAt,
  unitOf,
  wordOf,
} from './word-index.ts';
import { breaks, createWordPlace, standsAt } from './word-place.ts';

/** Reads the words of which the four units that end at `at` may be the anchor. */
export type WordReader = (at: number) => void;

export function createWordReader({ program, cursor, progress }: Shared, attempt: Attempt): WordReader {
  const { codes } = cursor;
  const { classes, wordForms, gates, words: index } = program;
  const { words, entries } = index;
  const { seen } = progress;
  const place = createWordPlace();
  const readOne = (word: IndexedWord, run: number): void => {
    progress.work += word.classes.length;
    if (!standsAt(word, codes, cursor.length, run, classes, place)) return;
    const { start, end } = place;
    progress.anySeen = true;
    for (const group of word.groups) {
      seen[group] = end;
      if (gates[group] === 1) progress.lastWord = end;
    }
    const inside = start < progress.skip;
    for (const number of word.forms) {
      const form = wordForms[number] as CompiledForm;
      if (inside && !form.inner) continue;
      cursor.at = start;
      cursor.end = end;
      attempt(form, start, CLEAN);
    }
  };
  /** Most stops are inside another word, or for another one with the same units: a look at one or two tells. */
  const isElsewhere = (value: number, run: number): boolean => {
    const unit = unitOf(value);
    if (!isAtBeginning(value)) {
      const before = classes[codes[run - 1] as number] === SEPARATOR ? run - 2 : run - 1;
      return classes[codes[before] as number] !== unit && unit !== ANY_UNIT;
    }
    if (classes[codes[run] as number] !== unit) return true;
    return run > 0 && !breaks(codes[run - 1] as number, codes[run] as number, classes);
  };
  return (at) => {
    for (let entry = headOf(index, quadAt(codes, classes, at)); ; entry++) {
      const value = entries[entry] as number;
      const run = at - backOf(value);
      progress.work += 1;
      if (!isElsewhere(value, run)) readOne(words[wordOf(value)] as IndexedWord, run);
      if (isLast(value)) return;
    }
  };
}
