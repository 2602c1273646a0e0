import type { EntityName } from '@sallyport/detection';

import type { OperatorChoice } from '../operators/make-operator.ts';
import type { OperatorName } from '../operators/operator.ts';
import type { RedactionRule } from '../rule-table.ts';
import { mergePacks } from './merge-packs.ts';
import type { Pack } from './pack.ts';

/** For whom a pack holds, and what it does instead of what its rows say. */
export interface PackChoice extends Pick<
  RedactionRule,
  'direction' | 'roles' | 'exceptRoles' | 'tools' | 'servers' | 'except'
> {
  /**
   * Stands in place of `label`: with `token`, what was taken out can come back, and dates keep their year. `block`
   * stands in place of everything but `keep`. One of `PACK_OPERATORS`. Default: what the rows say.
   */
  readonly operator?: OperatorName;
  /** For single entities, of the pack or not; wins over `operator` and over the rows. Default: none. */
  readonly operators?: Readonly<Partial<Record<EntityName, OperatorName | OperatorChoice>>>;
}

/** What takes a value out, whatever it is. */
export const PACK_OPERATORS: readonly OperatorName[] = [
  'label',
  'drop',
  'mask',
  'hash',
  'surrogate',
  'token',
  'block',
];

const KEYS: ReadonlySet<string> = new Set([
  'direction',
  'operator',
  'operators',
  'roles',
  'exceptRoles',
  'tools',
  'servers',
  'except',
]);

/**
 * The rules of a pack: one for each operator. What a row only keeps has no rule, so that a rule that follows may still
 * take it out; what `operators` keeps has one.
 *
 * @throws TypeError for a choice that cannot work, with what to write instead
 */
export function expandPack(pack: Pack, choice: PackChoice): RedactionRule[] {
  check(choice);
  const { operator, operators = {}, ...scope } = choice;
  const chosen = new Map<string, OperatorChoice>();
  for (const row of mergePacks([pack]).rows) {
    if (row.operator === 'keep') continue;
    for (const entity of row.entities) chosen.set(entity, instead(row, operator));
  }
  for (const [entity, own] of Object.entries(operators)) {
    if (own !== undefined) chosen.set(entity, typeof own === 'string' ? { operator: own } : own);
  }
  const rules = new Map<string, RedactionRule & { readonly entities: string[] }>();
  for (const [entity, own] of chosen) {
    const key = JSON.stringify([own.operator, own.keepLast, own.maxDays]);
    const rule = rules.get(key);
    if (rule === undefined) rules.set(key, { ...scope, entities: [entity], ...own });
    else rule.entities.push(entity);
  }
  return [...rules.values()];
}

/** @returns the operator of the row and what belongs to it, and nothing else of the row */
function instead(row: OperatorChoice, operator: OperatorName | undefined): OperatorChoice {
  if (operator !== undefined && (operator === 'block' || row.operator === 'label')) return { operator };
  const { keepLast, maxDays } = row;
  return {
    operator: row.operator,
    ...(keepLast === undefined ? {} : { keepLast }),
    ...(maxDays === undefined ? {} : { maxDays }),
  };
}

function check(choice: PackChoice): void {
  for (const key of Object.keys(choice)) {
    if (!KEYS.has(key)) throw new TypeError(`A pack knows no "${key}"; write ${[...KEYS].join(', ')}.`);
  }
  const { operator } = choice;
  if (operator !== undefined && !PACK_OPERATORS.includes(operator)) {
    throw new TypeError(
      `The operator of a pack has to be one of ${PACK_OPERATORS.join(', ')}; write others for single entities, under operators.`,
    );
  }
}
