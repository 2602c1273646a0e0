import { type LookoutServiceOptions, RestrictionBook } from '@sallyport/anomaly';
import { RevealedSecrets } from '@sallyport/core';
import { LiveSecrets } from './live-secrets.ts';
import { openAlerts } from './open-alerts.ts';
import type { Policy } from './policy.ts';
import type { CommandParts } from './with-secrets.ts';

/** A watch as a policy says, for a process that guards nothing. */
export interface PolicyWatch {
  /** For `LookoutService.open`, beside `journals`. */
  readonly service: Pick<
    LookoutServiceOptions,
    'folder' | 'lookout' | 'put' | 'restrict' | 'onPlace' | 'onState'
  >;
  /** After the service was stopped: sends what sinks take, and lets go of secrets. */
  close(): Promise<void>;
}

/**
 * Opens rules, sinks and responses of a policy. What it does is told and restricts; records it writes none, since journals
 * belong to the processes that guard: those record what it restricts.
 *
 * @throws TypeError for a policy without alerts
 */
export async function openPolicyWatch(policy: Policy, { env, log }: CommandParts): Promise<PolicyWatch> {
  const { alerts: plan, secrets: secretsPlan } = policy;
  if (plan === undefined)
    throw new TypeError(
      'the policy has no alerts; add "alerts: {}", which is all detectors and rules that ship',
    );
  const secrets = new LiveSecrets(secretsPlan, {
    env,
    log,
    revealed: new RevealedSecrets(),
    onEvent: () => undefined,
    onLogin: () => undefined,
  });
  const book = await RestrictionBook.open({ folder: plan.folder, onTrouble: ({ message }) => log(message) });
  try {
    const opened = await openAlerts(plan, {
      book,
      secret: (reference) => secrets.get(reference),
      watch: (reference, listener) => secrets.watch(reference, listener),
      record: () => undefined,
      log: ({ message }) => log(message),
    });
    return {
      service: opened.service,
      close: async () => {
        await opened.close();
        book.close();
        await secrets.close();
      },
    };
  } catch (error) {
    book.close();
    await secrets.close();
    throw error;
  }
}
