import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import { describe, expect, test } from 'vitest';
import { SAMPLES } from '../support/samples.ts';
import { runScan } from '../support/run-scan.ts';
import { temporaryFolder } from '../support/temporary-repository.ts';
import { zipOf } from '../support/zip-of.ts';

const GITHUB = `${SAMPLES.find(({ rule }) => rule === 'github-pat')?.text}\n`;

describe('an archive', () => {
  test('is looked into where that is asked for, and an archive in it', async () => {
    using folder = temporaryFolder();
    folder.write('in/conf/app.env', `a\n${GITHUB}`);
    await create({ cwd: join(folder.path, 'in'), file: join(folder.path, 'inner.tgz'), gzip: true }, [
      'conf',
    ]);
    const { readFileSync } = await import('node:fs');
    const inner = readFileSync(join(folder.path, 'inner.tgz'));
    folder.write('outer.zip', zipOf({ 'a.txt': GITHUB, '../up.txt': GITHUB, 'x/inner.tgz': inner }));
    folder.write('log.gz', gzipSync(`b\nc\n${GITHUB}`));
    const { findings, problems } = await runScan({
      target: { kind: 'tree', root: folder.path, paths: ['inner.tgz', 'outer.zip', 'log.gz'] },
      archives: true,
    });
    expect(problems).toEqual([]);
    expect(findings.map(({ path, line, source }) => [path, line, source])).toEqual([
      ['inner.tgz!/conf/app.env', 2, 'archive'],
      ['log.gz!/content', 3, 'archive'],
      ['outer.zip!/../up.txt', 1, 'archive'],
      ['outer.zip!/a.txt', 1, 'archive'],
      ['outer.zip!/x/inner.tgz!/conf/app.env', 2, 'archive'],
    ]);
    const without = await runScan({
      target: { kind: 'tree', root: folder.path, paths: ['outer.zip', 'log.gz'] },
    });
    expect(without.summary.findings).toBe(0);
    expect(execFileSync('ls', [folder.path], { encoding: 'utf8' })).not.toContain('up.txt');
  });

  test('that is damaged, too deep or a bomb is a problem and no crash', async () => {
    using folder = temporaryFolder();
    const zeros = Buffer.alloc(70 << 20, 0x61);
    const deep = zipOf({ 'b.zip': zipOf({ 'c.zip': zipOf({ 'd.txt': GITHUB }) }) });
    folder.write('bad.zip', 'this is no archive');
    folder.write('bad.tgz', 'nor this');
    folder.write('bad.gz', Buffer.concat([gzipSync('some text').subarray(0, 14)]));
    folder.write('bomb.gz', gzipSync(zeros));
    folder.write('deep.zip', deep);
    const { problems } = await runScan({ target: { kind: 'tree', root: folder.path }, archives: true });
    expect(problems.map(({ path, why, fatal }) => [path, why, fatal])).toEqual([
      ['bad.gz', 'archive', true],
      ['bad.tgz', 'archive', true],
      ['bad.zip', 'archive', true],
      ['bomb.gz!/content', 'too_large', false],
      ['deep.zip!/b.zip!/c.zip', 'archive', true],
    ]);
  }, 60_000);
});
