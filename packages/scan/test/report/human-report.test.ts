import { describe, expect, it } from 'vitest';
import type { Suppressed } from '../../src/allow/suppression.ts';
import { githubReport } from '../../src/report/github-report.ts';
import { humanReport } from '../../src/report/human-report.ts';
import { jsonReport } from '../../src/report/json-report.ts';
import { junitReport } from '../../src/report/junit-report.ts';
import { PLAIN } from './plain-style.ts';
import { finding, input, problem, SUMMARY } from './report-input.ts';

const human = (over: Parameters<typeof input>[0], secret?: string): string =>
  [
    ...humanReport(input(over), {
      style: PLAIN,
      ...(secret !== undefined && { secretOf: () => secret }),
    }),
  ].join('');

describe('the report for people', () => {
  it('lists findings by file, with place, rule, severity and a caret under what is masked', () => {
    const report = human({
      findings: [finding(), finding({ line: 20, endLine: 20 }), finding({ path: 'z.ts' })],
    });
    expect(report).toContain('config/app.env\n  12:14    critical github-pat (its checksum holds)\n');
    expect(report).toContain('        GITHUB_TOKEN=••••••\n                     ^^^^^^\n');
    expect(report.match(/^config\/app\.env$/gm)?.length).toBe(1);
    expect(report).toContain('\nz.ts\n');
  });

  it('puts the caret under the credential that is meant, and nowhere where that cannot be told', () => {
    const excerpt = 'A=•••••• B=••••••';
    const both = human({ findings: [finding({ excerpt, column: 3 }), finding({ excerpt, column: 12 })] });
    expect(both).toMatch(/\n {10}\^{6}\n[^]*\n {19}\^{6}\n/);
    expect(human({ findings: [finding({ excerpt, column: 12 })] })).not.toContain('^');
  });

  it('says once for each kind of credential how to make it worthless and where to keep the next one', () => {
    const report = human({
      findings: [
        finding(),
        finding({ line: 13 }),
        finding({ rule: 'private-key-rsa', entity: 'PRIVATE_KEY' }),
      ],
    });
    expect(report.match(/Revoke the token where it was issued/g)?.length).toBe(1);
    expect(report).toContain('private-key-rsa\n    Make a new pair of keys');
    expect(report).toMatch(/env:NAME/);
    expect(report).toMatch(/keystore:name/);
  });

  it('says how the entry of a client could be written, once for all findings in it', () => {
    const findings = [finding({ path: 'mcp.json' }), finding({ path: 'mcp.json', line: 14 })];
    const fixes = new Map(findings.map((one) => [one, '"github": {}']));
    expect(human({ findings, fixes }).match(/instead:\n {10}"github": \{\}/g)?.length).toBe(1);
  });

  it('shows a credential only where it was asked for', () => {
    expect(human({}, 'the value itself')).toContain('the value itself');
    expect(human({})).not.toContain('the value itself');
  });

  it('says how many files and bytes were scanned, what was left out, and what was not reported and why', () => {
    const suppressed: Suppressed = {
      baseline: 2,
      marks: { sallyport: 3, gitleaks: 1, 'detect-secrets': 1 },
      marksWithoutReason: 1,
      allow: [1, 3],
    };
    const report = human({ findings: [], suppressed, summary: { ...SUMMARY, findings: 0 } });
    expect(report).toContain('no secrets in 3 files, 1234 bytes, 1.5 s; left out: 1 binary, 2 ignored\n');
    expect(report).toContain(
      'not reported: 2 by the baseline, 3 by marks, 1 by marks of gitleaks, 1 by pragmas, 4 by the allow list\n',
    );
    expect(report).toContain('warning 1 mark says no reason');
    expect(report).not.toContain('How to fix');
  });

  it('names entries of the baseline that are superfluous, and counts those without a reason', () => {
    const entry = { fingerprint: finding().fingerprint, path: 'a.env' };
    const report = human({ findings: [], baseline: { unused: [entry], unreviewed: [entry, entry] } });
    expect(report).toContain(`error the baseline has 1 entry that nothing is found for`);
    expect(report).toContain(`  ${entry.fingerprint} a.env\n`);
    expect(report).toContain('warning the baseline has 2 entries without a reason');
  });

  it('names what could not be scanned', () => {
    expect(
      human({ findings: [], problems: [problem(), problem({ path: '', fatal: false, why: 'nothing' })] }),
    ).toContain('error big.bin: It is too large.\nwarning It is too large.\n');
  });
});

describe('the reports for machines', () => {
  it('annotate the line, columns only where it is one line', () => {
    const [one, other] = [
      ...githubReport(input({ findings: [finding(), finding({ endLine: 14, severity: 'medium' })] })),
    ];
    expect(one).toMatch(
      /^::error file=config\/app\.env,line=12,endLine=12,col=14,endColumn=54,title=critical%3A github-pat::/,
    );
    expect(other).toMatch(/^::warning file=config\/app\.env,line=12,endLine=14,title=/);
  });

  it('pass one test where nothing is found, and fail one for each finding', () => {
    expect([...junitReport(input({ findings: [] }))].join('')).toContain(
      '<testsuite name="secrets" tests="1" failures="0" errors="0"',
    );
    expect([...junitReport(input({}))].join('')).toMatch(
      /<failure type="github-pat" message="access token \(critical\)">/,
    );
  });

  it('hold the fix of a client config', () => {
    const given = input({});
    const fixes = new Map(given.findings.map((one) => [one, 'instead']));
    const read = JSON.parse([...jsonReport({ ...given, fixes })].join('')) as { findings: { fix: string }[] };
    expect(read.findings[0]?.fix).toBe('instead');
  });
});
