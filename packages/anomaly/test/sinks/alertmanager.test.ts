import { Secret } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HttpPlace, type Said } from '../../../audit/test/shipping/http-place.ts';
import { HOUR } from '../../src/durations.ts';
import { postableAlerts } from '../../src/sinks/alertmanager-alerts.ts';
import {
  AlertmanagerReceiver,
  type AlertmanagerReceiverOptions,
} from '../../src/sinks/alertmanager-receiver.ts';
import { alert } from '../triage/some-alerts.ts';
import { AlertmanagerPlace, hasAlertmanager } from './alertmanager-place.ts';
import { receiverContract } from './receiver-contract.ts';
import { putAll, SenderBench, until } from './sender-bench.ts';
import { hostileAlerts, notice, notices, of, sent } from './some-notices.ts';

function receiverFor(url: string, options: Partial<AlertmanagerReceiverOptions> = {}): AlertmanagerReceiver {
  return new AlertmanagerReceiver({ url, dangerouslyWithoutTls: true, ...options });
}

const SIGNAL = new AbortController().signal;
const byText = (a: string, b: string): number => a.localeCompare(b);

describe.skipIf(!hasAlertmanager())('a real Alertmanager', () => {
  receiverContract('Alertmanager', async () => {
    const place = await AlertmanagerPlace.begin();
    return {
      receiver: () => receiverFor(place.url),
      arrived: () => place.ids(),
      inOrder: false,
      goAway: async () => {
        await place.ids();
        await place.kill('SIGKILL');
      },
      comeBack: () => place.begin(),
      hang: () => place.signal('SIGSTOP'),
      resume: () => place.signal('SIGCONT'),
      dispose: () => place.dispose(),
    };
  });

  test('has labels to route by, annotations to read, and an end that has not come yet', async () => {
    const place = await AlertmanagerPlace.begin();
    try {
      const receiver = receiverFor(place.url, { externalUrl: 'https://sallyport.example/alerts' });
      const [one] = notice('one').alerts;
      const facts = { ...one, quarantined: true, records: ['record-1', 'record-2'] };
      expect(await receiver.send([sent(of(facts, { repeated: 3 }))], SIGNAL)).toEqual([{ kind: 'accepted' }]);
      const [got] = await place.alerts();
      expect(got?.labels).toEqual({
        alertname: 'Unusual rate of calls',
        severity: 'medium',
        sallyport_server: 'files',
        subject: 'alice',
        target: 'one-0',
        rule_id: 'call-rate',
        method: 'statistical',
        group: 'a1b2c3d4'.repeat(4),
      });
      expect(got?.annotations).toEqual({
        summary: facts.title,
        alert_id: 'one-0',
        runbook_url: 'https://docs.example/runbooks/call-rate.md',
        records: 'record-1 record-2',
        measure: 'calls per minute',
        observed: '412',
        baseline: '30',
        quarantined: 'true',
        repeated: '3',
      });
      expect(got?.generatorURL).toBe('https://sallyport.example/alerts');
      expect(got?.startsAt).toBe(facts.time);
      expect(Date.parse(got?.endsAt ?? '')).toBeGreaterThan(Date.now());
      await receiver.close();
    } finally {
      await place.dispose();
    }
  });

  test('keeps one alert that comes again as one, shows a late one as active, and groups by whom they are about', async () => {
    const heard: { alerts: unknown[]; groupLabels: Record<string, string> }[] = [];
    const soc = await HttpPlace.start(({ body }) => {
      heard.push(JSON.parse(body) as (typeof heard)[number]);
      return { status: 200 };
    });
    const place = await AlertmanagerPlace.begin(`${soc.url}/`);
    try {
      const receiver = receiverFor(place.url);
      const late = alert(-600, { id: 'late', time: new Date(Date.now() - 5 * HOUR).toISOString() });
      const bob = alert(0, { id: 'bob', subject: 'bob', time: new Date().toISOString() });
      const batch = [of(late), of({ ...late, id: 'again' }), of(bob)].map((one) => sent(one));
      await receiver.send(batch, SIGNAL);
      const listed = JSON.parse(place.amtool('alert', 'query', '-o', 'json')) as {
        labels: Record<string, string>;
        status: { state: string };
      }[];
      expect(listed.map(({ labels }) => labels['subject'] ?? '').toSorted(byText)).toEqual(['alice', 'bob']);
      expect(listed.map(({ status }) => status.state)).not.toContain('suppressed');
      await until(() => heard.length >= 2);
      expect(heard.map(({ groupLabels }) => groupLabels['subject'] ?? '').toSorted(byText)).toEqual([
        'alice',
        'bob',
      ]);
      expect(heard.map(({ alerts }) => alerts.length)).toEqual([1, 1]);
      expect(place.amtool('check-config', `${place.folder}/config.yml`)).toContain('SUCCESS');
      await receiver.close();
    } finally {
      await place.dispose();
      await soc.goAway();
    }
  });
});

