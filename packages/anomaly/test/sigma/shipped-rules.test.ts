import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { runExamples, SigmaRules, type SigmaDocument } from '@sallyport/anomaly';

const ROOT = new URL('../../../../', import.meta.url);
const FOLDER = new URL('policies/rules/', ROOT);
const yaml = createRequire(new URL('packages/policy/package.json', ROOT))('yaml') as {
  parseAllDocuments(text: string): readonly { toJS(): unknown }[];
};
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml') && !file.endsWith('.test.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length));

function read(file: string): readonly unknown[] {
  return yaml
    .parseAllDocuments(readFileSync(new URL(file, FOLDER), 'utf8'))
    .map((document) => document.toJS());
}

function documentsOf(name: string): readonly SigmaDocument[] {
  return read(`${name}.yaml`).map((value) => ({ file: `${name}.yaml`, value }));
}

/** The form of tags: tactics of ATT&CK that all its versions have, techniques of ATT&CK and ATLAS, risks of OWASP. */
const ATTACK_TACTICS = [
  'collection',
  'credential-access',
  'discovery',
  'execution',
  'exfiltration',
  'impact',
  'initial-access',
  'persistence',
  'privilege-escalation',
];
const TAG = new RegExp(
  `^(attack\\.(t\\d{4}(\\.\\d{3})?|${ATTACK_TACTICS.join('|')})|atlas\\.aml\\.t\\d{4}(\\.\\d{3})?|owasp\\.mcp(0[1-9]|10))$`,
);

describe('the rules that ship', () => {
  test('are 30 or more', () => {
    expect(names.length).toBeGreaterThanOrEqual(30);
  });

  test('work together, and none takes the name of another', () => {
    expect(SigmaRules.compile(names.flatMap(documentsOf)).problems).toEqual([]);
  });

  describe.each(names)('%s', (name) => {
    const documents = documentsOf(name);
    const compile = (): SigmaRules => SigmaRules.compile(documents).rules;

    test('says everything that an alert needs', () => {
      const { rules, problems } = SigmaRules.compile(documents);
      expect(problems).toEqual([]);
      const [alerting] = rules.list;
      expect(alerting?.description?.length).toBeGreaterThan(40);
      expect(alerting?.falsepositives).not.toEqual([]);
      expect(alerting?.level).not.toBe('informational');
      expect(alerting?.tags).not.toEqual([]);
      for (const tag of alerting?.tags ?? []) expect(tag).toMatch(TAG);
      expect(existsSync(new URL(alerting?.runbook ?? 'none', ROOT))).toBe(true);
    });

    const [examples] = read(`${name}.test.yaml`);
    const outcomes = runExamples(examples, compile);
    test.each(outcomes.map((outcome) => [outcome.name, outcome] as const))('%s', (_, outcome) => {
      expect(outcome.why).toBeUndefined();
    });

    test('has examples that match and examples that do not', () => {
      const { tests } = examples as { readonly tests: readonly { readonly matches: number }[] };
      const counts = new Set(tests.map(({ matches }) => matches > 0));
      expect(counts).toEqual(new Set([true, false]));
    });
  });
});
