import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ShippedRecord } from '../../src/shipping/receiver.ts';
import { syslogMessages } from '../../src/shipping/syslog-message.ts';
import { SyslogReceiver } from '../../src/shipping/syslog-receiver.ts';
import { attempt, event, outcome, refused } from '../formats/some-records.ts';

const shipped = (over: Partial<ShippedRecord> = {}): ShippedRecord => ({
  sequence: 7,
  id: 'an-id',
  time: '2026-11-21T13:57:12.123Z',
  line: '{"a":1}',
  json: true,
  record: outcome(),
  ...over,
});

describe('an RFC 5424 message', () => {
  const messageOf = syslogMessages({ hostname: 'host.test' });

  test('has the header, id and sequence as structured data, and the line', () => {
    expect(messageOf(shipped())?.toString()).toBe(
      '<110>1 2026-11-21T13:57:12.123Z host.test sallyport - outcome [record@32473 id="an-id" seq="7"] {"a":1}',
    );
  });

  test.each([
    [attempt(), 110],
    [outcome({ status: 'error' }), 109],
    [refused('permission_denied'), 108],
    [refused('threat_detected'), 107],
    [event('start'), 110],
  ])('has the severity of its record: %#', (record, priority) => {
    expect(messageOf(shipped({ record }))?.toString()).toMatch(`<${priority}>1 `);
  });

  test('is one line, and gives its id and line back, whatever they hold', () => {
    const text = fc.string({ unit: 'binary', maxLength: 50 });
    fc.assert(
      fc.property(text, text, (id, line) => {
        const message = messageOf(shipped({ id, line }))?.toString() ?? '';
        expect(message).not.toMatch(/[\r\n\0]/);
        const [, escaped = '', rest] =
          /^<\d+>1 \S+ \S+ \S+ - outcome \[record@32473 id="((?:[^"\\\]]|\\["\\\]])*)" seq="7"\] (.*)$/su.exec(
            message,
          ) ?? [];
        expect(escaped.replaceAll(/\\(["\\\]])/g, '$1')).toBe(id.replaceAll(/\p{Cc}/gu, ' '));
        expect(rest).toBe(line.replaceAll(/[\r\n\0]/g, ' '));
      }),
    );
  });

  test('that would be too long is none', () => {
    const short = syslogMessages({ hostname: 'host.test', messageBytes: 120 });
    expect(short(shipped())).toBeDefined();
    expect(short(shipped({ line: 'é'.repeat(20) }))).toBeUndefined();
  });

  test('says that it has no time where a record has none', () => {
    expect(messageOf(shipped({ time: 'yesterday' }))?.toString()).toMatch('<110>1 - host.test ');
  });

  test.each([
    [{ hostname: 'two words' }, /hostname/],
    [{ hostname: '' }, /hostname/],
    [{ hostname: 'a', appName: 'x'.repeat(49) }, /appName/],
    [{ hostname: 'a', facility: 24 }, /facility/],
    [{ hostname: 'a', enterprise: 1.5 }, /enterprise/],
  ])('options that the RFC does not allow are refused: %o', (options, message) => {
    expect(() => syslogMessages(options)).toThrow(message);
  });
});

test.each([
  [{ port: 0 }, /port/],
  [{ host: '' }, /host/],
  [{ windowBytes: 0 }, /windowBytes/],
  [{ tls: {}, dangerouslyWithoutTls: true }, /exclude each other/],
  [{ tls: { certificate: 'pem' } }, /certificate and key/],
])('a syslog receiver refuses options that cannot be used: %o', (options, message) => {
  const all = { host: 'a.test', port: 6514, hostname: 'host.test', ...options };
  expect(() => new SyslogReceiver(all)).toThrow(message);
});
