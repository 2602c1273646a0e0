import { type Rule, SECRET_GROUPS, type SecretEntity } from '@sallyport/detection/secrets';
import { CLIENT_CONFIG_RULES } from '../client-config/client-config-rules.ts';

/** What reports say of a rule. */
export interface RuleFacts {
  readonly id: string;
  /** `cloud`, `payment`, ...; of this package `MCP client configs`. */
  readonly group: string;
  readonly entity: string;
  /** A page of the vendor or standard. */
  readonly source: string | undefined;
  /** Its values have a checksum, so that one that holds says more than its shape. */
  readonly hasChecksum: boolean;
}

const CONFIGS = 'MCP client configs';

/** Every rule by its id. */
export function rulesById(): ReadonlyMap<string, RuleFacts> {
  const own = Object.values(CLIENT_CONFIG_RULES).map(({ id, entity, source }) => ({
    id,
    group: CONFIGS,
    entity,
    source,
    hasChecksum: false,
  }));
  const all = SECRET_GROUPS.flatMap(([group, rules]) => rules.map((rule) => factsOf(group, rule)));
  return new Map([...all, ...own].map((facts) => [facts.id, facts]));
}

/** Where a wrong check makes a finding less likely and no more, there is a checksum. */
const SURE = 0.9;

function factsOf(group: string, { id, entity, source, validate, scores }: Rule): RuleFacts {
  const hasChecksum = validate !== undefined && (scores.invalid ?? 0) >= SURE;
  return { id, group, entity, source, hasChecksum };
}

const WHAT: Readonly<Record<SecretEntity, string>> = {
  API_KEY: 'API key',
  ACCESS_TOKEN: 'access token',
  JWT: 'JSON Web Token',
  PRIVATE_KEY: 'private key',
  PASSWORD: 'password',
  CONNECTION_STRING: 'connection string with a password',
  WEBHOOK_URL: 'webhook URL',
};

/** What an entity is, in words; of a user's own, its name. */
export function wordsFor(entity: string): string {
  return Object.hasOwn(WHAT, entity) ? WHAT[entity as SecretEntity] : entity;
}
