import type { Severity } from '@sallyport/detection/secrets';
import type { Suppressed } from '../allow/suppression.ts';
import type { ScanFinding, ScanProblem, ScanSummary } from '../scan-finding.ts';
import { howToFix } from './how-to-fix.ts';
import { masksIn } from './masks-in.ts';
import { printable } from './printable.ts';
import type { BaselineRemarks, Report, ReportInput } from './report-input.ts';
import { type RuleFacts, rulesById } from './rule-facts.ts';
import { wrapped } from './wrapped.ts';

/** How parts of the report are coloured. */
export interface ReportStyle {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
  green(text: string): string;
}

export interface HumanOptions {
  readonly style: ReportStyle;
  /** The credential itself, only for whoever asked to see it on a terminal. Default: masked. */
  readonly secretOf?: (finding: ScanFinding) => string | undefined;
}

const COLOURS: Readonly<Record<Severity, 'red' | 'yellow' | 'cyan'>> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
};
const HISTORY =
  '  A history keeps what was in it, and so does every clone: what is rotated is harmless there.';
const NO_SECRET =
  '  What is no secret: mark its line "sallyport:allow <rule> reason", or add it to the baseline.';
/** What is listed of superfluous entries; the rest is counted. */
const MOST_LISTED = 20;

/** For people: findings by file, then what to do about them, then what could not be scanned, then the sum. */
export function* humanReport(input: ReportInput, { style, secretOf }: HumanOptions): Report {
  const { findings, problems, summary, suppressed, baseline, fixes } = input;
  const rules = rulesById();
  let path: string | undefined;
  let fix: string | undefined;
  for (const [at, finding] of findings.entries()) {
    if (finding.path !== path) {
      if (fix !== undefined) yield indented(fix);
      fix = undefined;
      yield `${path === undefined ? '' : '\n'}${style.bold(printable(finding.path))}\n`;
    }
    path = finding.path;
    const next = fixes?.get(finding);
    if (fix !== undefined && next !== fix) yield indented(fix);
    fix = next;
    const isChecked = finding.validated === true && rules.get(finding.rule)?.hasChecksum === true;
    yield findingLines(
      finding,
      { caret: caretOf(findings, at), isChecked, secret: secretOf?.(finding) },
      style,
    );
  }
  if (fix !== undefined) yield indented(fix);
  if (findings.length > 0) yield* advice(findings, rules, style);
  for (const problem of problems) yield problemLine(problem, style);
  if (baseline !== undefined) yield* baselineLines(baseline, style);
  yield sumLines(summary, suppressed, style);
}

/** The mask that is the credential's own; none where that cannot be told. */
function caretOf(findings: readonly ScanFinding[], at: number): readonly [from: number, to: number] {
  const finding = findings[at] as ScanFinding;
  const isBeside = (other: ScanFinding | undefined): boolean =>
    other?.path === finding.path && other.line === finding.line && other.commit?.id === finding.commit?.id;
  const masks = masksIn(printable(finding.excerpt));
  let first = at;
  // Of a line with so many, nobody counts carets.
  while (at - first < masks.length && isBeside(findings[first - 1])) first -= 1;
  let next = at + 1;
  while (next - first <= masks.length && isBeside(findings[next])) next += 1;
  const own = masks.length === next - first ? masks[at - first] : undefined;
  return own ?? [0, 0];
}

interface Shown {
  readonly caret: readonly [from: number, to: number];
  /** It has a checksum, and that holds. */
  readonly isChecked: boolean;
  readonly secret: string | undefined;
}

function findingLines(
  finding: ScanFinding,
  { caret: [from, to], isChecked, secret }: Shown,
  style: ReportStyle,
): string {
  const { line, column, rule, severity, excerpt, commit, encoded } = finding;
  const remarks = [
    ...(isChecked ? ['its checksum holds'] : []),
    ...(encoded === undefined ? [] : [`in ${encoded.join(' in ')}`]),
    ...(commit === undefined ? [] : [`commit ${commit.id.slice(0, 12)}`]),
  ];
  const about = remarks.length === 0 ? '' : style.dim(` (${remarks.join(', ')})`);
  const colour = COLOURS[severity];
  const shown = printable(excerpt);
  const caret = to > from ? `        ${' '.repeat(from)}${style[colour]('^'.repeat(to - from))}\n` : '';
  const revealed = secret === undefined ? '' : `        ${style.yellow(printable(secret))}\n`;
  return `  ${`${line}:${column}`.padEnd(8)} ${style[colour](severity)} ${rule}${about}\n        ${shown}\n${caret}${revealed}`;
}

function indented(fix: string): string {
  const lines = fix.split('\n').map((line) => `          ${printable(line)}`);
  return `        instead:\n${lines.join('\n')}\n`;
}

