import type { Rule } from '../rule.ts';
import { CONTACT_RULES } from './contact.ts';
import { FINANCIAL_RULES } from './financial.ts';
import { GOVERNMENT_RULES } from './government.ts';
import { HEALTH_RULES } from './health.ts';
import { LOCALE_RULES } from './locales.ts';
import { PLACE_RULES } from './place.ts';

/** The rules of the package; where two findings are equal, the earlier rule wins. */
export const RULES: readonly Rule[] = [
  ...CONTACT_RULES,
  ...GOVERNMENT_RULES,
  ...FINANCIAL_RULES,
  ...HEALTH_RULES,
  ...PLACE_RULES,
  ...LOCALE_RULES,
];
