import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  type AuditRecord,
  classify,
  createFormatter,
  type FormatName,
  type Outcome,
  type Receiver,
  type ShippedRecord,
  SyslogReceiver,
  WebhookReceiver,
} from '@sallyport/audit';
import { Secret } from '@sallyport/core';
import { describe, expect, test } from 'vitest';
import { type Asked, HttpPlace } from '../../../audit/test/shipping/http-place.ts';
import { hasRsyslog, Rsyslog } from '../../../audit/test/shipping/rsyslog.ts';
import { FormattedReceiver } from '../../src/sinks/formatted-receiver.ts';
import { receiverContract } from './receiver-contract.ts';
import { alert } from '../triage/some-alerts.ts';
import { notice, of, sent } from './some-notices.ts';

const KEY = Buffer.alloc(32, 7);
const SECRET = new Secret(`whsec_${KEY.toString('base64')}`);
const SIGNAL = new AbortController().signal;

/** Standard Webhooks 1.0.0, written anew from its text: is the signature that of the id, the time and the bytes? */
function isSigned({ headers, bytes }: Asked): boolean {
  const [id, time, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
    String(headers[`webhook-${name}`]),
  );
  if (Math.abs(Date.now() / 1000 - Number(time)) > 300) return false;
  const expected = createHmac('sha256', KEY).update(`${id}.${time}.`).update(bytes).digest();
  return (signatures ?? '').split(' ').some((one) => {
    const [version, given = ''] = one.split(',');
    const signature = Buffer.from(given, 'base64');
    return version === 'v1' && signature.length === expected.length && timingSafeEqual(signature, expected);
  });
}

function webhook(place: HttpPlace, format: FormatName = 'ocsf'): FormattedReceiver {
  return new FormattedReceiver({
    receiver: new WebhookReceiver({ url: `${place.url}/hook`, secret: SECRET, dangerouslyWithoutTls: true }),
    formatter: createFormatter(format, { productVersion: '1.0.0' }),
  });
}

receiverContract('signed webhook with OCSF (labelled fixture)', async () => {
  const place = await HttpPlace.start((asked, self) => {
    if (!isSigned(asked)) return { status: 401 };
    const { records } = JSON.parse(asked.body) as {
      records: { id: string; sequence: number; data: object }[];
    };
    for (const { id, sequence, data } of records)
      self.stored.push({ id, sequence, line: JSON.stringify(data) });
    return { status: 204 };
  });
  return {
    ...place.rig(),
    receiver: () => webhook(place),
    arrived: async () => place.stored.map(({ id }) => id),
    inOrder: true,
  };
});

describe.skipIf(!hasRsyslog())('alerts as CEF over syslog with TLS', () => {
  receiverContract('a real rsyslog', async () => {
    const place = await Rsyslog.begin(
      (_folder, port) => `
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
input(type="imtcp" address="127.0.0.1" port="${String(port)}")`,
    );
    return {
      receiver: () =>
        new FormattedReceiver({
          receiver: new SyslogReceiver({
            host: 'localhost',
            port: place.port,
            tls: { ca: place.file('ca.pem') },
            hostname: 'host.test',
            settleMs: 50,
          }),
          formatter: createFormatter('cef', { productVersion: '1.0.0' }),
        }),
      arrived: async () => place.arrived().map(({ id }) => id),
      inOrder: true,
      hugeReason: 'too_large',
      goAway: () => place.kill('SIGKILL'),
      comeBack: () => place.start(),
      hang: () => place.signal('SIGSTOP'),
      resume: () => place.signal('SIGCONT'),
      dispose: () => place.dispose(),
    };
  });
});

/** A receiver of records that answers as it is told. */
class Records implements Receiver {
  readonly stored: ShippedRecord[] = [];
  unsure = 0;
  owes = false;
  outcomes: Outcome[] = [];

