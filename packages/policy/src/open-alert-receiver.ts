import {
  AlertmanagerReceiver,
  type AlertReceiver,
  FormattedReceiver,
  type NumberedNotice,
  SlackReceiver,
} from '@sallyport/anomaly';
import { createFormatter } from '@sallyport/audit';
import type { Secret } from '@sallyport/core';
import type { AlertSinkEntry } from './alerts-section.ts';
import { formatOf } from './audit-plan.ts';
import type { SinkEntry } from './audit-section.ts';
import { isChat } from './check-sink.ts';
import { LateReceiver, LateReceiverOf } from './late-receiver.ts';
import { openReceiver, secretsOf, targetOf } from './open-receiver.ts';
import type { SecretRef } from './policy-file.ts';
import { versionOfThis } from './version-of-this.ts';

const MINUTE_MS = 60_000;

type LookUp = (reference: SecretRef) => Promise<Secret>;

export interface AlertReceiverParts {
  readonly secret: LookUp;
  /** Calls back whenever the value behind a reference is another one; returns what ends that. */
  readonly watch: (reference: SecretRef, listener: () => void) => () => void;
  /** Told why it could not be made; the words hold no secret. */
  readonly onUnusable: (error: Error) => void;
}

/** A receiver whose credentials are looked up when it is used, and again when they are others. */
export interface OpenedAlertReceiver {
  readonly receiver: AlertReceiver;
  /** Resolves when its credentials were looked up, or could not be. Never rejects. */
  readonly ready: Promise<void>;
  /** Ends what was asked of `watch`; the receiver is closed by whoever uses it. */
  readonly unwatch: () => void;
}

/** Every secret of a sink for alerts. */
function secretsOfAlertSink(entry: AlertSinkEntry): readonly SecretRef[] {
  const { type, url } = entry;
  return [...secretsOf(entry), ...(isChat(type) && url !== undefined ? [url] : [])];
}

/** The receiver of a sink that was checked. It is there at once, also while its credentials cannot be had. */
export function openAlertReceiver(
  entry: AlertSinkEntry,
  { secret, watch, onUnusable }: AlertReceiverParts,
): OpenedAlertReceiver {
  const told = <T>(making: Promise<T>): Promise<T> =>
    making.catch((error: unknown) => {
      onUnusable(error as Error);
      throw error;
    });
  const audit = asAuditSink(entry);
  if (audit === undefined) {
    const Late = isChat(entry.type) ? LateChatReceiver : LateReceiverOf<NumberedNotice>;
    const late = new Late(() => told(openNoticeReceiver(entry, secret)));
    return opened(late, late, { entry, watch });
  }
  const late = new LateReceiver(() => told(openReceiver(audit, secret)));
  const formatter = createFormatter(formatOf(entry), { productVersion: versionOfThis() });
  return opened(new FormattedReceiver({ receiver: late, formatter }), late, { entry, watch });
}

/** Slack takes one message a second, and one that comes late must not have the others of its batch sent again. */
class LateChatReceiver extends LateReceiverOf<NumberedNotice> {
  readonly most = 1;
}

function opened(
  receiver: AlertReceiver,
  late: Pick<LateReceiver, 'prepare' | 'renew'>,
  { entry, watch }: { readonly entry: AlertSinkEntry } & Pick<AlertReceiverParts, 'watch'>,
): OpenedAlertReceiver {
  const unwatches = secretsOfAlertSink(entry).map((reference) => watch(reference, () => late.renew()));
  return {
    receiver,
    ready: late.prepare(),
    unwatch: () => {
      for (const unwatch of unwatches) unwatch();
    },
  };
}

/** The same sink for records; undefined for a type that takes notices alone. */
function asAuditSink({ type, url, ...rest }: AlertSinkEntry): SinkEntry | undefined {
  if (type === 'alertmanager' || isChat(type)) return undefined;
  return { ...rest, type, ...(typeof url === 'string' && { url }) };
}

async function openNoticeReceiver(entry: AlertSinkEntry, lookUp: LookUp): Promise<AlertReceiver> {
  const { type, url = '', authorization, resolveMinutes } = entry;
  const target = await targetOf(entry, lookUp);
  if (type === 'slack' || type === 'mattermost')
    return new SlackReceiver({ ...target, url: await lookUp(url), service: type });
  return new AlertmanagerReceiver({
    ...target,
    url: typeof url === 'string' ? url : '',
    ...(authorization !== undefined && { authorization: await lookUp(authorization) }),
    ...(resolveMinutes !== undefined && { resolveMs: resolveMinutes * MINUTE_MS }),
  });
}
