import type { SigmaProblem } from '@sallyport/anomaly';

/** Something about a file of rules as a whole, or about a line of it. */
export function ruleFileProblem(file: string, message: string, line: number = 1): SigmaProblem {
  return { file, path: '', line, column: 1, message, severity: 'error' };
}
