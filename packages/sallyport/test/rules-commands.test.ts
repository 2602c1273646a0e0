import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PolicyFolder } from '../../../test/support/policy-file.ts';
import { rulesLint } from '../src/commands/rules-lint.ts';
import { rulesList } from '../src/commands/rules-list.ts';
import { rulesTest } from '../src/commands/rules-test.ts';
import { withoutColours } from './audit/journal-bench.ts';

const ID = '5a1f6b0e-3d0c-4a52-9a2e-1d5f0c7b8a9';
const TOOL = `title: A tool was called
id: ${ID}0
name: tool_called
logsource: { product: sallyport, service: audit }
detection:
  selection:
    target: drop_table
  condition: selection
`;
const BOTH = `tests:
  - { name: it is called, matches: 1, records: [{ target: drop_table }] }
  - { name: another one is, matches: 0, records: [{ target: read_page }] }
`;

let folder: PolicyFolder;
let out: string;
let err: string;
beforeEach(() => {
  folder = new PolicyFolder();
  out = err = '';
  const take =
    (add: (text: string) => void) =>
    (text: unknown, ...rest: unknown[]): boolean => {
      add(String(text));
      for (const done of rest) if (typeof done === 'function') (done as () => void)();
      return true;
    };
  vi.spyOn(process.stdout, 'write').mockImplementation(take((text) => (out += text)));
  vi.spyOn(process.stderr, 'write').mockImplementation(take((text) => (err += text)));
});
afterEach(() => {
  vi.restoreAllMocks();
  folder.dispose();
});

function write(files: Readonly<Record<string, string>>): string {
  const rules = join(folder.directory, 'rules');
  mkdirSync(rules, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(rules, name), text);
  return rules;
}

/** What was printed, with paths from the folder of the rules on. */
const printed = (): string => withoutColours(out).replaceAll(`${folder.directory}/rules/`, '');

describe('rules lint', () => {
  test('passes rules that can be used, and counts them', async () => {
    expect(await rulesLint({ paths: [write({ 'a.yaml': TOOL })] })).toBe(0);
    expect(printed()).toBe('1 rule in 1 file can be used (0 errors, 0 warnings).\n');
  });

  test('says where a field or a modifier is wrong, and which one is near', async () => {
    const bad = TOOL.replace('target:', 'tarqet|startwith:');
    expect(await rulesLint({ paths: [write({ 'a.yaml': `${TOOL}---\n${bad}` })] })).toBe(1);
    expect(printed()).toMatch(/^a\.yaml:16:5 error detection.*did you mean "target"\?/m);
    expect(printed()).toMatch(/^a\.yaml:16:5 error detection.*did you mean "startswith"\?/m);
  });

  test('takes a warning for an error only when it is strict', async () => {
    const rules = write({ 'a.yaml': TOOL.replace('logsource', 'status: deprecated\nlogsource') });
    expect(await rulesLint({ paths: [rules] })).toBe(0);
    expect(await rulesLint({ paths: [rules], strict: true })).toBe(1);
    expect(printed()).toMatch(/^a\.yaml:4:1 warning status: is deprecated/m);
  });

  test('is one JSON document for programs', async () => {
    const rules = write({ 'a.yaml': TOOL.replace('target', 'tarqet') });
    expect(await rulesLint({ paths: [rules], json: true })).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      usable: false,
      errors: 1,
      problems: [{ line: 7, column: 5, severity: 'error' }],
    });
  });

  test('tells a path that is not there apart from a rule that is wrong', async () => {
    expect(await rulesLint({ paths: [join(folder.directory, 'none')] })).toBe(2);
    expect(printed()).toMatch(/none:1:1 error the document is not there/);
  });

  test('shows what a terminal would obey', async () => {
    await rulesLint({ paths: [write({ 'a.yaml': TOOL.replace('target', '"x\\e[2J"') })] });
    expect(printed()).not.toContain('\u001B');
  });
});

describe('rules test', () => {
  test('passes a rule with an example of both kinds, with a line for each', async () => {
    expect(await rulesTest({ paths: [write({ 'a.yaml': TOOL, 'a.test.yaml': BOTH })] })).toBe(0);
    expect(printed()).toBe('a.yaml\n  pass  it is called\n  pass  another one is\n\n2 passed, 0 failed\n');
  });

  test('says what was expected and what came', async () => {
    const rules = write({ 'a.yaml': TOOL, 'a.test.yaml': BOTH.replace('matches: 0', 'matches: 2') });
    expect(await rulesTest({ paths: [rules] })).toBe(1);
    expect(printed()).toMatch(/FAIL {2}another one is\n\s+expected 2 matches, came 0/);
  });

  test.each([
    ['no file', undefined, 'no examples; write what matches and what does not into a.test.yaml'],
    ['none that does not match', BOTH.replace(/.*another.*\n/, ''), 'no example that does not match'],
    ['none that matches', BOTH.replace(/.*it is called.*\n/, ''), 'no example that matches'],
  ])('fails a rule with %s, unless that is allowed', async (_, examples, told) => {
    const rules = write({ 'a.yaml': TOOL, ...(examples !== undefined && { 'a.test.yaml': examples }) });
    expect(await rulesTest({ paths: [rules] })).toBe(1);
    expect(printed()).toContain(told);
    expect(await rulesTest({ paths: [rules], allowUntested: true })).toBe(0);
  });

  test('fails a rule that cannot be used', async () => {
    const rules = write({ 'a.yaml': TOOL.replace('target', 'tarqet'), 'a.test.yaml': BOTH });
    expect(await rulesTest({ paths: [rules], allowUntested: true })).toBe(1);
    expect(printed()).toContain('0 passed, 0 failed, 1 not usable');
  });

  test('has rules of other files stand behind the correlations that name them, and counts them not', async () => {
    const correlation = `title: A tool was called twice
id: ${ID}1
correlation: { type: event_count, rules: [tool_called], timespan: 1m, condition: { gte: 2 } }
`;
    const examples = BOTH.replace('}]', ', repeat: 2 }]');
    const rules = write({ 'a.yaml': TOOL, 'b.yaml': correlation, 'b.test.yaml': examples });
    expect(await rulesTest({ paths: [rules], allowUntested: true })).toBe(0);
    expect(printed()).toContain('2 passed, 0 failed');
  });

  test('takes examples for the rules beside them', async () => {
    const rules = write({ 'a.yaml': TOOL, 'a.test.yaml': BOTH, 'b.yaml': 'no rule' });
    expect(await rulesTest({ paths: [join(rules, 'a.test.yaml')] })).toBe(0);
  });
});

