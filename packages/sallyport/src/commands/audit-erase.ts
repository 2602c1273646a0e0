import { eraseSubject, loadPolicy } from '@sallyport/policy';
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
 * Destroys the key of a person. Returns the exit code: 0, 1 when nothing is sealed for this person, 2 when the policy, a key
 * or a file cannot be used.
 */
export async function auditErase({ policy: file, subject, pseudonym }: AuditEraseOptions): Promise<number> {
  const who = subject === undefined ? (pseudonym === undefined ? undefined : { pseudonym }) : { subject };
  if (who === undefined || (subject !== undefined && pseudonym !== undefined)) {
    complain('say who: NAME, or --pseudonym NAME as it stands in the records');
    return 2;
  }
  try {
    const policy = await loadPolicy(file, { readyMade: readyMadePolicies() });
    const erasure = await eraseSubject(policy, who, { env: process.env, log: complain });
    if (erasure === undefined) {
      print('Nothing is sealed for this person.');
      return 1;
    }
    print(`The key of ${erasure.pseudonym} is gone, and what was sealed with it cannot be read any more.`);
    print(
      'Copies of the file of keys that were made before still have it: erase there, too, with --pseudonym.',
    );
    return 0;
  } catch (error) {
    if (!isExpectedOfPolicy(error)) throw error;
    complain((error as Error).message);
    return 2;
  }
}
