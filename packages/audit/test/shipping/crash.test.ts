import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { verify } from '../../src/journal/verify.ts';
import { plainRecords } from './hostile-journal.ts';
import { HttpPlace } from './http-place.ts';
import { ShippingBench, until } from './shipping-bench.ts';

const SHIPPER = new URL('crash-shipper.ts', import.meta.url).pathname;
const KILLS = 5;

test('a process that is killed while it ships, again and again, loses no record, and the journal stays sound', async () => {
  const bench = new ShippingBench();
  const place = await HttpPlace.start(({ body }, self) => {
    const { records } = JSON.parse(body) as { records: { id: string; sequence: number }[] };
    self.stored.push(...records.map(({ id, sequence }) => ({ id, sequence, line: '' })));
    return { status: 200 };
  });
  const distinct = (): Set<string> => new Set(place.stored.map(({ id }) => id));
  try {
    const records = plainRecords(20_000);
    await bench.write(records);
    await bench.closeJournal();
    const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    const start = (): ReturnType<typeof spawn> =>
      spawn(
        process.execPath,
        ['--conditions=@sallyport/source', '--import', 'tsx', SHIPPER, bench.folder, place.url, secret],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      );
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = place.stored.length;
      const shipper = start();
      await until(() => place.stored.length > before);
      await pause(randomInt(0, 40));
      shipper.kill('SIGKILL');
      await once(shipper, 'exit');
    }
    expect(distinct().size).toBeLessThan(records.length);
    const last = start();
    await until(() => distinct().size === records.length);
    last.kill('SIGKILL');
    await once(last, 'exit');
    expect([...distinct()].sort()).toEqual(records.map(({ id }) => id));
    expect((await verify(bench.folder, bench.bench.keys)).verdict).toBe('ok');
  } finally {
    await bench.dispose();
    await place.goAway();
  }
}, 60_000);
