import type { RuleFacts } from './rule-facts.ts';

/** What makes a leaked credential worthless, by what it is. */
const ROTATE: Readonly<Record<string, string>> = {
  API_KEY: 'Revoke the key where it was issued, and make a new one.',
  ACCESS_TOKEN: 'Revoke the token where it was issued, and make a new one.',
  JWT: 'End its session, or change the key that signs it; a token that runs out soon needs neither.',
  PRIVATE_KEY: 'Make a new pair of keys, and take the old public key out wherever it is trusted.',
  PASSWORD: 'Change the password.',
  CONNECTION_STRING: 'Change the password of the account.',
  WEBHOOK_URL: 'Delete the webhook, and make a new one.',
};
const OTHERS = 'Make it worthless where it was issued.';

/** Where it belongs, by the group of the rule. */
const KEEP: Readonly<Record<string, string>> = {
  cloud:
    'Prefer a role or workload identity; else name it in the policy as awssm://, gcpsm://, azkv:// or vault://.',
  'code hosts and builds':
    'In a pipeline use its own short-lived token; else name it as env:NAME or keystore:name.',
  'package registries':
    'Publish with a trusted publisher where there is one; else name it as env:NAME in the pipeline.',
  'databases and URLs':
    'Name it as vault-lease://database/creds/role#password, vault://kv/app#password or env:NAME.',
  'keys, headers, structured tokens':
    'Name it as file:///run/secrets/name, keystore:name or vault://kv/app#name.',
  'MCP client configs':
    'Start the server by "sallyport run --env NAME=keystore:name -- ..."; the config then holds no secret.',
};
const ANYWHERE = 'Name it where it is needed, as env:NAME, keystore:name or vault://kv/app#name.';

/** Two sentences: how to make it worthless, and where to keep the next one. */
export function howToFix({
  entity,
  group,
}: Pick<RuleFacts, 'entity' | 'group'>): readonly [rotate: string, keep: string] {
  const rotate = Object.hasOwn(ROTATE, entity) ? ROTATE[entity] : undefined;
  const keep = Object.hasOwn(KEEP, group) ? KEEP[group] : undefined;
  return [rotate ?? OTHERS, keep ?? ANYWHERE];
}
