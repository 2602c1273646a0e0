import type { SuiteResult, Verdict } from './official-suite.ts';

export interface Difference {
  readonly scenario: string;
  readonly check: string;
  readonly bare: Verdict | 'absent';
  readonly guarded: Verdict | 'absent';
  /** Passed bare and does not pass guarded, or fails guarded only. */
  readonly regression: boolean;
}

export function differencesOf(bare: SuiteResult, guarded: SuiteResult): Difference[] {
  const differences: Difference[] = [];
  for (const scenario of new Set([...bare.keys(), ...guarded.keys()])) {
    const before = bare.get(scenario) ?? new Map<string, Verdict>();
    const after = guarded.get(scenario) ?? new Map<string, Verdict>();
    for (const check of new Set([...before.keys(), ...after.keys()])) {
      const was = before.get(check) ?? 'absent';
      const is = after.get(check) ?? 'absent';
      const regression = is === 'FAILURE' || was === 'SUCCESS';
      if (was !== is) differences.push({ scenario, check, bare: was, guarded: is, regression });
    }
  }
  return differences;
}

export function countChecks(result: SuiteResult, verdict?: Verdict): number {
  return [...result.values()]
    .flatMap((checks) => [...checks.values()])
    .filter((found) => verdict === undefined || found === verdict).length;
}

/** The checks with another verdict than `SUCCESS`, as one line each. */
export function notPassed(result: SuiteResult): string[] {
  return [...result].flatMap(([scenario, checks]) =>
    [...checks]
      .filter(([, verdict]) => verdict !== 'SUCCESS')
      .map(([check, verdict]) => `${scenario}: ${check}: ${verdict}`),
  );
}
