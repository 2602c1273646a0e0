import { describe, expect, it } from 'vitest';
import {
  createDetector,
  type Finding,
  type Rule,
  RULES,
  SECRET_ENTITIES,
  SECRET_GROUPS,
  SECRET_RULES,
} from '../../src/index.ts';
import { expandExample, withCheck } from './expand-example.ts';

/** A detector with one rule only. */
function alone(rule: Rule) {
  return createDetector({
    entities: [rule.entity],
    without: SECRET_RULES.filter((other) => other.id !== rule.id).map((other) => other.id),
  });
}

const all = createDetector({ entities: SECRET_ENTITIES });

function read(rule: Rule, template: string): { text: string; start: number; end: number } {
  const marked = withCheck(rule.id, expandExample(template, rule.id));
  return {
    text: marked.replace('⟦', '').replace('⟧', ''),
    start: marked.indexOf('⟦'),
    end: marked.indexOf('⟧') - 1,
  };
}

const placeOf = ({ start, end, rule }: Finding): readonly unknown[] => [start, end, rule];

describe.each(SECRET_RULES.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  it('finds the value in each of its examples and nothing else, and nothing in its counterexamples', () => {
    const detector = alone(rule);
    for (const template of rule.examples.ok) {
      const { text, start, end } = read(rule, template);
      expect(detector.scan(text).map(placeOf), template).toEqual([[start, end, rule.id]]);
    }
    for (const template of rule.examples.ng)
      expect(detector.scan(expandExample(template, rule.id)), template).toEqual([]);
  });

  it('leaves no part of the value uncovered beside all the others', () => {
    for (const template of rule.examples.ok) {
      const { text, start, end } = read(rule, template);
      const found = all.scan(text).filter((finding) => finding.start < end && finding.end > start);
      expect(Math.min(...found.map((finding) => finding.start)), template).toBeLessThanOrEqual(start);
      expect(Math.max(...found.map((finding) => finding.end)), template).toBeGreaterThanOrEqual(end);
    }
  });

  it('has three examples and three counterexamples at least, a source, a severity and an entity of its own', () => {
    expect(rule.examples.ok.length).toBeGreaterThanOrEqual(3);
    expect(rule.examples.ng.length).toBeGreaterThanOrEqual(3);
    expect(rule.source).toMatch(/^https:\/\//);
    expect(rule.severity).toBeDefined();
    expect(SECRET_ENTITIES).toContain(rule.entity);
  });
});

it('a secret whose check is wrong is found with a lower score', () => {
  const checked = SECRET_RULES.filter(
    (rule) => rule.validate !== undefined && (rule.scores.invalid ?? 0) >= 0.9,
  );
  expect(checked.length).toBeGreaterThanOrEqual(10);
  for (const rule of checked) {
    const template = rule.examples.ok[0] as string;
    const right = read(rule, template).text;
    const wrong = expandExample(template, 'wrong').replace(/[⟦⟧]/g, '');
    const [a, b] = [alone(rule).scan(right), alone(rule).scan(wrong)];
    if (wrong === right) continue;
    expect([a.length, b.length, a[0]?.score], rule.id).toEqual([1, 1, rule.scores.alone]);
    expect([rule.scores.invalid, rule.scores.alone], rule.id).toContain(b[0]?.score);
  }
});

it('every rule is in one group, and no id is used twice', () => {
  const ids = [...RULES, ...SECRET_RULES].map((rule) => rule.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(SECRET_GROUPS.flatMap(([, rules]) => rules)).toEqual(SECRET_RULES);
  expect(SECRET_RULES.length).toBeGreaterThanOrEqual(150);
});

it('no example holds a whole token: what stands between the marks is made, not written', () => {
  const written = SECRET_RULES.flatMap((rule) => rule.examples.ok)
    .map((template) => template.replaceAll(/‹[^›]+›/g, ' '))
    .filter((template) => /⟦(?![a-z0-9]+:\/\/root)[^⟧ ]*[a-z]\d[^⟧ ]{12,}⟧/.test(template));
  expect(written).toEqual([]);
});
