import { join } from 'node:path';
import { developmentSigner, type Signer, signerFromSecret } from '@sallyport/audit';
import type { Secret } from '@sallyport/core';
import type { JournalPlan } from './audit-plan.ts';
import type { SecretRef } from './policy-file.ts';
import type { Policy } from './policy.ts';
import { type CommandParts, withSecrets } from './with-secrets.ts';

/** What signs a journal: the key that its policy names, or a development key in the folder. */
export async function openSigner(
  { folder, key, name }: JournalPlan,
  {
    secret,
    log,
  }: { readonly secret: (reference: SecretRef) => Promise<Secret>; readonly log: (line: string) => void },
): Promise<Signer> {
  if (key !== undefined) return signerFromSecret(name, await secret(key));
  return developmentSigner(join(folder, 'development.key'), log);
}

/**
 * The verifier key of a policy's journal: what an auditor needs besides the folder.
 *
 * @throws TypeError for a policy without a journal, SecretError or JournalError for its key
 */
export async function verifierKeyOfPolicy(
  { audit: { journal }, secrets: plan }: Policy,
  options: CommandParts,
): Promise<string> {
  if (journal === undefined)
    throw new TypeError(
      'the policy has no journal; add "audit: { journal: { folder: ./audit, key: keystore:audit-key } }"',
    );
  return withSecrets({ secrets: plan }, options, async (secrets) => {
    const secret = (reference: SecretRef): Promise<Secret> => secrets.get(reference);
    const { verifierKey } = await openSigner(journal, { secret, log: options.log });
    return verifierKey;
  });
}
