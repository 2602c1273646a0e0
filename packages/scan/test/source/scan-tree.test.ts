import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SAMPLES } from '../support/samples.ts';
import { runScan } from '../support/run-scan.ts';
import { temporaryFolder, temporaryRepository } from '../support/temporary-repository.ts';

const line = (rule: string): string => `${SAMPLES.find((sample) => sample.rule === rule)?.text}\n`;
const GITHUB = line('github-pat');
const tree = (root: string) => ({ kind: 'tree' as const, root });

/** For root nothing is unreadable. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.('nobody');
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe('a work tree', () => {
  test('has planted credentials of every rule, in the order of their places', async () => {
    using folder = temporaryFolder();
    for (const { rule, text } of SAMPLES) folder.write(`rules/${rule}.txt`, `${text}\n`);
    const { findings, problems, summary, progress } = await runScan({ target: tree(folder.path) });
    const paths = findings.map(({ path }) => path);
    const found = new Set(paths);
    expect(SAMPLES.filter(({ rule }) => !found.has(`rules/${rule}.txt`))).toEqual([]);
    expect(paths).toEqual(paths.toSorted());
    expect(problems).toEqual([]);
    expect(summary).toMatchObject({ files: SAMPLES.length, aborted: false, findings: findings.length });
    expect(progress).toBeGreaterThan(1);
    const shown = JSON.stringify(findings);
    expect(SAMPLES.filter(({ secret }) => secret.length > 15 && shown.includes(secret))).toEqual([]);
  }, 60_000);

  test('of git leaves out what is ignored, by any of its files, unless it is tracked or named', async () => {
    using repository = temporaryRepository();
    for (const name of ['a.txt', 'b.log', 'tracked.log', 'sub/c.tmp', 'sub/keep.log', 'd.local', 'e.mine'])
      repository.write(name, GITHUB);
    repository.write('.gitignore', '*.log\n');
    repository.write('sub/.gitignore', '*.tmp\n!keep.log\n');
    repository.write('.git/info/exclude', '*.local\n');
    repository.write('.config/git/ignore', '*.mine\n');
    repository.git('add', '-f', 'tracked.log');
    const environment = { PATH: process.env['PATH'], HOME: repository.path };
    const { findings } = await runScan({ target: tree(repository.path), environment });
    expect(findings.map(({ path }) => path)).toEqual(['a.txt', 'sub/keep.log', 'tracked.log']);
    const all = await runScan({ target: { ...tree(repository.path), noIgnore: true }, environment });
    expect(all.findings).toHaveLength(7);
    const named = await runScan({
      target: { ...tree(repository.path), paths: ['b.log', 'sub'] },
      environment,
    });
    expect(named.findings.map(({ path }) => path)).toEqual(['b.log', 'sub/keep.log']);
  });

  test('without git leaves out what its .gitignore files say', async () => {
    using folder = temporaryFolder();
    for (const name of ['a.txt', 'b.log', 'sub/c.tmp', 'sub/keep.log', 'build/d.txt'])
      folder.write(name, GITHUB);
    folder.write('.gitignore', '*.log\nbuild/\n');
    folder.write('sub/.gitignore', '*.tmp\n!keep.log\n');
    const { findings, summary } = await runScan({ target: tree(folder.path) });
    expect(findings.map(({ path }) => path)).toEqual(['a.txt', 'sub/keep.log']);
    expect(summary.skipped.ignored).toBe(3);
    const part = await runScan({ target: { ...tree(folder.path), paths: ['sub'] } });
    expect(part.findings.map(({ path }) => path)).toEqual(['sub/keep.log']);
  });

  test('with submodules and repositories in it is scanned as a whole, and says which are not there', async () => {
    using other = temporaryRepository();
    using repository = temporaryRepository();
    other.write('.gitignore', 'ignored\n');
    other.write('inner.txt', GITHUB);
    other.commit('inner');
    repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other.path, 'module');
    repository.commit('with a submodule');
    execFileSync('git', ['init', '-q', join(repository.path, 'nested')]);
    repository.write('nested/n.txt', GITHUB);
    repository.write('module/ignored', GITHUB);
    const { findings, problems } = await runScan({ target: tree(repository.path) });
    expect(findings.map(({ path }) => path)).toEqual(['module/inner.txt', 'nested/n.txt']);
    expect(problems).toEqual([]);
    repository.git('submodule', '--quiet', 'deinit', '--force', 'module');
    const without = await runScan({ target: tree(repository.path) });
    expect(without.problems).toMatchObject([{ path: 'module', why: 'submodule', fatal: false }]);
  });

  test('follows no symbolic link, and tells of those that lead out, nowhere and to themselves', async () => {
    using outside = temporaryFolder();
    using folder = temporaryFolder();
    outside.write('secret.txt', GITHUB);
    folder.write('sub/in.txt', 'x\n');
    for (const [name, goal] of [
      ['out', outside.path],
      ['gone', 'nothing-here'],
      ['self', 'self'],
      ['sub/up', '..'],
    ] as const)
      symlinkSync(goal, join(folder.path, name));
    for (const noIgnore of [false, true]) {
      const { findings, problems } = await runScan({ target: { ...tree(folder.path), noIgnore } });
      expect(findings).toEqual([]);
      expect(problems.map(({ path, why, fatal }) => [path, why, fatal])).toEqual([
        ['gone', 'symlink', false],
        ['out', 'symlink', false],
        ['self', 'symlink', false],
      ]);
    }
  });

  test('with names of all kinds is scanned, and controls in them are shown escaped', async () => {
    using folder = temporaryFolder();
    const odd = Buffer.concat([Buffer.from(`${folder.path}/`), Buffer.from([0x61, 0xff])]);
    writeFileSync(odd, GITHUB);
    folder.write('new\nline \u001b[31m.txt', GITHUB);
    folder.write('größe 😀.txt', GITHUB);
    for (const repository of [false, true]) {
      if (repository) execFileSync('git', ['init', '-q', folder.path]);
      const { findings, problems } = await runScan({ target: tree(folder.path) });
      expect(findings.map(({ path }) => path)).toEqual([
        'a\ufffd',
        'größe 😀.txt',
        'new\\x0aline \\x1b[31m.txt',
      ]);
      expect(problems).toMatchObject([{ path: 'a\ufffd', why: 'odd_path', fatal: false }]);
    }
  });

  test('opens no FIFO, and says what cannot be read, is too large or has gone', async () => {
    using repository = temporaryRepository();
    repository.write('gone.txt', GITHUB);
    repository.write('large.txt', `${'x'.repeat(5_000)}${GITHUB}`);
    repository.commit('first');
    rmSync(join(repository.path, 'gone.txt'));
    const { problems, findings } = await runScan({ target: tree(repository.path), maxFileBytes: 5_000 });
    expect(findings).toEqual([]);
    expect(problems.map(({ path, why, fatal }) => [path, why, fatal])).toEqual([
      ['gone.txt', 'vanished', false],
      ['large.txt', 'too_large', false],
    ]);
    using folder = temporaryFolder();
    execFileSync('sh', ['-c', 'mkfifo fifo'], { cwd: folder.path });
    const fifo = await runScan({ target: tree(folder.path) });
    expect(fifo.problems).toMatchObject([
      { path: 'fifo', why: 'not_a_file' },
      { path: '', why: 'nothing' },
    ]);
  });

  test('that cannot be read as a whole is an error', async () => {
    using folder = temporaryFolder();
    folder.write('closed/a.txt', GITHUB);
    folder.write('b.txt', GITHUB);
    chmodSync(folder.path, 0o755);
    chmodSync(join(folder.path, 'closed'), 0);
    const { problems, findings } = await asNobody(() => runScan({ target: tree(folder.path) }));
    chmodSync(join(folder.path, 'closed'), 0o755);
    expect(findings).toHaveLength(1);
    expect(problems).toMatchObject([{ path: 'closed', why: 'unreadable', fatal: true }]);
  });

  test('counts binary and empty files, and warns when there is none', async () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'empty'));
    const none = await runScan({ target: tree(folder.path) });
    expect(none.problems).toMatchObject([{ why: 'nothing', fatal: false }]);
    folder.write('empty.txt', '');
    folder.write('image.bin', Buffer.concat([Buffer.alloc(10), Buffer.from(GITHUB)]));
    folder.write('wide.txt', Buffer.from(`\ufeff${GITHUB}`, 'utf16le'));
    const some = await runScan({ target: tree(folder.path) });
    expect(some.findings).toMatchObject([{ path: 'wide.txt', rule: 'github-pat' }]);
    expect(some.summary.skipped).toEqual({ binary: 1, empty: 1, ignored: 0 });
  });
});

describe('what is named and is not there', () => {
  test('is an error', async () => {
    using folder = temporaryFolder();
    folder.write('a.txt', GITHUB);
    const named = await runScan({ target: { ...tree(folder.path), paths: ['b.txt', '..', 'a.txt'] } });
    expect(named.problems.map(({ path, fatal }) => [path, fatal])).toEqual([
      ['b.txt', true],
      ['..', true],
    ]);
    expect(named.findings).toHaveLength(1);
    const none = await runScan({ target: tree(`${folder.path}/none`) });
    expect(none.problems).toMatchObject([{ why: 'unreadable', fatal: true }]);
  });
});

describe('a finding', () => {
  test('says where it is, and its excerpt shows no credential of its line', async () => {
    using folder = temporaryFolder();
    const [one, two] = ['github-pat', 'npm-token'].map(
      (id) => SAMPLES.find(({ rule }) => rule === id)?.secret ?? '',
    );
    folder.write('a.ts', `// é\n  const a = "${one}"; const b = "${two}";\n`);
    const { findings } = await runScan({ target: tree(folder.path) });
    expect(findings).toMatchObject([
      {
        line: 2,
        column: 14,
        endLine: 2,
        endColumn: 54,
        byteOffset: 19,
        validated: true,
        severity: 'critical',
      },
      { rule: 'npm-token', line: 2, column: 68 },
    ]);
    expect(findings.map(({ excerpt }) => excerpt)).toEqual(
      Array.from({ length: 2 }, () => 'const a = "••••••"; const b = "••••••";'),
    );
    expect(findings[0]?.fingerprint).toMatch(/^v1:github-pat:[0-9a-f]{32}$/);
  });

  test('is not told where it is not kept, and it is asked about with what suppression needs', async () => {
    using folder = temporaryFolder();
    folder.write('a.txt', `# note\n${GITHUB}`);
    folder.write('b.txt', GITHUB);
    const asked: unknown[] = [];
    const { findings, summary } = await runScan({
      target: tree(folder.path),
      keep: ({ path, lineBefore, secret, lineText }, fingerprint) => {
        asked.push([path, lineBefore, lineText.includes(secret), fingerprint.startsWith('v1:github-pat:')]);
        return path === 'b.txt';
      },
    });
    expect(asked).toEqual([
      ['a.txt', '# note', true, true],
      ['b.txt', undefined, true, true],
    ]);
    expect(findings.map(({ path }) => path)).toEqual(['b.txt']);
    expect(summary).toMatchObject({ findings: 1, suppressed: 1 });
  });

  test('of a path that is left out is none', async () => {
    using folder = temporaryFolder();
    folder.write('vendor/a.txt', GITHUB);
    folder.write('b.txt', GITHUB);
    const { findings, summary } = await runScan({
      target: tree(folder.path),
      skipPath: (path) => path.startsWith('vendor/'),
    });
    expect(findings.map(({ path }) => path)).toEqual(['b.txt']);
    expect(summary.skipped.ignored).toBe(1);
  });
});

describe('what is piped in', () => {
  async function* parts(...texts: readonly string[]): AsyncGenerator<Buffer> {
    for (const text of texts) yield Buffer.from(text);
  }

  test('is one text', async () => {
    const { findings } = await runScan({
      target: { kind: 'stdin', stream: parts('one\n', GITHUB.slice(0, 20), GITHUB.slice(20)) },
    });
    expect(findings).toMatchObject([{ path: 'stdin', line: 2, source: 'stdin' }]);
  });

  test('is cut where it is too long, and that is an error; and nothing is a warning', async () => {
    const long = await runScan({
      target: { kind: 'stdin', stream: parts('x'.repeat(100), GITHUB), name: 'piped.txt' },
      maxFileBytes: 100,
    });
    expect(long.problems).toMatchObject([{ path: 'piped.txt', why: 'too_large', fatal: true }]);
    const none = await runScan({ target: { kind: 'stdin', stream: parts() } });
    expect(none.problems).toMatchObject([{ why: 'nothing', fatal: false }]);
  });
});

describe('a scan', () => {
  test('that is aborted tells what it has and says so', async () => {
    using folder = temporaryFolder();
    folder.write('a.txt', GITHUB);
    const { summary } = await runScan({ target: tree(folder.path), signal: AbortSignal.abort() });
    expect(summary).toMatchObject({ aborted: true, files: 0 });
  });

  test('refuses options that make no sense, and says what to write', async () => {
    await expect(runScan({ target: tree('.'), threads: -1 })).rejects.toThrow('threads has to be');
    await expect(runScan({ target: tree('.'), maxFileBytes: 0 })).rejects.toThrow('maxFileBytes has to be');
    await expect(runScan({ target: { kind: 'range', root: '.', range: 'a b' } })).rejects.toThrow('one word');
  });
});
