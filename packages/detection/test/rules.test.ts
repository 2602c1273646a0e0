import { describe, expect, it } from 'vitest';
import { createDetector, type Rule, RULES } from '../src/index.ts';

/** A detector with one rule only. */
function alone(rule: Rule) {
  return createDetector({
    entities: [rule.entity],
    without: RULES.filter((other) => other.id !== rule.id).map((other) => other.id),
  });
}

describe.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  it('finds the value in each of its examples, and nothing else', () => {
    for (const marked of rule.examples.ok) {
      const start = marked.indexOf('⟦');
      const end = marked.indexOf('⟧') - 1;
      const text = marked.replace('⟦', '').replace('⟧', '');
      const found = alone(rule)
        .scan(text)
        .map((finding) => [finding.start, finding.end, finding.rule]);
      expect(found, text).toEqual([[start, end, rule.id]]);
    }
  });

  it('finds nothing in each of its counterexamples', () => {
    for (const text of rule.examples.ng) expect(alone(rule).scan(text), text).toEqual([]);
  });

  it('has three examples and three counterexamples at least, and a source', () => {
    expect(rule.examples.ok.length).toBeGreaterThanOrEqual(3);
    expect(rule.examples.ng.length).toBeGreaterThanOrEqual(3);
    expect(rule.source).toMatch(/^https:\/\//);
  });
});

it('names no rule twice', () => {
  expect(new Set(RULES.map((rule) => rule.id)).size).toBe(RULES.length);
});
