import type { EventRecord } from '@sallyport/audit';
import type { LogLevel } from '@sallyport/core';
import type { SecretEvent } from '@sallyport/secrets';

/** What is said of something that happened to a secret; never its value. */
export interface ToldOfSecret {
  readonly record: EventRecord['event'];
  readonly detail: Readonly<Record<string, string | number>>;
  /** Undefined: only for the record. */
  readonly level: LogLevel | undefined;
  readonly message: string;
}

export function toldOfSecret(event: SecretEvent): ToldOfSecret {
  const { reference } = event;
  const version = 'version' in event && event.version !== undefined ? { version: event.version } : {};
  switch (event.type) {
    case 'resolved':
      return {
        record: 'secret_resolved',
        detail: { reference, ...version },
        level: undefined,
        message: `${reference} was looked up`,
      };
    case 'rotated':
      return {
        record: 'secret_rotated',
        detail: { reference, ...version },
        level: 'info',
        message: `${reference} has a new value`,
      };
    case 'failed':
      return {
        record: 'secret_failed',
        detail: { reference, code: event.code },
        level: 'warn',
        message: `${reference} cannot be read: ${event.code}`,
      };
    case 'stale_served':
      return {
        record: 'secret_stale',
        detail: { reference },
        level: 'warn',
        message: `${reference} cannot be read, and its last value is used for now`,
      };
    case 'recovered':
      return {
        record: 'secret_recovered',
        detail: { reference, outageMs: event.outageMs },
        level: 'info',
        message: `${reference} can be read again`,
      };
  }
}
