import { isAlnum, isDigit, isLetter } from '../code-units.ts';
import type { Starts } from '../pattern/starts.ts';
import type { CompiledForm, Program } from './compiled.ts';
import type { Cursor } from './cursor.ts';
import type { Hits } from './hits.ts';
import { CLEAN, SOFT } from './left-edge.ts';
import { NEVER, type Progress } from './progress.ts';
import { createWordSearch } from './word-search.ts';

/** Costly checks in one text; an attack must not buy more. */
const MOST_CHECKS = 8_192;
const UNLESS_WINDOW = 24;

/** Tries a form whose trigger begins at `at`; `left` is what `leftOf` says of its left edge. */
export type Attempt = (form: CompiledForm, at: number, left: number) => void;

/** What all readers of a scanner share. */
export interface Shared {
  readonly program: Program;
  readonly cursor: Cursor & { at: number; end: number };
  readonly progress: Progress;
  readonly hits: Hits;
}

export function createAttempt({ program, cursor, progress, hits }: Shared): Attempt {
  const { codes } = cursor;
  const { seen } = progress;
  const hasOther = createWordSearch(program.others, program.classes, cursor, progress);
  return (form, at, left) => {
    const { rule } = form;
    const start = at - form.lead;
    const word = rule.before === -1 ? NEVER : (seen[rule.before] as number);
    const near = word <= start && start - word <= rule.window && (!rule.label || word >= progress.lastDigits);
    if (!near && rule.needsContext) return;
    if (left !== CLEAN && !(left === SOFT && (form.joined || (near && word >= start - 2)))) return;
    progress.work += form.cost;
    const { regex, find } = form;
    cursor.valid = undefined;
    if (regex === undefined) {
      if (find === undefined || !find(cursor)) return;
    } else {
      if (!canStart(codes, form.starts, start)) return;
      regex.lastIndex = start;
      if (!regex.test(cursor.text)) return;
      cursor.from = start;
      cursor.to = regex.lastIndex;
    }
    const { from, to } = cursor;
    if (form.edges !== 'open' && continues(codes, to, form.edges === 'dotted')) return;
    if (!near && rule.unless !== -1 && hasOther(rule.unless, Math.max(0, from - UNLESS_WINDOW), from)) return;
    const { except, validate } = rule;
    const value = except === undefined && validate === undefined ? '' : cursor.text.slice(from, to);
    if (except?.(value, codes, from, to) === true) return;
    const unchecked = validate === undefined || (rule.costly && progress.checks++ >= MOST_CHECKS);
    const valid = cursor.valid ?? (unchecked || validate(value));
    const score = near ? (valid ? rule.context : rule.contextInvalid) : valid ? rule.alone : rule.invalid;
    if (score < rule.threshold || score === 0) return;
    hits.add(rule, progress.base + from, progress.base + to, score);
    if (to > progress.skip && !form.inner) progress.skip = to;
  };
}

function canStart(codes: Uint16Array, { units, places }: Starts, start: number): boolean {
  for (let place = 0; place < places; place++) {
    const unit = codes[start + place] as number;
    if (unit < 128 && (((units[unit] as number) >> place) & 1) === 0) return false;
  }
  return true;
}

/** Whether what stands at `to` continues the match. */
function continues(codes: Uint16Array, to: number, dotted: boolean): boolean {
  const next = codes[to] as number;
  if (isAlnum(next) || next === 95) return true;
  if (dotted) return false;
  if (next === 64 || next === 37) return true;
  if (next === 45) return isAlnum(codes[to + 1] as number) && !isWord(codes, to + 1);
  return (next === 46 || next === 47) && isDigit(codes[to + 1] as number);
}

/** Three letters or more and then no digit: a word after a dash (`-Office`), not a part of a number (`-A`). */
function isWord(codes: Uint16Array, at: number): boolean {
  let end = at;
  while (end < at + 24 && isLetter(codes[end] as number)) end += 1;
  return end - at > 2 && !isAlnum(codes[end] as number);
}
