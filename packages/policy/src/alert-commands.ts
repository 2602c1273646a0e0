import type { AlertsPlan } from './alerts-plan.ts';
import type { CompiledAlerts } from './compile-alerts.ts';
import type { Policy } from './policy.ts';
import type { PolicyWatch } from './policy-watch.ts';
import type { TestAlertOptions, TestedSink } from './send-test-alert.ts';
import type { CommandParts } from './with-secrets.ts';

// What commands do with alerts. `run` loads this package too, and has to be fast: what they need is loaded by them.

/** What watches as a policy says, for a replay: see `compile-alerts.ts`. */
export async function compileAlerts(plan: AlertsPlan): Promise<CompiledAlerts> {
  const { compileAlerts: compile } = await import('./compile-alerts.ts');
  return compile(plan);
}

/** Sends a test through the sinks: see `send-test-alert.ts`. */
export async function sendTestAlert(
  policy: Policy,
  options: TestAlertOptions,
): Promise<readonly TestedSink[]> {
  const { sendTestAlert: send } = await import('./send-test-alert.ts');
  return send(policy, options);
}

/** Opens rules, sinks and responses of a policy: see `policy-watch.ts`. */
export async function openPolicyWatch(policy: Policy, parts: CommandParts): Promise<PolicyWatch> {
  const { openPolicyWatch: open } = await import('./policy-watch.ts');
  return open(policy, parts);
}