  async send(batch: readonly ShippedRecord[]): Promise<readonly Outcome[]> {
    this.stored.push(...batch);
    return batch.map(() => this.outcomes.shift() ?? { kind: 'accepted' });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('a formatted receiver', () => {
  const formatter = createFormatter('ocsf', { productVersion: '1.0.0' });

  test('gives each alert as one line with a number of its own, and as a record without its texts', async () => {
    const receiver = new Records();
    const both = [sent(notice(1, {}, 2), 41), sent(notice(2), 43)];
    await new FormattedReceiver({ receiver, formatter }).send(both, SIGNAL);
    expect(receiver.stored.map(({ id, sequence }) => [id, sequence])).toEqual([
      ['1-0', 41],
      ['1-1', 42],
      ['2-0', 43],
    ]);
    const [first] = receiver.stored;
    expect(JSON.parse(first?.line ?? '')).toMatchObject({ class_uid: 2004, finding_info: { uid: '1-0' } });
    const record: Partial<AuditRecord> = {
      type: 'event',
      event: 'alert_raised',
      detail: { rule: 'call-rate', severity: 'medium', method: 'statistical' },
    };
    expect(first?.record).toMatchObject(record);
    expect(JSON.stringify(first?.record)).not.toContain('alice');
  });

  test.each([
    ['low', 2],
    ['medium', 3],
    ['high', 4],
    ['critical', 5],
  ] as const)(
    'tells what reads records, such as syslog and OTLP, that an alert is %s',
    async (severity, id) => {
      const receiver = new Records();
      const batch = [sent(of(alert(0, { severity })))];
      await new FormattedReceiver({ receiver, formatter }).send(batch, SIGNAL);
      const [{ record } = {}] = receiver.stored;
      expect(record && classify(record)).toMatchObject({ code: 'alert_raised', severity: id });
    },
  );

  test('says of a notice what became of its alerts: retry before rejected before accepted', async () => {
    const receiver = new Records();
    const rejected: Outcome = { kind: 'rejected', reason: 'http_413' };
    const retry: Outcome = { kind: 'retry', code: 'busy' };
    receiver.outcomes = [{ kind: 'accepted' }, rejected, rejected, retry, { kind: 'accepted' }];
    const batch = [sent(notice(1, {}, 2)), sent(notice(2, {}, 2)), sent(notice(3))];
    const outcomes = await new FormattedReceiver({ receiver, formatter }).send(batch, SIGNAL);
    expect(outcomes).toEqual([rejected, retry, { kind: 'accepted' }]);
  });

  test.each(['json', 'ocsf', 'ecs', 'cef', 'leef'] as const)(
    'says in the last alert of a notice how many more there were: %s',
    async (format) => {
      const receiver = new Records();
      const rule = { id: 'call-rate', name: 'Unusual rate of calls' };
      const more = [{ rule, severity: 'high', count: 17 }] as const;
      await new FormattedReceiver({
        receiver,
        formatter: createFormatter(format, { productVersion: '1.0.0' }),
      }).send([sent(notice(1, { more }, 2)), sent(notice(2))], SIGNAL);
      expect(receiver.stored.map(({ line }) => line.match(/and \d+ more alerts?: [^)]*\)/)?.[0])).toEqual([
        undefined,
        'and 17 more alerts: Unusual rate of calls (17)',
        undefined,
      ]);
    },
  );

  test('is unsure of every notice that has an alert of which its receiver is unsure', async () => {
    const receiver = new Records();
    receiver.unsure = 4;
    const formatted = new FormattedReceiver({ receiver, formatter });
    await formatted.send([sent(notice(1, {}, 3)), sent(notice(2, {}, 3)), sent(notice(3, {}, 2))], SIGNAL);
    expect(formatted.unsure).toBe(2);
    receiver.unsure = 0;
    expect(formatted.unsure).toBe(0);
    receiver.owes = true;
    expect(formatted.owes).toBe(true);
  });
});
