import type { AlertFacts } from '@sallyport/audit';
import { createFormatter } from '@sallyport/audit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY, MINUTE } from '../src/durations.ts';
import { type Alert, Watch, WatchStateError } from '../src/index.ts';
import { hostileRecord, someStream } from './arbitrary-records.ts';
import { by, call, MONDAY, ordinaryWeeks, refused } from './some-records.ts';

function play(watch: Watch, records: readonly Parameters<Watch['observe']>[0][]): Alert[] {
  return records.flatMap((record) => watch.observe(record));
}

/** Three weeks of ordinary work have passed. */
function learned(): Watch {
  const watch = new Watch();
  play(watch, ordinaryWeeks(3));
  return watch;
}
const LATER = MONDAY + 21 * DAY;

function denials(count: number, from = LATER): ReturnType<typeof refused>[] {
  return Array.from({ length: count }, (_, n) =>
    refused(from + n * 1000, 'permission_denied', `hidden-${String(n)}`),
  );
}

describe('a watch', () => {
  test('is silent over weeks of ordinary work, the first ones too', () => {
    expect(play(new Watch(), ordinaryWeeks(6))).toEqual([]);
  });

  test('tells in one sentence what was observed and what is usual, with the records that it rests on', () => {
    const [alert] = play(learned(), denials(20));
    expect(alert).toMatchObject({
      server: 'files',
      subject: 'alice',
      severity: 'high',
      method: 'statistical',
      rule: { id: 'enumeration' },
      quarantined: false,
      runbook: 'docs/runbooks/enumeration.md',
    });
    expect(alert?.title).toMatch(
      /^\d[\d.]* distinct denied targets in an hour, where .+ is usual and more than .+ is odd\.$/,
    );
    expect(alert?.measure?.observed).toBeGreaterThan(alert?.measure?.baseline ?? Infinity);
    expect(alert?.records.length).toBeGreaterThanOrEqual(6);
  });

  test('gives alerts that every format takes as they are', () => {
    const [alert] = play(learned(), denials(20));
    const facts: AlertFacts | undefined = alert;
    for (const format of ['ocsf', 'ecs', 'json'] as const)
      expect(
        JSON.parse(createFormatter(format, { productVersion: '1' }).alert(facts as AlertFacts)),
      ).toBeTypeOf('object');
  });

  test('tells the same once in six hours, unless it grows much worse', () => {
    const watch = learned();
    expect(play(watch, denials(30)).filter(({ rule }) => rule.id === 'enumeration')).toHaveLength(1);
    const worse = play(watch, denials(60, LATER + 5 * MINUTE)).filter(
      ({ rule }) => rule.id === 'enumeration',
    );
    expect(worse).toHaveLength(1);
    expect(
      play(watch, denials(30, LATER + DAY)).filter(({ rule }) => rule.id === 'enumeration'),
    ).toHaveLength(1);
  });

  test('quotes neither names of people nor of tools in its sentences', () => {
    const alerts = play(learned(), denials(60));
    expect(alerts.length).toBeGreaterThan(0);
    for (const { title } of alerts) expect(title).not.toMatch(/alice|hidden/);
  });

  test('gives the same alerts for the same stream, ids included', () => {
    fc.assert(
      fc.property(someStream, (records) => {
        expect(play(new Watch(), records)).toEqual(play(new Watch(), records));
      }),
      { numRuns: 30 },
    );
    expect(play(learned(), denials(40))).toEqual(play(learned(), denials(40)));
  });

  test('never throws, whatever a record is', () => {
    const watch = new Watch({ learning: { days: 0.01, calls: 1, serverDays: 0, serverCalls: 0 } });
    fc.assert(
      fc.property(fc.array(hostileRecord, { maxLength: 50 }), (records) => {
        play(watch, records);
        expect(JSON.parse(JSON.stringify(watch.save()))).toEqual(watch.save());
      }),
      { numRuns: 100 },
    );
  });

  test('forgets those it saw last the longest time ago, and never holds more than it may', () => {
    const watch = new Watch({ maxPrincipals: 50, maxServers: 3 });
    for (let n = 0; n < 500; n++)
      watch.observe(
        call(MONDAY + n * 1000, { ...by(`user-${String(n)}`), server: `server-${String(n % 7)}` }),
      );
    expect(watch.size.principals).toBeLessThanOrEqual(50);
    expect(watch.size.servers).toBe(3);
    expect(watch.size.evicted).toBe(500 - watch.size.principals);
  });

  test('goes on when clocks are set back, or one record is from the future', () => {
    const watch = learned();
    watch.observe(call(LATER + 400 * DAY));
    expect(play(watch, denials(20)).map(({ rule }) => rule.id)).toContain('enumeration');
    expect(play(learned(), denials(20, MONDAY + 14 * DAY)).map(({ rule }) => rule.id)).toContain(
      'enumeration',
    );
  });

  test('learns of each server apart', () => {
    const elsewhere = denials(20).map((record) => ({ ...record, server: 'crm' }));
    const alerts = play(learned(), elsewhere);
    // Nothing is known there, so that more of it is let pass.
    expect(alerts.length).toBeGreaterThan(0);
    for (const { server, measure } of alerts) {
      expect(server).toBe('crm');
      expect(measure?.observed).toBeGreaterThan(10);
    }
  });

  test('gives no room to names of tools that never worked', () => {
    const watch = new Watch();
    for (let n = 0; n < 50; n++)
      watch.observe(call(MONDAY + n, { target: `made-up-${String(n)}`, status: 'error' }));
    expect(watch.save().servers[0]?.tools).toEqual([]);
    for (let n = 0; n < 3000; n++) watch.observe(call(LATER + n * 1000, { target: `tool-${String(n)}` }));
    expect(watch.save().servers[0]?.tools.length).toBeLessThanOrEqual(2001);
  });

  test('does not forget those it knows well for names that somebody makes up', () => {
    const watch = new Watch({ maxPrincipals: 100 });
    play(watch, ordinaryWeeks(3));
    for (let n = 0; n < 1000; n++) watch.observe(call(LATER + n, by(`made-up-${String(n)}`)));
    const subjects = watch.save().principals.map(({ subject }) => subject);
    expect(subjects).toEqual(expect.arrayContaining(['alice', 'bob', 'carol']));
  });
});

