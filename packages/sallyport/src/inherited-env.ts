/** Names and values; what is undefined is not there. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What unlocks the keystore unless the policy says otherwise; no server has any use for it. */
const ALWAYS_KEPT_BACK = ['SALLYPORT_KEYSTORE_PASSPHRASE'];

/**
 * Our own environment for a server, without what secrets are fetched with. It is apart from the rest so that a server can be
 * started before the policy is loaded.
 *
 * @param logins further names to leave out
 */
export function inheritedEnv(env: Environment, logins: readonly string[] = []): Environment {
  const kept = new Set([...ALWAYS_KEPT_BACK, ...logins]);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !kept.has(name)));
}
