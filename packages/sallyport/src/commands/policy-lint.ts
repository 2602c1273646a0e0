import { checkPolicy, formatProblem } from '@sallyport/policy';
import { readyMadePolicies } from '../ready-made-policies.ts';
import { print, style } from '../terminal.ts';

/** Prints every problem of a policy. Returns the exit code: 0 usable, 1 not. */
export async function policyLint(options: {
  readonly file: string;
  readonly strict?: boolean;
}): Promise<number> {
  const { problems } = await checkPolicy(options.file, { readyMade: readyMadePolicies() });
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  for (const problem of problems) {
    const paint = problem.severity === 'error' ? style.red : style.yellow;
    print(paint(formatProblem(problem)));
  }
  const usable = errors === 0 && (options.strict !== true || warnings === 0);
  const counts = `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
  print(
    usable
      ? style.green(`${options.file} can be used (${counts}).`)
      : `${options.file} cannot be used: ${counts}.`,
  );
  return usable ? 0 : 1;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
