import { Secret } from '@sallyport/core';

import { Keyed } from './operators/keyed.ts';
import type { OperatorName } from './operators/operator.ts';
import { compileRestoreRules, type RestoreRule } from './options.ts';
import { type Direction, type RedactionRule, RuleTable } from './rule-table.ts';

/** A call, as far as rules look at it. */
export interface CallFacts {
  readonly direction: Direction;
  readonly server: string;
  /** Of the principal, inherited ones included. */
  readonly roles: readonly string[];
  /** Default: none, as for everything that is no `tools/call`. */
  readonly tool?: string | undefined;
}

const NO_VALUE_IS_REWRITTEN = 'a key with which nothing is rewritten';

/**
 * What rules do with each entity in a call; those that stay are left out. For explanations: nothing is rewritten.
 *
 * @param known what `*` stands for
 * @throws TypeError for a rule that is not usable
 */
export function operatorsFor(
  rules: readonly RedactionRule[],
  { direction, tool, ...facts }: CallFacts,
  known: readonly string[],
): ReadonlyMap<string, OperatorName> {
  const keyed = new Keyed(new Secret(NO_VALUE_IS_REWRITTEN));
  const table = new RuleTable(rules, { keyed, hasVault: true, clock: () => 0 });
  const entities = rules.flatMap((rule) => (rule.entities === '*' ? known : rule.entities));
  const found = table.find(facts, direction, tool);
  const operators = new Map<string, OperatorName>();
  for (const entity of entities) {
    const operator = found?.operatorOf(entity);
    if (operator !== undefined) operators.set(entity, operator.name);
  }
  return operators;
}

/** The entities of which a tool receives the values where their tokens are sent to it; `*` for all. For explanations. */
export function restoredFor(
  rules: readonly RestoreRule[],
  { server, roles: own, tool }: Omit<CallFacts, 'direction'>,
): readonly string[] {
  const fitting = compileRestoreRules(rules).filter(
    ({ tools, servers, roles }) =>
      tools(tool) &&
      (servers === undefined || servers(server)) &&
      (roles === undefined || own.some((role) => roles.has(role))),
  );
  return [...new Set(fitting.flatMap(({ entities }) => (entities === undefined ? ['*'] : [...entities])))];
}
