import { dirname } from 'node:path';
import type { AlertsPlan, MergedAlerts, RulesPlace } from './alerts-plan.ts';
import type { Problem } from './problem.ts';
import { display } from './read-layers.ts';
import { type ReadPlace, readPlace } from './read-place.ts';
import { rulesBelow } from './read-rule-files.ts';

export interface FollowedRules {
  readonly plan: AlertsPlan;
  /** Rule files, and the folders in which they are: a policy is another one when one of them changes. */
  readonly files: readonly ReadPlace[];
  readonly problems: readonly Problem[];
}

/**
 * Reads the rule files that a policy names, without looking at what they say. The ready-made rules are of this version, like
 * the detectors: they are neither read nor part of the policy.
 *
 * @param shipped the folder of the ready-made rules
 */
export async function followRules(merged: MergedAlerts, shipped: string | undefined): Promise<FollowedRules> {
  const files = new Map<string, string>();
  const ruleFiles: string[] = [];
  const problems: Problem[] = [];
  const complain = (at: RulesPlace['at'], message: string): void => {
    if (at !== undefined) problems.push({ ...at, message, severity: 'error' });
  };
  const wanted = merged.rules.find(({ path }) => path === undefined);
  if (wanted !== undefined && shipped === undefined)
    complain(wanted.at, 'the ready-made rules are not here; write the path of a file or a folder with rules');
  for (const { path, at } of merged.rules) {
    if (path === undefined) continue;
    const found = await rulesBelow(path);
    if (typeof found === 'string') {
      complain(at, `${display(path)} ${found}`);
      continue;
    }
    const isFile = found.length === 1 && found[0] === path;
    const folders = isFile ? [] : new Set([path, ...found.map((file) => dirname(file))]);
    for (const place of [...folders, ...found]) {
      if (files.has(place)) continue;
      const text = await readPlace(place);
      if (typeof text === 'string') files.set(place, text);
      else complain(at, `${display(place)} cannot be read (${text.code}); make it readable, or take it away`);
    }
    ruleFiles.push(...found.filter((file) => files.has(file) && !ruleFiles.includes(file)));
  }
  return {
    plan: { ...merged, ruleFiles, readyMadeRules: wanted === undefined ? undefined : shipped },
    files: [...files].map(([path, text]) => ({ path, text })),
    problems,
  };
}
