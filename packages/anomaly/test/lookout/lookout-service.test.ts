import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JournalFs, NODE_FS } from '@sallyport/audit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  Lookout,
  LookoutService,
  type LookoutServiceOptions,
  type LookoutTrouble,
  type RaisedAlert,
} from '../../src/index.ts';
import type { Notice } from '../../src/triage/notice.ts';
import { MONDAY } from '../some-records.ts';
import { append, Places, PretendClock, someRules, traffic, until } from './support.ts';

let places: Places;
let services: LookoutService[];
beforeEach(() => {
  places = new Places();
  services = [];
});
afterEach(async () => {
  await Promise.all(services.map((service) => service.stop()));
  places.dispose();
});

class Told {
  readonly alerts: RaisedAlert[] = [];
  readonly notices: Notice[] = [];
  readonly troubles: LookoutTrouble[] = [];
  readonly clock: PretendClock = new PretendClock();
}

async function service(told: Told, more: Partial<LookoutServiceOptions> = {}): Promise<LookoutService> {
  const opened = await LookoutService.open({
    journals: places.journals,
    folder: places.state,
    lookout: (tellSince) => new Lookout({ rules: someRules(), tellSince }),
    onAlert: (raised) => told.alerts.push(raised),
    put: (notice) => told.notices.push(notice),
    onTrouble: (trouble) => told.troubles.push(trouble),
    clock: told.clock,
    ...more,
  });
  services.push(opened);
  return opened;
}

async function once(more: Partial<LookoutServiceOptions> = {}): Promise<Told> {
  const told = new Told();
  await (
    await service(told, { once: true, ...more })
  ).ended;
  return told;
}

const state = (): unknown[][] =>
  readFileSync(join(places.state, 'watch.json'), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown[]);
