import { type SigmaDocument, SigmaRules } from '@sallyport/anomaly';
import type { AlertFacts } from '@sallyport/audit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { responseOptions, severityChange, triageOptions } from '../src/alerts-options.ts';
import type { AlertsPlan } from '../src/alerts-plan.ts';
import { asInAlerts, knownRules, rulesNamed } from '../src/known-rules.ts';

interface Written {
  readonly title: string;
  readonly name: string | undefined;
  readonly id: string;
}

const letters = fc.stringMatching(/^[abAB]{1,4}$/);
const rules: fc.Arbitrary<readonly Written[]> = fc
  .uniqueArray(fc.record({ title: letters, name: fc.option(letters, { nil: undefined }) }), {
    maxLength: 6,
    selector: ({ name, title }) => name?.toLowerCase() ?? `${title}, without a name`,
  })
  .map((written) => written.map((rule, at) => ({ ...rule, id: `0000000${at}-aaaa-4bbb-8aaa-bbbbbbbbbbbb` })));
const word = fc.stringMatching(/^[abAB*]{1,5}$/);
const severity = fc.constantFrom('low', 'medium', 'high', 'critical');

function compiled(written: readonly Written[]): { rules: SigmaRules; documents: readonly SigmaDocument[] } {
  const documents = written.map(({ title, name, id }, at) => ({
    file: `${at}.yaml`,
    value: {
      title,
      id,
      ...(name !== undefined && { name }),
      logsource: { product: 'sallyport', service: 'audit' },
      detection: { selection: { type: 'outcome' }, condition: 'selection' },
      level: 'low',
    },
  }));
  return { rules: SigmaRules.compile(documents).rules, documents };
}

/** What a pattern means, said another way. */
function agrees(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'is').test(text);
}

const isMeant = (pattern: string, { title, name, id }: Written): boolean =>
  [title, name, id].some((one) => one !== undefined && agrees(pattern, one));

const alertOf = ({ title, id }: Written): AlertFacts => ({
  id: '0',
  time: '2026-11-21T12:00:00.000Z',
  server: 'ehr',
  title,
  severity: 'low',
  rule: { id, name: title },
  method: 'rule',
  records: [],
  quarantined: false,
});

const plan = (members: Partial<AlertsPlan>): AlertsPlan =>
  ({ detectors: {}, severities: {}, suppress: [], responses: [], never: [], ...members }) as AlertsPlan;

describe('a pattern in a policy means each rule whose id, title or name agrees', () => {
  test('to whoever checks the policy', () => {
    fc.assert(
      fc.property(rules, word, (written, pattern) => {
        const all = compiled(written);
        const known = rulesNamed(pattern, knownRules(plan({}), { ...all, problems: [] }));
        const ids = new Set(known.map(({ id }) => id));
        for (const rule of written) expect(ids.has(rule.id)).toBe(isMeant(pattern, rule));
      }),
    );
  });

  test('in alerts, which hold no name', () => {
    fc.assert(
      fc.property(rules, word, (written, pattern) => {
        const patterns = asInAlerts(pattern, compiled(written));
        for (const rule of written)
          expect(patterns.some((one) => agrees(one, rule.id) || agrees(one, rule.title))).toBe(
            isMeant(pattern, rule),
          );
      }),
    );
  });

  test('in responses and suppressions, in the order of the policy', () => {
    fc.assert(
      fc.property(rules, fc.array(word, { maxLength: 4 }), (written, words) => {
        const all = compiled(written);
        const inAlerts = (one: string): readonly string[] => asInAlerts(one, all);
        const entries = words.map((rule, at) => ({ rule, reason: String(at), minutes: at + 1 }));
        const { responses = [] } = responseOptions(plan({ responses: entries }), inAlerts);
        const { suppress = [] } = triageOptions(plan({ suppress: entries }), inAlerts);
        for (const rule of written) {
          const first = words.findIndex((one) => isMeant(one, rule));
          const hits = ({ rule: one = '*' }: { readonly rule?: string }): boolean =>
            agrees(one, rule.id) || agrees(one, rule.title);
          expect(responses.find(hits)?.minutes).toBe(first < 0 ? undefined : first + 1);
          expect(suppress.find(hits)?.reason).toBe(first < 0 ? undefined : String(first));
        }
      }),
    );
  });

  test('in severities, where the first that agrees decides', () => {
    fc.assert(
      fc.property(
        rules,
        fc.uniqueArray(fc.tuple(word, severity), { selector: ([one]) => one }),
        (written, list) => {
          const all = compiled(written);
          const change = severityChange(plan({ severities: Object.fromEntries(list) }), (one) =>
            asInAlerts(one, all),
          );
          for (const rule of written) {
            const first = list.find(([pattern]) => isMeant(pattern, rule));
            expect(change(alertOf(rule)).severity).toBe(first?.[1] ?? 'low');
          }
        },
      ),
    );
  });
});
