import { Correlation } from './correlation/correlation.ts';
import type { Limits } from './correlation/groups.ts';
import type { CorrelationPlan } from './correlation/plan.ts';
import { type Field, fieldNamed } from './fields.ts';
import type { Problems } from './problem.ts';
import type { ReadDocuments, ReadRule } from './read-documents.ts';
import { hint, shown } from './words.ts';

/** Which correlation is told of a rule, and as which of its rules. */
export interface Edge {
  readonly to: number;
  readonly position: number;
}

/** A rule with everything that it is connected to. */
export interface LinkedRule {
  readonly read: ReadRule;
  /** Absent in rules that look at records. */
  readonly correlation?: Correlation;
  readonly edges: readonly Edge[];
  /** Whether it is told of by itself: a rule that only feeds correlations is not. */
  readonly alerts: boolean;
}

/** Connects correlations with the rules that they name. Those that cannot be connected are left out, with a problem. */
export function linkRules({ rules, broken }: ReadDocuments, limits: Limits): readonly LinkedRule[] {
  const usable = withoutDangling(rules, broken);
  const numbers = numbersOf(usable);
  const edges = usable.map((): Edge[] => []);
  const silent = new Set<number>();
  const aloud = new Set<number>();
  const correlations = usable.map((rule, at) => {
    if (!('plan' in rule)) return undefined;
    // The last position first, so that one record cannot be two steps in order.
    for (const [position, name] of [...rule.plan.rules.entries()].toReversed()) {
      const from = numbers.get(name) as number;
      edges[from]?.push({ to: at, position });
      (rule.plan.generate ? aloud : silent).add(from);
    }
    return new Correlation(rule.plan, groupFields(rule.plan, usable, numbers), limits);
  });
  return usable.map((read, at) => {
    const correlation = correlations[at];
    return {
      read,
      ...(correlation !== undefined && { correlation }),
      edges: edges[at] as Edge[],
      alerts: !silent.has(at) || aloud.has(at),
    };
  });
}

function numbersOf(rules: readonly ReadRule[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const [at, { info }] of rules.entries()) {
    numbers.set(info.id, at);
    if (info.name !== undefined) numbers.set(info.name, at);
  }
  return numbers;
}

/** Removes correlations that name what is not there, over and over, since others may name them. */
function withoutDangling(rules: readonly ReadRule[], broken: ReadonlySet<string>): readonly ReadRule[] {
  const lost = new Set(broken);
  let left = rules;
  for (let before = -1; before !== left.length;) {
    before = left.length;
    const numbers = numbersOf(left);
    left = left.filter((rule) => {
      if (!('plan' in rule) || isWhole(rule.plan, rule.problems, numbers, lost, left)) return true;
      lost.add(rule.info.id);
      if (rule.info.name !== undefined) lost.add(rule.info.name);
      return false;
    });
  }
  return withoutCircles(left);
}

function isWhole(
  plan: CorrelationPlan,
  problems: Problems,
  numbers: ReadonlyMap<string, number>,
  lost: ReadonlySet<string>,
  rules: readonly ReadRule[],
): boolean {
  let whole = true;
  for (const [at, name] of plan.rules.entries()) {
    const path = ['correlation', 'rules', at];
    const found = rules[numbers.get(name) ?? -1];
    if (found === undefined) {
      whole = false;
      problems.error(
        path,
        lost.has(name)
          ? 'refers to a rule that has problems; mend that one'
          : `${shown(name)} is no id or name of a rule${hint(name, [...numbers.keys()])}; write one`,
      );
      continue;
    }
    for (const [alias, fields] of plan.aliases) {
      if (fields.has(name) || (found.info.name !== undefined && fields.has(found.info.name))) continue;
      whole = false;
      problems.error(
        ['correlation', 'aliases', alias],
        `says no field for the rule ${shown(name)}; write one, since its records could belong to no group`,
      );
    }
  }
  return whole;
}

function withoutCircles(rules: readonly ReadRule[]): readonly ReadRule[] {
  const numbers = numbersOf(rules);
  const settled = new Set<number>();
  for (let before = -1; before !== settled.size;) {
    before = settled.size;
    for (const [at, rule] of rules.entries())
      if (!('plan' in rule) || rule.plan.rules.every((name) => settled.has(numbers.get(name) ?? -1)))
        settled.add(at);
  }
  return rules.filter((rule, at) => {
    if (settled.has(at)) return true;
    rule.problems.error(
      ['correlation', 'rules'],
      'refers to itself, directly or through others; leave one of them out',
    );
    return false;
  });
}

function groupFields(
  plan: CorrelationPlan,
  rules: readonly ReadRule[],
  numbers: ReadonlyMap<string, number>,
): readonly (readonly Field[])[] {
  return plan.rules.map((name) => {
    const own = rules[numbers.get(name) ?? -1]?.info.name;
    return plan.groupBy.flatMap((field) => {
      const alias = plan.aliases.get(field);
      const real = alias === undefined ? field : (alias.get(name) ?? alias.get(own ?? '') ?? field);
      return fieldNamed(real) ?? [];
    });
  });
}
