import { describe, expect, test } from 'vitest';
import { alertOf } from '@sallyport/anomaly';
import { all, compiled, event, messages, outcome, rule } from './records.ts';

const REFUSED = rule(
  { selection: { status: 'refused' }, condition: 'selection' },
  { name: 'refused', title: 'A refusal' },
);
const ANSWERED = rule(
  { selection: { status: 'ok' }, condition: 'selection' },
  { name: 'answered', id: '7e8cbd1f-9f53-4d0c-8d8f-1f1a5a3f0a02' },
);
const STARTED = rule(
  { selection: { event: 'start' }, condition: 'selection' },
  { name: 'started', id: '7e8cbd1f-9f53-4d0c-8d8f-1f1a5a3f0a03' },
);

function correlation(
  parts: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    title: 'Too much of it.',
    id: '7e8cbd1f-9f53-4d0c-8d8f-1f1a5a3f0a10',
    level: 'high',
    correlation: { timespan: '1m', ...parts },
    ...more,
  };
}

const MANY = correlation({
  type: 'event_count',
  rules: ['refused'],
  'group-by': ['principal.subject'],
  condition: { gte: 3 },
});

function refusal(seconds: number, subject = 'ann', target = 'get_patient'): ReturnType<typeof outcome> {
  return outcome(
    {
      status: 'refused',
      refusal: 'permission_denied',
      target,
      principal: { subject, roles: [], method: 'token' },
    },
    seconds,
  );
}

describe('event_count', () => {
  test('matches when enough records come within the timespan, and says what it rests on', () => {
    const matches = all(compiled([REFUSED, MANY]), [refusal(0), refusal(30), refusal(60)]);
    expect(matches).toHaveLength(1);
    expect(matches[0]).toMatchObject({
      rule: { title: 'Too much of it.', level: 'high' },
      sentence:
        'Too much of it: 3 records within 1m with the same principal.subject; the rule asks for at least 3.',
      subject: 'ann',
      measure: { name: 'records in 1m', observed: 3, baseline: 3 },
      records: ['r-0', 'r-30', 'r-60'],
    });
    expect(matches[0]).not.toHaveProperty('target');
  });

  test('does not count what is older than the timespan', () => {
    expect(all(compiled([REFUSED, MANY]), [refusal(0), refusal(31), refusal(61)])).toEqual([]);
  });

  test('counts each group by itself', () => {
    expect(
      all(compiled([REFUSED, MANY]), [refusal(0), refusal(1, 'bob'), refusal(2), refusal(3, 'bob')]),
    ).toEqual([]);
  });

  test('a record without the field of the group is in no group', () => {
    const grouped = correlation({
      type: 'event_count',
      rules: ['started'],
      'group-by': ['target'],
      condition: { gte: 1 },
    });
    expect(all(compiled([STARTED, grouped]), [event()])).toEqual([]);
  });

  test('is told once for a timespan, however long it goes on', () => {
    const records = Array.from({ length: 180 }, (_, second) => refusal(second));
    const times = all(compiled([REFUSED, MANY]), records).map(({ time }) => time.slice(14, 19));
    expect(times).toEqual(['00:02', '01:02', '02:02']);
  });

  test('a clock that is set back does not silence it', () => {
    const records = [
      refusal(100_000),
      refusal(100_001),
      refusal(100_002),
      refusal(0),
      refusal(1),
      refusal(2),
    ];
    expect(all(compiled([REFUSED, MANY]), records)).toHaveLength(2);
  });

  test('both ends of a range count', () => {
    const range = correlation({ type: 'event_count', rules: ['refused'], condition: { gt: 1, lte: 2 } });
    expect(all(compiled([REFUSED, range]), [refusal(0), refusal(1), refusal(2)])).toHaveLength(1);
  });

  test('rules that it refers to are silent, unless it generates them', () => {
    const aloud = correlation({
      type: 'event_count',
      rules: ['refused'],
      generate: true,
      condition: { gte: 2 },
    });
    expect(all(compiled([REFUSED, MANY]), [refusal(0), refusal(1)])).toHaveLength(0);
    expect(all(compiled([REFUSED, aloud]), [refusal(0), refusal(1)])).toHaveLength(3);
  });

  test('a record that two of its rules match is one record', () => {
    const again = { ...REFUSED, name: 'again', id: '7e8cbd1f-9f53-4d0c-8d8f-1f1a5a3f0a04' };
    const both = correlation({ type: 'event_count', rules: ['refused', 'again'], condition: { gte: 2 } });
    expect(all(compiled([REFUSED, again, both]), [refusal(0)])).toEqual([]);
    expect(all(compiled([REFUSED, again, both]), [refusal(0), refusal(1)])).toHaveLength(1);
  });
});

