import type { ScanFinding, ScanProblem } from '../scan-finding.ts';
import { howToFix } from './how-to-fix.ts';
import type { Report, ReportInput } from './report-input.ts';
import { type RuleFacts, rulesById, wordsFor } from './rule-facts.ts';
import { xmlText } from './xml-text.ts';

/**
 * JUnit XML as GitLab and Jenkins read it: a failed test for each finding, one in error for what could not be scanned, and a
 * test that passed where there is nothing of either, since a report without tests counts as broken.
 */
export function* junitReport({ findings, problems, summary }: ReportInput): Report {
  const rules = rulesById();
  const fatal = problems.filter((problem) => problem.fatal);
  const tests = Math.max(1, findings.length + fatal.length);
  const counts = `tests="${tests}" failures="${findings.length}" errors="${fatal.length}" time="${(summary.ms / 1000).toFixed(3)}"`;
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="sallyport scan" ${counts}>\n`;
  yield `  <testsuite name="secrets" ${counts}>\n`;
  for (const finding of findings) yield failed(finding, rules.get(finding.rule));
  for (const problem of fatal) yield broken(problem);
  if (findings.length + fatal.length === 0)
    yield `    <testcase classname="sallyport" name="${summary.files} files without a secret"/>\n`;
  yield '  </testsuite>\n</testsuites>\n';
}

function failed(finding: ScanFinding, facts: RuleFacts | undefined): string {
  const { path, line, column, rule, entity, severity, excerpt, fingerprint, commit } = finding;
  const advice = howToFix({ entity, group: facts?.group ?? '' });
  const place = `${path}:${line}:${column}${commit === undefined ? '' : ` in ${commit.id}`}`;
  const body = [`${severity}: ${wordsFor(entity)}`, place, excerpt, ...advice, fingerprint].join('\n');
  return (
    `    <testcase classname="${xmlText(path)}" name="${xmlText(`${rule} at ${line}:${column}`)}" file="${xmlText(path)}" line="${line}">\n` +
    `      <failure type="${xmlText(rule)}" message="${xmlText(`${wordsFor(entity)} (${severity})`)}">${xmlText(body)}</failure>\n` +
    `    </testcase>\n`
  );
}

function broken({ path, why, message }: ScanProblem): string {
  return (
    `    <testcase classname="${xmlText(path === '' ? 'sallyport' : path)}" name="${why}">\n` +
    `      <error type="${why}" message="${xmlText(message)}"/>\n    </testcase>\n`
  );
}
