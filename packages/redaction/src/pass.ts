import { Refusal, type RevealedSecrets } from '@sallyport/core';
import type { Detector } from '@sallyport/detection';

import type { Operator } from './operators/make-operator.ts';
import type { Owner, Rewriting } from './operators/operator.ts';

/** What one message is rewritten by. */
export interface Pass {
  readonly direction: 'arguments' | 'results';
  /** The operator for an entity, or undefined where it stays. */
  operatorOf(entity: string): Operator | undefined;
  readonly owner: Owner;
  /** Whether the token of an entity becomes its value again, in the arguments of a tool. */
  readonly restores: ((entity: string) => boolean) | undefined;
  /** Values with their entities that are looked for whatever they look like. */
  readonly known?: ReadonlyMap<string, string> | undefined;
  /** Nothing is refused and the vault is not asked: only counted. */
  readonly dry: boolean;
}

export interface TextTools {
  readonly detector: Detector;
  /** For where a schema asks for a form, or a number stands where a token should. */
  readonly fallback: Rewriting;
  readonly revealed: RevealedSecrets | undefined;
  readonly maxTokens: number;
}

/** Says what was found and not where: with the place, a value could be found out by trying. */
export function blockedRefusal(entity: string, direction: Pass['direction']): Refusal {
  return new Refusal('permission_denied', `Policy does not let ${entity} pass in ${direction}.`, {
    data: { entity },
  });
}
