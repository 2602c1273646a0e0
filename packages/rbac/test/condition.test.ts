import type { JsonObject, Principal } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCondition, compileTest, type Condition } from '../src/condition/condition.ts';
import { parseCondition } from '../src/condition/parser.ts';
import type { Scalar, Test, Value } from '../src/condition/syntax.ts';
import { FALSE, TRUE, UNKNOWN } from '../src/tri.ts';
import { permits, principal, problemsOf, rbacOf } from './support.ts';

const WORDS = new Map([
  [TRUE, 'true'],
  [FALSE, 'false'],
  [UNKNOWN, 'unknown'],
]);

function compiled(text: string): Condition {
  const condition = compileCondition(text);
  if (typeof condition !== 'function') throw new Error(condition?.message ?? 'always true');
  return condition;
}

function outcomeOf(text: string, args: JsonObject | undefined, who: Partial<Principal> = {}): string {
  return WORDS.get(compiled(text)({ args, principal: principal(who) })) ?? 'open';
}

describe('conditions', () => {
  it.each([
    ['args.limit <= 100', { limit: 100 }, 'true'],
    ['args.limit <= 100', { limit: 101 }, 'false'],
    ['args.limit <= 100', { limit: '99' }, 'unknown'],
    ['args.limit <= 100', { limit: null }, 'unknown'],
    ['args.limit <= 100', { limit: '' }, 'unknown'],
    ['args.limit <= 100', { limit: [5] }, 'unknown'],
    ['args.limit <= 100', { limit: true }, 'unknown'],
    ['args.limit <= 100', { limit: Number.NaN }, 'unknown'],
    ['args.limit <= 100', {}, 'unknown'],
    ['!(args.limit > 100)', { limit: '1e9' }, 'unknown'],
    ['!(args.limit > 100)', {}, 'unknown'],
    ['args.a < args.b', { a: 'a', b: 'b' }, 'true'],
    ["args.mode == 'read'", { mode: 'read' }, 'true'],
    ["args.mode != 'read'", { mode: ['read'] }, 'unknown'],
    ["args.mode != 'read'", { mode: 'write' }, 'true'],
    ['args.x == null', { x: null }, 'true'],
    ['args.x == null', { x: 0 }, 'false'],
    ['args.x != null', { x: [] }, 'true'],
    ['args.x != null', {}, 'unknown'],
    ['args.flag', { flag: true }, 'true'],
    ['args.flag', { flag: 1 }, 'unknown'],
    ['!args.flag', { flag: false }, 'true'],
    ['args.a.b["c d"] == 1', { a: { b: { 'c d': 1 } } }, 'true'],
    ['args.id in [1, 2, "3"]', { id: 2 }, 'true'],
    ['args.id in [1, 2]', { id: 3 }, 'false'],
    ['args.id in [1, 2]', { id: '2' }, 'unknown'],
    ['!(args.id in [1, 2])', { id: '2' }, 'unknown'],
    ['args.id in []', { id: 1 }, 'false'],
    ['"reason" in args', { reason: '' }, 'true'],
    ['"reason" in args', {}, 'false'],
    ['args.list in args.list', { list: [] }, 'false'],
    ["startsWith(args.s, 'ab') && endsWith(args.s, 'yz') && contains(args.s, 'm')", { s: 'abmyz' }, 'true'],
    ["contains(args.s, 'm')", { s: ['m'] }, 'unknown'],
    ["matches(args.path, '/data/**')", { path: '/data/a/b' }, 'true'],
    ["matches(args.path, '/data/**')", { path: '/etc' }, 'false'],
    ["matches(args.path, '/data/**')", { path: '/data/../etc' }, 'unknown'],
    ["matches(args.path, '/data/**')", { path: '/data/%2e%2e/etc' }, 'unknown'],
    ['size(args.ids) <= 2', { ids: [1, 2] }, 'true'],
    ['size(args.ids) <= 2', { ids: 'abc' }, 'false'],
    ['size(args.ids) <= 2', { ids: 3 }, 'unknown'],
    ['args.a == 1 || args.b == 1', { b: 1 }, 'true'],
    ['args.a == 1 && args.b == 1', { b: 2 }, 'false'],
    ['args.a == 1 || args.b == 1 && args.c == 1', { a: 1 }, 'true'],
    ["args.s == 'it\\'s'", { s: "it's" }, 'true'],
    ['args.n == -1.5e1', { n: -15 }, 'true'],
  ])('%s over %j is %s', (text, args, expected) => {
    expect(outcomeOf(text, args)).toBe(expected);
  });

  it('read own members only, never what every object inherits', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']) {
      expect(outcomeOf(`args.${name} != null`, {}), name).toBe('unknown');
      expect(outcomeOf(`args["${name}"]["constructor"] != null`, {}), name).toBe('unknown');
      expect(outcomeOf(`"${name}" in args`, {}), name).toBe('false');
      expect(outcomeOf(`principal.claims.${name} != null`, {}), name).toBe('unknown');
    }
    const sent = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1}') as JsonObject;
    expect(outcomeOf('args.admin', sent)).toBe('unknown');
    expect(outcomeOf('args.__proto__.admin', sent)).toBe('true');
    expect(outcomeOf('args.constructor == 1', sent)).toBe('true');
    expect(outcomeOf('args.list.length == 0', { list: [] })).toBe('unknown');
    expect(outcomeOf('args.text.length == 0', { text: '' })).toBe('unknown');
  });

  it('read the principal: subject, roles, client, actor and claims', () => {
    const who = { subject: 'alice', roles: ['clinician'], client: 'ide', claims: { patients: ['p1', 'p2'] } };
    expect(outcomeOf("principal.subject == 'alice' && 'clinician' in principal.roles", {}, who)).toBe('true');
    expect(outcomeOf("principal.client == 'ide'", {}, who)).toBe('true');
    expect(outcomeOf("principal.actor == 'bot'", {}, who)).toBe('unknown');
    expect(outcomeOf('args.patient in principal.claims.patients', { patient: 'p2' }, who)).toBe('true');
    expect(outcomeOf('args.patient in principal.claims.patients', { patient: 'p3' }, who)).toBe('false');
    expect(outcomeOf('args.patient in principal.claims.none', { patient: 'p3' }, who)).toBe('unknown');
  });

  it('that are unknown permit nothing, and deny', () => {
    const rbac = rbacOf(
      'p, role:clinician, ehr, tool:a, call, !(args.amount > 100), allow\n' +
        'p, role:clinician, ehr, tool:b, call\n' +
        'p, role:clinician, ehr, tool:b, call, args.amount > 100, deny',
    );
    for (const args of [{}, { amount: '1e9' }, { amount: null }, { amount: [1e9] }]) {
      expect(permits(rbac, 'tool:a', args)).toBe(false);
      expect(permits(rbac, 'tool:b', args)).toBe(false);
    }
    expect(permits(rbac, 'tool:a', { amount: 100 })).toBe(true);
    expect(permits(rbac, 'tool:b', { amount: 100 })).toBe(true);
    expect(permits(rbac, 'tool:b', { amount: 101 })).toBe(false);
  });

  it('without one (empty, true or *) make a rule that always applies', () => {
    for (const text of ['', 'true', '*']) expect(compileCondition(text)).toBeUndefined();
  });

  it.each([
    ['args.a = 1', 8, /Write == /],
    ['args.a === 1', 10, /Write == /],
    ['args.a == 1 and args.b == 2', 13, /Write && /],
    ['not args.a', 1, /Write ! /],
    ['args.a & args.b', 8, /Write && /],
    ['!args.a == 1', 1, /write !\(a == b\)/],
    ['1 < args.a < 5', 12, /a < b && b < c/],
    ['(args.a == 1) == true', 1, /join comparisons/],
    ['arg.a == 1', 1, /args and principal/],
    ['r.args.a == 1', 1, /args and principal/],
    ['admin', 1, /args and principal/],
    ['args.limit', 0, undefined],
    ['5', 1, /compare it with something/],
    ["'yes'", 1, /compare it with something/],
    ['size(args.a)', 1, /compare it with something/],
    ['args.a in 5', 11, /After in comes a list/],
    ['args.a == [1]', 11, /in \[/],
    ['args.a < true', 10, /Only numbers and strings/],
    ['args.a.startsWith("x")', 1, /no methods/],
    ['lower(args.a) == "x"', 1, /no such function/],
    ['matches(args.a, args.b)', 17, /quoted text/],
    ["matches(args.a, 'a?')", 17, /Write \* for any text/],
    ['args.a ~ "x"', 8, /no regular expressions/],
    ['args.a + 1 < 5', 8, /do not compute/],
    ["args.a == 'x", 11, /never closed/],
    ['args.a == 12x', 11, /not a number/],
    ['args.a == 9007199254740993', 11, /too large/],
    ['args[0] == 1', 6, /quoted name/],
    ['principal == 1', 1, /principal\. and one of/],
    ['principal.password == 1', 1, /principal\. and one of/],
    ['args.a == 1)', 12, /Nothing is open/],
    ['(args.a == 1', 13, /Write \) here/],
    ['args.a ==', 10, /ends too early/],
    [`${'('.repeat(40)}args.a${')'.repeat(40)}`, 33, /deep/],
    ['!'.repeat(40) + 'args.a', 33, /deep/],
    [`args${'.a'.repeat(40)} == 1`, 1, /deep/],
    [`args.a == '${'x'.repeat(5000)}'`, 4097, /several rules/],
  ])('%s: column %i', (text, column, message) => {
    const fault = parseCondition(text);
    if (message === undefined) {
      expect(fault).not.toHaveProperty('message');
      return;
    }
    expect(fault).toMatchObject({ offset: column - 1 });
    expect((fault as { readonly message: string }).message).toMatch(message);
  });

  it('say in which column of the file they are wrong', () => {
    expect(problemsOf('p, role:a, ehr, tool:x, call, "args.a = 1", allow')).toEqual([
      '1:39 Write == to compare.',
    ]);
    expect(problemsOf('p, role:a, ehr, tool:x, call, deny')[0]).toMatch(/condition comes before the effect/);
    expect(problemsOf('p, role:a, ehr, tool:x, call, args.n in [1, 2], allow')[0]).toMatch(
      /in double quotes/,
    );
  });

  it('come out as a naive reading of three-valued logic says', () => {
    fc.assert(
      fc.property(TEST, fc.array(ARGS, { minLength: 1, maxLength: 4 }), (test, worlds) => {
        const condition = compileTest(test);
        const open = condition({ args: undefined, principal: WHO });
        for (const args of worlds) {
          const outcome = condition({ args, principal: WHO });
          expect(WORDS.get(outcome)).toBe(naive(test, args));
          // What is said before the arguments are known holds once they are.
          expect(open & outcome).toBe(outcome);
        }
      }),
      { numRuns: 20_000, seed: 17 },
    );
  });

  it('mean the same when printed and read again', () => {
    fc.assert(
      fc.property(TEST, ARGS, (test, args) => {
        const read = parseCondition(print(test));
        if ('message' in read) throw new Error(`${read.message} ${print(test)}`);
        const facts = { args, principal: WHO };
        expect(compileTest(read)(facts)).toBe(compileTest(test)(facts));
      }),
      { numRuns: 10_000, seed: 18 },
    );
  });

  it('that are nonsense are a fault, never an error', () => {
    const piece = fc.constantFrom(
      'args',
      '.',
      'a',
      '[',
      ']',
      '(',
      ')',
      '"',
      "'",
      '\\',
      '==',
      '!',
      '&&',
      '||',
      'in',
      'size(',
      ',',
      '1',
      '-',
      'null',
      '=',
      '\u0000',
      '𝒳',
      'principal.claims',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 20 }).map((p) => p.join(' ')),
          fc.array(piece, { maxLength: 20 }).map((p) => p.join('')),
        ),
        (text) => {
          const test = parseCondition(text);
          if ('message' in test) {
            expect(test.offset).toBeGreaterThanOrEqual(0);
            expect(test.offset).toBeLessThanOrEqual(text.length);
          } else {
            expect(WORDS.has(compileTest(test)({ args: {}, principal: WHO }))).toBe(true);
          }
        },
      ),
      { numRuns: 50_000, seed: 19 },
    );
  });
});

