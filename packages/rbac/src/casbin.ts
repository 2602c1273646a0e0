import { createRequire } from 'node:module';
import type * as Casbin from 'casbin';

/**
 * Casbin, loaded when a model of one's own needs it: with the shipped model it never is, which is half of
 * what starting would cost.
 */
export function loadCasbin(): typeof Casbin {
  return createRequire(import.meta.url)('casbin') as typeof Casbin;
}
