import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AuditRecord } from '@sallyport/audit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, attempt, count, ended, event, JournalBench, outcome, withoutColours } from './journal-bench.ts';

const DENY = { status: 'refused', refusal: 'permission_denied', decision: { effect: 'deny' } } as const;
const FILES: readonly AuditRecord[] = [
  event('f0', 'start', at('09:00:00')),
  attempt('f1', at('10:00:00')),
  outcome('f2', at('10:00:02')),
  outcome('f3', { ...at('10:00:04'), ...DENY, target: 'evil\u001b[2J\u009b1A\ntool', call: 'c3' }),
];
const MAIL: readonly AuditRecord[] = [
  outcome('m1', { ...at('10:00:01'), server: 'mail', target: 'send' }),
  outcome('m2', {
    ...at('10:00:03'),
    server: 'mail',
    principal: { subject: 'bob', roles: ['admin'], method: 'token' },
  }),
];

let bench: JournalBench;
beforeAll(async () => {
  bench = new JournalBench();
  await bench.write('root/files/0', FILES);
  await bench.write('root/mail/0', MAIL);
  await bench.write('damaged', count(20), { segmentBytes: 3000 });
  const [, second = ''] = bench.files('damaged');
  bench.rewrite(second, (bytes) => {
    bytes[bytes.length - 3] = 0;
    return bytes;
  });
});
afterAll(() => bench.dispose());

async function ids(...args: string[]): Promise<string[]> {
  const { out } = await bench.run('search', 'root', '--json', ...args);
  return out
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('{"journal":'))
    .map((line) => (JSON.parse(line) as { id: string }).id);
}

