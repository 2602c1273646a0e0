import { checkPolicy, formatProblem, type Policy, principalFrom } from '@sallyport/policy';
import { readyMadePolicies } from '../ready-made-policies.ts';
import { print, style } from '../terminal.ts';

/** Prints every problem of a policy. Returns the exit code: 0 usable, 1 not. */
export async function policyLint(options: {
  readonly file: string;
  readonly strict?: boolean;
}): Promise<number> {
  const { policy, problems } = await checkPolicy(options.file, { readyMade: readyMadePolicies() });
  const stranger = policy && unknownIdentity(policy);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors + (stranger === undefined ? 0 : 1);
  for (const problem of problems) {
    const paint = problem.severity === 'error' ? style.red : style.yellow;
    print(paint(formatProblem(problem)));
  }
  if (stranger !== undefined) print(style.yellow(stranger));
  const usable = errors === 0 && (options.strict !== true || warnings === 0);
  const counts = `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
  print(
    usable
      ? style.green(`${options.file} can be used (${counts}).`)
      : `${options.file} cannot be used: ${counts}.`,
  );
  return usable ? 0 : 1;
}

/** A warning for a stdio identity that no rule names, most often a slip in a role; undefined where one does. */
function unknownIdentity({ identity, rbac, origins }: Policy): string | undefined {
  if (identity.stdio === undefined || rbac.engine !== 'index') return undefined;
  const principal = principalFrom(identity.stdio);
  const question = { principal, server: 'default', object: 'tool:any', action: 'call', args: {} };
  const { rules, subjects } = rbac.explain(question);
  if (rules.length > 0) return undefined;
  const at = origins.find(({ setting }) => setting === 'identity.stdio')?.at ?? '';
  return `${at}:1 warning: no rule names ${subjects.join(' or ')}, so on stdio everything is denied; check the roles`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
