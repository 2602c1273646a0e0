import { randomBytes } from 'node:crypto';
import { type Interceptor, RevealedSecrets, Secret } from '@sallyport/core';
import { memoryTokenVault } from '@sallyport/redaction';
import { openRedaction } from './open-redaction.ts';
import type { Policy } from './policy.ts';
import type { RedactionPlan } from './redaction-plan.ts';

/** The redaction of a policy for a rehearsal: keys are made up, and the vault is forgotten with it. */
export function rehearse(plan: RedactionPlan, { rbac }: Pick<Policy, 'rbac'>): Promise<Interceptor> {
  return openRedaction(plan, {
    rolesOf: (principal) => rbac.rolesOf(principal),
    mode: 'enforce',
    revealed: new RevealedSecrets(),
    secret: () => Promise.resolve(new Secret(randomBytes(32).toString('base64url'))),
    vault: () => Promise.resolve(memoryTokenVault()),
    schemaOf: () => undefined,
  });
}
