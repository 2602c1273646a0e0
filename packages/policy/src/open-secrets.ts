import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Secret } from '@sallyport/core';
import {
  awsSecretsManager,
  azureKeyVault,
  dotenvProvider,
  envProvider,
  fileProvider,
  findKeystorePassphrase,
  googleSecretManager,
  keystoreProvider,
  type ProviderSource,
  SecretError,
  type SecretProvider,
  Secrets,
  systemdProvider,
  type VaultAuth,
  type VaultCredential,
  type VaultEvent,
  type VaultOptions,
  vaultProviders,
} from '@sallyport/secrets';
import type { LiveSecretsOptions } from './live-secrets.ts';
import type { ProviderEntry, SecretRef, VaultAuthEntry } from './policy-file.ts';
import type { SecretsPlan } from './policy.ts';

type Sources = Readonly<Record<string, ProviderSource>>;

/** The providers of a policy, each made when the first reference needs it. */
export function openSecrets(plan: SecretsPlan, options: LiveSecretsOptions): Secrets {
  const local = localSources(plan, options);
  return new Secrets({
    providers: { ...local, ...remoteSources(plan, options, logins(local, options)) },
    names: plan.names,
    revealed: options.revealed,
    freshMs: plan.freshSeconds * 1000,
    staleMs: plan.staleSeconds * 1000,
    timeoutMs: plan.timeoutSeconds * 1000,
    onEvent: options.onEvent,
  });
}

/** What a login is read from: read anew each time, since it may be another one by then, and never used past its time. */
function logins(local: Sources, { revealed }: LiveSecretsOptions): Secrets {
  return new Secrets({ providers: local, revealed, freshMs: 1, staleMs: 0, missingMs: 0 });
}

/** Providers on this machine. */
function localSources(plan: SecretsPlan, { env, revealed, log }: LiveSecretsOptions): Sources {
  const open = {
    env: () => envProvider({ env }),
    file: () => fileProvider(),
    systemd: () => systemdProvider({ env }),
  };
  const unlock = new Secrets({ providers: open, revealed, freshMs: 1, staleMs: 0, missingMs: 0 });
  const sources: Record<string, ProviderSource> = { ...open };
  const entries = new Map<string, ProviderEntry>([['keystore', {}], ['dotenv', {}], ...plan.providers]);
  for (const [name, { file, passphrase }] of entries) {
    const [family] = name.split('+');
    if (family === 'keystore') {
      const path = file ?? resolve(plan.directory, 'sallyport.keystore');
      const ask = (): Promise<Secret> =>
        passphrase === undefined ? usualPassphrase(path, { env, revealed }) : unlock.get(passphrase);
      sources[name] = () => keystoreProvider({ file: path, passphrase: ask, onWarning: log });
    } else if (family === 'dotenv') {
      sources[name] = () => dotenvProvider({ path: file ?? resolve(plan.directory, '.env'), onWarning: log });
    }
  }
  return sources;
}

async function usualPassphrase(
  file: string,
  where: Pick<LiveSecretsOptions, 'env' | 'revealed'>,
): Promise<Secret> {
  const found = await findKeystorePassphrase(where);
  if (found !== undefined) return found;
  const why = `nobody says the passphrase of ${file}; set SALLYPORT_KEYSTORE_PASSPHRASE, or write "passphrase" under secrets.providers.keystore`;
  throw new SecretError('not_configured', 'keystore', why);
}

function remoteSources(plan: SecretsPlan, options: LiveSecretsOptions, local: Secrets): Sources {
  const sources: Record<string, ProviderSource> = {
    awssm: () => awsSecretsManager(),
    gcpsm: () => googleSecretManager(),
  };
  for (const [name, entry] of plan.providers) {
    const [family = '', alias] = name.split('+');
    const { region, endpoint, vaultUrl = '', project } = entry;
    switch (family) {
      case 'vault':
        Object.assign(sources, vaultSources(alias, entry, options, local));
        break;
      case 'awssm':
        sources[name] = () => checked(name, () => awsSecretsManager({ region, endpoint }));
        break;
      case 'azkv':
        sources[name] = () => checked(name, () => azureKeyVault({ vaultUrl }));
        break;
      case 'gcpsm':
        sources[name] = () => checked(name, () => googleSecretManager({ project, endpoint }));
        break;
    }
  }
  return sources;
}

