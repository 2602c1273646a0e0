/** Something wrong, or odd, in a policy: where it stands, what it is, and what to write instead. */
export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly message: string;
  /** An `error` keeps the policy from being used, a `warning` does not. */
  readonly severity: 'error' | 'warning';
}

/** `file:line:col message`, as editors and terminals link it. */
export function formatProblem({ file, line, column, severity, message }: Problem): string {
  return `${file}:${line}:${column} ${severity === 'warning' ? 'warning: ' : ''}${message}`;
}

/** A policy that cannot be used, with everything that is wrong with it. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}