describe('an Alertmanager receiver (labelled fixture)', () => {
  let place: HttpPlace;
  let bench: SenderBench;
  let next: Said[];
  beforeEach(async () => {
    next = [];
    place = await HttpPlace.start(({ body }, self) => {
      const planned = next.shift();
      if (planned !== undefined) return planned;
      const alerts = JSON.parse(body) as { annotations: { alert_id: string } }[];
      if (body.includes('"bad-')) return { status: 400, body: 'invalid label set' };
      for (const { annotations } of alerts)
        self.stored.push({ id: annotations.alert_id, sequence: 0, line: '' });
      return { status: 200 };
    });
    bench = new SenderBench();
  });
  afterEach(async () => {
    await bench.dispose();
    await place.goAway();
  });

  test('rejects the one notice that is meant by a 400, and the others arrive', async () => {
    const sender = await bench.sender(receiverFor(place.url));
    await putAll(sender, [...notices(0, 5), notice('bad'), ...notices(5, 9)]);
    await until(() => sender.status.sent === 9);
    expect(new Set(place.stored.map(({ id }) => id)).size).toBe(9);
    expect(bench.rejected()).toMatchObject([{ reason: 'http_400', record: { id: 'bad-0' } }]);
    expect(bench.told('rejected')).toMatchObject([{ id: 'bad-0', alerts: 1, kept: true }]);
  });

  test.each([302, 401, 403, 404, 429, 500, 503])(
    'status %i loses nothing: it is sent again',
    async (status) => {
      next = [{ status }, { status }];
      await putAll(await bench.sender(receiverFor(place.url)), notices(0, 3));
      await until(() => place.stored.length === 3);
      expect(bench.told('send_failed').map(({ code }) => code)).toEqual([
        `http_${String(status)}`,
        `http_${String(status)}`,
      ]);
    },
  );

  test('posts behind the path of a proxy, with the header that it was given', async () => {
    const authorization = new Secret('Bearer abc.def');
    await receiverFor(`${place.url}/prefix/`, { authorization }).send([sent(notice(1))], SIGNAL);
    expect(place.asked[0]?.path).toBe('/prefix/api/v2/alerts');
    expect(place.asked[0]?.headers.authorization).toBe('Bearer abc.def');
  });

  test('labels and annotations are short, valid and without what cannot be seen', () => {
    for (const one of hostileAlerts()) {
      const options = { now: 0, resolveMs: HOUR, externalUrl: undefined };
      const [{ labels, annotations } = { labels: {}, annotations: {} }] = postableAlerts(of(one), options);
      for (const [name, value] of Object.entries({ ...labels, ...annotations })) {
        expect(name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
        expect(value).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Bidi_Control}]/u);
        expect(value.length).toBeGreaterThan(0);
        expect(value.length).toBeLessThanOrEqual(name in labels ? 200 : 4000);
      }
    }
  });

  test('two long names stay two alerts', () => {
    const options = { now: 0, resolveMs: HOUR, externalUrl: undefined };
    const [a, b] = ['a', 'b'].map(
      (end) => postableAlerts(of(alert(0, { subject: 'x'.repeat(900) + end })), options)[0],
    );
    expect(a?.labels['subject']).not.toBe(b?.labels['subject']);
  });

  test.each([
    [{ authorization: new Secret('two\nlines') }, /header such as Bearer/],
    [{ externalUrl: 'javascript:alert(1)' }, /externalUrl/],
    [{ resolveMs: 0 }, /resolveMs/],
    [{ dangerouslyWithoutTls: false }, /https:/],
  ])('an option that cannot be used is refused with what to write', (options, message) => {
    expect(() => receiverFor('http://alerts.example', options)).toThrow(message);
  });
});
