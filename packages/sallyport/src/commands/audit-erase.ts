import { eraseSubject, loadPolicy } from '@sallyport/policy';
import { AUDIT_EXIT, auditExit } from '../audit/audit-exit.ts';
import { complain } from '../complain.ts';
import { isExpectedOfPolicy } from '../expected-error.ts';
import { readyMadePolicies } from '../ready-made-policies.ts';
import { print } from '../terminal.ts';

export interface AuditEraseOptions {
  readonly policy: string;
  readonly subject?: string;
  readonly pseudonym?: string;
}

/**
 * Destroys the key of a person. Returns the exit code: 0; 1 when nothing is sealed for this person, 2 when the policy, a key
 * or a file cannot be used, 141 when nobody reads what is written: it is done all the same.
 */
export function auditErase({ policy: file, subject, pseudonym }: AuditEraseOptions): Promise<number> {
  return auditExit(async () => {
    const who = subject === undefined ? (pseudonym === undefined ? undefined : { pseudonym }) : { subject };
    if (who === undefined || (subject !== undefined && pseudonym !== undefined)) {
      complain('say who: NAME, or --pseudonym NAME as it stands in the records');
      return AUDIT_EXIT.unusable;
    }
    try {
      const policy = await loadPolicy(file, { readyMade: readyMadePolicies() });
      const erasure = await eraseSubject(policy, who, { env: process.env, log: complain });
      if (erasure === undefined) {
        print('Nothing is sealed for this person.');
        return AUDIT_EXIT.nothing;
      }
      print(`The key of ${erasure.pseudonym} is gone, and what was sealed with it cannot be read any more.`);
      print(
        'Copies of the file of keys that were made before still have it: erase there, too, with --pseudonym.',
      );
      return AUDIT_EXIT.ok;
    } catch (error) {
      if (!isExpectedOfPolicy(error)) throw error;
      complain((error as Error).message);
      return AUDIT_EXIT.unusable;
    }
  });
}
