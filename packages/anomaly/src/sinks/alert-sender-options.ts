import {
  type BreakerState,
  type Clock,
  type JournalFs,
  NODE_FS,
  type RetryTimes,
  SYSTEM_CLOCK,
} from '@sallyport/audit';
import { MINUTE, SECOND } from '../durations.ts';
import { positive } from '../checks.ts';
import { SEVERITIES, type Severity } from '../triage/severity.ts';
import type { AlertReceiver } from './alert-receiver.ts';

/** What happens while notices are sent. Ids, codes and counts; never a text of an alert. */
export type AlertSenderEvent =
  /** A batch was not accepted and is sent again. */
  | { readonly type: 'send_failed'; readonly code: string; readonly notices: number }
  /** It failed several times in a row. */
  | { readonly type: 'breaker_opened'; readonly code: string }
  | { readonly type: 'breaker_closed' }
  /** The receiver will never take this notice; it is in the file of rejected ones, or `kept` is false: that is full. */
  | {
      readonly type: 'rejected';
      readonly id: string;
      readonly reason: string;
      readonly alerts: number;
      readonly kept: boolean;
    }
  /** More waits than may: this notice, the oldest of the lowest severity, is not sent. */
  | { readonly type: 'dropped'; readonly id: string; readonly severity: Severity; readonly alerts: number }
  /** Files cannot be written; it is tried again. */
  | { readonly type: 'disk_failed'; readonly what: 'outbox' | 'rejected'; readonly code: string }
  /** So many lines of the outbox cannot be read; a copy ends with `suffix`, and what can be read is sent. */
  | { readonly type: 'outbox_damaged'; readonly lines: number; readonly suffix: string };

/** How a sender stands, for telemetry. All but `waiting` since it was opened. */
export interface AlertSenderStatus {
  readonly name: string;
  readonly breaker: BreakerState;
  /** Why the last batch was not accepted; undefined after one that was. */
  readonly lastError: string | undefined;
  /** Notices that are to be sent. */
  readonly waiting: number;
  /** Notices that were accepted. */
  readonly sent: number;
  /** Notices that were put again, and are sent once. */
  readonly known: number;
  /** Notices of a lower severity than this sink is told of. */
  readonly below: number;
  readonly rejected: number;
  readonly dropped: number;
}

export interface AlertSenderOptions {
  /** Names the files: `outbox-<name>.jsonl` and `<name>.rejected.jsonl`; a-z, 0-9 and dashes. */
  readonly name: string;
  /** Where the files are; one process at a time may use a name in it. */
  readonly folder: string;
  readonly receiver: AlertReceiver;
  /** Notices without an alert of this severity are left out. Default: `low`, none is. */
  readonly least?: Severity;
  /** Told what happens; what it throws is ignored. */
  readonly onEvent?: (event: AlertSenderEvent) => void;
  /** Notices that wait at most. Default: 10,000. */
  readonly mostNotices?: number;
  /** And so many bytes of them. Default: 64 MiB. */
  readonly mostBytes?: number;
  /** Bytes of the file of rejected notices. Default: 16 MiB. */
  readonly rejectedBytes?: number;
  /** A notice that is sent back so often while others of its batches are accepted is rejected. Default: 10. */
  readonly tries?: number;
  /** A batch that is not answered by then is sent again, in milliseconds. Default: 30,000. */
  readonly sendMs?: number;
  /** When the sender is stopped, what waits may still be sent for so long, in milliseconds. Default: 2,000. */
  readonly stopMs?: number;
  /** How often a receiver that may owe something is asked, in milliseconds. Default: 1,000. */
  readonly pollMs?: number;
  readonly retry?: RetryTimes;
  readonly clock?: Clock;
  /** Default: the file system of this machine. */
  readonly fs?: JournalFs;
}

export type AlertSenderSettings = Required<AlertSenderOptions>;

/** @throws TypeError for a name or a number that cannot be used */
export function alertSenderSettings(options: AlertSenderOptions): AlertSenderSettings {
  const settings: AlertSenderSettings = {
    least: 'low',
    onEvent: () => undefined,
    mostNotices: 10_000,
    mostBytes: 64 * 1024 * 1024,
    rejectedBytes: 16 * 1024 * 1024,
    tries: 10,
    sendMs: 30 * SECOND,
    stopMs: 2 * SECOND,
    pollMs: SECOND,
    // An alert is of use while it is news.
    retry: { longestMs: MINUTE },
    clock: SYSTEM_CLOCK,
    fs: NODE_FS,
    ...options,
  };
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(settings.name))
    throw new TypeError('The name of a sink of alerts has to be of a-z, 0-9 and dashes, such as soc-slack.');
  if (!SEVERITIES.includes(settings.least))
    throw new TypeError(`least of a sink of alerts must be one of ${SEVERITIES.join(', ')}.`);
  for (const [name, value] of Object.entries(settings))
    if (typeof value === 'number') positive(value, `${name} of a sink of alerts`);
  return settings;
}