const WHO = principal({
  subject: 's',
  roles: ['x', 'y'],
  claims: { n: 2, s: 'x', l: ['x', 2], o: { k: null } },
});

const scalar: fc.Arbitrary<Scalar> = fc.constantFrom<Scalar>(0, 1, 2, '', 'x', 'y', 'xy', true, false, null);
const ARGS: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('x', 'k'), scalar, { maxKeys: 2 }),
  ),
);

const path: fc.Arbitrary<Value> = fc.oneof(
  fc
    .array(fc.constantFrom('a', 'b', 'c', 'x', 'k'), { minLength: 1, maxLength: 2 })
    .map((keys) => ({ kind: 'path', root: 'args', keys }) as const),
  fc
    .constantFrom('n', 's', 'l', 'o', 'none')
    .map((key) => ({ kind: 'path', root: 'principal', keys: ['claims', key] }) as const),
);
const plainValue: fc.Arbitrary<Value> = fc.oneof(
  path,
  scalar.map((value) => ({ kind: 'literal', value }) as const),
);
const listOrPath: fc.Arbitrary<Value> = fc.oneof(
  path,
  fc.array(plainValue, { maxLength: 3 }).map((items) => ({ kind: 'list', items }) as const),
);
const ordered = fc.oneof(
  path,
  fc.constantFrom(1, 2, 'x').map((value) => ({ kind: 'literal', value }) as const),
  path.map((of) => ({ kind: 'size', of }) as const),
);
const TEST: fc.Arbitrary<Test> = fc.letrec<{ test: Test }>((tie) => ({
  test: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.record({
      kind: fc.constant('compare' as const),
      op: fc.constantFrom('==' as const, '!=' as const),
      left: plainValue,
      right: plainValue,
    }),
    fc.record({
      kind: fc.constant('compare' as const),
      op: fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const),
      left: ordered,
      right: ordered,
    }),
    fc.record({ kind: fc.constant('in' as const), left: plainValue, right: listOrPath }),
    fc.record({
      kind: fc.constant('text' as const),
      op: fc.constantFrom('startsWith' as const, 'endsWith' as const, 'contains' as const),
      left: plainValue,
      right: plainValue,
    }),
    path.map((value) => ({ kind: 'flag', value }) as const),
    tie('test').map((operand) => ({ kind: 'not', operand }) as const),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      operands: fc.array(tie('test'), { minLength: 2, maxLength: 3 }),
    }),
  ),
})).test;

