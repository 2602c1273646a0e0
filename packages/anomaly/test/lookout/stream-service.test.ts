import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AuditRecord, thisProcess } from '@sallyport/audit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  Lookout,
  LookoutService,
  type LookoutServiceOptions,
  type RaisedAlert,
  RecordStream,
} from '../../src/index.ts';
import { noticeLine } from '../../src/sinks/outbox-lines.ts';
import type { Notice } from '../../src/triage/notice.ts';
import { MONDAY, refused } from '../some-records.ts';
import { Places, PretendClock, someRules, traffic, until } from './support.ts';

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

/** A process with a stream: what it told, and where. */
class Process {
  readonly stream: RecordStream = new RecordStream();
  readonly alerts: RaisedAlert[] = [];
  readonly notices: Notice[] = [];
  /** When each notice came. */
  readonly toldAt: number[] = [];
  readonly places: string[] = [];
  readonly clock: PretendClock = new PretendClock();
  service!: LookoutService;

  async begin(more: Partial<LookoutServiceOptions> = {}): Promise<this> {
    this.service = await LookoutService.open({
      stream: this.stream,
      folder: places.state,
      lookout: (tellSince) => new Lookout({ rules: someRules(), tellSince }),
      onAlert: (raised) => this.alerts.push(raised),
      put: (notice) => {
        this.notices.push(notice);
        this.toldAt.push(this.clock.now());
      },
      onPlace: (place) => this.places.push(place),
      clock: this.clock,
      ...more,
    });
    services.push(this.service);
    await until(() => this.service.status.state === 'watching');
    return this;
  }

  async end(): Promise<void> {
    await this.service.stop();
    await this.service.ended;
  }

  /** Has all of them looked at. */
  async see(records: readonly AuditRecord[]): Promise<void> {
    for (const record of records) this.stream.push(record);
    await until(() => this.stream.size === 0 && this.service.status.caughtUp);
  }
}

/** Alerts of one group: the first one is told at once, and the others of its rank wait. */
function refusals(count: number): AuditRecord[] {
  return Array.from({ length: count }, (_, n) => {
    return { ...refused(MONDAY + n * 100, 'permission_denied', `hidden-${String(n)}`), id: `r-${String(n)}` };
  });
}

const at = (slot: number): string => join(places.state, `stream-${String(slot)}`);
const idsOf = (alerts: readonly RaisedAlert[]): string[] => alerts.map(({ alert }) => alert.id);

describe('a stream of records', () => {
  test('gives each record once, in order', async () => {
    const stream = new RecordStream();
    const records = traffic(2500);
    const got: string[] = [];
    for (const record of records) {
      stream.push(record);
      if (got.length % 3 === 0) for (const one of await stream.next(2)) got.push(one.record.id);
    }
    for (let more = await stream.next(64); more.length > 0; more = await stream.next(64))
      got.push(...more.map(({ record }) => record.id));
    expect(got).toEqual(records.map(({ id }) => id));
    expect(stream.size).toBe(0);
  });

  test('never holds more than 10,000 records: the oldest go, and their number is told', async () => {
    const dropped: number[] = [];
    const stream = new RecordStream((records) => dropped.push(records));
    const records = traffic(12_345);
    for (const record of records) stream.push(record);
    expect(stream.size).toBe(10_000);
    const [next] = await stream.next(1);
    expect(next?.record.id).toBe(records[2345]?.id);
    expect(dropped).toEqual([1000, 1000, 345]);
    await stream.next(1);
    expect(dropped).toHaveLength(3);
  });
});

