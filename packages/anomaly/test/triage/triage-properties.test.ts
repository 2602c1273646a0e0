import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MINUTE } from '../../src/durations.ts';
import { moreThan, type Notice } from '../../src/triage/notice.ts';
import { Triage, type AlertFate } from '../../src/triage/triage.ts';
import type { TriageOptions } from '../../src/triage/triage-options.ts';
import { TriageStateError } from '../../src/triage/triage-state-error.ts';
import { someSteps, type Step } from './some-alerts.ts';

const OPTIONS: TriageOptions = {
  severities: { c: 'high' },
  least: 'medium',
  suppress: [{ rule: 'b', subject: 'bob', reason: 'a test' }],
  burst: 8,
  maxGroups: 3,
};

interface Told {
  readonly notices: Notice[];
  readonly fates: AlertFate[];
}

function run(triage: Triage, steps: readonly Step[]): Told {
  const told: Told = { notices: [], fates: [] };
  for (const step of steps) {
    if ('due' in step) told.notices.push(...triage.due(step.due));
    else {
      const { notices, fate } = triage.take(step.take);
      told.notices.push(...notices);
      told.fates.push(fate);
    }
  }
  return told;
}

/** What still waits, as its time comes. */
function drain(triage: Triage): Notice[] {
  const notices: Notice[] = [];
  for (let next = triage.nextDue; next !== undefined; next = triage.nextDue)
    notices.push(...triage.due(next));
  return notices;
}

test('nothing is lost: every alert is told once, or counted, repeated, suppressed or below', () => {
  fc.assert(
    fc.property(someSteps, (steps) => {
      const triage = new Triage(OPTIONS);
      const { notices, fates } = run(triage, steps);
      const { taken, told, counted, waiting, repeated, suppressed, below } = triage.status;
      expect(taken).toBe(fates.length);
      expect(told + counted + waiting + repeated + suppressed + below).toBe(taken);
      const all = [...notices, ...drain(triage)];
      const last = triage.status;
      expect(last.waiting).toBe(0);
      const ids = all.flatMap(({ alerts }) => alerts.map(({ id }) => id));
      expect(new Set(ids).size).toBe(ids.length);
      expect(last.told).toBe(ids.length);
      expect(last.counted).toBe(all.reduce((sum, notice) => sum + moreThan(notice), 0));
      expect(ids.length + last.counted).toBe(
        fates.filter((fate) => fate === 'told' || fate === 'held').length,
      );
      expect(all.reduce((sum, notice) => sum + notice.repeated, 0)).toBeLessThanOrEqual(repeated);
      expect(fates.filter((fate) => fate === 'repeated')).toHaveLength(repeated);
    }),
    { numRuns: 300 },
  );
});

test('every alert that is told at once is in the notices that come with it', () => {
  fc.assert(
    fc.property(someSteps, (steps) => {
      const triage = new Triage(OPTIONS);
      for (const step of steps) {
        if ('due' in step) triage.due(step.due);
        else {
          const { notices, fate } = triage.take(step.take);
          const ids = notices.flatMap(({ alerts }) => alerts.map(({ id }) => id));
          expect(ids.includes(step.take.id)).toBe(fate === 'told');
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('the same steps give the same notices, also when the state is written and read in the middle', () => {
  fc.assert(
    fc.property(someSteps, fc.nat(), (steps, cut) => {
      const whole = run(new Triage(OPTIONS), steps);
      const middle = steps.length === 0 ? 0 : cut % steps.length;
      const first = new Triage(OPTIONS);
      const before = run(first, steps.slice(0, middle));
      const second = new Triage(OPTIONS);
      second.restore(JSON.parse(JSON.stringify(first.save())));
      expect(second.status).toEqual(first.status);
      const after = run(second, steps.slice(middle));
      expect([...before.notices, ...after.notices]).toEqual(whole.notices);
      expect([...before.fates, ...after.fates]).toEqual(whole.fates);
    }),
    { numRuns: 300 },
  );
});

test('it makes no difference how often somebody asks what is due', () => {
  fc.assert(
    fc.property(someSteps, fc.integer({ min: 1, max: 7 }), (steps, every) => {
      const alerts = steps.filter((step) => 'take' in step);
      const rarely = new Triage(OPTIONS);
      const often = new Triage(OPTIONS);
      const told: Notice[] = [];
      let clock = 0;
      for (const { take } of alerts) {
        const now = Date.parse(take.time);
        for (; clock > 0 && clock < now; clock += every * MINUTE) told.push(...often.due(clock));
        told.push(...often.take(take).notices);
        clock = Math.max(clock, now);
      }
      expect(told).toEqual(run(rarely, alerts).notices);
      expect(drain(often)).toEqual(drain(rarely));
    }),
    { numRuns: 200 },
  );
});

test('a foreign or damaged state is refused, and nothing has changed', () => {
  fc.assert(
    fc.property(
      someSteps,
      fc.oneof(fc.anything(), fc.constantFrom('clock', 'counts', 'groups', 'repeats', 'flood', 'version')),
      fc.oneof(fc.constant(null), fc.constant([{}]), fc.constant('x'), fc.constant(false)),
      (steps, which, value) => {
        const triage = new Triage(OPTIONS);
        run(triage, steps);
        const before = JSON.stringify(triage.save());
        const saved = JSON.parse(before) as Record<string, unknown>;
        const foreign =
          typeof which === 'string' && Object.hasOwn(saved, which) ? { ...saved, [which]: value } : which;
        expect(() => triage.restore(foreign)).toThrow(TriageStateError);
        expect(JSON.stringify(triage.save())).toBe(before);
      },
    ),
    { numRuns: 300 },
  );
});

test('a state that could never tell what it counts is refused', () => {
  const triage = new Triage();
  const waits = {
    alerts: [],
    more: [{ rule: { id: 'a', name: 'a' }, severity: 'low', count: 1 }],
    repeated: 0,
  };
  const groups = [{ key: 'a', end: 0, rank: 0, waits }];
  expect(() => triage.restore({ ...triage.save(), groups })).toThrow(TriageStateError);
});
