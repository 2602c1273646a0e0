import { drop } from './drop.ts';
import { generalize } from './generalize.ts';
import { hash } from './hash.ts';
import type { Keyed } from './keyed.ts';
import { label } from './label.ts';
import { mask } from './mask.ts';
import type { OperatorName, Rewriting } from './operator.ts';
import { shift } from './shift.ts';
import { surrogate } from './surrogate.ts';

/** What a rule says about its operator. */
export interface OperatorChoice {
  readonly operator: OperatorName;
  /** For `mask`: how many of the last characters stay, at most a third of the value. Default 0. */
  readonly keepLast?: number;
  /** For `shift`: how many days at most, 1 to 36,500. Default 365. */
  readonly maxDays?: number;
}

/** An operator as the walk applies it. Only a vault can make tokens, so they are left to whoever has one. */
export type Operator =
  | { readonly kind: 'rewrite'; readonly name: OperatorName; readonly rewriting: Rewriting }
  | { readonly kind: 'token'; readonly name: 'token' }
  | { readonly kind: 'block'; readonly name: 'block' };

export interface Means {
  readonly keyed: Keyed | undefined;
  readonly hasVault: boolean;
  readonly clock: () => number;
}

const MOST_DAYS = 36_500;

/**
 * @returns undefined for `keep`
 * @throws TypeError for a choice that cannot work, with what to write instead
 */
export function makeOperator(choice: OperatorChoice, means: Means): Operator | undefined {
  const { operator, keepLast, maxDays } = choice;
  if (keepLast !== undefined && (operator !== 'mask' || !Number.isInteger(keepLast) || keepLast < 0)) {
    throw new TypeError('keepLast belongs to the operator mask and has to be a whole number from 0.');
  }
  if (
    maxDays !== undefined &&
    (operator !== 'shift' || !Number.isInteger(maxDays) || maxDays < 1 || maxDays > MOST_DAYS)
  ) {
    throw new TypeError(
      'maxDays belongs to the operator shift and has to be a whole number from 1 to 36500.',
    );
  }
  switch (operator) {
    case 'keep':
      return undefined;
    case 'token':
      if (!means.hasVault)
        throw new TypeError('The operator token needs a vault; pass one as options.vault.');
      return { kind: 'token', name: 'token' };
    case 'block':
      return { kind: 'block', name: 'block' };
    case 'drop':
      return { kind: 'rewrite', name: operator, rewriting: drop };
    case 'label':
      return { kind: 'rewrite', name: operator, rewriting: label };
    case 'mask':
      return { kind: 'rewrite', name: operator, rewriting: mask(keepLast ?? 0) };
    case 'generalize':
      return { kind: 'rewrite', name: operator, rewriting: generalize(means.clock) };
    case 'hash':
      return { kind: 'rewrite', name: operator, rewriting: hash(keyOf(means, operator)) };
    case 'shift':
      return { kind: 'rewrite', name: operator, rewriting: shift(keyOf(means, operator), maxDays ?? 365) };
    case 'surrogate':
      return { kind: 'rewrite', name: operator, rewriting: surrogate(keyOf(means, operator)) };
  }
}

function keyOf({ keyed }: Means, operator: OperatorName): Keyed {
  if (keyed === undefined)
    throw new TypeError(`The operator ${operator} needs a key; pass one as options.hmacKey.`);
  return keyed;
}
