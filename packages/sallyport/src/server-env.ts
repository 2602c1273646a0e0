import { isReference, type LiveGuard, type SecretRef, type SecretsPlan } from '@sallyport/policy';

export type Environment = Readonly<Record<string, string | undefined>>;
export type EnvEntries = Readonly<Record<string, SecretRef>>;

/** What unlocks the keystore unless the policy says otherwise; no server has any use for it. */
const ALWAYS_KEPT_BACK = ['SALLYPORT_KEYSTORE_PASSPHRASE'];

/** Our own environment for a server, without the logins that secrets are fetched with. */
export function inheritedEnv(env: Environment, plan?: SecretsPlan): Environment {
  const inherited = { ...env };
  for (const name of [...ALWAYS_KEPT_BACK, ...loginVariables(plan)]) delete inherited[name];
  return inherited;
}

/**
 * The environment of a server: ours without logins, and its own entries, secrets looked up.
 *
 * @throws SecretError for a secret that cannot be had
 */
export async function serverEnv(
  guard: LiveGuard,
  entries: EnvEntries,
  env: Environment,
): Promise<Environment> {
  const own = await Promise.all(
    Object.entries(entries).map(async ([name, value]) => [name, await valueOf(guard, value)] as const),
  );
  return { ...inheritedEnv(env, guard.policy.secrets), ...Object.fromEntries(own) };
}

/** The entries that are looked up. */
export function referencesIn(entries: EnvEntries): SecretRef[] {
  return Object.values(entries).filter(isReference);
}

async function valueOf(guard: LiveGuard, value: SecretRef): Promise<string> {
  return isReference(value) || typeof value !== 'string' ? (await guard.secrets.get(value)).reveal() : value;
}

function loginVariables(plan: SecretsPlan | undefined): string[] {
  const logins = plan?.references.filter(({ use }) => use.startsWith('secrets.providers.')) ?? [];
  return logins
    .flatMap(({ reference }) => reference)
    .filter((reference) => reference.startsWith('env:'))
    .map((reference) => reference.slice('env:'.length));
}
