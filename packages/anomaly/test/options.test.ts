import { describe, expect, test } from 'vitest';
import { DAY } from '../src/durations.ts';
import { Watch, type WatchOptions } from '../src/index.ts';
import { MONDAY, ordinaryWeeks, refused } from './some-records.ts';

describe('options that cannot be meant are refused, with what to write', () => {
  const cases: [string, unknown, RegExp][] = [
    ['an unknown option', { tolerance: 2 }, /has no "tolerance"; write one of learning, detectors/],
    ['an unknown detector', { detectors: { speed: {} } }, /has no "speed"; write one of argument-shape/],
    ['a tolerance of 0', { detectors: { denials: { tolerance: 0 } } }, /0\.1 to 100; .*on: false/],
    [
      'an unknown severity',
      { detectors: { denials: { severity: 'huge' } } },
      /low, medium, high or critical/,
    ],
    ['an allowance of everything', { allow: [{}] }, /would allow everything/],
    ['an unknown detector that is allowed', { allow: [{ detector: 'speed' }] }, /must be one of/],
    ['a pattern that is none', { tools: { sending: [''] } }, /write a name such as 'send_\*'/],
    ['a list that is none', { allow: { subject: 'x' } }, /allow is a list/],
    ['no time at all', { refractoryMs: 0 }, /refractoryMs must be a number over 0/],
    ['a learning period that is none', { learning: { days: Number.NaN } }, /learning\.days/],
  ];
  test.for(cases)('%s', ([, options, message]) => {
    expect(() => new Watch(options as WatchOptions)).toThrow(message);
  });
});

describe('an admin can say', () => {
  const LATER = MONDAY + 21 * DAY;
  function told(options: WatchOptions): { id: string; severity: string; runbook: string | undefined }[] {
    const watch = new Watch(options);
    for (const record of ordinaryWeeks(3)) watch.observe(record);
    const denied = Array.from({ length: 15 }, (_, n) =>
      refused(LATER + n * 1000, 'permission_denied', `hidden-${String(n)}`),
    );
    return denied
      .flatMap((record) => watch.observe(record))
      .map(({ rule, severity, runbook }) => ({ id: rule.id, severity, runbook }));
  }

  test('how severe something is, and where its runbook is', () => {
    expect(
      told({
        detectors: { enumeration: { severity: 'critical' } },
        runbooks: 'https://wiki.example/runbooks/',
      }),
    ).toContainEqual({
      id: 'enumeration',
      severity: 'critical',
      runbook: 'https://wiki.example/runbooks/enumeration.md',
    });
  });

  test('how much is let pass', () => {
    expect(told({ detectors: { enumeration: { tolerance: 5 }, denials: { tolerance: 5 } } })).toEqual([]);
  });

  test.for([[{ subject: 'ali*' }], [{ server: 'files', client: 'IDE' }], [{ target: '*den-*' }]])(
    'what is never told: %j',
    ([allowance]) => {
      expect(told({ allow: allowance === undefined ? [] : [allowance] })).toEqual([]);
    },
  );

  test('that one detector is silent about one principal', () => {
    const ids = told({ allow: [{ detector: 'enumeration', subject: 'alice' }] }).map(({ id }) => id);
    expect(ids).toEqual(['denials']);
  });
});
