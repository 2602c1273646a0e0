import {
  addFindings,
  type BaselineEntry,
  createBaseline,
  createBaselineImport,
  type KeepFinding,
  printable,
  readForeignBaseline,
  type ScanFinding,
} from '@sallyport/scan';
import { readFileSync } from 'node:fs';
import { complain } from '../complain.ts';
import { unreadable } from '../redact/unusable-file.ts';
import { auditEntries, type AskReason, terminalQuestions } from '../scan/audit-entries.ts';
import { BASELINE_FILE, loadBaseline, loadBaselineIfThere, saveBaseline } from '../scan/baseline-store.ts';
import { type CollectedScan, collectScan } from '../scan/collect-scan.ts';
import { exitCodeFor } from '../scan/scan-errors.ts';
import { planScan, type SourceOptions } from '../scan/scan-options.ts';
import { withPolicy } from '../scan/with-policy.ts';
import { print, style } from '../terminal.ts';

/** Writes all that is found to the baseline, each without a reason; what is in it stays. Returns the exit code. */
export async function baselineCreate(given: SourceOptions): Promise<number> {
  return await orExitCode(async () => {
    const options = await withPolicy(given);
    const before = loadBaselineIfThere(options.baseline);
    const collected = await collect(options, before);
    if (isIncomplete(collected)) return 2;
    const entries = addFindings(before, collected.findings);
    await saveBaseline(options.baseline, entries);
    const added = entries.length - before.length;
    print(
      `${style.green('Wrote')} ${nameOf(options)}: ${counted(added)} added, ${counted(entries.length)} in all.`,
    );
    if (added > 0) print('Say of each why it may stay: sallyport scan baseline audit');
    return 0;
  });
}

export interface BaselineAuditOptions extends SourceOptions {
  /** Show the entries without a reason, and ask nothing. */
  readonly list?: boolean;
}

/**
 * Asks of each entry without a reason why it may stay, showing where it stands. Returns the exit code: 1 when some are left.
 *
 * @param questionsOf where to ask; undefined when there is no terminal
 */
export async function baselineAudit(
  given: BaselineAuditOptions,
  questionsOf: () => AskReason | undefined = terminalQuestions,
): Promise<number> {
  return await orExitCode(async () => {
    const options = await withPolicy(given);
    const entries = loadBaseline(options.baseline);
    const open = entries.filter(({ reason }) => reason === undefined);
    if (open.length === 0) {
      print(`Each of the ${counted(entries.length)} says why.`);
      return 0;
    }
    const found = await collect(options, [], () => true);
    if (options.list === true) {
      for (const entry of open) print(lineOf(entry, found.findings));
      return 1;
    }
    const questions = questionsOf();
    if (questions === undefined) {
      complain('there is no terminal to ask on; use --list, and write the reasons after the # of each line');
      return 2;
    }
    const left = await auditEntries(entries, {
      questions,
      describe: (entry) => lineOf(entry, found.findings),
      save: (next) => saveBaseline(options.baseline, next),
    });
    print(left === 0 ? 'Each entry says why now.' : `${counted(left)} left without a reason.`);
    return left === 0 ? 0 : 1;
  });
}

export interface BaselinePruneOptions extends SourceOptions {
  readonly dryRun?: boolean;
}

/** Takes out the entries that nothing is found for. Returns the exit code. */
export async function baselinePrune(given: BaselinePruneOptions): Promise<number> {
  return await orExitCode(async () => {
    const options = await withPolicy(given);
    const entries = loadBaseline(options.baseline);
    const baseline = createBaseline(entries);
    const plan = planScan(options);
    if (!plan.isWhole) {
      complain(
        'to prune, all has to be scanned that entries may be about; say . --history, and name no paths',
      );
      return 2;
    }
    const collected = await collectScan({ source: options, plan, baseline, terminal: process.stderr });
    // An entry may be about what could not be read.
    if (isIncomplete(collected)) return 2;
    const unused = new Set(baseline.unused());
    for (const entry of unused) print(`${style.red('-')} ${lineOf(entry, [])}`);
    const kept = entries.filter((entry) => !unused.has(entry));
    if (options.dryRun !== true && unused.size > 0) await saveBaseline(options.baseline, kept);
    const done = options.dryRun === true ? 'would go' : 'taken out';
    print(`${counted(unused.size)} ${done}, ${counted(kept.length)} left.`);
    return 0;
  });
}

/** Takes over what another scanner was told to ignore. Returns the exit code: 1 when something could not be taken over. */
export async function baselineImport(given: SourceOptions & { readonly file: string }): Promise<number> {
  return await orExitCode(async () => {
    const options = await withPolicy(given);
    const before = loadBaselineIfThere(options.baseline);
    const imported = createBaselineImport(readForeignBaseline(textOf(options.file)));
    const collected = await collect(options, before, imported.keep);
    if (isIncomplete(collected)) return 2;
    const { entries, left } = imported.result();
    const known = createBaseline(before);
    const added = entries.filter(
      ({ fingerprint, path = '' }) => known.covers(fingerprint, path) === undefined,
    );
    await saveBaseline(options.baseline, [...before, ...added]);
    for (const { label, why } of left) complain(`left out: ${printable(label)}: ${why}`);
    print(
      `${style.green('Wrote')} ${nameOf(options)}: ${counted(added.length)} taken over, ${left.length} left out.`,
    );
    return left.length === 0 ? 0 : 1;
  });
}

async function collect(
  options: SourceOptions,
  entries: readonly BaselineEntry[],
  keep?: KeepFinding,
): Promise<CollectedScan> {
  return await collectScan({
    source: options,
    plan: planScan(options),
    baseline: createBaseline(entries),
    terminal: process.stderr,
    ...(keep !== undefined && { keep }),
  });
}

function isIncomplete({ problems }: CollectedScan): boolean {
  const fatal = problems.filter((problem) => problem.fatal);
  for (const { path, message } of fatal) complain(`${path === '' ? '' : `${printable(path)}: `}${message}`);
  if (fatal.length > 0) complain('the baseline is left as it is, since not all could be scanned');
  return fatal.length > 0;
}

function lineOf({ fingerprint, path }: BaselineEntry, findings: readonly ScanFinding[]): string {
  const found = findings.find(
    (finding) => finding.fingerprint === fingerprint && finding.path === (path ?? finding.path),
  );
  const place = path === undefined ? '' : ` ${printable(path)}`;
  if (found === undefined) return `${fingerprint}${place}`;
  return `${fingerprint} ${printable(found.path)}:${found.line}:${found.column}\n    ${style.dim(printable(found.excerpt))}`;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function orExitCode(work: () => Promise<number>): Promise<number> {
  process.stderr.on('error', () => undefined);
  try {
    return await work();
  } catch (error) {
    return exitCodeFor(error);
  }
}

function nameOf({ baseline }: SourceOptions): string {
  return baseline ?? BASELINE_FILE;
}

function counted(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}
