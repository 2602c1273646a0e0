import { describe, expect, test } from 'vitest';
import type { Restricted } from '@sallyport/anomaly';
import { RestrictionBudget } from '../../src/response/restriction-budget.ts';
import { MINUTE, someAlert, START } from './response-bench.ts';

const tool = (n: number): Restricted => ({ server: 'ehr', target: `made-up-${String(n)}` });

/** What came of asking for one after another. */
function spend(
  budget: RestrictionBudget,
  wanted: readonly Restricted[],
  { now = START, ...over }: { readonly now?: number } & Parameters<typeof someAlert>[0] = {},
): number {
  let passed = 0;
  for (const of of wanted) {
    const alert = someAlert(over);
    if (budget.refusal(alert, of, now) !== undefined) continue;
    budget.spend(alert, of, now);
    passed += 1;
  }
  return passed;
}

const many = (count: number): readonly Restricted[] => Array.from({ length: count }, (_, n) => tool(n));

describe('the alerts of a rule', () => {
  test('restrict twenty targets of one subject in an hour, and others those of others', () => {
    const budget = new RestrictionBudget();
    expect(spend(budget, many(300))).toBe(20);
    expect(budget.refusal(someAlert(), tool(300), START)).toContain('20 different targets of this subject');
    expect(spend(budget, [tool(300)], { subject: 'bob' })).toBe(1);
    expect(spend(budget, many(300), { rule: { id: 'other', name: 'Other' } })).toBe(20);
    expect(spend(budget, many(300), { now: START + 60 * MINUTE })).toBe(20);
  });

  test('restrict a hundred targets in an hour, whoever causes them', () => {
    const budget = new RestrictionBudget();
    const passed = many(300).map((of, n) => spend(budget, [of], { subject: `s${String(n % 30)}` }));
    expect(passed.filter((one) => one === 1)).toHaveLength(100);
    expect(budget.refusal(someAlert(), tool(300), START)).toContain('100 different targets');
  });

  test('restrict for longer what they restricted before, and count it once', () => {
    const budget = new RestrictionBudget();
    for (let turn = 0; turn < 50; turn += 1) expect(spend(budget, many(20))).toBe(20);
    expect(spend(budget, [tool(20)])).toBe(0);
  });

  test('restrict a thousand subjects in an hour, and every server', () => {
    const budget = new RestrictionBudget();
    const people = Array.from({ length: 1200 }, (_, n) => ({ subject: `s${String(n)}` }));
    const servers = Array.from({ length: 1200 }, (_, n) => ({ server: `s${String(n)}` }));
    expect(spend(budget, people)).toBe(1000);
    expect(spend(budget, servers)).toBe(1200);
  });
});
