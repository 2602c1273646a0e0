import { Lookout, responseFor, ResponsePlan, type SigmaRules, Triage, Watch } from '@sallyport/anomaly';
import { responseOptions, severityChange, triageOptions, watchOptions } from './alerts-options.ts';
import type { AlertsPlan } from './alerts-plan.ts';
import { compileAgain, compileAlertRules } from './compile-alert-rules.ts';
import { asInAlerts } from './known-rules.ts';
import type { Problem } from './problem.ts';
import { asProblem } from './rule-problem.ts';

/** What watches as a policy says. It tells and restricts nobody by itself. */
export interface CompiledAlerts {
  /**
   * A lookout that has not seen anything.
   *
   * @param tellSince see `LookoutOptions`
   */
  readonly lookout: (tellSince: number) => Lookout;
  /** Of Sigma rules; one with an error is not in use. */
  readonly problems: readonly Problem[];
}

/**
 * Reads and compiles the rules of a policy, and everything else that decides about alerts.
 *
 * @throws TypeError for a plan that was not checked
 */
export async function compileAlerts(plan: AlertsPlan): Promise<CompiledAlerts> {
  const compiled = await compileAlertRules(plan);
  const inAlerts = (word: string): readonly string[] => asInAlerts(word, compiled);
  const responses = new ResponsePlan(responseOptions(plan, inAlerts));
  // Sinks and responses ask for the same severity.
  const withSeverity = severityChange(plan, inAlerts);
  const [watch, triage] = [watchOptions(plan), triageOptions(plan, inAlerts)];
  let unused: SigmaRules | undefined = compiled.rules;
  const freshRules = (): SigmaRules => {
    const rules = unused ?? compileAgain(compiled, plan);
    unused = undefined;
    return rules;
  };
  const lookout = (tellSince: number): Lookout =>
    new Lookout({
      watch: new Watch(watch),
      rules: freshRules(),
      triage: new Triage(triage),
      respond: (alert) => responseFor(withSeverity(alert), responses),
      tellSince,
    });
  return { lookout, problems: compiled.problems.map(asProblem) };
}
