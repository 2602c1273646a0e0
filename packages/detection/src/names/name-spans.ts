import { roleOf } from './features.ts';
import { Kind, Role } from './lexicon.ts';
import { Gap, Shape } from './word-buffer.ts';
import type { WordBuffer } from './word-buffer.ts';

/** The next word that is inside a name, or the count of words. */
export function nextName(words: WordBuffer, inside: Uint8Array, from: number): number {
  let at = from;
  while (at < words.count && inside[at] === 0) at++;
  return at;
}

/**
 * Where the name that begins at `from` ends: labels run on over a comma between two persons, a name does
 * not.
 */
export function nameEnd(words: WordBuffer, inside: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < words.count && inside[at] === 1 && joins(words, from, at)) at++;
  return at;
}

/** Skips titles, and gives `to` when nothing is left of the name: titles, Jr. and single initials are no names. */
export function nextStart(words: WordBuffer, from: number, to: number): number {
  let at = from;
  while (at < to && roleOf(words, at) === Role.title) at++;
  const lone = to - at === 1 && ((words.length[at] as number) === 1 || roleOf(words, at) === Role.suffix);
  return lone ? to : at;
}

function joins(words: WordBuffer, from: number, at: number): boolean {
  switch (words.gap[at] as number) {
    case Gap.space:
    case Gap.hyphen:
    case Gap.quote:
      return true;
    case Gap.period:
    case Gap.dot: {
      const role = roleOf(words, at - 1);
      return (
        words.shape[at - 1] === Shape.initial ||
        role === Role.title ||
        role === Role.suffix ||
        role === Role.particle
      );
    }
    case Gap.comma:
      return roleOf(words, at) === Role.suffix || isSurnameFirst(words, from, at);
    default:
      return false;
  }
}

/** Smith, John: one surname, and then a given name; where the surname is also a given name, at the start of an entry. */
function isSurnameFirst(words: WordBuffer, from: number, at: number): boolean {
  if (at - from !== 1 || ((words.kind[at] as number) & Kind.given) === 0) return false;
  const kind = words.kind[from] as number;
  if ((kind & Kind.surname) === 0) return false;
  if ((kind & Kind.given) === 0) return true;
  if ((kind & Kind.frequentGiven) !== 0) return false;
  const before = words.gap[from] as number;
  const opens = before === Gap.line || before === Gap.colon || before === Gap.table;
  return words.shape[from] === Shape.upper || (opens && (kind & Kind.frequentSurname) !== 0);
}
