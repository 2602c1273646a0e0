import { chmodSync, existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SAMPLES } from '../support/samples.ts';
import { runScan } from '../support/run-scan.ts';
import { temporaryFolder, temporaryRepository } from '../support/temporary-repository.ts';

const secretOf = (rule: string): string => SAMPLES.find((sample) => sample.rule === rule)?.secret ?? '';
const [github, npm, openssh] = ['github-pat', 'npm-token', 'digitalocean-pat'].map(secretOf) as [
  string,
  string,
  string,
];
const line = (rule: string): string => `${SAMPLES.find((sample) => sample.rule === rule)?.text}\n`;

describe('what is staged', () => {
  test('has planted credentials of every rule, and the work tree is not read', async () => {
    using repository = temporaryRepository();
    repository.write('README.md', 'nothing\n');
    repository.commit('first');
    for (const { rule, text } of SAMPLES) repository.write(`rules/${rule}.txt`, `${text}\n`);
    repository.git('add', '--all');
    for (const { rule } of SAMPLES) repository.write(`rules/${rule}.txt`, 'clean again\n');
    repository.write('untracked.txt', line('npm-token'));
    const { findings, summary } = await runScan({ target: { kind: 'staged', root: repository.path } });
    const paths = new Set(findings.map(({ path }) => path));
    expect(SAMPLES.filter(({ rule }) => !paths.has(`rules/${rule}.txt`))).toEqual([]);
    expect(paths).not.toContain('untracked.txt');
    expect(findings.every(({ source }) => source === 'staged')).toBe(true);
    expect(summary.files).toBe(SAMPLES.length);
  }, 60_000);

  test('is compared with nothing before the first commit, and says when it is nothing', async () => {
    using repository = temporaryRepository();
    repository.write('a name with "quotes"\nand lines.txt', line('github-pat'));
    repository.git('add', '--all');
    const first = await runScan({ target: { kind: 'staged', root: repository.path } });
    expect(first.findings).toMatchObject([
      { rule: 'github-pat', path: 'a name with "quotes"\\x0aand lines.txt' },
    ]);
    repository.git('commit', '-qm', 'all');
    const second = await runScan({ target: { kind: 'staged', root: repository.path } });
    expect(second.problems).toMatchObject([{ why: 'nothing', fatal: false }]);
  });
});

describe('a merge that is not finished', () => {
  test('is told: what is staged is not known', async () => {
    using repository = temporaryRepository();
    repository.write('a.txt', 'one\n');
    repository.commit('base');
    repository.git('checkout', '-qb', 'side');
    repository.write('a.txt', 'two\n');
    repository.commit('side');
    repository.git('checkout', '-q', 'main');
    repository.write('a.txt', 'three\n');
    repository.commit('main');
    expect(() => repository.git('merge', '-q', 'side')).toThrow();
    const { problems } = await runScan({ target: { kind: 'staged', root: repository.path } });
    expect(problems).toContainEqual(expect.objectContaining({ path: 'a.txt', why: 'git', fatal: true }));
  });
});

