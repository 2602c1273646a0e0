import { RE2JS } from 're2js';

import { translatePattern, Untranslatable } from './translate-pattern.ts';

/** A pattern that is matched in time linear in the text, whatever the pattern. */
export interface LinearPattern {
  /** Instructions of the compiled program: a match takes at most this many steps for each character. */
  readonly size: number;
  test(text: string): boolean;
}

/** What one match costs, in steps of about 5 ns: it takes 0.3 us at least. */
export function stepsOf(pattern: LinearPattern, text: string): number {
  return 64 + text.length * pattern.size * STEPS_PER_INSTRUCTION;
}

/** Between RE2's lazy DFA, which ordinary patterns run on, and its NFA, which hostile ones fall back to. */
const STEPS_PER_INSTRUCTION = 1 / 16;

/** A longer pattern is refused: RE2's time is linear in the text, times the length of the pattern. */
const LONGEST = 2_000;

/**
 * An ECMA-262 pattern, as JSON Schema means it (unanchored, with the `u` flag where it is valid with it), run
 * by RE2's algorithm. The RegExp of the language backtracks: `^(a|a)*$` takes 2^n steps on n characters.
 *
 * @throws Untranslatable when it is no pattern, or has no linear equal: backreferences, most lookaround
 */
export function linearPattern(pattern: string): LinearPattern {
  if (pattern.length > LONGEST) throw new Untranslatable(`more than ${LONGEST} characters`);
  const unicode = isPattern(pattern, 'u');
  if (!unicode && !isPattern(pattern, '')) throw new Untranslatable('a syntax error');
  const { guards, source } = translatePattern(pattern, unicode);
  const whole = compile(source);
  if (guards.length === 0) return { size: whole.programSize(), test: (text) => whole.test(text) };
  const checks = guards.map((guard) => ({ ...guard, pattern: compile(`\\A(?:${guard.source})`) }));
  return {
    size: checks.reduce((sum, guard) => sum + guard.pattern.programSize(), whole.programSize()),
    test: (text) => checks.every((guard) => guard.pattern.test(text) !== guard.negative) && whole.test(text),
  };
}

function isPattern(pattern: string, flags: string): boolean {
  try {
    return new RegExp(pattern, flags) instanceof RegExp;
  } catch {
    return false;
  }
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch {
    throw new Untranslatable('something that RE2 has not, such as more than 1,000 repetitions');
  }
}
