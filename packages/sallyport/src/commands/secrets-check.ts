import { RevealedSecrets } from '@sallyport/core';
import { checkPolicy, formatProblem, LiveSecrets } from '@sallyport/policy';
import { complain } from '../complain.ts';
import { readyMadePolicies } from '../ready-made-policies.ts';
import { print, style } from '../terminal.ts';

/** What became of one reference. */
interface Outcome {
  /** What it is for: `servers.files.env.API_KEY`. */
  readonly use: string;
  readonly at: string;
  /** The one of a list that has the value, or that stopped the list. */
  readonly reference: string;
  readonly ok: boolean;
  /** Version and lease, or why there is no value. */
  readonly message: string;
}

/** Looks up every reference of a policy and says how that went. Returns 0 when all are there, 1 or 2 otherwise. */
export async function secretsCheck(options: {
  readonly file: string;
  readonly json?: boolean;
}): Promise<number> {
  const { policy, problems } = await checkPolicy(options.file, { readyMade: readyMadePolicies() });
  if (policy === undefined) {
    for (const problem of problems) complain(formatProblem(problem));
    return 2;
  }
  const secrets = new LiveSecrets(policy.secrets, {
    revealed: new RevealedSecrets(),
    env: process.env,
    onEvent: () => undefined,
    onLogin: () => undefined,
    log: complain,
  });
  const outcomes = await Promise.all(
    policy.secrets.references.map(async ({ reference, use, at }): Promise<Outcome> => {
      const found = await secrets.check(reference);
      const message = found.ok
        ? describe(found.version, found.validForMs)
        : `${found.code}: ${found.message}`;
      return { use, at, reference: found.reference, ok: found.ok, message };
    }),
  );
  await secrets.close();
  const failed = outcomes.filter(({ ok }) => !ok).length;
  if (options.json === true) print(JSON.stringify(outcomes, undefined, 2));
  else show(outcomes, options.file, failed);
  return failed === 0 ? 0 : 1;
}

function show(outcomes: readonly Outcome[], file: string, failed: number): void {
  if (outcomes.length === 0) {
    print(`${file} has no references to secrets.`);
    return;
  }
  const widthOf = (member: 'use' | 'reference'): number =>
    Math.max(...outcomes.map((outcome) => outcome[member].length));
  const [use, reference] = [widthOf('use'), widthOf('reference')];
  for (const outcome of outcomes) {
    const mark = outcome.ok ? style.green('ok  ') : style.red('FAIL');
    const where = style.dim(outcome.at);
    // The message of a failure begins with the reference itself.
    print(
      `${mark}  ${outcome.use.padEnd(use)}  ${outcome.ok ? `${outcome.reference.padEnd(reference)}  ${outcome.message}` : outcome.message}  ${where}`,
    );
  }
  const all = `${outcomes.length} ${outcomes.length === 1 ? 'reference' : 'references'}`;
  print(
    failed === 0
      ? style.green(`${all}, each with a value.`)
      : style.red(`${failed} of ${all} without a value.`),
  );
}

function describe(version: string | undefined, validForMs: number | undefined): string {
  const parts = [
    version === undefined ? '' : `version ${version}`,
    validForMs === undefined || validForMs === Infinity ? '' : `valid for ${Math.round(validForMs / 1000)} s`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
