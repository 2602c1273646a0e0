import { createHash } from 'node:crypto';
import type { Notice } from '@sallyport/anomaly';
import type { Outcome } from '@sallyport/audit';
import { uuidv7 } from '@sallyport/core';
import type { AlertSinkEntry } from './alerts-section.ts';
import { openAlertReceiver } from './open-alert-receiver.ts';
import type { Policy } from './policy.ts';
import { type CommandParts, withSecrets } from './with-secrets.ts';

export interface TestAlertOptions extends CommandParts {
  /** The name of one. Default: all sinks. */
  readonly sink?: string | undefined;
  /** How long a sink may take, in milliseconds. Default: 15,000. */
  readonly timeoutMs?: number;
  /** Milliseconds since the epoch. Default: the time of the system. */
  readonly now?: () => number;
  /** UUIDv7. Default: a new one. */
  readonly newId?: () => string;
}

/** What one sink answered. */
export interface TestedSink {
  readonly sink: string;
  readonly type: string;
  readonly accepted: boolean;
  /** Why not; a word or number of the protocol first, and never a secret. Empty when it was accepted. */
  readonly why: string;
}

const TIMEOUT_MS = 15_000;

/**
 * Sends one alert, which says that it is a test, to every sink, past what waits for them: a process that runs goes on
 * undisturbed.
 *
 * @throws TypeError for a policy without such a sink
 */
export async function sendTestAlert(
  policy: Policy,
  options: TestAlertOptions,
): Promise<readonly TestedSink[]> {
  const { sink: only } = options;
  const sinks = [...(policy.alerts?.sinks ?? [])];
  const meant = only === undefined ? sinks : sinks.filter(([name]) => name === only);
  if (meant.length === 0) {
    const known = sinks.map(([name]) => name).join(', ');
    throw new TypeError(
      only === undefined || known === ''
        ? 'the policy has no sink for alerts; add "alerts: { sinks: { oncall: { type: alertmanager, url: https://... } } }"'
        : `the policy has no sink "${only}" for alerts; there are ${known}`,
    );
  }
  const notice = testNotice(options);
  return withSecrets(policy, options, (secrets) =>
    Promise.all(
      meant.map(async ([sink, entry]) => {
        const why = await trySink(entry, notice, {
          secret: (reference) => secrets.get(reference),
          timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
        });
        return { sink, type: entry.type, accepted: why === '', why };
      }),
    ),
  );
}

function testNotice({ now = Date.now, newId = uuidv7 }: TestAlertOptions): Notice {
  const id = newId();
  return {
    id,
    group: createHash('sha256').update(id).digest('hex').slice(0, 32),
    alerts: [
      {
        id,
        time: new Date(now()).toISOString(),
        server: 'test',
        title: 'TEST: sent by "sallyport alerts test". Nothing happened, and nothing has to be done.',
        severity: 'low',
        rule: { id: 'test', name: 'Test alert' },
        method: 'rule',
        records: [],
        quarantined: false,
      },
    ],
    repeated: 0,
  };
}

async function trySink(
  written: AlertSinkEntry,
  notice: Notice,
  {
    secret,
    timeoutMs,
  }: Pick<Parameters<typeof openAlertReceiver>[1], 'secret'> & { readonly timeoutMs: number },
): Promise<string> {
  // A test is over soon.
  const entry = written.type === 'alertmanager' ? { ...written, resolveMinutes: 1 } : written;
  const { receiver } = openAlertReceiver(entry, {
    secret,
    watch: () => () => undefined,
    onUnusable: () => undefined,
  });
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const sent = receiver.send([{ ...notice, sequence: 1 }], signal);
    const [outcome] = await Promise.race([sent, aborted(signal)]);
    return whyNot(outcome);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === undefined ? message : `${code}: ${message}`;
  } finally {
    await receiver.close().catch(() => undefined);
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(Object.assign(new Error('There was no answer in time.'), { code: 'timeout' }));
    });
  });
}

function whyNot(outcome: Outcome | undefined): string {
  switch (outcome?.kind) {
    case 'accepted':
      return '';
    case 'rejected':
      return `${outcome.reason}: it will never take such an alert`;
    case 'retry':
      return `${outcome.code}: it does not take alerts now`;
    case undefined:
      return 'it did not answer';
  }
}
