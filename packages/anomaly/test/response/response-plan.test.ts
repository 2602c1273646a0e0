import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ResponseEntry, responseFor, ResponsePlan } from '@sallyport/anomaly';
import { someAlert } from './response-bench.ts';

const planOf = (responses: readonly ResponseEntry[], never: readonly string[] = []): ResponsePlan =>
  new ResponsePlan({ responses, never });

describe('a response plan', () => {
  test('that says nothing only alerts', () => {
    expect(responseFor(someAlert(), new ResponsePlan())).toEqual({ kind: 'alert' });
    expect(responseFor(someAlert(), planOf([{ rule: 'other', quarantine: 'subject' }]))).toEqual({
      kind: 'alert',
    });
  });

  test.each([
    [{ quarantine: 'subject' }, { kind: 'quarantine', of: { subject: 'alice' }, minutes: 60 }],
    [
      { quarantine: 'target', minutes: 5 },
      { kind: 'quarantine', of: { server: 'ehr', target: 'export' }, minutes: 5 },
    ],
    [{ approval: 'server' }, { kind: 'approval', of: { server: 'ehr' }, minutes: 60 }],
    [{ alertOnly: true }, { kind: 'alert' }],
    [{}, { kind: 'alert' }],
  ] as const)('restricts what it names: %j', (entry, response) => {
    expect(responseFor(someAlert(), planOf([entry]))).toEqual(response);
  });

  test.each(['bytes-out', 'Bytes out', 'BYTES*', '*'])('knows a rule by its id and its title: %s', (rule) => {
    expect(responseFor(someAlert(), planOf([{ rule, quarantine: 'subject' }])).kind).toBe('quarantine');
  });

  test('takes the first entry that agrees', () => {
    const plan = planOf([
      { rule: 'bytes-out', severity: 'critical', quarantine: 'server' },
      { rule: 'bytes-*', approval: 'target' },
      { quarantine: 'subject' },
    ]);
    expect(responseFor(someAlert(), plan)).toMatchObject({ kind: 'approval' });
    expect(responseFor(someAlert({ severity: 'critical' }), plan)).toMatchObject({ of: { server: 'ehr' } });
    expect(responseFor(someAlert({ rule: { id: 'x', name: 'X' } }), plan)).toMatchObject({
      of: { subject: 'alice' },
    });
    const exempt = planOf([{ rule: 'bytes-out', alertOnly: true }, { quarantine: 'subject' }]);
    expect(responseFor(someAlert(), exempt)).toEqual({ kind: 'alert' });
  });

  test('with a severity leaves what is less severe alone', () => {
    const order = ['low', 'medium', 'high', 'critical'] as const;
    for (const [at, least] of order.entries())
      for (const [given, severity] of order.entries())
        expect(
          responseFor(someAlert({ severity }), planOf([{ severity: least, quarantine: 'subject' }])).kind,
        ).toBe(given >= at ? 'quarantine' : 'alert');
  });

  test('only alerts, and says why, where the alert does not say which one is meant', () => {
    const { subject: _, target: __, ...bare } = someAlert();
    const reason = (alert: Parameters<typeof responseFor>[0], entry: ResponseEntry): unknown =>
      responseFor(alert, planOf([entry]));
    expect(reason(bare, { quarantine: 'subject' })).toEqual({
      kind: 'alert',
      reason: 'The plan restricts the subject, and the alert names none.',
    });
    expect(reason(bare, { approval: 'target' })).toMatchObject({
      reason: expect.stringContaining('target') as string,
    });
    expect(reason(someAlert({ server: '' }), { quarantine: 'target' })).toMatchObject({ kind: 'alert' });
    const hidden = someAlert({ target: `file:...(hmac-sha256 ${'0'.repeat(64)})` });
    expect(reason(hidden, { quarantine: 'target' })).toMatchObject({
      kind: 'alert',
      reason: expect.stringContaining('hide') as string,
    });
    expect(reason(someAlert({ subject: 'subject:unknown' }), { quarantine: 'subject' })).toMatchObject({
      kind: 'alert',
    });
  });

  test('leaves everybody who did not say who they are alone, unless it says otherwise', () => {
    const anonymous = someAlert({ subject: 'anonymous' });
    for (const entry of [{ quarantine: 'subject' }, { approval: 'subject' }] as const) {
      expect(responseFor(anonymous, planOf([entry]))).toEqual({
        kind: 'alert',
        reason: 'The plan restricts the subject, and this one is everybody who did not say who they are.',
      });
      expect(responseFor(anonymous, planOf([{ ...entry, anonymous: true }]))).toMatchObject({
        of: { subject: 'anonymous' },
      });
    }
    expect(responseFor(anonymous, planOf([{ quarantine: 'target' }])).kind).toBe('quarantine');
  });

  test.each([
    [['monitor-*'], { subject: 'monitor-1' }],
    [['ehr'], {}],
    [['ehr/export'], {}],
    [['*/export'], {}],
  ])('never restricts what it spares: %j', (never, alert) => {
    const response = responseFor(someAlert(alert), planOf([{ quarantine: 'target' }], never));
    expect(response).toEqual({
      kind: 'alert',
      reason: 'The plan never restricts what the alert is about.',
    });
    expect(responseFor(someAlert({ server: 'lab' }), planOf([{ quarantine: 'server' }], never)).kind).toBe(
      'quarantine',
    );
  });

  test.each([
    [{ quarantine: 'subject', approval: 'subject' }, 'only one of'],
    [{ quarantine: 'subject', alertOnly: true }, 'only one of'],
    [{ quarantine: 'principal' }, 'subject, target or server'],
    [{ severity: 'urgent' }, 'low, medium, high, critical'],
    [{ minutes: 0 }, '1 to 10080'],
    [{ minutes: 10_081 }, '1 to 10080'],
    [{ minutes: 1.5 }, '1 to 10080'],
    [{ rule: '' }, 'pattern'],
    [{ alertOnly: false }, 'alertOnly'],
    [{ quarantine: 'subject', anonymous: false }, 'anonymous must be true'],
    [{ quarantine: 'target', anonymous: true }, 'beside quarantine: subject'],
    [{ quarantines: 'subject' }, 'quarantines'],
    [null, 'object'],
  ])('that nobody can follow is refused with what to write: %j', (entry, message) => {
    expect(() => planOf([entry as ResponseEntry])).toThrow(TypeError);
    expect(() => planOf([entry as ResponseEntry])).toThrow(message);
    expect(() => planOf([], [''])).toThrow('never[0]');
  });

  test('decides as somebody would who reads the entries from the first to the last', () => {
    const entry = fc.record({
      rule: fc.constantFrom('bytes-out', 'denials', '*s', '*'),
      severity: fc.constantFrom('low', 'medium', 'high', 'critical'),
      quarantine: fc.constantFrom('subject', 'target', 'server'),
    }) as fc.Arbitrary<ResponseEntry>;
    const id = fc.constantFrom('bytes-out', 'denials', 'other');
    const severity = fc.constantFrom('low', 'medium', 'high', 'critical');
    const order = ['low', 'medium', 'high', 'critical'];
    const agrees = (rule: string, name: string): boolean =>
      rule === '*' || rule === name || (rule === '*s' && name.endsWith('s'));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), id, severity, (entries, name, given) => {
        const expected = entries.find(
          ({ rule = '', severity = 'low' }) =>
            agrees(rule, name) && order.indexOf(given) >= order.indexOf(severity),
        );
        const scope = expected?.quarantine;
        const of = { subject: { subject: 'alice' }, server: { server: 'ehr' }, target: { target: 'export' } };
        const alert = someAlert({ rule: { id: name, name }, severity: given as 'low' });
        expect(responseFor(alert, planOf(entries))).toMatchObject(
          scope === undefined ? { kind: 'alert' } : { kind: 'quarantine', of: of[scope] },
        );
      }),
    );
  });
});
