import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readyMadePolicies } from './ready-made-policies.ts';

/** Where people keep rules of their own, beside their policy. */
const OWN = join('policies', 'rules');

/** Where the Sigma rules are that ship: beside the ready-made policies. Undefined where there are none. */
export function readyMadeRules(): string | undefined {
  const policies = readyMadePolicies();
  if (policies === undefined) return undefined;
  const rules = join(policies, 'rules');
  return existsSync(rules) ? rules : undefined;
}

/** Which rules a command is about. */
export interface RuleChoice {
  /** Files and folders. Default: `policies/rules` here. */
  readonly paths: readonly string[];
  /** Those that ship too. */
  readonly shipped?: boolean;
}

/** The paths that are meant; empty, with nothing that was named, where there are no rules here. */
export function chosenRules({ paths, shipped = false }: RuleChoice): readonly string[] {
  const ready = shipped ? readyMadeRules() : undefined;
  if (paths.length > 0 || shipped) return [...paths, ...(ready === undefined ? [] : [ready])];
  return existsSync(OWN) ? [OWN] : [];
}

/** What to write where nothing was meant. */
export const NO_RULES =
  'there are no rules in ./policies/rules; name a file or a folder with Sigma rules, or write --shipped for those that ship';