describe('sallyport audit search', () => {
  test('shows the records of all journals by their times, each with the name of its journal', async () => {
    expect(await ids()).toEqual(['f0', 'f1', 'm1', 'f2', 'm2', 'f3']);
    const { code, out, err } = await bench.run('search', 'root', '--server', 'mail');
    expect(out).toBe(
      '2026-03-01T10:00:01.000Z  ok       alice  mail  tools/call send  permit by readers read  12 ms  [mail/0]\n' +
        '2026-03-01T10:00:03.000Z  ok       bob  mail  tools/call read_file  permit by readers read  12 ms  [mail/0]\n',
    );
    expect([code, err]).toEqual([0, '']);
  });

  test.each([
    [
      ['--since', '2026-03-01T10:00:02Z', '--until', '2026-03-01T10:00:03Z'],
      ['f2', 'm2'],
    ],
    [['--subject', 'bob'], ['m2']],
    [['--role', 'reader', '--tool', 'mail/*'], ['m1']],
    [['--decision', 'deny'], ['f3']],
    [['--status', 'refused', '--code', 'permission_denied', '--call', 'c3'], ['f3']],
    [['--alert'], ['f3']],
    [['--event', 'start'], ['f0']],
    [
      ['--limit', '2', '--method', 'tools/call'],
      ['f1', 'm1'],
    ],
  ])('with %j finds %j', async (args, expected) => {
    expect(await ids(...args)).toEqual(expected);
  });

  test('writes with --json the records as they stand in the journal', async () => {
    const { out } = await bench.run('search', 'root', '--json', '--subject', 'bob');
    expect(out).toBe(`${JSON.stringify(MAIL[1])}\n`);
  });

  test('sends no byte of a name to the terminal that it would obey', async () => {
    for (const options of [[], ['--json']]) {
      const child = bench.start(['search', 'root', '--alert', ...options], { FORCE_COLOR: '1' });
      const { out } = await ended(child);
      const plain = withoutColours(out).trimEnd();
      expect(plain).toContain('evil');
      expect(plain).not.toMatch(/\p{Cc}/u);
    }
  });

  test('says 1 when nothing is found, like grep', async () => {
    expect(await bench.run('search', 'root', '--subject', 'carol')).toEqual({ code: 1, out: '', err: '' });
    expect((await bench.run('search', 'root', '--since', '2026-04-01')).code).toBe(1);
  });

  test('of a damaged journal finds what can be read, and says 3 and what to do', async () => {
    const { code, out, err } = await bench.run('search', 'damaged', '--json');
    expect(out).toContain('"id":"r0"');
    expect(out).toContain('"id":"r19"');
    expect(err).toMatch(/^sallyport: \.: record \d+ cannot be read, .*; run sallyport audit verify\n$/);
    expect(code).toBe(3);
  });

  test('takes a torn end for what it is', async () => {
    const journal = await bench.open('torn', { checkpointMs: 60_000 });
    for (const record of count(3)) await journal.append(record, { durable: true });
    const [path = ''] = bench.files('torn');
    const bytes = readFileSync(path);
    await journal.close();
    for (const checkpoints of bench.files('torn', '.checkpoints')) truncateSync(checkpoints, 0);
    writeFileSync(path, bytes.subarray(0, bytes.length - 9));
    const { code, out, err } = await bench.run('search', 'torn', '--tool', 'read_file');
    expect([code, out.split('\n').length, err]).toEqual([0, 3, '']);
  });

  test('of a pruned journal finds what is left', async () => {
    await bench.write('pruned', count(40), { segmentBytes: 3000 });
    await bench.write('pruned', [outcome('last')], { segmentBytes: 3000, keepBytes: 9000 });
    const { code, out, err } = await bench.run('search', 'pruned', '--json');
    expect(out).not.toContain('"id":"r0"');
    expect(out).toContain('"id":"last"');
    expect(out).toContain('{"journal":{"type":"prune"');
    expect([code, err]).toEqual([0, '']);
  });

  test('is silent and ends with 141 when nobody reads any more', async () => {
    await bench.write('long', count(3000));
    const cli = resolve('packages/sallyport/bundle/lib/cli.js');
    const command = `{ '${process.execPath}' '${cli}' audit search long; echo $? >code; } | head -1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: bench.root });
    expect(stdout.toString().split('\n')).toHaveLength(2);
    expect(stderr.toString()).toBe('');
    expect(readFileSync(bench.path('code'), 'utf8')).toBe('141\n');
    rmSync(bench.path('long'), { recursive: true });
  });

  test.each([
    [['nowhere'], 'nowhere: there is no such folder'],
    [['root', '--since', 'yesterday'], '--since takes a time such as'],
    [['root', '--since', '1h', '--until', '2h'], '--since is later than --until'],
    [['root', '--code', 'forbidden'], '--code takes'],
    [['root', '--decision', 'maybe'], 'Allowed choices are permit, deny'],
    [['root', '--status', 'fine'], 'Allowed choices are ok, error, refused'],
    [['root', '--limit', '0'], 'Write a whole number from 1'],
    [[], "missing required argument 'folder'"],
  ])('with %j says 2 and what to write', async (args, message) => {
    const { code, out, err } = await bench.run('search', ...args);
    expect(err).toContain(message);
    expect([code, out]).toEqual([2, '']);
  });
});

describe('sallyport audit stats', () => {
  test('counts what all journals of a root hold', async () => {
    const { code, out, err } = await bench.run('stats', 'root');
    expect(out).toMatch(/^Records per hour, at most \d+\n {2}\S/);
    expect(out).toMatch(/Calls by status\n {2}3 {2}ok\n {2}1 {2}refused\n/);
    expect(out).toMatch(/How long calls of a tool took, in ms\n +p50 +p90 +p99 +max\n/);
    expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect([code, err]).toEqual([0, '']);
  });

  test('counts within a time, and gives all as JSON', async () => {
    const { out } = await bench.run('stats', 'root', '--until', '2026-03-01T10:00:01Z', '--json');
    expect(JSON.parse(out)).toMatchObject({
      to: '2026-03-01T10:00:01.000Z',
      tools: { names: [{ name: 'mail/send', count: 1 }] },
    });
  });

  test('says 3 when a part cannot be read, and counts the rest', async () => {
    const { code, out } = await bench.run('stats', 'damaged');
    expect(out).toContain('files/read_file');
    expect(code).toBe(3);
  });
});