describe('a history', () => {
  test('has planted credentials of every rule, though they are gone', async () => {
    using repository = temporaryRepository();
    for (const { rule, text } of SAMPLES) repository.write(`rules/${rule}.txt`, `one\n${text}\n`);
    const commit = repository.commit('planted');
    for (const { rule } of SAMPLES) repository.write(`rules/${rule}.txt`, 'one\n');
    repository.commit('removed');
    const { findings, summary } = await runScan({ target: { kind: 'history', root: repository.path } });
    const paths = new Set(findings.map(({ path }) => path));
    expect(SAMPLES.filter(({ rule }) => !paths.has(`rules/${rule}.txt`))).toEqual([]);
    expect(findings.every((finding) => finding.commit?.id === commit)).toBe(true);
    expect(findings[0]).toMatchObject({ line: 2, source: 'history', commit: { author: 'Ann Author' } });
    expect(summary.commits).toBe(2);
  }, 60_000);

  test('has what a merge alone brings in, what other references have, and says once where it came first', async () => {
    using repository = temporaryRepository();
    repository.write('base.txt', 'a\nb\nc\n');
    repository.commit('base');
    repository.git('checkout', '-qb', 'side');
    repository.write('side.txt', line('npm-token'));
    const side = repository.commit('side');
    repository.git('checkout', '-q', 'main');
    repository.write('other.txt', 'x\n');
    repository.commit('main');
    repository.git('merge', '-q', '--no-ff', '--no-commit', 'side');
    repository.write('evil.txt', `# added by the merge\n${line('github-pat')}`);
    const merge = repository.commit('merged');
    repository.git('checkout', '-qb', 'abandoned');
    repository.write('lost.txt', line('digitalocean-pat'));
    const lost = repository.commit('lost');
    repository.git('checkout', '-q', 'main');
    const { findings } = await runScan({ target: { kind: 'history', root: repository.path } });
    expect(findings.map(({ rule, path, line, commit }) => [rule, path, line, commit?.id])).toEqual([
      ['github-pat', 'evil.txt', 2, merge],
      ['digitalocean-pat', 'lost.txt', 1, lost],
      ['npm-token', 'side.txt', 1, side],
    ]);
  });

  test('of a renamed and moved file is that of its lines', async () => {
    using repository = temporaryRepository();
    repository.write('old name.txt', `${'text\n'.repeat(30)}${line('github-pat')}`);
    const first = repository.commit('first');
    repository.git('mv', 'old name.txt', 'new.txt');
    repository.write('new.txt', `${'text\n'.repeat(30)}${line('github-pat')}${line('npm-token')}`);
    const second = repository.commit('second');
    const { findings } = await runScan({ target: { kind: 'history', root: repository.path } });
    expect(findings.map(({ path, rule, line, commit }) => [path, rule, line, commit?.id])).toEqual([
      ['new.txt', 'npm-token', 32, second],
      ['old name.txt', 'github-pat', 31, first],
    ]);
  });

  test('hides nothing behind an attribute, in UTF-16, or in a path that is no UTF-8', async () => {
    using repository = temporaryRepository();
    repository.write('.gitattributes', '*.env -diff\n*.sec binary\n');
    repository.write('prod.env', line('github-pat'));
    repository.write('wide.txt', Buffer.from(`\ufeffa\n${line('npm-token')}`, 'utf16le'));
    repository.commit('first');
    const odd = Buffer.concat([Buffer.from(`${repository.path}/`), Buffer.from([0xff, 0x41])]);
    writeFileSync(odd, line('digitalocean-pat'));
    repository.commit('second');
    const { findings } = await runScan({ target: { kind: 'history', root: repository.path } });
    expect(findings.map(({ rule, path, line }) => [rule, path, line])).toEqual([
      ['github-pat', 'prod.env', 1],
      ['npm-token', 'wide.txt', 2],
      ['digitalocean-pat', '\ufffdA', 1],
    ]);
  });

  test('of a range is the lines of its commits', async () => {
    using repository = temporaryRepository();
    repository.write('a.txt', line('github-pat'));
    repository.commit('first');
    repository.write('b.txt', line('npm-token'));
    repository.commit('second');
    const { findings, summary } = await runScan({
      target: { kind: 'range', root: repository.path, range: 'HEAD~1..HEAD' },
    });
    expect(findings).toMatchObject([{ rule: 'npm-token', source: 'range' }]);
    expect(summary.commits).toBe(1);
    const option = await runScan({
      target: { kind: 'range', root: repository.path, range: '--output=stolen' },
    });
    expect(option.problems).toContainEqual(expect.objectContaining({ why: 'git', fatal: true }));
    expect(existsSync(join(repository.path, 'stolen'))).toBe(false);
  });

  test('runs nothing that a repository asks for', async () => {
    using repository = temporaryRepository();
    using outside = temporaryFolder();
    const mark = join(outside.path, 'ran');
    const program = join(outside.path, 'program.sh');
    writeFileSync(program, `#!/bin/sh\ntouch ${mark}\ncat "$1" 2>/dev/null\n`);
    chmodSync(program, 0o755);
    repository.write('.gitattributes', '*.txt diff=own filter=own\n');
    repository.write('a.txt', line('github-pat'));
    repository.commit('first');
    repository.write('b.txt', line('npm-token'));
    repository.git('add', '--all');
    for (const name of [
      'diff.external',
      'diff.own.textconv',
      'diff.own.command',
      'core.fsmonitor',
      'core.pager',
      'gpg.program',
      'core.sshCommand',
    ])
      repository.git('config', name, program);
    repository.git('config', 'log.showSignature', 'true');
    repository.git('config', 'color.ui', 'always');
    repository.git('config', 'diff.noprefix', 'true');
    for (const kind of ['tree', 'staged', 'history'] as const) {
      const { findings, problems } = await runScan({ target: { kind, root: repository.path } });
      expect(problems, kind).toEqual([]);
      expect(findings.length, kind).toBe(kind === 'tree' ? 2 : 1);
    }
    expect(existsSync(mark)).toBe(false);
  });

  test('that is cut off says so, and a damaged one gives what can be read', async () => {
    using repository = temporaryRepository();
    using clone = temporaryFolder();
    repository.write('a.txt', line('github-pat'));
    repository.commit('first');
    repository.write('b.txt', line('npm-token'));
    repository.commit('second');
    repository.git('clone', '-q', '--depth=1', `file://${repository.path}`, join(clone.path, 'c'));
    const shallow = await runScan({ target: { kind: 'history', root: join(clone.path, 'c') } });
    expect(shallow.problems).toMatchObject([{ why: 'shallow', fatal: false }]);
    expect(shallow.findings).toHaveLength(2);

    const first = repository.git('rev-parse', 'HEAD~1:a.txt').trim();
    const object = join(repository.path, '.git/objects', first.slice(0, 2), first.slice(2));
    chmodSync(object, 0o644);
    truncateSync(object, 5);
    const damaged = await runScan({ target: { kind: 'history', root: repository.path } });
    expect(damaged.problems).toMatchObject([{ why: 'git', fatal: true }]);
    expect(damaged.findings.map(({ rule }) => rule)).toEqual(['npm-token']);
  });

  test('is asked for where there is no repository: that is said', async () => {
    using folder = temporaryFolder();
    for (const kind of ['staged', 'history'] as const) {
      const { problems } = await runScan({ target: { kind, root: folder.path } });
      expect(problems).toContainEqual(expect.objectContaining({ why: 'git', fatal: true }));
    }
    mkdirSync(join(folder.path, 'x'));
    expect(readdirSync(folder.path)).toEqual(['x']);
  });

  test('never shows the credential in what is reported', async () => {
    using repository = temporaryRepository();
    repository.write('a.txt', `${github} ${npm}\n`);
    repository.commit(`with ${openssh} in the message`);
    const outcome = await runScan({ target: { kind: 'history', root: repository.path } });
    expect(outcome.findings).toHaveLength(2);
    for (const secret of [github, npm]) expect(JSON.stringify(outcome)).not.toContain(secret);
  });
});
