import { SECRET_ENTITIES, type SecretEntity } from '@sallyport/detection';

import type { Pack } from './pack.ts';

const IDENTIFIERS: Readonly<Record<SecretEntity, string>> = {
  API_KEY: 'API keys, client and signing secrets',
  ACCESS_TOKEN: 'Access tokens',
  JWT: 'JSON Web Tokens',
  PRIVATE_KEY: 'Private keys',
  PASSWORD: 'Passwords',
  CONNECTION_STRING: 'Connection strings with a password',
  WEBHOOK_URL: 'Webhook URLs that are their own credential',
};

/** Whoever has one of these can act as somebody else. */
export const SECRETS: Pack = {
  name: 'secrets',
  title: 'Secrets: credentials of people and programs',
  source: 'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
  rows: SECRET_ENTITIES.map((entity) => ({
    identifier: IDENTIFIERS[entity],
    entities: [entity],
    operator: 'label',
  })),
  limits: [
    'A detector looks for secrets only where its `entities` name them.',
    'A secret that passed somewhere else is known there: it has to be replaced, not only hidden.',
    'A password in prose that nothing calls one is any word, and stays.',
  ],
};
