import { looksLikeReference, parseReference, SCHEMES, type SecretReference } from '@sallyport/secrets';
import type { AlertsSection } from './alerts-section.ts';
import type { AuditSection } from './audit-section.ts';
import { isChat } from './check-sink.ts';
import { oddText } from './odd-text.ts';
import type { ProviderEntry, SecretRef, VaultAuthEntry } from './policy-file.ts';
import type { PlacedReference, SecretsPlan } from './policy.ts';
import type { Problem } from './problem.ts';
import type { Layer } from './read-layers.ts';
import type { Path } from './yaml-source.ts';

export interface CheckedReferences {
  readonly references: readonly PlacedReference[];
  readonly problems: readonly Problem[];
}

/** Reads every reference of a policy: it must be written as one, and its provider must be set up. Nothing is looked up. */
export function checkReferences(
  layers: readonly Layer[],
  plan: Omit<SecretsPlan, 'references'>,
): CheckedReferences {
  const references: PlacedReference[] = [];
  const problems: Problem[] = [];
  // What is wrong with that section has been said; that its providers are missing would be wrong.
  const isWhole = layers.every(({ source, file }) => file.secrets !== undefined || !hasSecrets(source.value));
  for (const layer of layers.toReversed()) {
    const { source, file } = layer;
    const complain = (at: Path, message: string, severity: Problem['severity'] = 'error'): void => {
      problems.push({ file: source.file, ...source.at(at), message, severity });
    };
    const take = (at: Path, reference: SecretRef, allowed?: ReadonlySet<string>): void => {
      const wrong = whyUnusable(reference, isWhole ? plan.providers : undefined, allowed);
      for (const message of wrong) complain(at, message);
      if (wrong.length > 0) return;
      references.push({ reference, use: at.join('.'), at: `${source.file}:${source.at(at).line}` });
    };
    for (const [name, { env = {}, command = [] }] of Object.entries(file.servers ?? {})) {
      for (const [variable, value] of Object.entries(env)) {
        const at = ['servers', name, 'env', variable];
        const odd = typeof value === 'string' ? oddText(variable, value, plan.names) : undefined;
        if (odd !== undefined) complain(at, odd.message, odd.severity);
        else if (isReference(value)) take(at, value);
      }
      for (const [index, word] of command.entries()) {
        if (!looksLikeReference(word) || word.startsWith('file:') || word.startsWith('literal:')) continue;
        const message =
          'a reference is not looked up in a command, where its value would show in the list of processes';
        complain(['servers', name, 'command', index], `${message}; put it in env`, 'warning');
      }
    }
    const { key, tokens = {} } = file.redaction ?? {};
    if (key !== undefined) take(['redaction', 'key'], key, KEYS_FROM);
    if (tokens.key !== undefined) take(['redaction', 'tokens', 'key'], tokens.key, KEYS_FROM);
    if (tokens.redis !== undefined) take(['redaction', 'tokens', 'redis'], tokens.redis, KEYS_FROM);
    for (const [at, reference] of auditKeys(file.audit)) take(['audit', ...at], reference, KEYS_FROM);
    for (const [at, reference] of alertKeys(file.alerts)) take(['alerts', ...at], reference, KEYS_FROM);
    for (const [name, reference] of Object.entries(file.secrets?.names ?? {})) {
      take(['secrets', 'names', name], reference);
    }
    for (const [name, entry] of Object.entries(file.secrets?.providers ?? {})) {
      const at = ['secrets', 'providers', name];
      if (entry.passphrase !== undefined) take([...at, 'passphrase'], entry.passphrase, UNLOCKS);
      if (entry.auth !== undefined) {
        for (const message of whyNoLogin(entry.auth)) complain([...at, 'auth'], message);
        for (const member of CREDENTIALS) {
          const credential = entry.auth[member];
          if (credential !== undefined) take([...at, 'auth', member], credential, LOGS_IN);
        }
      }
      if (name.startsWith('dotenv'))
        complain(at, '.env files are for development; use keystore, file or vault elsewhere', 'warning');
    }
  }
  return { references, problems };
}

const SINK_SECRETS = ['key', 'token', 'authorization', 'secret', 'credentials', 'password'] as const;

/** Every reference under `audit`, with its place there. */
function* auditKeys({ journal, personal, sinks = {} }: AuditSection = {}): Generator<[Path, SecretRef]> {
  if (typeof journal === 'object' && journal.key !== undefined) yield [['journal', 'key'], journal.key];
  if (personal !== undefined) yield [['personal', 'key'], personal.key];
  for (const [name, entry] of Object.entries(sinks)) {
    for (const member of SINK_SECRETS) {
      const reference = entry[member];
      if (reference !== undefined) yield [['sinks', name, member], reference];
    }
  }
}

/** Every reference under `alerts`, with its place there. An address written where one should be is told by `check-alerts.ts`. */
function* alertKeys({ sinks = {} }: AlertsSection = {}): Generator<[Path, SecretRef]> {
  for (const [name, entry] of Object.entries(sinks)) {
    const { type, url } = entry;
    if (isChat(type) && url !== undefined && !isPlainAddress(url)) yield [['sinks', name, 'url'], url];
    for (const member of SINK_SECRETS) {
      const reference = entry[member];
      if (reference !== undefined) yield [['sinks', name, member], reference];
    }
  }
}