type Tri = 'true' | 'false' | 'unknown';
const tri = (value: boolean): Tri => (value ? 'true' : 'false');
const flip: Readonly<Record<Tri, Tri>> = { true: 'false', false: 'true', unknown: 'unknown' };

/** The meaning of a condition, written down as plainly as possible. */
function naive(test: Test, args: JsonObject): Tri {
  const typeOf = (value: unknown): string =>
    value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
  const valueOf = (value: Value): unknown => {
    switch (value.kind) {
      case 'literal':
        return value.value;
      case 'list':
        return value.items.map(valueOf);
      case 'size': {
        const of = valueOf(value.of);
        if (typeof of === 'string' || Array.isArray(of)) return of.length;
        return typeOf(of) === 'object' ? Object.keys(of as object).length : undefined;
      }
      case 'path': {
        let at: unknown = value.root === 'args' ? args : WHO;
        for (const key of value.keys) {
          if (typeOf(at) !== 'object') return undefined;
          at = Object.entries(at as object).find(([name]) => name === key)?.[1];
        }
        return at;
      }
    }
  };
  const equals = (a: unknown, b: unknown): Tri => {
    if (a === undefined || b === undefined || typeOf(a) !== typeOf(b)) return 'unknown';
    return ['list', 'object'].includes(typeOf(a)) ? 'unknown' : tri(a === b);
  };
  const anyOf = (results: readonly Tri[]): Tri =>
    results.includes('true') ? 'true' : results.includes('unknown') ? 'unknown' : 'false';
  switch (test.kind) {
    case 'and':
      return flip[anyOf(test.operands.map((operand) => flip[naive(operand, args)]))];
    case 'or':
      return anyOf(test.operands.map((operand) => naive(operand, args)));
    case 'not':
      return flip[naive(test.operand, args)];
    case 'flag': {
      const value = valueOf(test.value);
      return typeof value === 'boolean' ? tri(value) : 'unknown';
    }
    case 'in': {
      const wanted = valueOf(test.left);
      const among = valueOf(test.right);
      if (Array.isArray(among)) return anyOf(among.map((item) => equals(wanted, item)));
      return typeof wanted === 'string' && typeOf(among) === 'object'
        ? tri(Object.keys(among as object).includes(wanted))
        : 'unknown';
    }
    case 'text': {
      const a = valueOf(test.left);
      const b = valueOf(test.right);
      if (typeof a !== 'string' || typeof b !== 'string') return 'unknown';
      const at = test.op === 'endsWith' ? a.length - b.length : 0;
      if (test.op === 'contains') return tri(a.indexOf(b) !== -1);
      return tri(at >= 0 && a.substring(at, at + b.length) === b);
    }
    case 'matches':
      throw new Error('not generated');
    case 'compare': {
      const a = valueOf(test.left);
      const b = valueOf(test.right);
      const literalNull = (value: Value): boolean => value.kind === 'literal' && value.value === null;
      if (test.op === '==' || test.op === '!=') {
        const known = a !== undefined && b !== undefined;
        const same =
          known && (literalNull(test.left) || literalNull(test.right)) ? tri(a === b) : equals(a, b);
        return test.op === '==' ? same : flip[same];
      }
      if (!['number', 'string'].includes(typeof a) || typeof a !== typeof b) return 'unknown';
      const [x, y] = [a as number, b as number];
      return tri({ '<': x < y, '<=': x <= y, '>': x > y, '>=': x >= y }[test.op]);
    }
  }
}

function print(test: Test): string {
  switch (test.kind) {
    case 'and':
    case 'or':
      return `(${test.operands.map(print).join(test.kind === 'and' ? ' && ' : '||')})`;
    case 'not':
      return `!(${print(test.operand)})`;
    case 'flag':
      return printValue(test.value);
    case 'compare':
      return `${printValue(test.left)} ${test.op} ${printValue(test.right)}`;
    case 'in':
      return `${printValue(test.left)} in ${printValue(test.right)}`;
    case 'text':
      return `${test.op}(${printValue(test.left)}, ${printValue(test.right)})`;
    case 'matches':
      throw new Error('not generated');
  }
}

function printValue(value: Value): string {
  switch (value.kind) {
    case 'literal':
      return JSON.stringify(value.value);
    case 'list':
      return `[${value.items.map(printValue).join(', ')}]`;
    case 'size':
      return `size(${printValue(value.of)})`;
    case 'path':
      return value.root + value.keys.map((key, i) => (i % 2 === 0 ? `.${key}` : `["${key}"]`)).join('');
  }
}
