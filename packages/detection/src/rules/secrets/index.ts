import type { Rule } from '../../rule.ts';
import { GENERIC_RULES } from './generic.ts';
import { STRUCTURE_RULES } from './structures.ts';
import { APPLICATION_RULES } from './vendors/applications.ts';
import { CLOUD_RULES } from './vendors/cloud.ts';
import { CODE_HOST_RULES } from './vendors/code-hosts.ts';
import { DATABASE_RULES } from './vendors/databases.ts';
import { INFRASTRUCTURE_RULES } from './vendors/infrastructure.ts';
import { LANGUAGE_MODEL_RULES } from './vendors/language-models.ts';
import { MESSAGING_RULES } from './vendors/messaging.ts';
import { OBSERVABILITY_RULES } from './vendors/observability.ts';
import { PAYMENT_RULES } from './vendors/payment.ts';
import { REGISTRY_RULES } from './vendors/registries.ts';

/** The rules that find credentials, by group, as `SECRETS.md` lists them. */
export const SECRET_GROUPS: readonly (readonly [name: string, rules: readonly Rule[]])[] = [
  ['cloud', CLOUD_RULES],
  ['code hosts and builds', CODE_HOST_RULES],
  ['package registries', REGISTRY_RULES],
  ['payment', PAYMENT_RULES],
  ['messaging', MESSAGING_RULES],
  ['language models', LANGUAGE_MODEL_RULES],
  ['observability', OBSERVABILITY_RULES],
  ['databases and URLs', DATABASE_RULES],
  ['infrastructure and identity', INFRASTRUCTURE_RULES],
  ['applications', APPLICATION_RULES],
  ['keys, headers, structured tokens', STRUCTURE_RULES],
  ['named values', GENERIC_RULES],
];

/** All of them; where two findings are equal, the earlier rule wins. */
export const SECRET_RULES: readonly Rule[] = SECRET_GROUPS.flatMap(([, rules]) => rules);
