import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { HttpPlace } from '../../../audit/test/shipping/http-place.ts';
import { SenderBench, until } from './sender-bench.ts';
import { notice } from './some-notices.ts';

const SENDER = new URL('crash-sender.ts', import.meta.url).pathname;
const KILLS = 4;
const ALL = 600;

test('a process that is killed in the middle of a batch, again and again, loses no notice that was durable', async () => {
  const bench = new SenderBench();
  const arrived: string[] = [];
  const place = await HttpPlace.start(({ body }) => {
    const { records } = JSON.parse(body) as { records: { id: string }[] };
    arrived.push(...records.map(({ id }) => id));
    return { status: 200 };
  });
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  let durable = 0;
  const start = (): ReturnType<typeof spawn> => {
    const args = [SENDER, bench.folder, place.url, secret, String(durable), String(ALL)];
    const child = spawn(process.execPath, ['--conditions=@sallyport/source', '--import', 'tsx', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString();
      const lines = text.split('\n').slice(0, -1);
      durable = Math.max(durable, Number(lines.at(-1) ?? 0) + 1);
    });
    return child;
  };
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = arrived.length;
      const child = start();
      await until(() => arrived.length > before);
      await pause(randomInt(0, 30));
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    const last = start();
    const ids = Array.from({ length: ALL }, (_, n) => notice(n, {}, 3).alerts.map(({ id }) => id)).flat();
    await until(() => new Set(arrived).size >= ids.length);
    last.kill('SIGKILL');
    await once(last, 'close');
    expect([...new Set(arrived)]).toEqual(ids);
  } finally {
    await bench.dispose();
    await place.goAway();
  }
}, 60_000);
