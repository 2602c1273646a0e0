import { JournalError } from '@sallyport/audit';
import { complain } from '../complain.ts';
import { UnusableFile } from '../redact/unusable-file.ts';
import { BadInput } from './bad-input.ts';

/** Exit codes of the audit commands; their help texts list them. 2 also stands for a slip in the options. */
export const AUDIT_EXIT = {
  ok: 0,
  /** Something is not what was written; of `search` and `prove`: nothing was found. */
  tampered: 1,
  nothing: 1,
  unusable: 2,
  /** Records are missing; of those who only read: part of a journal cannot be read. */
  gap: 3,
  incomplete: 3,
  truncated: 4,
  unknownKey: 5,
  /** Records without a checkpoint, more than a crash can leave. */
  unsigned: 6,
  /** What a shell tells of a process that writes where nobody reads: 128 and SIGPIPE. */
  nobodyReads: 141,
} as const;

/**
 * Runs a command, and turns what is expected to go wrong into a sentence and an exit code. Whatever it was: where its output
 * did not reach anybody, that is what the code says.
 */
export async function auditExit(run: () => Promise<number>): Promise<number> {
  // Whoever reads standard error may go away; that is no reason to end.
  process.stderr.on('error', () => undefined);
  let unwritten: Error | undefined;
  process.stdout.on('error', (error) => (unwritten ??= error));
  try {
    const code = await run();
    await new Promise<void>((done) => process.stdout.write('', () => done()));
    if (unwritten !== undefined) throw unwritten;
    return code;
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') return AUDIT_EXIT.nobodyReads;
    const isOurs =
      error instanceof BadInput || error instanceof UnusableFile || error instanceof JournalError;
    if (!isOurs && !(typeof code === 'string' && /^E[A-Z0-9]+$/.test(code))) throw error;
    const isDenied = !isOurs && (code === 'EACCES' || code === 'EPERM') && path !== undefined;
    complain(isDenied ? `${path}: permission denied` : message);
    return AUDIT_EXIT.unusable;
  }
}
