import type { AlertSenderEvent } from '@sallyport/anomaly';
import type { Told } from './trail-events.ts';

/** What is said of something that happened to a sink for alerts. */
export function toldOfAlertSink(sink: string, event: AlertSenderEvent): Told | undefined {
  switch (event.type) {
    case 'breaker_opened':
      return {
        event: 'alert_sink_failed',
        level: 'error',
        detail: { sink, code: event.code },
        message: `alert sink ${sink} does not take alerts (${event.code}); they wait for it`,
      };
    case 'breaker_closed':
      return {
        event: 'alert_sink_recovered',
        level: 'info',
        detail: { sink },
        message: `alert sink ${sink} takes alerts again`,
      };
    case 'rejected':
      return {
        event: 'alert_sink_rejected',
        level: 'error',
        detail: { sink, alert: event.id, reason: event.reason, alerts: event.alerts },
        message: event.kept
          ? `alert sink ${sink} rejected ${countOf(event.alerts)} (${event.reason}); see ${sink}.rejected.jsonl`
          : `alert sink ${sink} rejected ${countOf(event.alerts)} (${event.reason}), and the file for those is full`,
        often: true,
      };
    case 'dropped':
      return {
        event: 'alert_dropped',
        level: 'error',
        detail: { sink, alert: event.id, severity: event.severity, alerts: event.alerts },
        message: `alert sink ${sink} will not get ${countOf(event.alerts)} of severity ${event.severity}: it was away for too long, or what waits for it cannot be kept`,
        often: true,
      };
    case 'disk_failed':
      return {
        event: 'alert_sink_failed',
        level: 'error',
        detail: { sink, code: event.code, what: event.what },
        message: `alert sink ${sink}: what waits for it cannot be written (${event.code})`,
        often: true,
      };
    case 'outbox_damaged':
      return {
        event: 'alert_sink_failed',
        level: 'error',
        detail: { sink, code: 'outbox_damaged', lines: event.lines },
        message: `alert sink ${sink}: ${event.lines} lines of what waited for it cannot be read; a copy is in outbox-${sink}.jsonl${event.suffix}`,
      };
    case 'send_failed':
      return undefined;
  }
}

function countOf(alerts: number): string {
  return alerts === 1 ? '1 alert' : `${alerts} alerts`;
}
