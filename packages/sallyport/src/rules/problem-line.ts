import { visible } from '@sallyport/audit';
import type { SigmaProblem } from '@sallyport/anomaly';
import { style } from '../terminal.ts';

/** `file:line:col severity message`, as editors and terminals link it; what a terminal would obey is shown. */
export function problemLine(problem: SigmaProblem): string {
  const { file, line = 1, column = 1, severity } = problem;
  const paint = severity === 'error' ? style.red : style.yellow;
  return `${visible(file)}:${line}:${column} ${paint(severity)} ${visible(problemText(problem))}`;
}

/** What is wrong, and with what. */
export function problemText({ path, message }: SigmaProblem): string {
  return path === '' ? `the document ${message}` : `${path}: ${message}`;
}

/** `3 errors`. */
export function counted(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
