import { type CorrelationPlan, readCorrelation } from './correlation/plan.ts';
import { compileDetection } from './detection.ts';
import type { Setting } from './item.ts';
import type { Predicate } from './predicate.ts';
import { Problems, type SigmaDocument, type SigmaProblem } from './problem.ts';
import { checkLogsource, isRetired, readRuleInfo, type SigmaRuleInfo } from './rule-info.ts';
import { mapOf } from './words.ts';

/** A document that stands for itself: what it looks for, or what it counts. */
export type ReadRule = {
  readonly info: SigmaRuleInfo;
  readonly problems: Problems;
} & ({ readonly predicate: Predicate } | { readonly plan: CorrelationPlan });

/** What the documents came to. */
export interface ReadDocuments {
  readonly rules: readonly ReadRule[];
  /** Ids and names of rules that have problems: what refers to them has none of its own. */
  readonly broken: ReadonlySet<string>;
}

/** Reads and compiles each document by itself; all problems of all of them go into one list. */
export function readDocuments(
  documents: readonly SigmaDocument[],
  setting: Setting,
  found: SigmaProblem[],
): ReadDocuments {
  const rules: ReadRule[] = [];
  const broken = new Set<string>();
  const taken = new Map<string, string>();
  for (const document of documents) {
    const problems = new Problems(document, found);
    const parts = mapOf(document.value);
    if (parts === undefined) {
      problems.error([], 'is no rule; write a mapping with title, id, logsource and detection');
      continue;
    }
    const rule = readOne(parts, document.file, problems, setting);
    for (const key of ['id', 'name']) {
      const word = parts.get(key);
      if (typeof word !== 'string') continue;
      const before = taken.get(word.toLowerCase());
      if (before !== undefined) problems.error([key], `is taken by a rule in ${before}; write another one`);
      else taken.set(word.toLowerCase(), document.file);
      if (rule === undefined) broken.add(word);
    }
    if (rule === undefined) continue;
    if (problems.errors === 0) rules.push(rule);
    else for (const word of [rule.info.id, rule.info.name]) if (word !== undefined) broken.add(word);
  }
  return { rules, broken };
}

function readOne(
  parts: ReadonlyMap<string, unknown>,
  file: string,
  problems: Problems,
  setting: Setting,
): ReadRule | undefined {
  if (parts.has('filter'))
    return problems.error(
      ['filter'],
      'filters are not supported; write the exclusion into the condition of the rule',
    );
  if (parts.has('action'))
    return problems.error(['action'], 'collections are of Sigma 1; write each rule out');
  const info = readRuleInfo(parts, file, problems);
  if (parts.has('correlation')) {
    for (const key of ['detection', 'logsource'])
      if (parts.has(key))
        problems.error(
          [key],
          'stands beside a correlation; write it as a document of its own, and refer to it',
        );
    const plan = readCorrelation(parts.get('correlation'), problems);
    if (isRetired(parts, problems) || info === undefined || plan === undefined) return undefined;
    return { info, problems, plan };
  }
  checkLogsource(parts.get('logsource'), problems);
  const predicate = compileDetection(parts.get('detection'), problems, setting);
  if (isRetired(parts, problems) || info === undefined) return undefined;
  return { info, problems, predicate };
}
