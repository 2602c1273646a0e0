import type { Formatter } from './formatter.ts';

/** Records and alerts as they are: the JSON that the journal holds. Lone surrogates are `\udXXX` escapes (RFC 8259, section 8.2). */
export function jsonFormatter(): Formatter {
  return {
    name: 'json',
    version: '1',
    json: true,
    record: (record) => JSON.stringify(record),
    alert: (alert) => JSON.stringify(alert),
  };
}
