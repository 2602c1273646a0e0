import type { OperatorChoice } from '../operators/make-operator.ts';
import type { OperatorName } from '../operators/operator.ts';

/** The more of a value an operator lets through, the lower. `drop` is above `label`: nothing stands in place of it. */
const RANK: Readonly<Record<OperatorName, number>> = {
  block: 5,
  drop: 4,
  label: 3,
  token: 3,
  hash: 3,
  mask: 2,
  generalize: 1,
  shift: 1,
  surrogate: 1,
  keep: 0,
};

/** Whether the first lets through less than the second; of two masks, the one that shows fewer characters. */
export function isStricter(one: OperatorChoice, other: OperatorChoice): boolean {
  const difference = RANK[one.operator] - RANK[other.operator];
  if (difference !== 0) return difference > 0;
  return one.operator === 'mask' && (one.keepLast ?? 0) < (other.keepLast ?? 0);
}