const history = (): Record<string, unknown>[] =>
  readFileSync(join(places.state, 'alerts.jsonl'), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the service of a watch', () => {
  test('reads what is there, hands on what it raises, and keeps state and history that only the owner can read', async () => {
    await places.write('files/0', traffic(200));
    const told = await once();
    expect(told.troubles).toEqual([]);
    expect(told.alerts.length).toBeGreaterThanOrEqual(20);
    expect(told.notices.length).toBeGreaterThan(0);
    expect(history().map(({ id }) => id)).toEqual(told.alerts.map(({ alert }) => alert.id));
    expect(history()[0]).toMatchObject({ journal: 'files/0', fate: 'told' });
    for (const name of ['watch.json', 'alerts.jsonl'])
      expect(statSync(join(places.state, name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(places.state, 'watch.lock'))).toEqual([]);
  });

  test('goes on where it ended, and tells nothing again', async () => {
    await places.write('files/0', traffic(200));
    const before = await once();
    expect((await once()).alerts).toEqual([]);
    await places.write('files/0', traffic(200, { prefix: 's' }));
    const after = await once();
    expect(after.alerts.length).toBeGreaterThanOrEqual(20);
    const ids = [...before.alerts, ...after.alerts].map(({ alert }) => alert.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('learns from a long history without telling of it, and tells what comes after', async () => {
    const now = MONDAY + 86_400_000;
    const told = new Told();
    told.clock.pass(86_400_000);
    await places.write('files/0', traffic(200));
    const watching = await service(told);
    await until(() => watching.status.caughtUp);
    expect([told.alerts, told.notices]).toEqual([[], []]);
    expect(watching.status.alerts).toBeGreaterThanOrEqual(20);
    await places.write('files/0', traffic(20, { from: now, prefix: 'new' }));
    await until(() => told.alerts.length >= 2);
    await watching.stop();
    await watching.ended;
    expect(history().filter(({ fate }) => fate === 'old').length).toBeGreaterThanOrEqual(20);
    expect(watching.status.state).toBe('stopped');
  });

  test('passes over what is there when it begins now, and over nothing after that', async () => {
    await places.write('files/0', traffic(200));
    expect((await once({ fromNow: true })).alerts).toEqual([]);
    await places.write('files/0', traffic(20, { prefix: 'new' }));
    const told = await once({ fromNow: true });
    expect(told.alerts.length).toBeGreaterThanOrEqual(2);
    expect(told.alerts.every(({ alert }) => alert.records.some((id) => id.startsWith('new')))).toBe(true);
  });

  test('saves nothing while a notice is not taken, asks again, and loses none', async () => {
    await places.write('files/0', traffic(100));
    const refusing = await once({
      put: () => {
        throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      },
    });
    expect(refusing.troubles).toEqual([{ type: 'refused', what: 'notice', code: 'ENOSPC' }]);
    expect(refusing.alerts.length).toBeGreaterThanOrEqual(10);
    const told = new Told();
    let refusals = 3;
    const watching = await service(told, {
      put: (notice) => {
        if (refusals > 0) {
          refusals -= 1;
          throw Object.assign(new Error('full'), { code: 'ENOSPC' });
        }
        told.notices.push(notice);
      },
    });
    await until(() => watching.status.caughtUp && watching.status.pending === 0);
    await watching.stop();
    await watching.ended;
    expect(told.notices.length).toBeGreaterThan(0);
    expect(new Set(told.notices.map(({ id }) => id)).size).toBe(told.notices.length);
    expect((await once()).notices).toEqual([]);
  });

  test('restricts at once, and not for what is long past', async () => {
    const respond = () => ({ kind: 'quarantine', of: { subject: 'subject-2' }, minutes: 5 }) as const;
    const restricted: string[] = [];
    const options: Partial<LookoutServiceOptions> = {
      lookout: () => new Lookout({ rules: someRules(), respond }),
      restrict: (response, { id, quarantined }) => restricted.push(`${response.kind} ${id} ${quarantined}`),
    };
    await places.write('files/0', traffic(100));
    const { alerts } = await once(options);
    expect(restricted).toEqual(alerts.map(({ alert }) => `quarantine ${alert.id} true`));
    expect(history()[0]).toMatchObject({ response: 'quarantine', quarantined: true });
    await places.write('files/0', traffic(100, { from: MONDAY - 3_600_000, prefix: 'past' }));
    const later = await once(options);
    expect(later.alerts.length).toBeGreaterThanOrEqual(10);
    expect(restricted).toHaveLength(alerts.length);
  });

  test('puts a state aside that it cannot use, says so, and learns again from the journals', async () => {
    await places.write('files/0', traffic(200));
    await once();
    const whole = state();
    const text = readFileSync(join(places.state, 'watch.json'), 'utf8');
    const [[, head]] = whole as [[string, { readonly cursor: unknown }]];
    // What was told before is not told again, so that less waits.
    const learnedOf = (parts: readonly unknown[][]): unknown =>
      parts.map(([kind, value, ...more]) => {
        if (kind === 'lookout') return (value as { readonly cursor: unknown }).cursor;
        return kind === 'triage' || kind === 'more' ? kind : [kind, value, ...more];
      });
    const damaged = [
      '{"half',
      '{"format":"other"}',
      // What version 1 was.
      JSON.stringify({ ...head, version: 1, watch: {} }),
      text.slice(0, text.length >> 1),
      text.slice(0, text.lastIndexOf('["end"]')),
      text.replace(/"cursor":.+?,"tellSince"/, '"cursor":7,"tellSince"'),
    ];
    for (const [n, text] of damaged.entries()) {
      writeFileSync(join(places.state, 'watch.json'), text);
      const clock = new PretendClock(MONDAY + n);
      const told = await once({ clock });
      expect(told.troubles).toMatchObject([{ type: 'state_damaged' }]);
      // They were told before, and are known by their ids.
      expect(told.alerts).toEqual([]);
      expect(learnedOf(state())).toEqual(learnedOf(whole));
    }
    const kept = readdirSync(places.state).filter((name) => name.startsWith('watch.json.damaged-'));
    expect(kept.map((name) => readFileSync(join(places.state, name), 'utf8')).sort()).toEqual(damaged.sort());
  });

  test('gives others the event loop after each slice, however much is behind', async () => {
    await places.write('files/0', traffic(640));
    const told = new Told();
    told.clock.step = 1;
    const quick = new Told();
    await (
      await service(told, { once: true, sliceMs: 4 })
    ).ended;
    await (
      await service(quick, { once: true, folder: `${places.state}-2` })
    ).ended;
    // Each record looks at the clock once, and takes a millisecond of it.
    expect(told.clock.turns).toBeGreaterThanOrEqual(640 / 5);
    expect(quick.clock.turns).toBeLessThan(20);
  });

  test('reads no further while nobody takes what it raises', async () => {
    await places.write('files/0', traffic(8000));
    const told = new Told();
    const watching = await service(told, {
      put: () => Promise.reject(new Error('no')),
      onAlert: () => Promise.reject(new Error('no')),
    });
    await until(() => watching.status.pending >= 256);
    expect(watching.status.pending).toBeLessThan(512);
    await watching.stop();
    await watching.ended;
    expect(watching.status.records).toBeLessThan(8000);
    expect(told.troubles.map(({ type }) => type)).toEqual(['refused', 'refused']);
  });

  test('tells when its state cannot be written, keeps watching, and saves when it can', async () => {
    let isFull = true;
    const fs: JournalFs = {
      ...NODE_FS,
      create: (path) =>
        isFull && path.includes('watch.json')
          ? Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }))
          : NODE_FS.create(path),
    };
    await places.write('files/0', traffic(50));
    const told = new Told();
    const watching = await service(told, { fs });
    await until(() => watching.status.caughtUp && told.troubles.length > 0);
    expect(told.alerts.length).toBeGreaterThanOrEqual(5);
    isFull = false;
    await watching.stop();
    await watching.ended;
    expect(told.troubles).toEqual([{ type: 'failed', what: 'state', code: 'ENOSPC' }]);
    expect((await once()).alerts).toEqual([]);
  });

  test('is woken by who wrote a record, in the same process', async () => {
    const told = new Told();
    const journal = await places.open('files/0');
    const watching = await service(told, { pollMs: 60_000, clock: { ...told.clock, sleep: never } });
    await until(() => watching.status.caughtUp);
    await append(journal, traffic(10));
    watching.wake();
    await until(() => told.alerts.length > 0);
    await journal.close();
  });

  test('keeps one old history beside the one that it writes', async () => {
    const { AlertHistory } = await import('../../src/lookout/alert-history.ts');
    await places.write('files/0', traffic(100));
    const [raised] = (await once()).alerts;
    if (raised === undefined) throw new Error('There is one.');
    const many = Array.from({ length: 20 }, (_, n) => {
      return { ...raised, alert: { ...raised.alert, id: `id-${String(n)}` } };
    });
    writeFileSync(join(places.state, 'alerts.jsonl'), '{"id":"id-0"}\n{"id":"to');
    let book = await AlertHistory.open(places.state, { mostBytes: 3000 });
    expect([book.has('id-0'), book.has('to')]).toEqual([true, false]);
    for (const one of many) await book.add([one]);
    await book.close();
    expect(history().at(-1)).toMatchObject({ id: 'id-19' });
    const old = readFileSync(join(places.state, 'alerts.old.jsonl'), 'utf8');
    expect(old.length).toBeLessThanOrEqual(3000);
    expect(old).not.toContain('{"id":"to');
    book = await AlertHistory.open(places.state, { mostBytes: 3000 });
    expect(book.has('id-19')).toBe(true);
    await book.close();
  });

  test('says at once that its folder cannot be used', async () => {
    writeFileSync(join(places.root, 'file'), '');
    chmodSync(join(places.root, 'file'), 0o600);
    await expect(service(new Told(), { folder: join(places.root, 'file') })).rejects.toThrow(
      /EEXIST|ENOTDIR/,
    );
  });
});

/** Ends only when it is told to. */
function never(_ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
