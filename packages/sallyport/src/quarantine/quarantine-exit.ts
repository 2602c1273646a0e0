import { RestrictionFile, RestrictionsError, RestrictionsUnreadable } from '@sallyport/anomaly';
import { AUDIT_EXIT, auditExit } from '../audit/audit-exit.ts';
import { complain } from '../complain.ts';
import { isExpectedOfPolicy } from '../expected-error.ts';
import { type FolderChoice, folderOf } from './folder-of.ts';

/** Exit codes of the quarantine commands; their help texts list them. */
export const QUARANTINE_EXIT = { done: 0, nothing: 1, unusable: 2 } as const;

/**
 * Runs a command with the restrictions of a folder, and turns what is expected to go wrong into a sentence and an exit code: 2;
 * 141 where nobody reads what is written.
 */
export function quarantineExit(
  choice: FolderChoice,
  run: (file: RestrictionFile) => Promise<number>,
): Promise<number> {
  return auditExit(async () => {
    try {
      return await run(new RestrictionFile({ folder: await folderOf(choice) }));
    } catch (error) {
      const isOurs =
        error instanceof RestrictionsUnreadable ||
        error instanceof RestrictionsError ||
        isExpectedOfPolicy(error);
      if (!isOurs) throw error;
      complain((error as Error).message);
      return AUDIT_EXIT.unusable;
    }
  });
}