describe('a saved watch', () => {
  test('goes on as if it had never stopped', () => {
    fc.assert(
      fc.property(someStream, fc.nat(300), (records, cut) => {
        const options = {
          learning: { days: 1, calls: 5, serverDays: 0.1, serverCalls: 5 },
          maxPrincipals: 4,
        };
        const whole = new Watch(options);
        const first = new Watch(options);
        const second = new Watch(options);
        const alerts = play(whole, records);
        const before = play(first, records.slice(0, cut));
        second.restore(JSON.stringify(first.save()));
        expect([...before, ...play(second, records.slice(cut))]).toEqual(alerts);
        expect(second.save()).toEqual(whole.save());
      }),
      { numRuns: 60 },
    );
  });

  test('gives the cursor back', () => {
    const cursor = { sequence: 7, segment: 1 };
    expect(new Watch().restore(learned().save(cursor))).toEqual(cursor);
  });

  test('that is damaged is refused, and nothing changes', () => {
    const json = JSON.stringify(learned().save());
    const broken: unknown[] = [
      '',
      json.slice(0, -20),
      null,
      [],
      {},
      json.replace('"version":1', '"version":2'),
      json.replace('"calls":', '"calls":"x","was":'),
      json.replace('"servers":[', '"servers":[null,'),
      json.replaceAll('"server":0', '"server":9'),
      json.replace(/"states":\[/, '"states":[[1],'),
    ];
    const watch = learned();
    const before = JSON.stringify(watch.save());
    for (const saved of broken) expect(() => watch.restore(saved)).toThrow(WatchStateError);
    expect(JSON.stringify(watch.save())).toBe(before);
  });

  test('with any value changed is refused or used, but breaks nothing', () => {
    const json = JSON.stringify(learned().save());
    fc.assert(
      fc.property(fc.nat(json.length - 1), fc.constantFrom('9', '-', '"', '[', 'null', ''), (at, put) => {
        const watch = new Watch();
        try {
          watch.restore(json.slice(0, at) + put + json.slice(at + 1));
        } catch (error) {
          expect(error).toBeInstanceOf(WatchStateError);
        }
        play(watch, denials(30));
      }),
      { numRuns: 100 },
    );
  });

  test('can be used with other detectors on', () => {
    const watch = new Watch({ detectors: { denials: { on: false } } });
    watch.restore(learned().save());
    expect(play(watch, denials(20)).map(({ rule }) => rule.id)).toContain('enumeration');
  });
});
