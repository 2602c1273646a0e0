import { createWriteStream, renameSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { Refusal } from '@sallyport/core';
import {
  type ExplainedFinding,
  ExplainTexts,
  loadPolicy,
  planFor,
  type Policy,
  PolicyError,
  principalFrom,
  type RedactionOperator,
  RedactTexts,
  type RedactTextsOptions,
} from '@sallyport/policy';
import { complain } from '../complain.ts';
import { print, style } from '../terminal.ts';
import { readyMadePolicies } from '../ready-made-policies.ts';
import { Progress } from '../redact/progress.ts';
import { readTexts, sourceOf, type TextSource, UnreadableText } from '../redact/read-texts.ts';
import {
  describeCounts,
  type FileReport,
  type RedactionReport,
  sumCounts,
} from '../redact/redaction-report.ts';

export interface RedactOptions {
  /** Empty: standard input. */
  readonly files: readonly string[];
  readonly policy: string;
  /** Instead of a policy. */
  readonly pack?: readonly string[];
  readonly operator?: RedactionOperator;
  readonly direction: 'arguments' | 'results';
  readonly subject?: string;
  readonly role?: readonly string[];
  readonly server: string;
  readonly tool?: string;
  readonly format?: 'json' | 'lines';
  readonly output?: string;
  readonly report?: string;
  /** List what is found instead of rewriting it. */
  readonly explain?: boolean;
}

/**
 * Rewrites texts as a policy says. Returns the exit code: 0, 1 when the policy blocks what was found, 2 when the policy, a
 * file, a key or the vault cannot be used.
 */
export async function redact(options: RedactOptions): Promise<number> {
  const { files, output } = options;
  if (output !== undefined && files.length > 1) {
    complain('--output takes what comes from one file; name one, or let it go to standard output');
    return 2;
  }
  try {
    if (options.explain === true) return await explainAll(options);
    const { texts, policy } = await open(options);
    try {
      return await rewriteAll(options, texts, policy);
    } finally {
      await texts.close();
    }
  } catch (error) {
    return exitCodeFor(error);
  }
}

async function open(options: RedactOptions): Promise<{ texts: RedactTexts; policy: Policy | undefined }> {
  const { direction, server, tool } = options;
  const { plan, policy, principal } = await choose(options);
  const texts = await RedactTexts.open({
    plan,
    principal,
    direction,
    server,
    tool,
    env: process.env,
    log: complain,
    secrets: policy?.secrets,
  });
  return { texts, policy };
}

/** Lists what is found, with the rule, the score and what becomes of it; no key is read and no vault opened. */
async function explainAll(options: RedactOptions): Promise<number> {
  const { direction, server, tool, files, format } = options;
  const explainer = await ExplainTexts.open({ ...(await choose(options)), direction, server, tool });
  for (const file of files.length === 0 ? [undefined] : files) {
    const source = sourceOf(file === '-' ? undefined : file, format);
    const prefix = files.length > 1 ? `${source.name}:` : '';
    for await (const { text, line } of readTexts(source)) {
      const found = explainer.explain(text, line);
      const width = Math.max(...found.map(({ at }) => at.length)) + prefix.length;
      for (const finding of found) printFinding(finding, prefix, width);
    }
  }
  return 0;
}

function printFinding(
  { at, length, entity, rule, score, operator }: ExplainedFinding,
  prefix: string,
  width: number,
): void {
  const becomes = operator === 'keep' ? style.dim('keep') : style.green(operator);
  const place = `${prefix}${at}`.padEnd(width);
  print(
    `${place} ${style.bold(entity.padEnd(16))} ${score.toFixed(2)}  ${rule.padEnd(24)} ${becomes} ${style.dim(`(${length} characters)`)}`,
  );
}

interface Choice {
  readonly plan: RedactTextsOptions['plan'];
  readonly principal: RedactTextsOptions['principal'];
  readonly policy: Policy | undefined;
}

async function choose(options: RedactOptions): Promise<Choice> {
  const { pack, operator, subject, role } = options;
  if (pack !== undefined) {
    if (operator === 'token') {
      throw new TypeError(
        'tokens of a pack alone would mean nothing to anybody; name a policy that says where they are kept',
      );
    }
    const plan = planFor({ pack, ...(operator !== undefined && { operator }) });
    return { plan, principal: principalFrom({ subject, roles: role }), policy: undefined };
  }
  const policy = await loadPolicy(options.policy, { readyMade: readyMadePolicies() });
  if (policy.redaction === undefined) {
    throw new TypeError(
      `${options.policy} says nothing about redaction; add "redaction: { results: { pack: ... } }", or use --pack`,
    );
  }
  return { plan: policy.redaction, principal: principalOf(policy, options), policy };
}

function principalOf(
  { identity }: Policy,
  { subject, role }: RedactOptions,
): RedactTextsOptions['principal'] {
  if (subject !== undefined || role !== undefined || identity.stdio === undefined)
    return principalFrom({ subject, roles: role });
  const { subject: named, roles, client } = identity.stdio;
  const known = named.startsWith('env:') ? process.env[named.slice('env:'.length)] : named;
  return principalFrom({ subject: known, roles, client });
}

async function rewriteAll(
  options: RedactOptions,
  texts: RedactTexts,
  policy: Policy | undefined,
): Promise<number> {
  const { files, format, output, report } = options;
  const sources = (files.length === 0 ? [undefined] : files).map((file) =>
    sourceOf(file === '-' ? undefined : file, format),
  );
  const temporary = output === undefined ? undefined : `${output}.${process.pid}.tmp`;
  const sink = temporary === undefined ? process.stdout : createWriteStream(temporary, { mode: 0o600 });
  const reports: FileReport[] = [];
  try {
    for (const source of sources) reports.push(await rewriteOne(source, texts, sink));
    if (temporary !== undefined && output !== undefined) {
      sink.end();
      await once(sink, 'close');
      renameSync(temporary, output);
    }
  } catch (error) {
    if (temporary !== undefined) rmSync(temporary, { force: true });
    throw error;
  }
  const total = sumCounts(reports.flatMap(({ redacted }) => redacted));
  complain(`rewritten: ${describeCounts(total)}`);
  if (report !== undefined) {
    const summary: RedactionReport = { ...(policy && { policy: policy.digest }), files: reports, total };
    writeFileSync(report, `${JSON.stringify(summary, undefined, 2)}\n`);
  }
  return 0;
}

async function rewriteOne(source: TextSource, texts: RedactTexts, sink: Writable): Promise<FileReport> {
  const progress = new Progress();
  const counts: FileReport['redacted'][number][] = [];
  let bytes = 0;
  try {
    for await (const { text, line, bytesRead } of readTexts(source)) {
      bytes = bytesRead;
      progress.show(source.name, bytesRead, source.size);
      const rewritten = await rewriteOrSayWhere(texts, text, source, line);
      counts.push(...rewritten.counts);
      if (!sink.write(rewritten.text)) await once(sink, 'drain');
    }
  } finally {
    progress.clear();
  }
  return { name: source.name, bytes, redacted: sumCounts(counts) };
}

async function rewriteOrSayWhere(
  texts: RedactTexts,
  text: string,
  { name }: TextSource,
  line: number,
): ReturnType<RedactTexts['rewrite']> {
  try {
    return await texts.rewrite(text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const why = error.code === 'internal' ? (error.detail ?? error.message) : error.message;
    throw new Refusal(error.code, `${name}, from line ${line}: ${why}`, { cause: error });
  }
}

function exitCodeFor(error: unknown): number {
  if (error instanceof Refusal) {
    complain(error.message);
    return error.code === 'permission_denied' ? 1 : 2;
  }
  const { code, name, message } = error as NodeJS.ErrnoException;
  const isExpected =
    error instanceof PolicyError ||
    error instanceof UnreadableText ||
    error instanceof TypeError ||
    name === 'SecretError' ||
    name === 'TokenVaultError' ||
    (typeof code === 'string' && code.startsWith('E'));
  if (!isExpected) throw error;
  complain(message);
  return code === 'EPIPE' ? 0 : 2;
}