describe('value_count', () => {
  const probing = correlation({
    type: 'value_count',
    rules: ['refused'],
    'group-by': ['principal.subject'],
    condition: { field: 'target', gte: 3 },
  });

  test('counts different values', () => {
    const rules = compiled([REFUSED, probing]);
    expect(all(rules, [refusal(0, 'ann', 'a'), refusal(1, 'ann', 'b'), refusal(2, 'ann', 'b')])).toEqual([]);
    expect(rules.observe(refusal(3, 'ann', 'c'))).toMatchObject([
      {
        sentence:
          'Too much of it: 3 different values of target within 1m with the same principal.subject; the rule asks for at least 3.',
        records: ['r-0', 'r-2', 'r-3'],
      },
    ]);
  });

  test('a value that was seen too long ago does not count', () => {
    const records = [refusal(0, 'ann', 'a'), refusal(50, 'ann', 'b'), refusal(61, 'ann', 'c')];
    expect(all(compiled([REFUSED, probing]), records)).toEqual([]);
  });

  test('each value of a field with several counts', () => {
    const roles = correlation({
      type: 'value_count',
      rules: ['answered'],
      condition: { field: 'principal.roles', gte: 2 },
    });
    expect(all(compiled([ANSWERED, roles]), [outcome()])).toHaveLength(1);
  });
});

describe('temporal', () => {
  const group = { 'group-by': ['principal.subject'] };

  test('matches when all rules did, in any order', () => {
    const both = correlation({ type: 'temporal', rules: ['refused', 'answered'], ...group });
    const rules = compiled([REFUSED, ANSWERED, both]);
    expect(all(rules, [outcome({}, 0), refusal(61), refusal(62, 'bob')])).toEqual([]);
    expect(rules.observe(outcome({}, 63))).toMatchObject([
      {
        sentence:
          'Too much of it: 2 of 2 rules matched within 1m with the same principal.subject; the rule asks for 2.',
        records: ['r-61', 'r-63'],
      },
    ]);
  });

  test('may ask for some of the rules', () => {
    const some = correlation({
      type: 'temporal',
      rules: ['refused', 'answered', 'started'],
      condition: { gte: 2 },
    });
    expect(all(compiled([REFUSED, ANSWERED, STARTED, some]), [event({}, 0), refusal(1)])).toHaveLength(1);
  });

  test('in order, one after the other', () => {
    const order = correlation({ type: 'temporal_ordered', rules: ['answered', 'refused'], ...group });
    expect(all(compiled([ANSWERED, REFUSED, order]), [refusal(0), outcome({}, 1)])).toEqual([]);
    expect(all(compiled([ANSWERED, REFUSED, order]), [refusal(0), outcome({}, 1), refusal(2)])).toMatchObject(
      [{ sentence: expect.stringContaining('2 rules matched in order'), records: ['r-1', 'r-2'] }],
    );
  });

  test('in order, all within the timespan, from the latest beginning', () => {
    const order = correlation({ type: 'temporal_ordered', rules: ['answered', 'refused'], ...group });
    expect(all(compiled([ANSWERED, REFUSED, order]), [outcome({}, 0), refusal(61)])).toEqual([]);
    expect(
      all(compiled([ANSWERED, REFUSED, order]), [outcome({}, 0), outcome({}, 30), refusal(61)]),
    ).toHaveLength(1);
  });

  test('one record is one step', () => {
    const twice = correlation({
      type: 'temporal_ordered',
      rules: ['refused', 'refused', 'refused'],
      ...group,
    });
    const rules = compiled([REFUSED, twice]);
    expect(all(rules, [refusal(0), refusal(1)])).toEqual([]);
    expect(rules.observe(refusal(2))).toMatchObject([{ records: ['r-0', 'r-1', 'r-2'] }]);
  });

  test('a correlation follows another: many refusals, then an answer', () => {
    const many = { ...MANY, name: 'many' };
    const then = correlation(
      {
        type: 'temporal_ordered',
        rules: ['many', 'answered'],
        'group-by': ['principal.subject'],
        timespan: '5m',
      },
      { id: '7e8cbd1f-9f53-4d0c-8d8f-1f1a5a3f0a11' },
    );
    const rules = compiled([REFUSED, ANSWERED, many, then]);
    expect(all(rules, [refusal(0), refusal(1), outcome({}, 2)])).toEqual([]);
    expect(all(rules, [refusal(3), outcome({}, 4)])).toMatchObject([
      { records: ['r-0', 'r-1', 'r-3', 'r-4'] },
    ]);
  });

  test('aliases join fields with different names', () => {
    const joined = correlation({
      type: 'temporal',
      rules: ['refused', 'started'],
      'group-by': ['who'],
      aliases: { who: { refused: 'principal.subject', started: 'detail.who' } },
    });
    const rules = compiled([REFUSED, STARTED, joined]);
    expect(all(rules, [refusal(0), event({ detail: { who: 'bob' } }, 1)])).toEqual([]);
    expect(all(rules, [event({ detail: { who: 'ann' } }, 2)])).toHaveLength(1);
  });
});

