import type { SigmaProblem } from '@sallyport/anomaly';
import type { Problem } from './problem.ts';
import { display } from './read-layers.ts';

/** A problem of a Sigma rule, as one of the policy that names the rule. */
export function asProblem({ file, path, line = 1, column = 1, message, severity }: SigmaProblem): Problem {
  const subject = path === '' ? 'the rule' : `"${path}"`;
  return { file: display(file), line, column, message: `${subject} ${message}`, severity };
}