/** Once for each kind of credential, not for each finding. */
function* advice(
  findings: readonly ScanFinding[],
  rules: ReadonlyMap<string, RuleFacts>,
  style: ReportStyle,
): Report {
  const byAdvice = new Map<string, Set<string>>();
  for (const { rule, entity } of findings) {
    const sentences = howToFix({ entity, group: rules.get(rule)?.group ?? '' });
    const lines = sentences.map((sentence) => wrapped(`    ${sentence}`, '      ')).join('\n');
    const known = byAdvice.get(lines);
    if (known === undefined) byAdvice.set(lines, new Set([rule]));
    else known.add(rule);
  }
  yield `\n${style.bold('How to fix')}\n`;
  for (const [lines, ids] of byAdvice)
    yield `${wrapped(`  ${[...ids].sort().join(', ')}`, '  ')}\n${lines}\n`;
  if (findings.some(({ commit }) => commit !== undefined)) yield `${wrapped(HISTORY, '  ')}\n`;
  yield `${wrapped(NO_SECRET, '  ')}\n`;
}

function problemLine({ path, message, fatal }: ScanProblem, style: ReportStyle): string {
  const place = path === '' ? '' : `${printable(path)}: `;
  const lead = fatal ? 'error' : 'warning';
  const text = wrapped(`${lead} ${place}${printable(message)}`, '  ').slice(lead.length);
  return `${fatal ? style.red(lead) : style.yellow(lead)}${text}\n`;
}

function* baselineLines({ unused, unreviewed }: BaselineRemarks, style: ReportStyle): Report {
  if (unused.length > 0) {
    yield `${style.red('error')} the baseline has ${entries(unused.length)} that nothing is found for;\n  take them out with "sallyport scan baseline prune"\n`;
    for (const { fingerprint, path } of unused.slice(0, MOST_LISTED))
      yield `  ${fingerprint}${path === undefined ? '' : ` ${printable(path)}`}\n`;
    if (unused.length > MOST_LISTED) yield `  and ${unused.length - MOST_LISTED} more\n`;
  }
  if (unreviewed.length > 0)
    yield `${style.yellow('warning')} the baseline has ${entries(unreviewed.length)} without a reason;\n  say why with "sallyport scan baseline audit"\n`;
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}

function sumLines(summary: ScanSummary, suppressed: Suppressed | undefined, style: ReportStyle): string {
  const { files, bytes, commits, skipped, findings, ms, aborted } = summary;
  const found =
    findings === 0
      ? style.green('no secrets')
      : style.red(findings === 1 ? '1 secret' : `${findings} secrets`);
  const scanned = `${files} ${files === 1 ? 'file' : 'files'}, ${megabytes(bytes)}${commits === 0 ? '' : `, ${commits} commits`}`;
  const left = [
    ...(skipped.binary === 0 ? [] : [`${skipped.binary} binary`]),
    ...(skipped.ignored === 0 ? [] : [`${skipped.ignored} ignored`]),
    ...(skipped.empty === 0 ? [] : [`${skipped.empty} empty`]),
  ];
  const seconds = `${(ms / 1000).toFixed(1)} s`;
  const out = left.length === 0 ? '' : style.dim(`; left out: ${left.join(', ')}`);
  return (
    `${found} in ${scanned}, ${seconds}${out}\n` +
    (aborted ? `${style.yellow('warning')} the scan was stopped before its end\n` : '') +
    (suppressed === undefined ? '' : suppressedLines(suppressed, style))
  );
}

function suppressedLines(
  { baseline, marks, marksWithoutReason, allow }: Suppressed,
  style: ReportStyle,
): string {
  const allowed = allow.reduce((sum, count) => sum + count, 0);
  const parts = [
    ...(baseline === 0 ? [] : [`${baseline} by the baseline`]),
    ...(marks.sallyport === 0 ? [] : [`${marks.sallyport} by marks`]),
    ...(marks.gitleaks === 0 ? [] : [`${marks.gitleaks} by marks of gitleaks`]),
    ...(marks['detect-secrets'] === 0 ? [] : [`${marks['detect-secrets']} by pragmas`]),
    ...(allowed === 0 ? [] : [`${allowed} by the allow list`]),
  ];
  const warning =
    marksWithoutReason === 0
      ? ''
      : `${style.yellow('warning')} ${marksWithoutReason} ${marksWithoutReason === 1 ? 'mark says' : 'marks say'} no reason; write it after the rule\n`;
  return `${parts.length === 0 ? '' : `${style.dim(`not reported: ${parts.join(', ')}`)}\n`}${warning}`;
}

function megabytes(bytes: number): string {
  return bytes < 100_000 ? `${bytes} bytes` : `${(bytes / 1e6).toFixed(1)} MB`;
}
