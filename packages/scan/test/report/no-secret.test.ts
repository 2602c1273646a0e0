import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECRET_RULES } from '@sallyport/detection';
import {
  clientConfigFixes,
  githubReport,
  humanReport,
  jsonReport,
  junitReport,
  type Report,
  type ReportInput,
  sarifReport,
  type RawFinding,
  scan,
  type ScanFinding,
  type ScanSummary,
} from '../../src/index.ts';
import { expandExample, withCheck } from '../../../detection/test/secrets/expand-example.ts';
import { labelledConfigs } from '../client-config/labelled-configs.ts';
import { PLAIN } from './plain-style.ts';

const PARTS = 8;
/** A part of a random value, and no word of a message, a URL or a file. */
const IS_RANDOM = /^(?=(?:.*\d){2})(?=(?:.*[A-Za-z]){2})[A-Za-z0-9+/_=.-]+$/;

const secrets = new Map<string, string>();
const findings: ScanFinding[] = [];
/** What was found in each file. */
const found = new Map<string, string>();
let summary: ScanSummary | undefined;
let root = '';

function plant(path: string, text: string, values: readonly string[]): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  for (const value of values) secrets.set(value, path);
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'sallyport-reports-'));
  for (const rule of SECRET_RULES) {
    const texts = rule.examples.ok.map((text) => withCheck(rule.id, expandExample(text, rule.id)));
    const values = texts.map((text) => /⟦([^⟧]*)⟧/.exec(text)?.[1] ?? '');
    plant(`rules/${rule.id}.txt`, texts.map((text) => text.replaceAll(/[⟦⟧]/g, '')).join('\n\n'), values);
    // On one line, beside one another.
    plant(`lines/${rule.id}.txt`, texts.map((text) => text.replaceAll(/[⟦⟧]/g, '')).join(' '), values);
  }
  for (const { name, text, planted } of labelledConfigs('ng'))
    plant(
      `configs/${name}`,
      text,
      planted.map(([start, end]) => text.slice(start, end)),
    );
  const keep = ({ path, secret }: RawFinding): boolean => {
    found.set(path, `${found.get(path) ?? ''}\n${secret}`);
    return true;
  };
  for await (const event of scan({ target: { kind: 'tree', root }, threads: 0, keep })) {
    if (event.type === 'finding') findings.push(event.finding);
    if (event.type === 'summary') summary = event.summary;
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('of credentials of every rule, alone, beside one another and in configs of clients', () => {
  it('most are found', () => {
    expect(new Set(findings.map(({ path }) => path)).size).toBeGreaterThan(SECRET_RULES.length * 2);
  });

  it.each<[string, (input: ReportInput) => Report]>([
    ['human', (input) => humanReport(input, { style: PLAIN })],
    ['json', jsonReport],
    ['sarif', sarifReport],
    ['github', githubReport],
    ['junit', junitReport],
  ])('no part stands in a report: %s', (_, report) => {
    const fixes = new Map<ScanFinding, string>();
    for (const { name, text } of labelledConfigs('ng')) {
      const all = clientConfigFixes(name, text)
        .map((fix) => fix.text)
        .join('\n');
      for (const finding of findings) if (finding.path === `configs/${name}`) fixes.set(finding, all);
    }
    const text = [
      ...report({ findings, problems: [], summary: summary as ScanSummary, fixes, version: '1' }),
    ].join('');
    const shown = new Set<string>();
    for (let at = 0; at + PARTS <= text.length; at++) shown.add(text.slice(at, at + PARTS));
    const leaks: string[] = [];
    let checked = 0;
    for (const [value, path] of secrets) {
      // Of what is not found, a line may show all; that is for the rules to get better at.
      if (found.get(path)?.includes(value) !== true) continue;
      checked += 1;
      // The host of a URL is none of its secrets, and stands in others, too.
      const end = /^[a-z][a-z0-9+]*:\/\/[^/]*@/.exec(value)?.[0].length ?? value.length;
      for (let at = 0; at + PARTS <= end; at++) {
        const part = value.slice(at, at + PARTS);
        if (IS_RANDOM.test(part) && shown.has(part)) leaks.push(`${path} at ${at} of ${value.length}`);
      }
    }
    expect(leaks).toEqual([]);
    expect(checked / secrets.size).toBeGreaterThan(0.95);
  });
});
