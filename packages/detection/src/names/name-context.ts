import { roleOf } from './features.ts';
import { Kind, Role } from './lexicon.ts';
import { Gap, Shape } from './word-buffer.ts';
import type { WordBuffer } from './word-buffer.ts';

/**
 * What one result has told so far: the parts of its full names, as hashes. Share one over the texts of a
 * result, and never over two results: a name in one would then be looked for in the other.
 */
export interface NameContext {
  readonly parts: Set<number>;
}

export function createNameContext(): NameContext {
  return { parts: new Set() };
}

/** More names than this are a list of people, where each stands in full: what a context holds stays bounded. */
const MOST_PARTS = 4096;
/** Shorter parts are too often something else. */
const SHORTEST_PART = 3;

/** Remembers the parts of the name in the words `from` to `to`. */
export function learnName(context: NameContext, words: WordBuffer, from: number, to: number): void {
  if (context.parts.size >= MOST_PARTS) return;
  for (let at = from; at < to; at++) {
    const role = roleOf(words, at);
    if ((words.length[at] as number) < SHORTEST_PART) continue;
    if (role === Role.particle || role === Role.suffix || role === Role.title || role === Role.calendar)
      continue;
    context.parts.add(words.hash[at] as number);
  }
}

/** Whether the word stands here as part of a name, should the name be found elsewhere in the result. */
export function mayBePart(words: WordBuffer, at: number): boolean {
  if (words.candidate[at] === 0 || (words.length[at] as number) < SHORTEST_PART) return false;
  const next = at + 1;
  if (next < words.count) {
    const gap = words.gap[next] as number;
    const role = roleOf(words, next);
    const names = role === Role.eponymHead || role === Role.street || role === Role.organization;
    if (names && (gap === Gap.space || gap === Gap.possessive)) return false;
  }
  const kind = words.kind[at] as number;
  if ((kind & Kind.common) === 0) return true;
  // A capital at the start of a sentence or in a heading says nothing about an ordinary word.
  const before = words.gap[at] as number;
  return words.shape[at] === Shape.capitalized && before === Gap.space && words.lineCase[at] === 0;
}
