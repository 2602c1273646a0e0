import { loadPolicy, sendTestAlert, type TestedSink } from '@sallyport/policy';
import { complain } from '../complain.ts';
import { isExpectedOfPolicy } from '../expected-error.ts';
import { readyMadePolicies } from '../ready-made-policies.ts';
import { print, style } from '../terminal.ts';

export interface AlertsTestOptions {
  readonly policy: string;
  /** Default: all of them. */
  readonly sink?: string;
  readonly json?: boolean;
}

/**
 * Sends a test through the sinks of a policy and prints what each answered. Returns the exit code: 0, 1 when one did not take
 * it, 2 when the policy cannot be used or has no such sink.
 */
export async function alertsTest({ policy: file, sink, json }: AlertsTestOptions): Promise<number> {
  let tested: readonly TestedSink[];
  try {
    const policy = await loadPolicy(file, { readyMade: readyMadePolicies() });
    tested = await sendTestAlert(policy, { sink, env: process.env, log: complain });
  } catch (error) {
    if (!isExpectedOfPolicy(error)) throw error;
    complain((error as Error).message);
    return 2;
  }
  if (json === true) print(JSON.stringify(tested, undefined, 2));
  else show(tested);
  return tested.every(({ accepted }) => accepted) ? 0 : 1;
}

function show(tested: readonly TestedSink[]): void {
  const widest = Math.max(...tested.map(({ sink }) => sink.length));
  for (const { sink, type, accepted, why } of tested) {
    const mark = accepted ? style.green('ok  ') : style.red('FAIL');
    print(`${mark}  ${sink.padEnd(widest)}  ${type}${why === '' ? '' : `: ${why}`}`);
  }
  const failed = tested.filter(({ accepted }) => !accepted).length;
  const all = `${tested.length} ${tested.length === 1 ? 'sink' : 'sinks'}`;
  print(
    failed === 0
      ? style.green(`The test alert was taken by ${all}.`)
      : style.red(`${failed} of ${all} did not take the test alert.`),
  );
}
