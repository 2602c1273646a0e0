import type { RedactionPlan } from './redaction-plan.ts';

export interface ExplainedRedaction {
  /** The operator of each entity; what stays is left out. */
  readonly arguments: ReadonlyMap<string, string>;
  readonly results: ReadonlyMap<string, string>;
  /** Entities of which the tool receives the values for tokens; `*` for all. */
  readonly restores: readonly string[];
}

/** What becomes of findings in one call. */
export async function explainRedaction(
  plan: RedactionPlan,
  call: {
    readonly server: string /** Of the principal, inherited ones included. */;
    readonly roles: readonly string[];
    readonly tool?: string | undefined;
  },
): Promise<ExplainedRedaction> {
  // Whoever imports this package does not load what finds things before it is needed.
  const [{ operatorsFor, restoredFor }, { compileRedaction }] = await Promise.all([
    import('@sallyport/redaction'),
    import('./compile-redaction.ts'),
  ]);
  const { rules, detector, restoreFor } = compileRedaction(plan);
  const known = detector.entities ?? [];
  return {
    arguments: operatorsFor(rules, { ...call, direction: 'arguments' }, known),
    results: operatorsFor(rules, { ...call, direction: 'results' }, known),
    restores: restoredFor(restoreFor, call),
  };
}
