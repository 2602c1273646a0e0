import type { Severity } from '@sallyport/detection/secrets';
import type { ScanFinding, ScanProblem } from '../scan-finding.ts';
import { howToFix } from './how-to-fix.ts';
import { printable } from './printable.ts';
import type { Report, ReportInput } from './report-input.ts';
import { type RuleFacts, rulesById, wordsFor } from './rule-facts.ts';

const LEVELS: Readonly<Record<Severity, string>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
};

/**
 * Workflow commands that GitHub shows beside the lines of a change; it shows ten of a kind for each step, and all in the log.
 *
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function* githubReport({ findings, problems }: ReportInput): Report {
  const rules = rulesById();
  for (const finding of findings) yield annotation(finding, rules.get(finding.rule));
  for (const problem of problems) yield problemLine(problem);
}

function annotation(finding: ScanFinding, facts: RuleFacts | undefined): string {
  const { path, line, column, endLine, endColumn, rule, entity, severity, excerpt, fingerprint } = finding;
  const properties = {
    file: path,
    line,
    endLine,
    // Columns are understood within one line only.
    ...(endLine === line && { col: column, endColumn }),
    title: `${severity}: ${rule}`,
  };
  const [rotate, keep] = howToFix({ entity, group: facts?.group ?? '' });
  const message = `${wordsFor(entity)}: ${printable(excerpt)}\n${rotate} ${keep}\n${fingerprint}`;
  return command(LEVELS[severity], properties, message);
}

function problemLine({ path, why, message, fatal }: ScanProblem): string {
  return command(fatal ? 'error' : 'warning', { ...(path !== '' && { file: path }), title: why }, message);
}

function command(
  name: string,
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`);
  return `::${name} ${list.join(',')}::${data(message)}\n`;
}

/** As the runner reads it back: `actions/toolkit`, command.ts. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