/** The three schemes of one Vault share a login: it is made once, when the first of them is used. */
function vaultSources(
  alias: string | undefined,
  entry: ProviderEntry,
  { onLogin }: LiveSecretsOptions,
  local: Secrets,
): Sources {
  const suffix = alias === undefined ? '' : `+${alias}`;
  const make = (): readonly SecretProvider[] =>
    checked(`vault${suffix}`, () =>
      vaultProviders({
        ...vaultOptions(entry, local),
        onEvent: (event) => onLogin(...recorded(event, alias)),
      }),
    );
  const schemes = ['vault', 'vault-lease', 'vault-transit'];
  return Object.fromEntries(schemes.map((scheme) => [`${scheme}${suffix}`, make]));
}

/** What is wrong with an entry of the policy is the admin's to know; none of it is secret. */
function checked<Made>(name: string, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    throw new SecretError('not_configured', `secrets.providers.${name}`, (error as Error).message);
  }
}

function vaultOptions(entry: ProviderEntry, local: Secrets): VaultOptions {
  const { address = '', namespace, ca, kv, auth, dangerouslyAllowHttp } = entry;
  if (auth === undefined) throw new TypeError('auth is missing.');
  const { certificate, key } = auth;
  return {
    address,
    namespace,
    kv,
    ca: ca === undefined ? undefined : readFileSync(ca, 'utf8'),
    auth: vaultAuth(auth, local),
    ...(certificate !== undefined && {
      clientCert: async () => new Secret(readFileSync(certificate, 'utf8')),
    }),
    ...(key !== undefined && { clientKey: credential(key, local) }),
    dangerouslyAllowHttp,
  };
}

/** What each method needs was checked with the policy. */
function vaultAuth(auth: VaultAuthEntry, local: Secrets): VaultAuth {
  const { method, mount, role, tokenFile } = auth;
  const wrapped = typeof auth.wrapped === 'string' ? { creationPath: auth.wrapped } : auth.wrapped;
  switch (method) {
    case 'token':
      return { method, token: credential(auth.token, local), wrapped };
    case 'approle': {
      const secretId = auth.secretId === undefined ? undefined : credential(auth.secretId, local);
      return { method, roleId: credential(auth.roleId, local), secretId, wrapped, mount };
    }
    case 'jwt':
      return { method, jwt: credential(auth.jwt, local), role, mount };
    case 'kubernetes':
      return { method, role: role ?? '', tokenPath: tokenFile, mount };
    case 'cert':
      return { method, role, mount };
  }
}

function credential(reference: SecretRef | undefined, local: Secrets): VaultCredential {
  return () => local.get(reference ?? []);
}

/** What a login did, as an event of the audit trail. */
function recorded(event: VaultEvent, alias = 'vault'): Parameters<LiveSecretsOptions['onLogin']> {
  const ttl = 'ttlSeconds' in event && event.ttlSeconds !== undefined ? { ttlSeconds: event.ttlSeconds } : {};
  switch (event.type) {
    case 'login':
      return ['vault_login', { vault: alias, method: event.method, ...ttl }];
    case 'token_renewed':
      return ['vault_token_renewed', { vault: alias, ...ttl }];
    case 'lease_issued':
      return ['vault_lease_issued', { vault: alias, path: event.path, ...ttl }];
    case 'lease_renewed':
      return ['vault_lease_renewed', { vault: alias, path: event.path, ...ttl }];
    case 'lease_lost':
      return ['vault_lease_lost', { vault: alias, path: event.path }];
    case 'revoked':
      return [
        'vault_revoked',
        { vault: alias, what: event.what, ...(event.path !== undefined && { path: event.path }) },
      ];
  }
}
