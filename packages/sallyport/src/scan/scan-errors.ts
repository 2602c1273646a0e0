import { BaselineError } from '@sallyport/scan';
import { complain } from '../complain.ts';
import { UnusableFile } from '../redact/unusable-file.ts';

/** What a shell tells of a process that writes where nobody reads: 128 and SIGPIPE. */
const NOBODY_READS = 141;

/** Says what went wrong; the exit code, 2. What nobody expected is thrown on. */
export function exitCodeFor(error: unknown): number {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EPIPE') return NOBODY_READS;
  const isExpected =
    error instanceof BaselineError ||
    error instanceof UnusableFile ||
    error instanceof TypeError ||
    // Whose class is loaded only where there is a policy.
    (error instanceof Error && error.name === 'PolicyError') ||
    (typeof code === 'string' && code.startsWith('E'));
  if (!isExpected) throw error;
  complain(message);
  return 2;
}