describe('the service of a watch, with a stream', () => {
  test('watches the records of its own process without a journal, and goes on with what it learned', async () => {
    const first = await new Process().begin();
    await first.see(traffic(10));
    await first.end();
    expect(first.alerts).toHaveLength(1);
    expect(first.alerts[0]).not.toHaveProperty('journal');
    expect(first.places).toEqual([at(1)]);
    // Two refusals of a principal before the restart, and one behind it, are three: the correlation was kept.
    const again = await new Process().begin();
    const more = traffic(150).filter((_, n) => n % 10 === 9);
    await again.see(more.slice(1, 14));
    await again.end();
    const last = await new Process().begin();
    await last.see(more.slice(14));
    const rules = last.alerts.map(({ alert }) => alert.rule.id.slice(-2));
    expect(rules.toSorted()).toEqual(['01', '02']);
  });

  test('needs one source, and says so', async () => {
    const both = { stream: new RecordStream(), journals: places.journals };
    for (const sources of [both, {}])
      await expect(
        LookoutService.open({ ...sources, folder: places.state, lookout: () => new Lookout() }),
      ).rejects.toThrow('one source');
  });

  test('gives each process with the folder a place of its own, and raises what each one sees once', async () => {
    const processes = [await new Process().begin(), await new Process().begin(), await new Process().begin()];
    expect(processes.flatMap((one) => one.places).toSorted()).toEqual([at(1), at(2), at(3)]);
    for (const [n, one] of processes.entries()) await one.see(traffic(20, { prefix: `p${String(n)}` }));
    const ids = processes.flatMap(({ alerts }) => idsOf(alerts));
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(6);
    await Promise.all(processes.map((one) => one.end()));
    const [one] = processes;
    expect((await new Process().begin()).places).toEqual(one?.places);
  });

  test('looks at all that its stream holds before it ends, and tells what waited for others', async () => {
    const one = await new Process().begin();
    for (const record of refusals(80)) one.stream.push(record);
    await one.end();
    expect(one.stream.size).toBe(0);
    const told = one.notices.flatMap(({ alerts }) => alerts.map(({ records }) => records.at(-1)));
    expect(new Set(told).size).toBe(80);
    const state = readFileSync(join(at(1), 'watch.json'), 'utf8');
    expect(state).toContain('"stream":true');
    const next = await new Process().begin();
    next.clock.pass(3_600_000);
    await next.see([]);
    await next.end();
    expect(next.notices).toEqual([]);
  });

  test('saves at once what waits to be told, since no journal has it, and another process tells it after a crash', async () => {
    const one = new Process();
    // Time stands still, so that nothing that waits becomes due.
    one.clock.sleep = () => new Promise((resolve) => setTimeout(resolve, 1));
    await one.begin({ saveMs: 1e9 });
    await one.see(refusals(5));
    const last = one.alerts.at(-1);
    expect(last?.fate).toBe('held');
    const file = join(at(1), 'watch.json');
    await until(() => readFileSync(file, 'utf8').includes(last?.alert.id ?? ''));
    const asItWas = readFileSync(file);
    await one.end();
    // As if it had been killed before it ended.
    writeFileSync(file, asItWas);
    const next = await new Process().begin();
    await until(() => next.notices.some(({ alerts }) => alerts.some(({ id }) => id === last?.alert.id)));
    expect(next.notices.map(({ id }) => id)).toEqual(
      one.notices.slice(-next.notices.length).map(({ id }) => id),
    );
  });

  test('takes first what another process left untold', async () => {
    const [one, other] = [await new Process().begin(), await new Process().begin()];
    await one.see(traffic(10));
    await Promise.all([one.end(), other.end()]);
    const notice = one.notices[0];
    if (notice === undefined) throw new Error('There is one.');
    writeFileSync(join(at(2), 'outbox-soc.jsonl'), `${noticeLine({ ...notice, sequence: 1 })}\n`);
    const third = await new Process().begin();
    expect(third.places).toEqual([at(2)]);
    await third.end();
    writeFileSync(join(at(2), 'outbox-soc.jsonl'), '');
    // One that was killed: its lock is there, and it is not.
    const holder = JSON.stringify({ ...thisProcess(), boot: 'another' });
    writeFileSync(join(at(2), 'watch.lock', 'writer-0.lock'), holder);
    expect((await new Process().begin()).places).toEqual([at(2)]);
  });
});

describe('times that cannot be true', () => {
  test('of a record from the future hold up no other alert', async () => {
    const one = await new Process().begin();
    const [ahead, ...rest] = refusals(5);
    if (ahead === undefined) throw new Error('There is one.');
    await one.see([{ ...ahead, time: new Date(MONDAY + 365 * 86_400_000).toISOString() }]);
    await one.see(rest);
    const before = one.notices.length;
    expect(one.alerts.some(({ fate }) => fate === 'held')).toBe(true);
    one.clock.pass(700_000);
    await until(() => one.notices.length > before);
  });

  test('of a clock that was set back hold up no alert for longer than it takes to see it', async () => {
    const one = new Process();
    let back = 0;
    const clock = Object.assign(new PretendClock(), { now: () => one.clock.now() - back });
    clock.elapsed = one.clock.elapsed;
    clock.sleep = one.clock.sleep;
    await one.begin({ clock });
    await one.see(refusals(5));
    expect(one.alerts.some(({ fate }) => fate === 'held')).toBe(true);
    const before = one.notices.length;
    const since = one.clock.now();
    back = 30 * 86_400_000;
    await until(() => one.notices.length > before);
    expect((one.toldAt[before] ?? Infinity) - since).toBeLessThan(2 * 60_000);
  });
});
