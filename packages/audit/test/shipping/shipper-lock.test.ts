import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { thisProcess } from '../../src/journal/process-identity.ts';
import { plainRecords } from './hostile-journal.ts';
import { HttpPlace } from './http-place.ts';
import { MemoryReceiver } from './memory-receiver.ts';
import { ShippingBench, until } from './shipping-bench.ts';

const SHIPPER = new URL('crash-shipper.ts', import.meta.url).pathname;

describe('one shipper a name', () => {
  let bench: ShippingBench;
  let receiver: MemoryReceiver;
  beforeEach(async () => {
    bench = new ShippingBench();
    receiver = new MemoryReceiver();
    await bench.write(plainRecords(10));
  });
  afterEach(() => bench.dispose());

  const locks = (name = 'soc'): string[] => readdirSync(join(bench.folder, `${name}.shipper`));

  test('a second one is refused with what to do, and the first one goes on', async () => {
    await bench.ship(receiver);
    await expect(bench.ship(new MemoryReceiver())).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/ships as soc already.*another name/),
    });
    await bench.write(plainRecords(20).slice(10));
    await until(() => receiver.stored.length === 20);
    expect(locks()).toHaveLength(1);
  });

  test('another name, and one after the other, are no second one', async () => {
    const first = await bench.ship(receiver);
    const other = new MemoryReceiver();
    await bench.ship(other, { name: 'soc-2' });
    await until(() => receiver.stored.length === 10 && other.stored.length === 10);
    await first.stop();
    expect(locks()).toEqual([]);
    const next = new MemoryReceiver();
    await bench.ship(next);
    await bench.write(plainRecords(11).slice(10));
    await until(() => next.stored.length === 1);
  });

  test('one of another process is refused while that one runs', async () => {
    const place = await HttpPlace.start(({ body }, self) => {
      const { records } = JSON.parse(body) as { records: { id: string; sequence: number }[] };
      self.stored.push(...records.map((one) => ({ ...one, line: '' })));
      return { status: 200 };
    });
    const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    const start = (): ChildProcess =>
      spawn(
        process.execPath,
        ['--conditions=@sallyport/source', '--import', 'tsx', SHIPPER, bench.folder, place.url, secret],
        { stdio: 'ignore' },
      );
    const first = start();
    try {
      await until(() => place.stored.length === 10);
      await expect(bench.ship(receiver)).rejects.toMatchObject({ code: 'locked' });
      const [code] = (await once(start(), 'exit')) as [number];
      expect(code).toBe(1);
      first.kill('SIGKILL');
      await once(first, 'exit');
      await bench.ship(receiver);
    } finally {
      first.kill('SIGKILL');
      await place.goAway();
    }
  });

  test('the lock of a process that is gone holds nobody up', async () => {
    const place = join(bench.folder, 'soc.shipper');
    mkdirSync(place);
    const gone = { ...thisProcess(), boot: 'another', since: '2026-01-01T00:00:00.000Z' };
    writeFileSync(join(place, 'writer-a.lock'), JSON.stringify(gone));
    await bench.ship(receiver);
    await until(() => receiver.stored.length === 10);
    expect(locks()).not.toContain('writer-a.lock');
  });

  test('whose lock was removed sends nothing any more, moves no cursor, and says so', async () => {
    const shipper = await bench.ship(receiver);
    await until(() => receiver.stored.length === 10);
    await until(() => existsSync(join(bench.folder, 'soc.cursor')));
    rmSync(join(bench.folder, 'soc.shipper', locks()[0] ?? ''));
    await until(() => bench.told('disk_failed').length === 1);
    await bench.write(plainRecords(20).slice(10));
    const next = new MemoryReceiver();
    const other = await bench.ship(next);
    await until(() => next.stored.length === 10);
    await other.stop();
    const cursor = readFileSync(join(bench.folder, 'soc.cursor'), 'utf8');
    expect(JSON.parse(cursor)).toMatchObject({ sequence: 21 });
    await shipper.stop();
    expect(readFileSync(join(bench.folder, 'soc.cursor'), 'utf8')).toBe(cursor);
    expect(receiver.stored).toHaveLength(10);
    expect(receiver.closed).toBe(true);
    expect(await shipper.status()).toMatchObject({ lastError: 'lock_lost' });
    expect(bench.told('disk_failed')).toEqual([{ type: 'disk_failed', what: 'lock', code: 'lock_lost' }]);
  });

  test('a shipper that could not begin leaves no lock behind', async () => {
    const cursor = join(bench.folder, 'soc.cursor');
    mkdirSync(cursor);
    await expect(bench.ship(receiver)).rejects.toMatchObject({ code: 'damaged' });
    expect(locks()).toEqual([]);
    rmdirSync(cursor);
    await bench.ship(receiver);
    await until(() => receiver.stored.length === 10);
  });

  test('a shipper of any name leaves the journal to its writer', async () => {
    await bench.ship(receiver, { name: 'writer-1' });
    await bench.closeJournal();
    await bench.write(plainRecords(20).slice(10));
    await until(() => receiver.stored.length === 20);
  });
});
