import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { imposing, type LookoutTrouble, RestrictionFile, RestrictionsError } from '@sallyport/anomaly';
import { AlertHistory } from '../../src/lookout/alert-history.ts';
import { Deliveries, type DeliveryOptions } from '../../src/lookout/deliveries.ts';
import type { RaisedAlert } from '../../src/lookout/raised-alert.ts';
import { TroubleTeller } from '../../src/lookout/trouble-teller.ts';
import { someAlert, START } from '../response/response-bench.ts';
import { Places } from './support.ts';

let places: Places;
let history: AlertHistory;
let now: number;
let troubles: LookoutTrouble[];
let told: string[];
beforeEach(async () => {
  places = new Places();
  mkdirSync(places.state);
  history = await AlertHistory.open(places.state);
  now = START;
  troubles = [];
  told = [];
});
afterEach(async () => {
  await history.close();
  places.dispose();
});

function deliveries(over: Partial<DeliveryOptions> = {}): Deliveries {
  return new Deliveries({
    respondMs: 900_000,
    history,
    troubles: new TroubleTeller((trouble) => troubles.push(trouble)),
    now: () => now,
    elapsed: () => now,
    onAlert: ({ alert }) => told.push(alert.id),
    ...over,
  });
}

function raised(id: string, more: Partial<RaisedAlert> = {}): RaisedAlert {
  const response = { kind: 'quarantine', of: { server: 'ehr', target: id }, minutes: 60 } as const;
  return { alert: someAlert({ id }), fate: 'told', notices: [], response, ...more };
}

const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `id-${String(n)}`);
const full = (): never => {
  throw new RestrictionsError('full', 'There is no room.');
};
const denied = (): never => {
  throw Object.assign(new Error('no'), { code: 'EACCES' });
};

describe('a restriction', () => {
  test('for which there is no room is told once, and not tried again', async () => {
    let tries = 0;
    const some = deliveries({
      restrict: () => {
        tries += 1;
        return full();
      },
    });
    for (const id of ids(300)) some.addRaised(raised(id));
    await some.run();
    expect(told).toEqual(ids(300));
    expect([some.size, some.untaken, history.has('id-299')]).toEqual([0, 0, true]);
    now += 60_000;
    await some.run({ isLast: true });
    expect(tries).toBeLessThanOrEqual(300);
    expect(new Set(troubles.map((trouble) => JSON.stringify(trouble)))).toEqual(
      new Set(
        ['too_many', 'full'].map((code) =>
          JSON.stringify({ type: 'refused', what: 'restriction', code, isFinal: true }),
        ),
      ),
    );
  });

  test('that cannot be written holds up neither alerts nor what is read, and is tried again until it can', async () => {
    let tries = 0;
    let isDenied = true;
    const some = deliveries({
      restrict: () => {
        tries += 1;
        if (isDenied) denied();
      },
    });
    for (const id of ids(1000)) some.addRaised(raised(id));
    await some.run();
    expect(told).toEqual(ids(1000));
    // A line of the history is not there before what it says is done, or given up.
    expect([some.untaken, some.size]).toEqual([0, 256]);
    expect([history.has('id-743'), history.has('id-744')]).toEqual([true, false]);
    some.addRaised(raised('new', { alert: someAlert({ id: 'new', severity: 'critical' }) }));
    await some.run();
    expect([told.at(-1), tries]).toEqual(['new', 256]);
    now += 1000;
    await some.run();
    now += 1000;
    await some.run();
    expect(tries).toBe(512);
    isDenied = false;
    await some.run({ isLast: true });
    expect([some.size, history.has('new')]).toEqual([0, true]);
  });

  test('that somebody else holds up for long is waited for once, and by nobody after that', async () => {
    const waiting: ((error: Error) => void)[] = [];
    const some = deliveries({ restrict: () => new Promise((_, reject) => waiting.push(reject)) });
    some.addRaised(raised('one'));
    const first = some.run();
    waiting[0]?.(Object.assign(new Error('locked'), { code: 'locked' }));
    await first;
    now += 10_000;
    some.addRaised(raised('two'));
    await some.run();
    expect(waiting).toHaveLength(3);
    expect(told).toEqual(['one', 'two']);
    some.addRaised(raised('three'));
    const last = some.run({ isLast: true });
    for (let at = 1; at < 6; at += 1) {
      await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(at));
      waiting[at]?.(Object.assign(new Error('locked'), { code: 'locked' }));
    }
    await last;
    expect([told, some.size]).toEqual([['one', 'two', 'three'], 3]);
  });

  test('is written with all others that wait, in one write', async () => {
    const file = new RestrictionFile({ folder: places.state, now: () => now });
    const stamps = new Set<string>();
    const some = deliveries({
      restrict: async (response, alert) => {
        stamps.add((await file.update(imposing({ ...response, alert }))).stamp);
      },
    });
    for (const id of ids(60)) some.addRaised(raised(id));
    await some.run();
    expect((await file.read()).restrictions).toHaveLength(60);
    expect(stamps.size).toBe(1);
  });

  test('that nobody wants any more is not asked for', async () => {
    const some = deliveries({ restrict: denied });
    some.addRaised(raised('one'));
    await some.run();
    now += 900_001;
    some.addRaised(raised('two'));
    await some.run();
    expect([some.size, history.has('one'), history.has('two')]).toEqual([0, true, true]);
    expect(troubles).toHaveLength(1);
  });

  test('beyond what a rule may restrict is said aloud', async () => {
    const some = deliveries({ restrict: () => undefined });
    const { response: _, ...alone } = raised('one');
    some.addRaised({ ...alone, isOverBudget: true });
    await some.run();
    expect(troubles).toEqual([{ type: 'refused', what: 'restriction', code: 'too_many', isFinal: true }]);
  });
});

test('an alert that nobody takes holds up no notice, and is tried again after a second', async () => {
  const notices: string[] = [];
  const some = deliveries({ onAlert: denied, put: ({ id }) => notices.push(id) });
  const { response: _, ...alone } = raised('one');
  const notice = { id: 'n', group: '0'.repeat(32), alerts: [alone.alert], repeated: 0 } as const;
  some.addRaised({ ...alone, notices: [notice] });
  await some.run();
  await some.run();
  expect([notices, some.untaken]).toEqual([['n'], 1]);
});
