import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readyMadePolicies } from './ready-made-policies.ts';

/** Where the Sigma rules are that ship: beside the ready-made policies. Undefined where there are none. */
export function readyMadeRules(): string | undefined {
  const policies = readyMadePolicies();
  if (policies === undefined) return undefined;
  const rules = join(policies, 'rules');
  return existsSync(rules) ? rules : undefined;
}
