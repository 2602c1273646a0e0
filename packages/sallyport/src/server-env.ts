import { isReference, type LiveGuard, type SecretRef, type SecretsPlan } from '@sallyport/policy';
import { type GetOptions, parseReference } from '@sallyport/secrets';
import { type Environment, inheritedEnv } from './inherited-env.ts';

export type EnvEntries = Readonly<Record<string, SecretRef>>;

/**
 * The environment of a server: ours without logins, and its own entries, secrets looked up.
 *
 * @throws Error that names every variable whose secret cannot be had, and why
 */
export async function serverEnv(
  guard: LiveGuard,
  entries: EnvEntries,
  env: Environment,
  options: GetOptions = {},
): Promise<Environment> {
  const names = Object.keys(entries);
  const own = await Promise.allSettled(Object.values(entries).map((value) => valueOf(guard, value, options)));
  const values: Record<string, string> = {};
  const failed: string[] = [];
  for (const [index, outcome] of own.entries()) {
    const name = names[index] ?? '';
    if (outcome.status === 'fulfilled') values[name] = outcome.value;
    else failed.push(`${name}${placeOf(guard, entries[name])}: ${(outcome.reason as Error).message}`);
  }
  if (failed.length > 0) {
    const more = 'Nothing is started without; "sallyport secrets check" looks all of them up.';
    throw new Error([...failed, more].join('\n'));
  }
  return { ...inheritedEnv(env, ourVariables(guard.policy.secrets)), ...values };
}

/** Where the policy says a value; empty for one of the command line. */
function placeOf(guard: LiveGuard, value: SecretRef | undefined): string {
  const found = guard.policy.secrets.references.find(({ reference }) => reference === value);
  return found === undefined ? '' : ` (${found.at})`;
}

/**
 * The entries of the command line, `NAME=reference` each; a text when one is none, which does not show it: it may be the
 * secret itself.
 */
export function readEntries(words: readonly string[]): EnvEntries | string {
  const entries: Record<string, string> = {};
  for (const word of words) {
    const [, name = '', reference = ''] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word) ?? [];
    if (name === '')
      return '--env takes NAME=reference, such as API_KEY=keystore:api-key; never the value itself';
    if (reference.startsWith('literal:'))
      return `--env ${name}: a value would show in the list of processes; set the variable`;
    try {
      parseReference(reference);
    } catch (error) {
      return `--env ${name}: ${(error as Error).message}`;
    }
    entries[name] = reference;
  }
  return entries;
}

/** The entries that are looked up. */
export function referencesIn(entries: EnvEntries): SecretRef[] {
  return Object.values(entries).filter(isReference);
}

async function valueOf(guard: LiveGuard, value: SecretRef, options: GetOptions): Promise<string> {
  if (typeof value === 'string' && !isReference(value)) return value;
  return (await guard.secrets.get(value, options)).reveal();
}

/** What is ours alone: logins of providers, keys of the record and of tokens, credentials of sinks. */
const OURS = /^(?:secrets\.providers|audit|alerts|redaction)\./;

/** The variables that hold it. A server with the key of the record could sign another one. */
function ourVariables(plan: SecretsPlan): string[] {
  return plan.references
    .filter(({ use }) => OURS.test(use))
    .flatMap(({ reference }) => reference)
    .map(parseReference)
    .flatMap(({ scheme, path }) => (scheme === 'env' ? [path] : []));
}
