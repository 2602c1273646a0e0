import type { Principal } from '@sallyport/core';
import type { RedactionPlan } from './redaction-plan.ts';

/** What becomes of findings in one call, by direction: the operator of each entity; what stays is left out. */
export async function explainRedaction(
  plan: RedactionPlan,
  call: { readonly server: string; readonly principal: Principal; readonly tool?: string | undefined },
): Promise<Readonly<Record<'arguments' | 'results', ReadonlyMap<string, string>>>> {
  // Whoever imports this package does not load what finds things before it is needed.
  const [{ operatorsFor }, { compileRedaction }] = await Promise.all([
    import('@sallyport/redaction'),
    import('./compile-redaction.ts'),
  ]);
  const { rules, detector } = compileRedaction(plan);
  const known = detector.entities ?? [];
  return {
    arguments: operatorsFor(rules, { ...call, direction: 'arguments' }, known),
    results: operatorsFor(rules, { ...call, direction: 'results' }, known),
  };
}
