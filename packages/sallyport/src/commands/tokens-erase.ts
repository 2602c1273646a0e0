import { loadPolicy, openTokenVault } from '@sallyport/policy';
import { complain } from '../complain.ts';
import { isExpectedOfPolicy } from '../expected-error.ts';
import { readyMadePolicies } from '../ready-made-policies.ts';
import { print } from '../terminal.ts';

export interface TokensEraseOptions {
  readonly policy: string;
  /** Whom values are about. */
  readonly about?: string;
  /** To whom tokens were given. */
  readonly subject?: string;
  /** Of `subject`. Default: the only one. */
  readonly tenant?: string;
}

/** Forgets values behind tokens. Returns the exit code: 0, or 2 when the policy, the key or the vault cannot be used. */
export async function tokensErase({
  policy: file,
  about,
  subject,
  tenant,
}: TokensEraseOptions): Promise<number> {
  if (about === undefined && subject === undefined) {
    complain('say what to forget: --about PERSON, --subject NAME, or both');
    return 2;
  }
  try {
    const policy = await loadPolicy(file, { readyMade: readyMadePolicies() });
    const { vault, close } = await openTokenVault(policy, { env: process.env, log: complain });
    try {
      const scope = subject === undefined ? {} : { scope: { tenant: tenant ?? '', subject } };
      const erased = await vault.erase({ ...scope, ...(about !== undefined && { about }) });
      print(erased === 1 ? '1 token was forgotten.' : `${erased} tokens were forgotten.`);
    } finally {
      await close();
    }
    return 0;
  } catch (error) {
    if (!isExpectedOfPolicy(error)) throw error;
    complain((error as Error).message);
    return 2;
  }
}
