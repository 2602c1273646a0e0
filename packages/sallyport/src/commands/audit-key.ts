import { loadPolicy, verifierKeyOfPolicy } from '@sallyport/policy';
import { AUDIT_EXIT, auditExit } from '../audit/audit-exit.ts';
import { complain } from '../complain.ts';
import { isExpectedOfPolicy } from '../expected-error.ts';
import { readyMadePolicies } from '../ready-made-policies.ts';
import { print } from '../terminal.ts';

/**
 * Prints the public half of the key that signs a policy's journal. Returns the exit code: 0; 2 when there is none, 141 when
 * nobody reads what is written.
 */
export function auditKey({ policy: file }: { readonly policy: string }): Promise<number> {
  return auditExit(async () => {
    try {
      const policy = await loadPolicy(file, { readyMade: readyMadePolicies() });
      print(await verifierKeyOfPolicy(policy, { env: process.env, log: complain }));
      return AUDIT_EXIT.ok;
    } catch (error) {
      if (!isExpectedOfPolicy(error)) throw error;
      complain((error as Error).message);
      return AUDIT_EXIT.unusable;
    }
  });
}
