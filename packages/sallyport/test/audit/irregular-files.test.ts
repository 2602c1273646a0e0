import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { count, JournalBench } from './journal-bench.ts';

describe('a pipe or a device in the place of a journal file', () => {
  let bench: JournalBench;
  beforeAll(async () => {
    bench = new JournalBench();
    for (const folder of ['sound/1', 'pipe/1', 'zero/1']) await bench.write(`root/${folder}`, count(3));
    execFileSync('mkfifo', [bench.path('root/pipe/1/0000000000000009.checkpoints')]);
    symlinkSync('/dev/zero', bench.path('root/zero/1/0000000000000009.journal'));
  });
  afterAll(() => bench.dispose());

  test('is a journal that cannot be read to verify, which says 2 and goes on with the others', async () => {
    const { code, out } = await bench.run('verify', 'root', '-k', 'key.txt');
    expect(out).toMatch(/^sound\/1: sound$/m);
    for (const [name, file] of [
      ['pipe', 'checkpoints'],
      ['zero', 'journal'],
    ])
      expect(out).toContain(
        `${name}/1: UNREADABLE\n  Nothing can be said: 0000000000000009.${file} is no regular file`,
      );
    expect(code).toBe(2);
  });

  test.each(['search', 'stats', 'tail --no-follow', 'export --format json'])(
    'is left out by %s, which says 3 and shows the others',
    async (command) => {
      const [name = '', ...options] = command.split(' ');
      const { code, out, err } = await bench.run(name, 'root', ...options);
      expect(out).toContain('read_file');
      expect(err).toContain('pipe/1 was left out: 0000000000000009.checkpoints is no regular file');
      expect(err).toContain('zero/1 was left out: 0000000000000009.journal is no regular file');
      expect(code).toBe(3);
    },
  );

  test('holds up nobody who names its folder alone', async () => {
    for (const command of ['search', 'stats', 'tail']) {
      const { code, err } = await bench.run(
        command,
        'root/pipe/1',
        ...(command === 'tail' ? ['--no-follow'] : []),
      );
      expect([code, err]).toEqual([3, expect.stringContaining('. was left out')]);
    }
    const verified = await bench.run('verify', 'root/pipe/1', '-k', 'key.txt');
    expect([verified.code, verified.out]).toEqual([2, expect.stringContaining('UNREADABLE')]);
  });
});
