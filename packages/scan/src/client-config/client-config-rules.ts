import type { SecretEntity, Severity } from '@sallyport/detection/secrets';

/** Where in the entry of a server a literal credential stands. */
export type ConfigPlace = 'env' | 'header' | 'argument' | 'url' | 'other';

/** A rule of this package: no pattern of its own, but a place where no literal belongs. */
export interface ClientConfigRule {
  readonly id: string;
  readonly entity: SecretEntity;
  readonly severity: Severity;
  /** What it says, and why. */
  readonly source: string;
}

const SOURCE = 'https://modelcontextprotocol.io/docs/develop/connect-local-servers';

/** What is reported for each place. */
export const CLIENT_CONFIG_RULES: Readonly<Record<ConfigPlace, ClientConfigRule>> = {
  env: { id: 'mcp-config-env', entity: 'API_KEY', severity: 'high', source: SOURCE },
  header: { id: 'mcp-config-header', entity: 'ACCESS_TOKEN', severity: 'high', source: SOURCE },
  argument: { id: 'mcp-config-argument', entity: 'API_KEY', severity: 'high', source: SOURCE },
  url: { id: 'mcp-config-url', entity: 'ACCESS_TOKEN', severity: 'high', source: SOURCE },
  other: { id: 'mcp-config-value', entity: 'API_KEY', severity: 'high', source: SOURCE },
};
