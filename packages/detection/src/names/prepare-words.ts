import { bloomHas } from './bloom.ts';
import { Kind, Role } from './lexicon.ts';
import { Gap, Shape } from './word-buffer.ts';
import type { WordBuffer } from './word-buffer.ts';

/** What is known of words, apart from their weights. */
export interface WordKnowledge {
  readonly roles: ReadonlyMap<number, number>;
  readonly given: Uint8Array;
  readonly surnames: Uint8Array;
  readonly cities: Uint8Array;
  readonly common: Uint8Array;
  readonly frequentGiven: Uint8Array;
  readonly frequentSurnames: Uint8Array;
}

/** Looks a word up; the answers of recent words are kept, because most of a text is the same few words. */
export interface KindLookup {
  readonly knowledge: WordKnowledge;
  readonly keys: Int32Array;
  readonly values: Int32Array;
}

const CACHE = 16_384;

export function createKindLookup(knowledge: WordKnowledge): KindLookup {
  return { knowledge, keys: new Int32Array(CACHE), values: new Int32Array(CACHE).fill(-1) };
}

function kindOf(lookup: KindLookup, hash: number): number {
  const slot = (hash ^ (hash >>> 16)) & (CACHE - 1);
  if (lookup.keys[slot] === hash && (lookup.values[slot] as number) >= 0)
    return lookup.values[slot] as number;
  const { roles, given, surnames, cities, common, frequentGiven, frequentSurnames } = lookup.knowledge;
  let kind = (roles.get(hash) ?? 0) << Kind.role;
  // Frequent names are in the list of all names too, so that most words are looked up in fewer lists.
  if (bloomHas(given, hash))
    kind |= bloomHas(frequentGiven, hash) ? Kind.given | Kind.frequentGiven : Kind.given;
  if (bloomHas(surnames, hash))
    kind |= bloomHas(frequentSurnames, hash) ? Kind.surname | Kind.frequentSurname : Kind.surname;
  if (bloomHas(cities, hash)) kind |= Kind.city;
  if (bloomHas(common, hash)) kind |= Kind.common;
  lookup.keys[slot] = hash;
  lookup.values[slot] = kind;
  return kind;
}

/** Fills in the kind of each word, the case of its line, and whether it may be part of a name at all. */
export function prepareWords(lookup: KindLookup, words: WordBuffer): void {
  const { count, kind, shape, hash } = words;
  for (let at = 0; at < count; at++) {
    const looks = shape[at] as number;
    kind[at] =
      looks === Shape.number || looks === Shape.alphanumeric || looks === Shape.code
        ? 0
        : kindOf(lookup, hash[at] as number);
  }
  markLines(words);
  for (let at = 0; at < count; at++) words.candidate[at] = isCandidate(words, at) ? 1 : 0;
}

/**
 * How a line is written decides what a capital is worth. 0 as usual, 1 no capitals, 2 all capitals, 3
 * title case.
 */
function markLines(words: WordBuffer): void {
  const { count, gap, shape, kind } = words;
  for (let from = 0; from < count;) {
    let to = from;
    let lower = 0;
    let upper = 0;
    let capitalized = 0;
    do {
      const looks = shape[to] as number;
      if (looks === Shape.lower) {
        if ((kind[to] as number) >>> Kind.role !== Role.function) lower++;
      } else if (looks === Shape.upper) upper++;
      else if (looks === Shape.capitalized) capitalized++;
      to++;
    } while (to < count && gap[to] !== Gap.line);
    const all = lower + upper + capitalized;
    const style =
      all < 3
        ? lower === all
          ? 1
          : 4
        : upper * 4 >= all * 3
          ? 2
          : capitalized * 4 >= all * 3
            ? 3
            : lower === all
              ? 1
              : 0;
    words.lineCase.fill(style, from, to);
    from = to;
  }
}

function isCandidate(words: WordBuffer, at: number): boolean {
  const before = words.gap[at] as number;
  const after = at + 1 < words.count ? (words.gap[at + 1] as number) : words.lastGap;
  if (before === Gap.code || after === Gap.none) return false;
  const kind = words.kind[at] as number;
  const role = kind >>> Kind.role;
  if (role === Role.function && words.shape[at] !== Shape.initial) return false;
  switch (words.shape[at] as number) {
    case Shape.initial:
    case Shape.upper:
    case Shape.capitalized:
    case Shape.innerCapital:
      // file.Name and object.Method: both sides of a dot, unless a title is there.
      return before !== Gap.dot || after !== Gap.dot;
    case Shape.lower: {
      if (before === Gap.dot || after === Gap.dot || before === Gap.other || (words.length[at] as number) < 2)
        return false;
      const chained = at > 0 && words.candidate[at - 1] === 1 && before <= Gap.hyphen;
      if (role === Role.particle) return chained;
      if (before === Gap.hyphen && !chained) return false;
      if ((kind & Kind.common) !== 0) return false;
      const titled =
        at > 0 && roleAt(words, at - 1) === Role.title && (before === Gap.space || before === Gap.period);
      return (kind & Kind.given) !== 0 || titled || (chained && (kind & Kind.surname) !== 0);
    }
    default:
      return false;
  }
}

function roleAt(words: WordBuffer, at: number): number {
  return (words.kind[at] as number) >>> Kind.role;
}
