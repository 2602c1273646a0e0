import { describe, expect, it } from 'vitest';
import { differencesOf } from './compare-results.ts';
import type { SuiteResult, Verdict } from './official-suite.ts';

const result = (checks: Record<string, Verdict>): SuiteResult =>
  new Map([['scenario', new Map(Object.entries(checks))]]);

describe('differencesOf', () => {
  it('finds nothing where every verdict is the same', () => {
    expect(
      differencesOf(result({ a: 'SUCCESS', b: 'FAILURE' }), result({ a: 'SUCCESS', b: 'FAILURE' })),
    ).toEqual([]);
  });

  it.each<[Record<string, Verdict>, Record<string, Verdict>, boolean]>([
    [{ a: 'SUCCESS' }, { a: 'FAILURE' }, true],
    [{ a: 'SUCCESS' }, { a: 'WARNING' }, true],
    [{ a: 'SUCCESS' }, {}, true],
    [{}, { a: 'FAILURE' }, true],
    [{ a: 'WARNING' }, { a: 'FAILURE' }, true],
    [{ a: 'FAILURE' }, { a: 'SUCCESS' }, false],
    [{ a: 'FAILURE' }, {}, false],
  ])('%j bare and %j guarded: regression %s', (bare, guarded, regression) => {
    expect(differencesOf(result(bare), result(guarded))).toMatchObject([{ check: 'a', regression }]);
  });

  it('takes a whole scenario that is missing for a regression', () => {
    expect(differencesOf(result({ a: 'SUCCESS' }), new Map())).toMatchObject([{ regression: true }]);
  });
});