/** Whether an address stands where a reference to one should. */
export function isPlainAddress(reference: SecretRef): boolean {
  return [reference].flat().some((text) => /^\s*https?:/i.test(text));
}

function hasSecrets(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'secrets' in value;
}

/** Whether a value of `env` is looked up: a list always is, a text when it begins like a reference. */
export function isReference(value: SecretRef): boolean {
  return typeof value !== 'string' || looksLikeReference(value);
}

/** What may unlock the keystore, and what may log in to a provider elsewhere: it must not need that provider itself. */
const UNLOCKS: ReadonlySet<string> = new Set(['env', 'file', 'systemd']);
const LOGS_IN: ReadonlySet<string> = new Set([...UNLOCKS, 'dotenv', 'keystore']);
/** A key may come from anywhere but from the policy itself. */
const KEYS_FROM: ReadonlySet<string> = new Set(SCHEMES.filter((scheme) => scheme !== 'literal'));
const CREDENTIALS = ['token', 'roleId', 'secretId', 'jwt', 'key'] as const;

function whyUnusable(
  reference: SecretRef,
  providers: ReadonlyMap<string, ProviderEntry> | undefined,
  allowed: ReadonlySet<string> | undefined,
): string[] {
  const texts = typeof reference === 'string' ? [reference] : reference;
  return texts.flatMap((text, index) => {
    let parsed: SecretReference;
    try {
      parsed = parseReference(text);
    } catch (error) {
      return [(error as Error).message];
    }
    const { scheme } = parsed;
    if (scheme === 'literal') {
      if (allowed !== undefined)
        return ['a login or key must not stand in a policy; write a reference such as env:NAME'];
      return index < texts.length - 1 ? ['literal: ends a list, as its default; move it to the end'] : [];
    }
    if (allowed !== undefined && !allowed.has(scheme)) {
      return [
        `${text}: a login cannot come from there; write ${[...allowed].map((name) => `${name}:`).join(', ')}`,
      ];
    }
    const wrong = providers && whyNotSetUp(parsed, providers);
    return wrong === undefined ? [] : [`${text}: ${wrong}`];
  });
}

/** Undefined when the provider of a reference is set up, or needs no setting up. */
function whyNotSetUp(
  { scheme, alias, path }: SecretReference,
  providers: ReadonlyMap<string, ProviderEntry>,
): string | undefined {
  const key = providerKey(scheme, alias);
  const entry = providers.get(key);
  if (entry !== undefined) {
    return scheme === 'gcpsm' && entry.project === undefined && !path.startsWith('projects/')
      ? 'names no project; write gcpsm://projects/P/secrets/NAME, or "project" under secrets.providers.gcpsm'
      : undefined;
  }
  switch (key) {
    case 'vault':
      return 'secrets.providers has no vault; add "vault: { address: https://..., auth: { method: ... } }"';
    case 'azkv':
      return 'secrets.providers has no azkv; add "azkv: { vaultUrl: https://... }"';
    case 'gcpsm':
      return path.startsWith('projects/')
        ? undefined
        : 'names no project; write gcpsm://projects/P/secrets/NAME';
    case 'env':
    case 'file':
    case 'systemd':
    case 'keystore':
    case 'dotenv':
    case 'awssm':
      return undefined;
    default:
      return ONE_OF_A_KIND.has(scheme)
        ? `there is only one ${scheme}; write it without "+${alias ?? ''}"`
        : `secrets.providers has no "${key}"; add it`;
  }
}

const ONE_OF_A_KIND: ReadonlySet<string> = new Set(['env', 'file', 'systemd']);

/** The key under `secrets.providers` that sets up what a reference names. The three schemes of a Vault share one login. */
function providerKey(scheme: string, alias: string | undefined): string {
  const family = scheme.startsWith('vault-') ? 'vault' : scheme;
  return alias === undefined ? family : `${family}+${alias}`;
}

interface Login {
  readonly needs: readonly (keyof VaultAuthEntry)[];
  readonly takes: readonly (keyof VaultAuthEntry)[];
}

const LOGINS: Readonly<Record<VaultAuthEntry['method'], Login>> = {
  token: { needs: ['token'], takes: ['wrapped'] },
  approle: { needs: ['roleId'], takes: ['secretId', 'wrapped', 'mount'] },
  jwt: { needs: ['jwt'], takes: ['role', 'mount'] },
  kubernetes: { needs: ['role'], takes: ['tokenFile', 'mount'] },
  cert: { needs: ['certificate', 'key'], takes: ['role', 'mount'] },
};

function whyNoLogin(auth: VaultAuthEntry): string[] {
  const { needs, takes } = LOGINS[auth.method];
  const missing = needs.filter((member) => auth[member] === undefined);
  const known = new Set<string>(['method', ...needs, ...takes]);
  const surplus = Object.keys(auth).filter((member) => !known.has(member));
  return [
    ...missing.map((member) => `the login method ${auth.method} needs "${member}"; add it`),
    ...surplus.map((member) => `the login method ${auth.method} takes no "${member}"; remove it`),
  ];
}
