import type { ReportInput } from '../../src/report/report-input.ts';
import type { ScanFinding, ScanProblem, ScanSummary } from '../../src/scan-finding.ts';

/** Names of files that mean something to a log, a terminal, XML, a URI or a workflow command. */
export const HOSTILE_NAMES: readonly string[] = [
  'a\nb.env',
  'a\r\n::error::b',
  '100%.env',
  '%0A::warning file=x::y',
  'a::b,c:d=e.env',
  '<b>"x"&\'y\'.env',
  ']]>.xml',
  '<!--x-->',
  '\u001B[2Jgone\u0007.env',
  '\u202Egnp.exe',
  'a b#c?d.env',
  'https://evil.test/x',
  'javascript:alert(1)',
  'lone\uD800half',
  'nul\u0000.env',
  '-o=x',
];

export const SUMMARY: ScanSummary = {
  files: 3,
  bytes: 1234,
  commits: 0,
  skipped: { binary: 1, ignored: 2, empty: 0 },
  findings: 1,
  suppressed: 0,
  problems: 0,
  ms: 1500,
  aborted: false,
};

export function finding(over: Partial<ScanFinding> = {}): ScanFinding {
  return {
    rule: 'github-pat',
    entity: 'ACCESS_TOKEN',
    severity: 'critical',
    score: 0.99,
    validated: true,
    path: 'config/app.env',
    line: 12,
    column: 14,
    endLine: 12,
    endColumn: 54,
    byteOffset: 200,
    fingerprint: `v1:github-pat:${'0123456789abcdef'.repeat(2)}`,
    excerpt: 'GITHUB_TOKEN=••••••',
    source: 'tree',
    ...over,
  };
}

export function problem(over: Partial<ScanProblem> = {}): ScanProblem {
  return { path: 'big.bin', why: 'too_large', message: 'It is too large.', fatal: true, ...over };
}

export function input(over: Partial<ReportInput> = {}): ReportInput {
  const findings = over.findings ?? [finding()];
  return {
    findings,
    problems: [],
    summary: { ...SUMMARY, findings: findings.length, problems: over.problems?.length ?? 0 },
    version: '1.2.3',
    ...over,
  };
}