describe('memory', () => {
  test('is bounded by groups; the one that was heard of longest ago goes', () => {
    const rules = compiled([REFUSED, MANY], { groups: 2 });
    all(rules, [refusal(0, 'a'), refusal(1, 'a'), refusal(2, 'b'), refusal(3, 'b'), refusal(4, 'c')]);
    expect(rules.status).toEqual({ groups: 2, evicted: 1 });
    expect(rules.observe(refusal(5, 'a'))).toEqual([]);
    expect(rules.status.evicted).toBe(2);
  });

  test('is bounded by entries', () => {
    const rules = compiled([REFUSED, MANY], { entries: 10 });
    for (let at = 0; at < 50; at += 1) rules.observe(refusal(at, `u${at % 25}`));
    expect(rules.status.groups).toBeLessThanOrEqual(5);
  });

  test('groups that are over cost nothing', () => {
    const rules = compiled([REFUSED, MANY]);
    for (let at = 0; at < 1024; at += 1) rules.observe(refusal(at * 61, `u${at}`));
    expect(rules.status.evicted).toBe(0);
    expect(rules.status.groups).toBeLessThanOrEqual(2);
  });
});

describe('state', () => {
  const kinds = [
    MANY,
    correlation({ type: 'value_count', rules: ['refused'], condition: { field: 'target', gte: 3 } }),
    correlation({ type: 'temporal', rules: ['refused', 'answered'], 'group-by': ['principal.subject'] }),
    correlation({ type: 'temporal_ordered', rules: ['answered', 'refused', 'answered'] }),
  ].map((one, at) => ({ ...one, id: `7e8cbd1f-9f53-4d0c-8d8f-1f1a5a3f0a2${at}` }));
  const records = Array.from({ length: 120 }, (_, at) =>
    at % 3 === 0 ? outcome({}, at * 7) : refusal(at * 7, `u${at % 4}`, `t${at % 5}`),
  );

  test('saved and restored anywhere, the rest of the stream matches the same', () => {
    const rules = (): ReturnType<typeof compiled> => compiled([REFUSED, ANSWERED, ...kinds]);
    const whole = all(rules(), records);
    expect(whole.length).toBeGreaterThan(5);
    for (const cut of [0, 1, 17, 60, 119]) {
      const first = rules();
      const before = all(first, records.slice(0, cut));
      const second = rules();
      expect(second.restore(JSON.parse(JSON.stringify(first.save())))).toEqual([]);
      expect([...before, ...all(second, records.slice(cut))]).toEqual(whole);
    }
  });

  test('a saved state does not change with what is observed after it', () => {
    const rules = compiled([REFUSED, ANSWERED, ...kinds]);
    all(rules, records.slice(0, 50));
    const saved = rules.save();
    const text = JSON.stringify(saved);
    all(rules, records.slice(50));
    expect(JSON.stringify(saved)).toBe(text);
  });

  test('a correlation that was changed begins anew, and is named', () => {
    const first = compiled([REFUSED, MANY]);
    all(first, [refusal(0), refusal(1)]);
    const changed = { ...MANY, correlation: { ...(MANY.correlation as object), timespan: '2m' } };
    const second = compiled([REFUSED, changed]);
    expect(second.restore(first.save())).toEqual([MANY.id]);
    expect(second.observe(refusal(2))).toEqual([]);
  });

  test.each([undefined, null, 5, [], {}, { v: 2 }, { v: 1, correlations: { x: 1 } }])(
    '%j is no state',
    (state) => {
      expect(compiled([REFUSED, MANY]).restore(state)).toEqual([MANY.id]);
    },
  );

  test('a damaged group is not taken', () => {
    const first = compiled([REFUSED, MANY]);
    all(first, [refusal(0), refusal(1)]);
    const text = JSON.stringify(first.save());
    for (const damaged of [
      text.replace('"r-0"', '7'),
      text.replace('"ann"', 'null'),
      text.replace(/"times":\[\d+/, '"times":["x"'),
    ]) {
      expect(damaged).not.toBe(text);
      expect(compiled([REFUSED, MANY]).restore(JSON.parse(damaged))).toEqual([MANY.id]);
    }
  });
});

describe('what cannot be counted', () => {
  test.each([
    [{ type: 'event_counts', rules: ['refused'], condition: { gte: 2 } }, /did you mean "event_count"\?/],
    [{ type: 'event_count', rules: ['refusd'], condition: { gte: 2 } }, /did you mean "refused"\?/],
    [{ type: 'event_count', rules: [], condition: { gte: 2 } }, /names no rule/],
    [{ type: 'event_count', rules: 'refused', condition: { gte: 2 } }, /no list/],
    [{ type: 'event_count', rules: ['refused'] }, /no mapping/],
    [{ type: 'event_count', rules: ['refused'], condition: { lte: 2 } }, /no lower end/],
    [{ type: 'event_count', rules: ['refused'], condition: { gte: 5, lt: 5 } }, /never true/],
    [{ type: 'event_count', rules: ['refused'], condition: { gte: 1_000_000 } }, /whole number/],
    [{ type: 'event_count', rules: ['refused'], condition: { gte: 2, field: 'target' } }, /value_count only/],
    [{ type: 'event_count', rules: ['refused'], timespan: '5 minutes', condition: { gte: 2 } }, /such as 5m/],
    [{ type: 'event_count', rules: ['refused'], timespan: '90d', condition: { gte: 2 } }, /31 days/],
    [
      { type: 'event_count', rules: ['refused'], 'group-by': ['principal.roles'], condition: { gte: 2 } },
      /several values/,
    ],
    [{ type: 'event_count', rules: ['refused'], 'group-by': ['subject'], condition: { gte: 2 } }, /no field/],
    [
      { type: 'event_count', rules: ['refused'], group_by: ['target'], condition: { gte: 2 } },
      /did you mean "group-by"\?/,
    ],
    [{ type: 'value_count', rules: ['refused'], condition: { gte: 2 } }, /the one field/],
    [{ type: 'temporal', rules: ['refused'] }, /about several/],
    [{ type: 'temporal', rules: ['refused', 'refused'], condition: 'refused and refused' }, /later versions/],
    [{ type: 'temporal', rules: ['refused', 'refused'], condition: { gte: 3 } }, /more rules than/],
    [
      { type: 'temporal_ordered', rules: ['refused', 'refused'], condition: { gte: 2 } },
      /not for temporal_ordered/,
    ],
    [
      { type: 'temporal', rules: ['refused', 'refused'], aliases: { who: {} }, 'group-by': ['who'] },
      /says no field/,
    ],
  ])('%j is refused with what to write instead', (parts, message) => {
    expect(messages(REFUSED, correlation(parts)).join('\n')).toMatch(message);
  });

  test('a correlation that refers to itself through another', () => {
    const a = correlation({ type: 'event_count', rules: ['b'], condition: { gte: 1 } }, { name: 'a' });
    const b = {
      ...a,
      id: '7e8cbd1f-9f53-4d0c-8d8f-1f1a5a3f0a12',
      name: 'b',
      correlation: { ...(a.correlation as object), rules: ['a'] },
    };
    expect(messages(a, b).join('\n')).toMatch(/refers to itself/);
  });

  test('a correlation over a rule that has problems says which to mend', () => {
    const found = messages({ ...REFUSED, level: 'hi' }, MANY);
    expect(found).toContain('correlation.rules[0]: refers to a rule that has problems; mend that one');
  });
});

describe('alerts', () => {
  test('a match becomes an alert with the severity of its level', () => {
    const [match] = compiled([{ ...REFUSED, runbook: 'docs/runbooks/x.md' }], {
      runbookBase: 'https://example.test/',
    }).observe(refusal(0));
    if (match === undefined) throw new Error('no match');
    expect(alertOf(match, { id: 'a-1' })).toEqual({
      id: 'a-1',
      time: '2026-03-02T09:00:00.000Z',
      server: 'clinic',
      title: 'A refusal: a call was refused (permission_denied).',
      severity: 'high',
      rule: { id: REFUSED.id, name: 'A refusal' },
      method: 'rule',
      subject: 'ann',
      target: 'get_patient',
      records: ['r-0'],
      quarantined: false,
      runbook: 'https://example.test/docs/runbooks/x.md',
    });
  });

  test('an informational rule does not alert', () => {
    const [match] = compiled([{ ...REFUSED, level: 'informational' }]).observe(refusal(0));
    if (match === undefined) throw new Error('no match');
    expect(alertOf(match, { id: 'a-1' })).toBeUndefined();
  });
});
