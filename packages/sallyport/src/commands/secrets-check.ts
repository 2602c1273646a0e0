import { RevealedSecrets } from '@sallyport/core';
import { checkPolicy, formatProblem, LiveSecrets, type Policy } from '@sallyport/policy';
import { findKeystorePassphrase, SecretError } from '@sallyport/secrets';
import { AskSecret, Interrupted } from '../ask-secret.ts';
import { complain } from '../complain.ts';
import { readyMadePolicies } from '../ready-made-policies.ts';
import { print, style } from '../terminal.ts';

export interface SecretsCheckOptions {
  readonly file: string;
  readonly json?: boolean;
  /** Where the passphrase of the keystore is. Default: what the policy says, or whoever sits at the terminal. */
  readonly passphraseFile?: string;
}

/** What became of one reference. */
interface Outcome {
  /** `sallyport.yaml:12`. */
  readonly at: string;
  readonly ok: boolean;
  /** What it is for: `servers.files.env.API_KEY`. */
  readonly use: string;
  /** The one of a list that has the value, or that stopped the list. */
  readonly reference: string;
  /** Why there is no value: one of a closed list of words. */
  readonly code?: string;
  /** Version and lease, or why there is no value. */
  readonly message: string;
}

/** Looks up every reference of a policy and says how that went. Returns 0 when all are there, 1 or 2 otherwise. */
export async function secretsCheck(options: SecretsCheckOptions): Promise<number> {
  const { policy, problems } = await checkPolicy(options.file, { readyMade: readyMadePolicies() });
  for (const problem of problems) complain(formatProblem(problem));
  if (policy === undefined) return 2;
  let env: Readonly<Record<string, string | undefined>>;
  try {
    env = await withPassphrase(policy, options.passphraseFile);
  } catch (error) {
    if (error instanceof Interrupted) return 130;
    if (!(error instanceof SecretError)) throw error;
    complain(error.message);
    return 2;
  }
  const outcomes = await lookUp(policy, env);
  const failed = outcomes.filter(({ ok }) => !ok).length;
  if (options.json === true) print(JSON.stringify(outcomes, undefined, 2));
  else show(outcomes, options.file, failed);
  return failed === 0 ? 0 : 1;
}

async function lookUp(
  { secrets: plan }: Policy,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly Outcome[]> {
  const secrets = new LiveSecrets(plan, {
    revealed: new RevealedSecrets(),
    env,
    onEvent: () => undefined,
    onLogin: () => undefined,
    log: complain,
  });
  const outcomes = await Promise.all(
    plan.references.map(async ({ reference, use, at }): Promise<Outcome> => {
      const found = await secrets.check(reference);
      if (found.ok) {
        const message = describe(found.version, found.validForMs);
        return { at, ok: true, use, reference: found.reference, message };
      }
      // It begins with the reference, which has its own place.
      const message = found.message.replace(`${found.reference}: `, '');
      return { at, ok: false, use, reference: found.reference, code: found.code, message };
    }),
  );
  await secrets.close();
  return outcomes;
}

/** The environment, with the passphrase of a keystore that nobody but a person knows. */
async function withPassphrase(
  { secrets }: Policy,
  file: string | undefined,
): Promise<Readonly<Record<string, string | undefined>>> {
  const isUsed = secrets.references.some(({ reference }) =>
    [reference].flat().some((text) => text.startsWith('keystore:')),
  );
  const isSaid = secrets.providers.get('keystore')?.passphrase !== undefined;
  if (!isUsed || isSaid) return process.env;
  const found = await findKeystorePassphrase({ file });
  const typed = found === undefined ? await askOnce() : found.reveal();
  return typed === undefined ? process.env : { ...process.env, SALLYPORT_KEYSTORE_PASSPHRASE: typed };
}

async function askOnce(): Promise<string | undefined> {
  if (!process.stderr.isTTY) return undefined;
  const terminal = new AskSecret();
  try {
    return await terminal.ask('Passphrase of the keystore: ');
  } finally {
    terminal.close();
  }
}

function show(outcomes: readonly Outcome[], file: string, failed: number): void {
  if (outcomes.length === 0) {
    print(`${file} has no references to secrets.`);
    return;
  }
  const at = Math.max(...outcomes.map((outcome) => outcome.at.length));
  for (const outcome of outcomes) {
    const mark = outcome.ok ? style.green('ok  ') : style.red('FAIL');
    print(`${outcome.at.padEnd(at)}  ${mark}  ${outcome.use}`);
    const detail = outcome.message === '' ? '' : `${outcome.ok ? ', ' : ': '}${outcome.message}`;
    for (const line of wrapped(`${outcome.reference}${detail}`, lineWidth() - 4))
      print(style.dim(`    ${line}`));
  }
  const all = `${outcomes.length} ${outcomes.length === 1 ? 'reference' : 'references'}`;
  print(
    failed === 0
      ? style.green(`${all}, each with a value.`)
      : style.red(`${failed} of ${all} without a value.`),
  );
}

function lineWidth(): number {
  return process.stdout.isTTY ? Math.max(40, process.stdout.columns) : Infinity;
}

/** Broken between words, where a word fits. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function describe(version: string | undefined, validForMs: number | undefined): string {
  const parts = [
    version === undefined ? '' : `version ${version}`,
    validForMs === undefined || validForMs === Infinity ? '' : `valid for ${Math.round(validForMs / 1000)} s`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
