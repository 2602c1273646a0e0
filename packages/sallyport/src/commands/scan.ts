import {
  createBaseline,
  printable,
  type RawFinding,
  type ReportInput,
  type ScanFinding,
} from '@sallyport/scan';
import { complain } from '../complain.ts';
import { loadBaseline } from '../scan/baseline-store.ts';
import { type CollectedScan, collectScan } from '../scan/collect-scan.ts';
import { configFixes } from '../scan/config-fixes.ts';
import { exitCodeFor } from '../scan/scan-errors.ts';
import { planScan, type ScanPlan, SEVERITIES, type SourceOptions } from '../scan/scan-options.ts';
import { withPolicy } from '../scan/with-policy.ts';
import { type ReportFormat, writeReport } from '../scan/write-report.ts';

export interface ScanCommandOptions extends SourceOptions {
  readonly format: ReportFormat;
  /** Default: standard output. */
  readonly output?: string;
  /** The least severity that makes the exit code 1. */
  readonly failOn: ScanFinding['severity'];
  /** The exit code is 0 whatever is found. */
  readonly exitZero?: boolean;
  /** Entries of the baseline that nothing is found for do not make the exit code 1. */
  readonly allowUnused?: boolean;
  readonly showSecrets?: boolean;
  readonly version: string;
}

/**
 * Looks for credentials. Returns the exit code: 0 clean, 1 found, or an entry of the baseline is superfluous, 2 something
 * could not be scanned or the options are wrong, 141 when nobody reads the report.
 */
export async function scanCommand(options: ScanCommandOptions): Promise<number> {
  const problem = problemOf(options);
  if (problem !== undefined) {
    complain(problem);
    return 2;
  }
  // Whoever reads standard error may go away; that is no reason to end.
  process.stderr.on('error', () => undefined);
  try {
    return await scanAndReport(options);
  } catch (error) {
    return exitCodeFor(error);
  }
}

function problemOf({ format, output, showSecrets, staged, range }: ScanCommandOptions): string | undefined {
  const isShown = format === 'human' && output === undefined && process.stdout.isTTY;
  if (showSecrets === true && !isShown)
    return '--show-secrets shows them on a terminal only; leave out --format, --output and the pipe';
  if (staged === true && range !== undefined)
    return '--staged is about what is not committed yet, --range about what is; leave out one of the two';
  return undefined;
}

async function scanAndReport(given: ScanCommandOptions): Promise<number> {
  const options = await withPolicy(given);
  const { format, output, version } = options;
  const plan = planScan(options);
  const baseline = createBaseline(loadBaseline(options.baseline));
  const secrets = new Map<string, string>();
  const collected = await collectScan({
    source: options,
    plan,
    baseline,
    terminal: process.stderr,
    ...(options.showSecrets === true && {
      seen: (raw: RawFinding) => void secrets.set(placeOf(raw), raw.secret),
    }),
  });
  const { findings, problems, summary, suppressed } = collected;
  const unused = isComplete(collected, plan) ? baseline.unused() : [];
  const input: ReportInput = {
    findings,
    problems,
    summary,
    suppressed,
    baseline: { unused, unreviewed: baseline.unreviewed() },
    fixes: configFixes(findings),
    version,
  };
  await writeReport(input, {
    format,
    ...(output !== undefined && { output }),
    ...(options.showSecrets === true && {
      secretOf: (finding: ScanFinding) => secrets.get(placeOf(finding)),
    }),
  });
  if (format !== 'human' || output !== undefined) tell(input);
  return exitCodeOf(options, collected, unused.length);
}

/** A scan that left something out cannot say of an entry that there is nothing it is about. */
function isComplete({ problems, summary }: CollectedScan, plan: ScanPlan): boolean {
  return plan.isWhole && !summary.aborted && !problems.some(({ fatal }) => fatal);
}

/** What a report in a file or for a machine leaves unsaid to whoever started it. */
function tell({ problems, summary, baseline }: ReportInput): void {
  for (const { path, message } of problems)
    complain(`${path === '' ? '' : `${printable(path)}: `}${message}`);
  const unused = baseline?.unused.length ?? 0;
  if (unused > 0) complain(`${unused} entries of the baseline are about nothing that is there; prune it`);
  complain(`${summary.findings} found in ${summary.files} files, ${summary.bytes} bytes`);
}

function exitCodeOf(
  options: ScanCommandOptions,
  { findings, problems }: CollectedScan,
  unused: number,
): number {
  if (problems.some(({ fatal }) => fatal)) return 2;
  if (options.exitZero === true) return 0;
  const least = SEVERITIES.indexOf(options.failOn);
  const isFound = findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= least);
  return isFound || (unused > 0 && options.allowUnused !== true) ? 1 : 0;
}

function placeOf(finding: Pick<ScanFinding, 'path' | 'line' | 'column' | 'rule' | 'commit'>): string {
  const { path, line, column, rule, commit } = finding;
  return JSON.stringify([path, line, column, rule, commit?.id]);
}