describe('rules list', () => {
  test('names what ships, with the tags in the words of their frameworks, and a runbook for each', async () => {
    expect(await rulesList({ paths: [], shipped: true, json: true })).toBe(0);
    const rules = JSON.parse(out) as readonly Record<string, unknown>[];
    expect(rules.length).toBeGreaterThanOrEqual(30);
    for (const rule of rules) expect(rule['runbook']).toMatch(/^docs\/runbooks\/[a-z-]+\.md$/);
    expect(rules.find(({ title }) => title === 'The audit trail is failing')).toMatchObject({
      level: 'critical',
      owasp: ['MCP08'],
      attack: ['impact'],
    });
  });

  test('shows the gravest first, and leaves out what only feeds others', async () => {
    const low = TOOL.replace(`${ID}0`, `${ID}2`).replace('tool_called', 'other');
    const rules = write({
      'a.yaml': `${low}level: low\n---\n${TOOL.replace('A tool', 'Another')}level: critical\ntags: [owasp.mcp02]\n`,
      'b.yaml': `${TOOL.replace(`${ID}0`, `${ID}3`).replace('tool_called', 'x')}level: informational\n`,
    });
    expect(await rulesList({ paths: [rules] })).toBe(0);
    expect(printed()).toMatch(
      /^critical {2}Another was called\n.*OWASP MCP02\nlow {7}A tool was called\n\s*$/,
    );
  });

  test('says so when there is nothing to list', async () => {
    expect(await rulesList({ paths: [join(folder.directory, 'none')] })).toBe(2);
    expect(err).toContain('is not there');
  });
});

describe('without a path, rules', () => {
  const POLICY = `version: 1
authorization: { rules: 'p, role:user, *, tool:*, call' }
audit: { journal: { folder: ./audit, key: 'env:K' } }
alerts:
  rules: [./kept]
  placeholders: { danger: [drop_table] }
  sinks: { here: { type: stderr } }
`;
  const back = resolve('.');
  afterEach(() => process.chdir(back));

  function here(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder.directory, name, '..'), { recursive: true });
      folder.write(name, text);
    }
    process.chdir(folder.directory);
  }

  test('are those of ./policies/rules and of ./rules', async () => {
    here({
      'policies/rules/a.yaml': TOOL,
      'rules/b.yaml': TOOL.replace(`${ID}0`, `${ID}1`).replace('tool_called', 'other'),
    });
    expect(await rulesLint({ paths: [] })).toBe(0);
    expect(printed()).toMatch(/^2 rules in 2 files can be used/);
  });

  test('are those that a policy names, with its placeholders', async () => {
    const placed = TOOL.replace('target: drop_table', "target|expand: '%danger%'");
    here({
      'sallyport.yaml': POLICY,
      'kept/a.yaml': placed,
      'kept/a.test.yaml': BOTH,
      'rules/b.yaml': 'no rule',
    });
    const policy = 'sallyport.yaml';
    expect(await rulesLint({ paths: [], policy })).toBe(0);
    expect(await rulesTest({ paths: [], policy })).toBe(0);
    expect(await rulesList({ paths: [], policy })).toBe(0);
    expect(printed()).toMatch(/^1 rule in 1 file can be used.*\n.*\n.*pass.*\n.*pass.*\n\n2 passed/);
    expect(await rulesLint({ paths: ['kept'] })).toBe(1);
  });

  test('are told to be missing with all that could be written, and so is a policy without any', async () => {
    here({ 'sallyport.yaml': POLICY.replace(/alerts:[^]*/, '') });
    expect(await rulesLint({ paths: [] })).toBe(2);
    expect(err).toMatch(
      /no rules in \.\/policies\/rules or \.\/rules; .* --policy sallyport\.yaml .* --shipped/,
    );
    expect(await rulesTest({ paths: [], policy: 'sallyport.yaml' })).toBe(2);
    expect(err).toContain('sallyport.yaml has no alerts, and so no rules');
    expect(await rulesList({ paths: [], policy: 'none.yaml' })).toBe(2);
    expect(err).toContain('none.yaml cannot be read');
    expect(await rulesLint({ paths: ['a.yaml'], policy: 'sallyport.yaml' })).toBe(2);
    expect(err).toContain('name files, or a policy');
  });
});
