import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadPolicy } from '@sallyport/policy';
import { BadInput } from '../audit/bad-input.ts';
import { isExpectedOfPolicy } from '../expected-error.ts';
import { readyMadePolicies } from '../ready-made-policies.ts';
import { readyMadeRules } from '../ready-made-rules.ts';

/** Where people keep rules of their own. */
const OWN = [join('policies', 'rules'), 'rules'];

/** Which rules a command is about. */
export interface RuleChoice {
  /** Files and folders. Default: `policies/rules` and `rules` here. */
  readonly paths: readonly string[];
  /** Those that ship too. */
  readonly shipped?: boolean;
  /** A policy: the rules that it names, with its placeholders, in the place of paths. */
  readonly policy?: string;
}

interface ChosenRules {
  /** Files and folders; empty, where nothing was named and there are no rules here. */
  readonly paths: readonly string[];
  /** What words between `%` stand for in them. */
  readonly placeholders: Readonly<Record<string, readonly string[]>>;
}

/** @throws BadInput for a policy that cannot be used, or has no alerts */
export async function chosenRules({ paths, shipped = false, policy }: RuleChoice): Promise<ChosenRules> {
  const ready = shipped ? readyMadeRules() : undefined;
  const also = ready === undefined ? [] : [ready];
  if (policy !== undefined) {
    if (paths.length > 0) throw new BadInput('name files, or a policy with --policy, which names its own');
    const named = await rulesOfPolicy(policy);
    return { ...named, paths: [...new Set([...named.paths, ...also])] };
  }
  const meant = paths.length > 0 || shipped ? [...paths, ...also] : OWN.filter((path) => existsSync(path));
  return { paths: meant, placeholders: {} };
}

async function rulesOfPolicy(file: string): Promise<ChosenRules> {
  try {
    const { alerts } = await loadPolicy(file, { readyMade: readyMadePolicies() });
    if (alerts === undefined)
      throw new BadInput(`${file} has no alerts, and so no rules; add "alerts: {}", or name files`);
    const { ruleFiles, readyMadeRules: ready, placeholders } = alerts;
    return { paths: [...ruleFiles, ...(ready === undefined ? [] : [ready])], placeholders };
  } catch (error) {
    if (isExpectedOfPolicy(error)) throw new BadInput((error as Error).message, { cause: error });
    throw error;
  }
}

/** What to write where nothing was meant. */
export const NO_RULES =
  'there are no rules in ./policies/rules or ./rules; name a file or a folder with Sigma rules, write --policy sallyport.yaml for those of a policy, or --shipped for those that ship';
