import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { count, JournalBench } from './journal-bench.ts';

const CLI = resolve('packages/sallyport/bundle/lib/cli.js');

describe('an audit command whose output nobody reads', () => {
  let bench: JournalBench;
  beforeAll(async () => {
    bench = new JournalBench();
    await bench.write('root/files/0', count(3));
    await bench.write('root/files/1', count(3));
    await bench.run('prove', 'r1', 'root/files/0', '-o', 'proof.json');
  });
  afterAll(() => bench.dispose());

  test.each([
    'verify root -k key.txt',
    'verify root -k key.txt --json',
    'search root',
    'stats root',
    'stats root --json',
    'tail root --no-follow',
    'export root --format json',
    'prove r1 root',
    'prove --check proof.json -k key.txt',
  ])('ends with 141 and says nothing: %s', (command) => {
    // The reader is gone before the command begins.
    const script = `{ sleep 0.2; '${process.execPath}' '${CLI}' audit ${command}; echo $? >code; } | true`;
    const { stderr } = spawnSync('sh', ['-c', script], { cwd: bench.root });
    expect(stderr.toString().replace(/^sallyport: exported: \d+ records\n$/, '')).toBe('');
    expect(readFileSync(bench.path('code'), 'utf8')).toBe('141\n');
  });

  test('says 2 and why where the disk of its output is full', () => {
    const script = `'${process.execPath}' '${CLI}' audit verify root -k key.txt >/dev/full`;
    const { status, stderr } = spawnSync('sh', ['-c', script], { cwd: bench.root });
    expect([status, stderr.toString()]).toEqual([2, expect.stringMatching(/^sallyport: ENOSPC.*\n$/)]);
  });
});
