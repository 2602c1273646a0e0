import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AskReason, auditEntries } from '../src/scan/audit-entries.ts';
import { madeUp, madeUpToken, ScanFolder } from './scan-folder.ts';

const FILE = '.sallyport-baseline';

let folder: ScanFolder;
beforeEach(() => {
  folder = new ScanFolder();
});
afterEach(() => folder.dispose());

describe('sallyport scan baseline create', () => {
  it('writes all that is found, each without a reason, and a scan then passes with a warning', async () => {
    const token = madeUpToken();
    folder.write('a.env', `TOKEN=${token}\n`);
    const created = await folder.run(['scan', 'baseline', 'create']);
    expect([created.code, created.err]).toEqual([0, '']);
    expect(created.out).toContain('1 entry added, 1 entry in all');
    expect(folder.read(FILE)).toMatch(/^# .*\nv1:github-pat:[0-9a-f]{32} a\.env # unreviewed\n$/);
    expect(folder.read(FILE)).not.toContain(token.slice(4, 12));
    const { code, out } = await folder.run(['scan']);
    expect(code).toBe(0);
    expect(out).toContain('warning the baseline has 1 entry without a reason');
    expect(out).toContain('not reported: 1 by the baseline');
  });

  it('keeps what is there, with its reasons', async () => {
    folder.write('a.env', `TOKEN=${madeUpToken()}\n`);
    await folder.run(['scan', 'baseline', 'create']);
    folder.write(FILE, folder.read(FILE).replace('unreviewed', 'of a test'));
    folder.write('b.env', `TOKEN=${madeUpToken()}\n`);
    await folder.run(['scan', 'baseline', 'create']);
    expect(folder.read(FILE)).toMatch(/a\.env # of a test\n/);
    expect(folder.read(FILE)).toMatch(/b\.env # unreviewed\n/);
  });
});

describe('a baseline', () => {
  it('covers a credential wherever its line goes, and none that takes its place', async () => {
    const token = madeUpToken();
    folder.write('a.env', `TOKEN=${token}\n`);
    await folder.run(['scan', 'baseline', 'create']);
    folder.write('a.env', `A=1\nB=2\n  TOKEN="${token}"\n`);
    expect((await folder.run(['scan'])).code).toBe(0);
    folder.write('a.env', `TOKEN=${token} OTHER=${madeUpToken()}\n`);
    expect((await folder.run(['scan'])).code).toBe(1);
    folder.write('a.env', `TOKEN=${madeUpToken()}\n`);
    expect((await folder.run(['scan'])).code).toBe(1);
  });

  it('is not revived by a squash or a rebase', async () => {
    folder.git('init', '-q');
    folder.write('readme', 'hello\n');
    folder.commit('first');
    folder.write('a.env', `TOKEN=${madeUpToken()}\n`);
    folder.commit('with');
    folder.write('a.env', 'TOKEN=\n');
    folder.commit('without');
    await folder.run(['scan', 'baseline', 'create', '--history']);
    expect((await folder.run(['scan', '--history'])).code).toBe(0);
    // What only the history has is not taken for superfluous by a scan of the work tree.
    expect((await folder.run(['scan'])).code).toBe(0);
    expect((await folder.run(['scan', 'baseline', 'prune'])).code).toBe(2);
    const commit = folder.git('rev-parse', 'HEAD~1');
    folder.git('rebase', '-q', '--root', '--force-rebase', '--reset-author-date');
    expect((await folder.run(['scan', '--history'])).code).toBe(0);
    expect(folder.read(FILE)).not.toContain(commit.slice(0, 12));
  });

  it('with an entry that nothing is found for makes a scan fail, unless that is let pass, or only a part was scanned', async () => {
    folder.write('a.env', `TOKEN=${madeUpToken()}\n`);
    folder.write('b.txt', 'hello\n');
    await folder.run(['scan', 'baseline', 'create']);
    folder.write('a.env', 'TOKEN=\n');
    const { code, out } = await folder.run(['scan']);
    expect(code).toBe(1);
    expect(out).toMatch(/error the baseline has 1 entry that nothing is found for[^]*\n {2}v1:github-pat:/);
    expect((await folder.run(['scan', '--allow-unused'])).code).toBe(0);
    expect((await folder.run(['scan', 'b.txt'])).code).toBe(0);
    expect((await folder.run(['scan', '--stdin'])).code).toBe(0);
  });

  it('that cannot be read stops a scan with exit code 2, and its lines are not repeated', async () => {
    folder.write('a.txt', 'hello\n');
    folder.write(FILE, '# ours\npa55word1234\n');
    const { code, err } = await folder.run(['scan']);
    expect(code).toBe(2);
    expect(err).toMatch(/^sallyport: \.sallyport-baseline: line 2 of the baseline is no entry/);
    expect(err).not.toContain('pa55word1234');
  });

  it('is pruned of what is not found any more', async () => {
    folder.write('a.env', `TOKEN=${madeUpToken()}\n`);
    folder.write('b.env', `TOKEN=${madeUpToken()}\n`);
    await folder.run(['scan', 'baseline', 'create']);
    folder.write('a.env', 'TOKEN=\n');
    const before = folder.read(FILE);
    const dry = await folder.run(['scan', 'baseline', 'prune', '-n']);
    expect(dry.out).toContain('1 entry would go, 1 entry left');
    expect(folder.read(FILE)).toBe(before);
    const pruned = await folder.run(['scan', 'baseline', 'prune']);
    expect(pruned.code).toBe(0);
    expect(folder.read(FILE)).not.toContain('a.env');
    expect(folder.read(FILE)).toContain('b.env');
    expect((await folder.run(['scan', 'baseline', 'prune', 'b.env'])).code).toBe(2);
  });

  it('is listed with what stands where, and asks nobody without a terminal', async () => {
    const token = madeUpToken();
    folder.write('a.env', `TOKEN=${token}\n`);
    await folder.run(['scan', 'baseline', 'create']);
    const { code, out } = await folder.run(['scan', 'baseline', 'audit', '--list']);
    expect(code).toBe(1);
    expect(out).toMatch(/^v1:github-pat:[0-9a-f]{32} a\.env:1:7\n {4}TOKEN=••••••\n$/);
    expect(out).not.toContain(token.slice(4, 12));
    const asked = await folder.run(['scan', 'baseline', 'audit']);
    expect([asked.code, asked.out]).toEqual([2, '']);
    expect(asked.err).toContain('there is no terminal to ask on');
    folder.write(FILE, folder.read(FILE).replace('unreviewed', 'of a test'));
    expect((await folder.run(['scan', 'baseline', 'audit'])).code).toBe(0);
  });
});

describe('sallyport scan baseline import', () => {
  it('takes over a .gitleaksignore by its lines, and says what it cannot', async () => {
    folder.write('a.env', `A=1\nTOKEN=${madeUpToken()}\n`);
    folder.write('.gitleaksignore', '# ours\na.env:github-pat:2\ngone.env:jwt:1\n');
    const { code, out, err } = await folder.run(['scan', 'baseline', 'import', '.gitleaksignore']);
    expect(code).toBe(1);
    expect(out).toContain('1 entry taken over, 1 left out');
    expect(err).toBe('sallyport: left out: gone.env:jwt:1: nothing is found in this line\n');
    expect(folder.read(FILE)).toMatch(/a\.env # ignored by \.gitleaksignore\n/);
    expect((await folder.run(['scan', 'a.env'])).code).toBe(0);
  });

  it('takes over a .secrets.baseline by its hashes', async () => {
    const password = madeUp(20);
    folder.write('a.env', `DB_PASSWORD=${password}\n`);
    const hashed = createHash('sha1').update(password).digest('hex');
    const item = {
      type: 'Secret Keyword',
      filename: 'a.env',
      hashed_secret: hashed,
      line_number: 7,
      is_secret: false,
    };
    folder.write('.secrets.baseline', JSON.stringify({ version: '1.5.0', results: { 'a.env': [item] } }));
    const { code } = await folder.run(['scan', 'baseline', 'import', '.secrets.baseline']);
    expect(code).toBe(0);
    expect(folder.read(FILE)).toMatch(/a\.env # audited as no secret in \.secrets\.baseline\n/);
    expect((await folder.run(['scan'])).code).toBe(0);
  });

  it('refuses what is neither', async () => {
    folder.write('what.txt', 'hello there\n');
    expect((await folder.run(['scan', 'baseline', 'import', 'what.txt'])).code).toBe(2);
    expect((await folder.run(['scan', 'baseline', 'import', 'gone'])).code).toBe(2);
  });
});

describe('the questions of an audit', () => {
  const entries = ['a', 'b', 'c', 'd'].map((path) => ({ fingerprint: `v1:jwt:${'0'.repeat(32)}`, path }));

  function answering(...answers: readonly (string | undefined)[]): AskReason & { readonly asked: string[] } {
    const asked: string[] = [];
    let next = 0;
    return {
      asked,
      ask: (question) => {
        asked.push(question);
        next += 1;
        return Promise.resolve(answers[next - 1]);
      },
      close: () => undefined,
    };
  }

  it('take a reason, leave what is left empty, and end when told; each answer is saved at once', async () => {
    const saved: string[] = [];
    const questions = answering(' of a test ', '', 'q');
    const left = await auditEntries(
      [...entries, { ...(entries[0] as (typeof entries)[0]), path: 'e', reason: 'known' }],
      {
        questions,
        describe: ({ path }) => `entry ${path}`,
        save: (next) => {
          saved.push(next.map(({ path, reason }) => `${path}: ${reason}`).join(', '));
          return Promise.resolve();
        },
      },
    );
    expect(left).toBe(3);
    expect(questions.asked.length).toBe(3);
    expect(questions.asked[0]).toContain('1 of 4: entry a\n');
    expect(saved).toEqual(['a: of a test, b: undefined, c: undefined, d: undefined, e: known']);
  });

  it('end when whoever is asked hangs up', async () => {
    const questions = answering(undefined);
    const left = await auditEntries(entries, {
      questions,
      describe: () => '',
      save: () => Promise.resolve(),
    });
    expect([left, questions.asked.length]).toEqual([4, 1]);
  });
});
