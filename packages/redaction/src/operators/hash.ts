import type { Keyed } from './keyed.ts';
import type { Rewriting } from './operator.ts';
import { surrogate } from './surrogate.ts';

/** 64 bits: two of a million values meet with a chance of 1 in 37 million. */
const SHOWN = 16;

/** `[EMAIL#9f86d081884c7d65]`: equal values can be joined within a tenant, and tell nothing without the key. */
export function hash(keyed: Keyed): Rewriting {
  const numbers = surrogate(keyed);
  return {
    text: (value, entity, owner) =>
      `[${entity}#${keyed.digest('hash', owner.tenant, entity, value).toString('hex').slice(0, SHOWN)}]`,
    number: (value, entity, owner) => numbers.number(value, entity, owner),
    keepsShape: false,
    cheap: false,
  };
}
