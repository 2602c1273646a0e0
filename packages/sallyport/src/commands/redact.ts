import { Refusal } from '@sallyport/core';
import { type Policy, PolicyError, RedactTexts } from '@sallyport/policy';
import { complain } from '../complain.ts';
import { choosePlan, type PlanOptions } from '../redact/choose-plan.ts';
import { explainFiles } from '../redact/explain-files.ts';
import { isOneTerminal } from '../redact/is-one-terminal.ts';
import { type Output, outputTo, standardOutput } from '../redact/output.ts';
import { sourceOf, type TextSource, UnreadableText } from '../redact/read-texts.ts';
import { describeCounts, type RedactionReport, sumCounts } from '../redact/redaction-report.ts';
import { rewriteFiles } from '../redact/rewrite-files.ts';
import { UnusableFile } from '../redact/unusable-file.ts';

export interface RedactOptions extends PlanOptions {
  /** Empty: standard input. */
  readonly files: readonly string[];
  readonly direction: 'arguments' | 'results';
  readonly format?: 'json' | 'lines';
  readonly output?: string;
  readonly report?: string;
  /** List what is found instead of rewriting it. */
  readonly explain?: boolean;
}

/** What a shell tells of a process that writes where nobody reads: 128 and SIGPIPE. */
const NOBODY_READS = 141;

/**
 * Rewrites texts as a policy says. Returns the exit code: 0, 1 when the policy blocks what was found, 2 when the options, the
 * policy, a file, a key or the vault cannot be used, 141 when nobody reads what is written.
 */
export async function redact(options: RedactOptions): Promise<number> {
  const problem = problemOf(options);
  if (problem !== undefined) {
    complain(problem);
    return 2;
  }
  // Whoever reads standard error may go away; that is no reason to end.
  process.stderr.on('error', () => undefined);
  try {
    const { direction, format, files } = options;
    const { policy, ...choice } = { ...(await choosePlan(options)), direction };
    const sources = (files.length === 0 ? ['-'] : files).map((file) =>
      sourceOf(file === '-' ? undefined : file, format),
    );
    if (options.explain === true) {
      await explainFiles(sources, { ...choice, policy }, standardOutput());
      return 0;
    }
    const texts = await RedactTexts.open({
      ...choice,
      env: process.env,
      log: complain,
      secrets: policy?.secrets,
    });
    try {
      return await rewriteAll(options, sources, texts, policy);
    } finally {
      await texts.close();
    }
  } catch (error) {
    return exitCodeFor(error);
  }
}

/** Options that would be ignored, with what to write instead. */
function problemOf({
  files,
  output,
  report,
  pack,
  policy,
  operator,
  explain,
}: RedactOptions): string | undefined {
  if (output !== undefined && files.length > 1)
    return '--output takes what comes from one file; name one, or let it go to standard output';
  if (pack !== undefined && policy !== undefined) {
    const inPolicy = `redaction: { results: { pack: ${pack.join(', ')} } }`;
    return `--pack takes the place of a policy; leave out one of the two, or write in the policy ${inPolicy}`;
  }
  if (operator !== undefined && pack === undefined)
    return '--operator goes with --pack; in a policy write operator: under redaction';
  if (explain === true && (output !== undefined || report !== undefined)) {
    const given = output === undefined ? '--report' : '--output';
    return `--explain writes its list to standard output and nothing else; leave out ${given}`;
  }
  return undefined;
}

async function rewriteAll(
  { output, report }: RedactOptions,
  sources: readonly TextSource[],
  texts: RedactTexts,
  policy: Policy | undefined,
): Promise<number> {
  const opened: Output[] = [];
  const open = async (path: string, mode: number): Promise<Output> => {
    const each = await outputTo(path, mode);
    opened.push(each);
    return each;
  };
  try {
    const sink = output === undefined ? standardOutput() : await open(output, 0o600);
    const summary = report === undefined ? undefined : await open(report, 0o666);
    // A bar would stand in the middle of what is written.
    const bar = output !== undefined || !isOneTerminal(process.stdout, process.stderr);
    const reports = await rewriteFiles(sources, texts, sink, bar);
    await sink.finish();
    const total = sumCounts(reports.flatMap(({ redacted }) => redacted));
    const counted: RedactionReport = { ...(policy && { policy: policy.digest }), files: reports, total };
    await summary?.write(`${JSON.stringify(counted, undefined, 2)}\n`);
    await summary?.finish();
    complain(`rewritten: ${describeCounts(total)}`);
    return 0;
  } catch (error) {
    for (const each of opened) each.discard();
    throw error;
  }
}

function exitCodeFor(error: unknown): number {
  if (error instanceof Refusal) {
    complain(error.message);
    return error.code === 'permission_denied' ? 1 : 2;
  }
  const { code, name, message } = error as NodeJS.ErrnoException;
  if (code === 'EPIPE') return NOBODY_READS;
  const isExpected =
    error instanceof PolicyError ||
    error instanceof UnreadableText ||
    error instanceof UnusableFile ||
    error instanceof TypeError ||
    name === 'SecretError' ||
    name === 'TokenVaultError' ||
    (typeof code === 'string' && code.startsWith('E'));
  if (!isExpected) throw error;
  complain(message);
  return 2;
}
