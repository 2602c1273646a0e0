import type { AuditRecord } from '@sallyport/audit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Lookout, LookoutStateError, type RaisedAlert, Watch, WatchStateError } from '../../src/index.ts';
import { Triage } from '../../src/triage/triage.ts';
import { hostileRecord, someStream } from '../arbitrary-records.ts';
import { MONDAY, ordinaryWeeks, refused } from '../some-records.ts';
import { DAY } from '../../src/durations.ts';
import { someRules, traffic } from './support.ts';

function lookout(options: ConstructorParameters<typeof Lookout>[0] = {}): Lookout {
  return new Lookout({ rules: someRules(), ...options });
}

function play(one: Lookout, records: readonly AuditRecord[]): RaisedAlert[] {
  return records.flatMap((record) => one.observe(record, 'files/0'));
}

describe('a lookout', () => {
  test('raises what detectors and rules find, under ids that the same record always gives', () => {
    const raised = play(lookout(), traffic(300));
    expect(raised.length).toBeGreaterThan(30);
    expect(new Set(raised.map(({ alert }) => alert.id)).size).toBe(raised.length);
    expect(raised[0]).toMatchObject({ journal: 'files/0', fate: 'told', alert: { method: 'rule' } });
    for (const { alert } of raised)
      expect(alert.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(play(lookout(), traffic(300))).toEqual(raised);
    const odd = play(new Lookout(), [
      ...ordinaryWeeks(3),
      ...Array.from({ length: 20 }, (_, n) =>
        refused(MONDAY + 21 * DAY + n * 1000, 'permission_denied', `hidden-${String(n)}`),
      ),
    ]);
    expect(odd[0]?.alert.method).toBe('statistical');
  });

  test('never hears itself', () => {
    const one = lookout();
    const own = { ...traffic(10)[9], type: 'event', event: 'alert_raised' } as unknown as AuditRecord;
    expect(play(one, [own, { ...own, event: 'watch_standby' } as unknown as AuditRecord])).toEqual([]);
    expect(one.counts).toMatchObject({ records: 0, own: 2 });
  });

  test('goes on from what it saved as if it had never stopped', () => {
    fc.assert(
      fc.property(someStream, fc.double({ min: 0, max: 1, noNaN: true }), (records, share) => {
        const at = Math.floor(records.length * share);
        const whole = lookout();
        const [before, after] = [lookout(), lookout()];
        play(before, records.slice(0, at));
        const saved: unknown = JSON.parse(JSON.stringify(before.save({ at })));
        expect(after.restore(saved)).toEqual({ at });
        play(whole, records.slice(0, at));
        expect(play(after, records.slice(at))).toEqual(play(whole, records.slice(at)));
        expect(after.save(1)).toEqual(whole.save(1));
        expect(after.nextDue).toBe(whole.nextDue);
      }),
      { numRuns: 50 },
    );
  });

  test('throws for no record, and its alerts are what their types say', () => {
    const text = fc.oneof(fc.string(), fc.constant('x'.repeat(100_000)), fc.constant(undefined));
    const odd = fc
      .record({ id: fc.oneof(text, fc.anything()), server: fc.anything(), target: text, subject: text })
      .map(({ id, server, target, subject }) => {
        return { ...refused(MONDAY, 'permission_denied'), id, server, target, principal: { subject } };
      });
    const depth = 5000;
    const deep = JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as AuditRecord;
    const one = lookout();
    expect(
      one.observe({ ...refused(MONDAY, 'permission_denied'), detail: deep } as AuditRecord),
    ).toBeDefined();
    fc.assert(
      fc.property(fc.oneof(hostileRecord, odd as unknown as typeof hostileRecord), (record) => {
        for (const { alert } of one.observe(record)) {
          expect(typeof alert.server).toBe('string');
          expect(alert.subject ?? '').toBeTypeOf('string');
          expect(JSON.stringify(alert).length).toBeLessThan(50_000);
          for (const id of alert.records) expect(typeof id).toBe('string');
        }
      }),
      { numRuns: 300 },
    );
  });

  test('counts alerts from before anybody listened, and neither tells them nor answers them', () => {
    const asked: string[] = [];
    const one = lookout({
      tellSince: MONDAY + 15_000,
      respond: ({ time }) => {
        asked.push(time);
        return { kind: 'alert' };
      },
    });
    const raised = play(one, traffic(300));
    const old = raised.filter(({ fate }) => fate === 'old');
    expect(old.length).toBeGreaterThan(5);
    expect(one.counts).toMatchObject({ alerts: raised.length, old: old.length, records: 300 });
    expect(old.flatMap(({ notices }) => notices)).toEqual([]);
    for (const time of asked) expect(Date.parse(time)).toBeGreaterThanOrEqual(MONDAY + 15_000);
    const after = lookout();
    after.restore(one.save(null));
    expect(play(after, traffic(100)).every(({ fate }) => fate === 'old')).toBe(true);
  });

  test('marks what is quarantined, and leaves those alone whose alerts are suppressed', () => {
    const respond = () => ({ kind: 'quarantine', of: { subject: 'subject-2' }, minutes: 5 }) as const;
    const [raised] = play(lookout({ respond }), traffic(10));
    expect(raised).toMatchObject({ alert: { quarantined: true }, response: { kind: 'quarantine' } });
    expect(raised?.notices[0]?.alerts[0].quarantined).toBe(true);
    const triage = new Triage({ suppress: [{ rule: '*', reason: 'maintenance' }] });
    const [quiet] = play(lookout({ respond, triage }), traffic(10));
    expect(quiet).toMatchObject({ fate: 'suppressed', reason: 'maintenance', notices: [] });
    expect(quiet?.response).toBeUndefined();
  });

  test('restricts no more different things of one rule than somebody causes who does not make up names, and says so', () => {
    const denied = Array.from({ length: 200 }, (_, n) => ({
      ...refused(MONDAY + n * 1000, 'permission_denied', `made-up-${String(n)}`),
      id: `d-${String(n)}`,
    }));
    const respond = ({ server, target = '' }: RaisedAlert['alert']) =>
      ({ kind: 'quarantine', of: { server, target }, minutes: 60 }) as const;
    const raised = play(lookout({ respond }), denied).filter(({ alert }) => alert.rule.name === 'A refusal');
    expect(raised).toHaveLength(200);
    const restricting = raised.filter(({ response }) => response !== undefined);
    expect(restricting).toEqual(raised.slice(0, 20));
    expect(restricting.every(({ alert }) => alert.quarantined)).toBe(true);
    for (const one of raised.slice(20)) {
      expect(one).toMatchObject({
        alert: { quarantined: false },
        isOverBudget: true,
        reason: expect.stringContaining('within an hour') as string,
      });
      expect(one.fate).not.toBe('suppressed');
    }
    // What nobody wants to hear of restricts nothing, and uses nothing up.
    const triage = new Triage({ suppress: [{ target: 'made-up-1*', reason: 'a scan' }] });
    const rest = play(lookout({ respond, triage }), denied).filter(({ response }) => response !== undefined);
    const last = rest.findLast(({ alert }) => alert.rule.name === 'A refusal');
    expect(last?.alert.target).toBe('made-up-30');
  });

  test('says why nothing is restricted that the policy wants restricted', () => {
    const respond = () => ({ kind: 'alert', reason: 'The plan says no.' }) as const;
    expect(play(lookout({ respond }), traffic(10))).toMatchObject([
      { fate: 'told', reason: 'The plan says no.' },
    ]);
  });

  test('raises an alert also where what decides about it throws', () => {
    const one = lookout({
      respond: () => {
        throw new Error('no');
      },
    });
    expect(play(one, traffic(10))).toMatchObject([{ fate: 'failed', notices: [] }]);
    expect(one.counts).toMatchObject({ records: 10, alerts: 1, failed: 1 });
  });

  test('takes no state that it did not write', () => {
    const good = lookout().save(null);
    const [first, ...rest] = good;
    const head = first?.[1] as object;
    const withHead = (more: object): unknown[] => [['lookout', { ...head, ...more }], ...rest];
    const without = (kind: string): unknown[] => good.filter((part) => part[0] !== kind);
    const instead = (kind: string, value: unknown): unknown[] =>
      good.map((part) => (part[0] === kind ? [kind, value] : part));
    for (const bad of [undefined, null, 'x', {}, [], [null], [['lookout', null]], [...good, ['end']]])
      expect(() => lookout().restore(bad)).toThrow(LookoutStateError);
    for (const bad of [withHead({ version: 1 }), withHead({ tellSince: 'x' }), { ...head, version: 1 }])
      expect(() => lookout().restore(bad)).toThrow(LookoutStateError);
    for (const bad of [without('end'), without('watch'), rest, instead('triage', { v: 9 })])
      expect(() => lookout().restore(bad)).toThrow(LookoutStateError);
    for (const part of [7, ['more', 'groups', []], ['tool', ['x', 1, 1, []]], ['other', {}]])
      expect(() => lookout().restore(good.toSpliced(2, 0, part as never))).toThrow(LookoutStateError);
    expect(() => lookout().restore({ ...head, version: 1 })).toThrow('another version');
    expect(() => new Watch().restore(good)).toThrow(WatchStateError);
  });
});
