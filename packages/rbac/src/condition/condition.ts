import { isJsonObject, type JsonObject, type Principal } from '@sallyport/core';
import { matchesGlob, type Glob } from '../segment-glob.ts';
import type { Fault } from '../problem.ts';
import { and, ANY, FALSE, not, or, outcome, type Outcomes, TRUE, UNKNOWN } from '../tri.ts';
import { isPlainName } from '../uri.ts';
import { parseCondition } from './parser.ts';
import type { Comparison, Test, Value } from './syntax.ts';

/** What a condition is evaluated over. */
export interface Facts {
  /** `undefined` where the arguments are not known yet. */
  readonly args: JsonObject | undefined;
  readonly principal: Principal;
}

/** A compiled condition. Given arguments, it has exactly one outcome. */
export type Condition = (facts: Facts) => Outcomes;

/** Compiles a condition; `undefined` for one that is always true (empty, `true`, `*`). */
export function compileCondition(text: string): Condition | undefined | Fault {
  if (text === '' || text === '*' || text === 'true') return undefined;
  const test = parseCondition(text);
  return 'message' in test ? test : compileTest(test);
}

type Read = (facts: Facts) => unknown;

/** In place of a value: there is none. */
const MISSING = Symbol('missing');
/** In place of a value: it depends on arguments that are not known yet. */
const LATER = Symbol('later');

export function compileTest(test: Test): Condition {
  switch (test.kind) {
    case 'and':
      return chain(test.operands.map(compileTest), and, TRUE, FALSE);
    case 'or':
      return chain(test.operands.map(compileTest), or, FALSE, TRUE);
    case 'not': {
      const operand = compileTest(test.operand);
      return (facts) => not(operand(facts));
    }
    case 'compare':
      return compileComparison(test.op, test.left, test.right);
    case 'in':
      return compileIn(test.left, test.right);
    case 'text': {
      const holds = TEXT[test.op];
      const left = compileValue(test.left);
      const right = compileValue(test.right);
      return (facts) => {
        const a = left(facts);
        const b = right(facts);
        return typeof a === 'string' && typeof b === 'string' ? outcome(holds(a, b)) : undecided(a, b);
      };
    }
    case 'matches':
      return compileMatches(compileValue(test.value), test.glob);
    case 'flag': {
      const read = compileValue(test.value);
      return (facts) => {
        const value = read(facts);
        return typeof value === 'boolean' ? outcome(value) : undecided(value, value);
      };
    }
  }
}

const TEXT = {
  startsWith: (a: string, b: string): boolean => a.startsWith(b),
  endsWith: (a: string, b: string): boolean => a.endsWith(b),
  contains: (a: string, b: string): boolean => a.includes(b),
} as const;

function chain(
  operands: readonly Condition[],
  join: (a: Outcomes, b: Outcomes) => Outcomes,
  neutral: Outcomes,
  final: Outcomes,
): Condition {
  return (facts) => {
    let result = neutral;
    for (const operand of operands) {
      result = join(result, operand(facts));
      if (result === final) break;
    }
    return result;
  };
}

function compileValue(value: Value): Read {
  switch (value.kind) {
    case 'literal': {
      const { value: constant } = value;
      return () => constant;
    }
    case 'list': {
      const items = value.items.map(compileValue);
      return (facts) => items.map((item) => item(facts));
    }
    case 'path':
      return compilePath(value.root, value.keys);
    case 'size': {
      const read = compileValue(value.of);
      return (facts) => sizeOf(read(facts));
    }
  }
}

function compilePath(root: 'args' | 'principal', keys: readonly string[]): Read {
  const read = (from: unknown): unknown => {
    let value = from;
    for (const key of keys) {
      // Own members only: `args.constructor` is what the caller sent under that name, or nothing.
      if (!isJsonObject(value) || !Object.hasOwn(value, key)) return MISSING;
      value = value[key];
    }
    return value === undefined ? MISSING : value;
  };
  return root === 'args'
    ? ({ args }) => (args === undefined ? LATER : read(args))
    : ({ principal }) => read(principal);
}

function sizeOf(value: unknown): unknown {
  if (value === LATER) return LATER;
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : MISSING;
}

function compileComparison(op: Comparison, left: Value, right: Value): Condition {
  const a = compileValue(left);
  const b = compileValue(right);
  if (op === '==' || op === '!=') {
    const compare = isNull(left) ? nullTest(b) : isNull(right) ? nullTest(a) : same(a, b);
    return op === '==' ? compare : (facts) => not(compare(facts));
  }
  const holds = ORDER[op];
  return (facts) => {
    const x = a(facts);
    const y = b(facts);
    const comparable =
      (typeof x === 'number' && typeof y === 'number' && !Number.isNaN(x) && !Number.isNaN(y)) ||
      (typeof x === 'string' && typeof y === 'string');
    return comparable ? outcome(holds(x, y)) : undecided(x, y);
  };
}

const ORDER = {
  '<': (a: string | number, b: string | number): boolean => a < b,
  '<=': (a: string | number, b: string | number): boolean => a <= b,
  '>': (a: string | number, b: string | number): boolean => a > b,
  '>=': (a: string | number, b: string | number): boolean => a >= b,
} as const;

function isNull(value: Value): boolean {
  return value.kind === 'literal' && value.value === null;
}

/** A comparison with the literal null asks for the type, and every value that is there has one. */
function nullTest(read: Read): Condition {
  return (facts) => {
    const value = read(facts);
    return value === MISSING || value === LATER ? undecided(value, value) : outcome(value === null);
  };
}

function same(a: Read, b: Read): Condition {
  return (facts) => equal(a(facts), b(facts));
}

function equal(a: unknown, b: unknown): Outcomes {
  if (a === null ? b === null : typeof a === typeof b) {
    if (typeof a === 'string' || typeof a === 'boolean' || a === null) return outcome(a === b);
    if (typeof a === 'number' && !Number.isNaN(a) && !Number.isNaN(b)) return outcome(a === b);
  }
  return undecided(a, b);
}

function compileIn(left: Value, right: Value): Condition {
  const a = compileValue(left);
  const b = compileValue(right);
  return (facts) => {
    const wanted = a(facts);
    const among = b(facts);
    if (Array.isArray(among)) {
      let result = FALSE;
      for (const item of among) {
        result = or(result, equal(wanted, item));
        if (result === TRUE) break;
      }
      return result;
    }
    // Nothing is in an empty list, not even what is missing.
    if (among === LATER) return wanted === MISSING ? FALSE | UNKNOWN : ANY;
    if (typeof wanted === 'string' && isJsonObject(among)) return outcome(Object.hasOwn(among, wanted));
    return undecided(wanted, among);
  };
}

function compileMatches(read: Read, glob: Glob): Condition {
  return (facts) => {
    const value = read(facts);
    if (typeof value !== 'string') return undecided(value, value);
    // `/data/../etc` begins like `/data/`, and is not in it.
    if (glob.exact === undefined && !isPlainName(value)) return UNKNOWN;
    return outcome(matchesGlob(glob, value));
  };
}

/** Nothing can be said of these two: for good, or only until the arguments are known. */
function undecided(a: unknown, b: unknown): Outcomes {
  if (a === MISSING || b === MISSING) return UNKNOWN;
  return a === LATER || b === LATER ? ANY : UNKNOWN;
}
