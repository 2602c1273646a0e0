import { loadPolicy, verifierKeyOfPolicy } from '@sallyport/policy';
import { complain } from '../complain.ts';
import { isExpectedOfPolicy } from '../expected-error.ts';
import { readyMadePolicies } from '../ready-made-policies.ts';
import { print } from '../terminal.ts';

/** Prints the public half of the key that signs a policy's journal. Returns the exit code: 0, or 2 when there is none. */
export async function auditKey({ policy: file }: { readonly policy: string }): Promise<number> {
  try {
    const policy = await loadPolicy(file, { readyMade: readyMadePolicies() });
    print(await verifierKeyOfPolicy(policy, { env: process.env, log: complain }));
    return 0;
  } catch (error) {
    if (!isExpectedOfPolicy(error)) throw error;
    complain((error as Error).message);
    return 2;
  }
}
