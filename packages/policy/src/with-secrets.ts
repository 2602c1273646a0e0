import { RevealedSecrets } from '@sallyport/core';
import { LiveSecrets } from './live-secrets.ts';
import type { Policy } from './policy.ts';

export interface CommandParts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: (line: string) => void;
}

/** Runs something with the secrets of a policy, for a command that guards nothing, and logs out after it. */
export async function withSecrets<Made>(
  { secrets: plan }: Pick<Policy, 'secrets'>,
  { env, log }: CommandParts,
  work: (secrets: LiveSecrets) => Promise<Made>,
): Promise<Made> {
  const secrets = new LiveSecrets(plan, {
    env,
    log,
    revealed: new RevealedSecrets(),
    onEvent: () => undefined,
    onLogin: () => undefined,
  });
  try {
    return await work(secrets);
  } finally {
    await secrets.close();
  }
}
