import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { sarifReport } from '../../src/report/sarif-report.ts';
import { finding, HOSTILE_NAMES, input, problem } from './report-input.ts';

const FILE = new URL('../sarif/sarif-schema-2.1.0.json', import.meta.url);
const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, unknown>;
const ajv = new Ajv({
  strict: false,
  // One pattern of the schema has a bracket that the flag does not allow.
  unicodeRegExp: false,
  formats: {
    uri: (text: string) => URL.canParse(text),
    // RFC 3986, appendix A: no character that has to be escaped, and no first part with a colon where there is no scheme.
    'uri-reference': (text: string) =>
      /^(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})*$/i.test(text) && URL.canParse(text, 'file:///base/'),
    'date-time': (text: string) => !Number.isNaN(Date.parse(text)),
  },
});
const isSarif = ajv.compile(schema);

interface Log {
  readonly runs: readonly {
    readonly columnKind: string;
    readonly tool: { readonly driver: { readonly rules: readonly Record<string, unknown>[] } };
    readonly invocations: readonly {
      readonly executionSuccessful: boolean;
      readonly toolExecutionNotifications: readonly { readonly descriptor: { readonly id: string } }[];
    }[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly partialFingerprints: Record<string, string>;
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
        };
      }[];
    }[];
  }[];
}

function read(over: Parameters<typeof input>[0]): Log['runs'][number] {
  const log: unknown = JSON.parse([...sarifReport(input(over))].join(''));
  expect(isSarif(log), ajv.errorsText(isSarif.errors)).toBe(true);
  return (log as Log).runs[0] as Log['runs'][number];
}

describe('a SARIF report', () => {
  it('is valid by the schema of OASIS, with findings or without', () => {
    expect(read({ findings: [] }).results).toEqual([]);
    expect(read({}).columnKind).toBe('utf16CodeUnits');
    expect(isSarif({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false);
  });

  it('names each rule once, with its page, tags and severity for code scanning', () => {
    const run = read({
      findings: [
        finding(),
        finding({ line: 13, endLine: 13 }),
        finding({ rule: 'generic-password', severity: 'medium' }),
      ],
    });
    expect(run.tool.driver.rules.map(({ id }) => id)).toEqual(['github-pat', 'generic-password']);
    expect(run.results.map(({ ruleIndex, level }) => [ruleIndex, level])).toEqual([
      [0, 'error'],
      [0, 'error'],
      [1, 'warning'],
    ]);
    expect(run.tool.driver.rules[0]).toMatchObject({
      helpUri: expect.stringMatching(/^https:/),
      properties: {
        'security-severity': '9.5',
        tags: ['security', 'secret', 'code hosts and builds', 'ACCESS_TOKEN'],
      },
    });
    expect(run.results[0]?.partialFingerprints).toEqual({ 'secretFingerprint/v1': finding().fingerprint });
  });

  it('gives any file name as a relative URI that leads back to it', () => {
    const findings = HOSTILE_NAMES.map((path) => finding({ path }));
    const places = read({ findings, problems: HOSTILE_NAMES.map((path) => problem({ path })) }).results.map(
      ({ locations }) => locations[0]?.physicalLocation.artifactLocation,
    );
    for (const [index, place] of places.entries()) {
      expect(place?.uriBaseId).toBe('%SRCROOT%');
      const uri = place?.uri ?? '';
      expect(decodeURIComponent(uri)).toBe((HOSTILE_NAMES[index] as string).replace('\uD800', '\uFFFD'));
      expect(new URL(uri, 'https://root.test/').host).toBe('root.test');
    }
  });

  it('tells what could not be scanned, and that the scan is then not complete', () => {
    const remark = read({ problems: [problem({ fatal: false, path: '' })] }).invocations[0];
    expect(remark).toMatchObject({ executionSuccessful: true });
    const fatal = read({ problems: [problem()] }).invocations[0];
    expect(fatal).toMatchObject({ executionSuccessful: false });
    expect(fatal?.toolExecutionNotifications.map(({ descriptor }) => descriptor.id)).toEqual(['too_large']);
  });

  it('of 100,000 findings holds the 25,000 most severe in their order, and says that it was cut', () => {
    const findings = Array.from({ length: 100_000 }, (_, at) =>
      finding({ line: at + 1, endLine: at + 1, severity: at % 10 === 0 ? 'critical' : 'low' }),
    );
    const run = JSON.parse([...sarifReport(input({ findings }))].join('')) as Log;
    const [{ results, invocations } = { results: [], invocations: [] }] = run.runs;
    expect(results.length).toBe(25_000);
    expect(results.filter(({ level }) => level === 'error').length).toBe(10_000);
    expect(invocations[0]?.toolExecutionNotifications.map(({ descriptor }) => descriptor.id)).toEqual([
      'results_cut',
    ]);
  });

  it('names a file by its path where that is absolute, and else from the root', () => {
    const paths = ['/opt/a b/x.env', 'C:/x y/z.env', 'a b/x.env'];
    const run = read({ findings: paths.map((path) => finding({ path })) });
    expect(run.results.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation)).toEqual([
      { uri: 'file:///opt/a%20b/x.env' },
      { uri: 'file:///C:/x%20y/z.env' },
      { uri: 'a%20b/x.env', uriBaseId: '%SRCROOT%' },
    ]);
  });
});
