import { dirname } from 'node:path';
import type { AlertsPlan, MergedAlerts, RulesPlace } from './alerts-plan.ts';
import type { Problem } from './problem.ts';
import { display } from './read-layers.ts';
import { type ReadPlace, readPlace } from './read-place.ts';
import { rulesBelow } from './read-rule-files.ts';
import { MOST_RULE_BYTES_TOGETHER, readRuleText, TOO_MUCH_TOGETHER, unreadRule } from './read-rule-text.ts';
import { NO_ANSWER } from './read-text.ts';

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
  const read = new Map<string, string>();
  const ruleFiles = new Set<string>();
  const problems: Problem[] = [];
  const complain = (at: RulesPlace['at'], message: string): void => {
    if (at !== undefined) problems.push({ ...at, message, severity: 'error' });
  };
  const wanted = merged.rules.find(({ path }) => path === undefined);
  if (wanted !== undefined && shipped === undefined)
    complain(wanted.at, 'the ready-made rules are not here; write the path of a file or a folder with rules');
  let room = MOST_RULE_BYTES_TOGETHER;
  for await (const { place, at, isRule, text } of textsOf(merged.rules)) {
    if (typeof text !== 'string') {
      complain(at, `${display(place)} ${text.why}`);
      continue;
    }
    if (read.has(place)) continue;
    room -= text.length;
    if (room < 0) {
      complain(at, `${display(place)} ${TOO_MUCH_TOGETHER}`);
      break;
    }
    read.set(place, text);
    if (isRule) ruleFiles.add(place);
  }
  return {
    plan: {
      ...merged,
      ruleFiles: [...ruleFiles],
      readyMadeRules: wanted === undefined ? undefined : shipped,
    },
    files: [...read].map(([path, text]) => ({ path, text })),
    problems,
  };
}

interface Found {
  readonly place: string;
  readonly at: RulesPlace['at'];
  /** False for a folder. */
  readonly isRule: boolean;
  readonly text: string | { readonly why: string };
}

/** Ends where a disk does not answer: each file of it would be waited for. */
async function* textsOf(places: readonly RulesPlace[]): AsyncGenerator<Found> {
  for (const { path, at } of places) {
    if (path === undefined) continue;
    const below = await rulesBelow(path);
    if (typeof below === 'string') {
      yield { place: path, at, isRule: false, text: { why: below } };
      if (below === unreadRule(NO_ANSWER)) return;
      continue;
    }
    const isFile = below.length === 1 && below[0] === path;
    for (const place of isFile ? [] : new Set([path, ...below.map((file) => dirname(file))])) {
      const names = await readPlace(place);
      const text = typeof names === 'string' ? names : { why: unreadRule(names.code) };
      yield { place, at, isRule: false, text };
      if (typeof names !== 'string' && names.code === NO_ANSWER) return;
    }
    for (const place of below) {
      const text = await readRuleText(place);
      yield { place, at, isRule: true, text };
      if (typeof text !== 'string' && text.code === NO_ANSWER) return;
    }
  }
}
