import { isBuiltIn, type AnyRule } from './engine/compile.ts';
import type { EntityName } from './entity.ts';
import { boundPattern } from './pattern/bound.ts';
import { UnusablePattern } from './pattern/node.ts';

/** A rule of an operator's own, as it stands in a policy. */
export interface UserRule {
  /** Lower case, with dashes; it must not be the id of another rule. */
  readonly id: string;
  /** A built-in entity or a name of its own, in UPPER_CASE. */
  readonly entity: EntityName;
  /** A regular expression of the linear subset; a match begins and ends at the edge of a word. */
  readonly pattern?: string;
  /** Words or phrases that are themselves the finding. Either these or a pattern. */
  readonly words?: readonly string[];
  /** Case does not count in `pattern`. Default false; it never counts in `words`. */
  readonly ignoreCase?: boolean;
  /** The finding counts only when one of these words stands before it, within the window. */
  readonly context?: readonly string[];
  /** From 0 to 1. Default 0.9. */
  readonly score?: number;
}

export type PatternCheck =
  | { readonly usable: true; readonly most: number; readonly literal: string }
  | { readonly usable: false; readonly reason: string };

/**
 * Whether a pattern is linear: any text takes time proportional to its length. The reason says what to write instead.
 */
export function checkPattern(pattern: string, ignoreCase = false): PatternCheck {
  try {
    const bound = boundPattern(pattern, ignoreCase);
    return { usable: true, most: bound.most, literal: bound.prefix };
  } catch (error) {
    if (error instanceof UnusablePattern) return { usable: false, reason: `The pattern ${error.message}.` };
    throw error;
  }
}

/** A user rule as the engine takes it: tried at a word, or searched for in a pass of its own. */
export interface ReadUserRule {
  readonly rule: AnyRule;
  readonly pass: { readonly pattern: string; readonly ignoreCase: boolean } | undefined;
}

const KNOWN: ReadonlySet<string> = new Set([
  'id',
  'entity',
  'pattern',
  'words',
  'ignoreCase',
  'context',
  'score',
]);

/** @throws TypeError that says what to write instead */
export function readUserRule(source: UserRule): ReadUserRule {
  const { id, entity, pattern, words, ignoreCase = false, context, score = 0.9 } = source;
  if (typeof id !== 'string' || !/^[a-z][a-z0-9-]{0,63}$/.test(id)) {
    throw new TypeError('rules[].id has to be lower case letters, digits and dashes, such as "employee-id".');
  }
  const refuse = (text: string): TypeError => new TypeError(`Rule "${id}": ${text}`);
  for (const key of Object.keys(source)) {
    if (!KNOWN.has(key)) throw refuse(`knows no "${key}"; write ${[...KNOWN].join(', ')}.`);
  }
  if (typeof entity !== 'string' || !(isBuiltIn(entity) || /^[A-Z][A-Z0-9_]{0,63}$/.test(entity))) {
    throw refuse('entity has to be a name in UPPER_CASE, such as "EMPLOYEE_ID".');
  }
  if (typeof score !== 'number' || !(score > 0 && score <= 1))
    throw refuse('score has to be above 0 and at most 1.');
  if ((pattern === undefined) === (words === undefined)) throw refuse('write either pattern or words.');
  if (context !== undefined) readWords(context, 'context', refuse);
  const shared = {
    id,
    entity,
    scores: context === undefined ? { alone: score } : { alone: 0, context: score },
    ...(context === undefined ? {} : { before: context.map(fold) }),
  };
  if (words !== undefined) {
    readWords(words, 'words', refuse);
    return {
      rule: {
        ...shared,
        forms: [{ on: 'word', words: words.map(fold), edges: 'dotted', find: theWord, reach: 64 }],
      },
      pass: undefined,
    };
  }
  if (typeof pattern !== 'string') throw refuse('pattern has to be a regular expression in quotes.');
  const checked = checkPattern(pattern, ignoreCase);
  if (!checked.usable) throw refuse(checked.reason);
  const literal = checked.literal;
  if (/^[A-Za-z_-]*[A-Za-z][A-Za-z_-]+/.test(literal) && /^[A-Za-z]/.test(literal)) {
    const lead = /^[A-Za-z][A-Za-z_-]*/.exec(literal)?.[0] ?? literal;
    return {
      rule: {
        ...shared,
        forms: [{ on: 'word', words: [lead], open: true, exact: true, edges: 'dotted', pattern }],
      },
      pass: undefined,
    };
  }
  return { rule: { ...shared, forms: [] }, pass: { pattern, ignoreCase } };
}

function readWords(words: unknown, name: string, refuse: (text: string) => TypeError): void {
  const usable =
    Array.isArray(words) &&
    words.length > 0 &&
    words.every((word) => typeof word === 'string' && word.length <= 64 && /[A-Za-z_]{2}/.test(word));
  if (!usable)
    throw refuse(`${name} has to be a list of words with two letters in a row, such as ["badge"].`);
}

function fold(word: string): string {
  return word
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase();
}

/** The word itself is the finding. */
function theWord(cursor: { readonly at: number; readonly end: number; from: number; to: number }): boolean {
  cursor.from = cursor.at;
  cursor.to = cursor.end;
  return true;
}
