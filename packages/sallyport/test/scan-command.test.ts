import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { madeUp, madeUpToken, ScanFolder } from './scan-folder.ts';

const FORMATS = ['human', 'json', 'sarif', 'github', 'junit'] as const;

let folder: ScanFolder;
beforeEach(() => {
  folder = new ScanFolder();
});
afterEach(() => folder.dispose());

describe('sallyport scan', () => {
  it('says how much it has scanned where nothing is found, and exits with 0', async () => {
    folder.write('a.txt', 'nothing here\n');
    const { code, out, err } = await folder.run(['scan']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^no secrets in 1 file, 13 bytes, \d+\.\d s\n$/);
  });

  it('warns where there was nothing to scan', async () => {
    const { code, out } = await folder.run(['scan']);
    expect(code).toBe(0);
    expect(out).toMatch(/^warning [^]*\nno secrets in 0 files/);
  });

  it('shows where a credential stands and how to fix it, never the credential, and exits with 1', async () => {
    const token = madeUpToken();
    folder.write('src/app.env', `A=1\nGITHUB_TOKEN=${token}\n`);
    const { code, out } = await folder.run(['scan']);
    expect(code).toBe(1);
    expect(out).toContain(
      'src/app.env\n  2:14     critical github-pat\n        GITHUB_TOKEN=••••••\n                     ^^^^^^\n',
    );
    expect(out).toContain('Revoke the token');
    expect(out).toMatch(/env:NAME/);
    expect(out).toContain('1 secret in 1 file');
    expect(out).not.toContain(token.slice(4, 12));
  });

  it('exits with 0 where that is wanted, or where nothing is as severe as asked for', async () => {
    folder.write('app.env', `DB_PASSWORD=${madeUp(20)}\n`);
    expect((await folder.run(['scan'])).code).toBe(1);
    expect((await folder.run(['scan', '--exit-zero'])).code).toBe(0);
    expect((await folder.run(['scan', '--fail-on', 'critical'])).code).toBe(0);
    expect((await folder.run(['scan', '--fail-on', 'high'])).code).toBe(1);
  });

  it('scans the files that are named, also elsewhere, and takes others for what they are', async () => {
    const other = new ScanFolder();
    try {
      folder.write('a.env', `A_TOKEN=${madeUpToken()}`);
      const file = other.write('mcp.json', `{"token":"${madeUpToken()}"}`);
      const named = await folder.run(['scan', file]);
      expect(named.code).toBe(1);
      expect(named.out).toContain(`${file}\n  1:`);
      expect(named.out).not.toContain('a.env');
      const gone = await folder.run(['scan', 'gone.env']);
      expect([gone.code, gone.err]).toEqual([2, 'sallyport: gone.env: there is no such file\n']);
    } finally {
      other.dispose();
    }
  });

  it('shows paths that can be opened from where the command was given', async () => {
    folder.git('init', '-q');
    folder.write('sub/here.env', `A_TOKEN=${madeUpToken()}\n`);
    folder.write('beside/there.env', `B_TOKEN=${madeUpToken()}\n`);
    folder.commit('both');
    const paths = async (...args: readonly string[]): Promise<readonly string[]> => {
      const { out } = await folder.run(['scan', '--format', 'json', ...args], '', 'sub');
      const { findings } = JSON.parse(out) as { findings: { path: string; source: string }[] };
      return findings.map(({ path, source }) => `${path} ${source}`);
    };
    const there = `${folder.path}/beside/there.env`;
    expect(await paths()).toEqual(['here.env tree']);
    expect(await paths(folder.path)).toEqual([`${there} tree`, 'here.env tree']);
    expect(await paths('../beside')).toEqual([`${there} tree`]);
    expect(await paths('.', '--history')).toEqual([`${there} history`, 'here.env tree']);
  });

  it('scans what is piped in', async () => {
    const { code, out } = await folder.run(['scan', '--stdin'], `TOKEN=${madeUpToken()}\n`);
    expect(code).toBe(1);
    expect(out).toContain('stdin\n  1:7 ');
  });

  it('leaves ignored files out unless told not to', async () => {
    folder.git('init', '-q');
    folder.write('.gitignore', '*.env\n');
    folder.write('a.env', `TOKEN=${madeUpToken()}\n`);
    expect((await folder.run(['scan'])).code).toBe(0);
    expect((await folder.run(['scan', '--no-ignore'])).code).toBe(1);
  });

  it('says of a file over the limit that it was not scanned', async () => {
    folder.write('big.txt', 'x'.repeat(5000));
    const { out } = await folder.run(['scan', '--max-file', '4k']);
    expect(out).toMatch(/^(?:warning|error) big\.txt: It has 5000 bytes and was not scanned/m);
  });
});

describe('a repository', () => {
  beforeEach(() => {
    folder.git('init', '-q');
    folder.write('readme', 'hello\n');
    folder.commit('first');
  });

  it('is looked at as it is staged, not as the work tree has it', async () => {
    folder.write('a.env', `TOKEN=${madeUpToken()}\n`);
    expect((await folder.run(['scan', '--staged'])).code).toBe(0);
    folder.git('add', '-A');
    folder.write('a.env', 'TOKEN=\n');
    const { code, out } = await folder.run(['scan', '--staged']);
    expect(code).toBe(1);
    expect(out).toContain('a.env\n  1:7 ');
  });

  it('is looked at in its history, where nothing is gone; the same in the work tree is told once', async () => {
    folder.write('a.env', `TOKEN=${madeUpToken()}\n`);
    folder.commit('with');
    folder.write('a.env', 'TOKEN=\n');
    folder.write('b.env', `TOKEN=${madeUpToken()}\n`);
    folder.commit('without, and another');
    const history = await folder.run(['scan', '--history']);
    expect(history.code).toBe(1);
    expect(history.out).toMatch(/a\.env\n {2}1:7 .*commit [0-9a-f]{12}\)/);
    const both = await folder.run(['scan', '.', '--history', '--format', 'json']);
    const { findings } = JSON.parse(both.out) as { findings: { path: string; source: string }[] };
    expect(findings.map(({ path, source }) => `${path} ${source}`)).toEqual(['a.env history', 'b.env tree']);
  });

  it('is looked at in a range', async () => {
    folder.write('a.env', `TOKEN=${madeUpToken()}\n`);
    folder.commit('with');
    folder.write('c.txt', 'hello\n');
    folder.commit('after');
    expect((await folder.run(['scan', '--range', 'HEAD~1..HEAD'])).code).toBe(0);
    expect((await folder.run(['scan', '--range', 'HEAD~2..HEAD'])).code).toBe(1);
  });
});

describe('each format', () => {
  it('holds nothing of what is found', async () => {
    const token = madeUpToken();
    const password = madeUp(24);
    folder.write(
      'a.env',
      `TOKEN=${token}\nDB_PASSWORD=${password}\nURL=postgres://app:${password}@db.test/x TOKEN=${token}\n`,
    );
    folder.write(
      'mcp.json',
      JSON.stringify({ mcpServers: { a: { command: 'npx', args: ['x', '--api-key', password] } } }),
    );
    for (const format of FORMATS) {
      const { code, out, err } = await folder.run(['scan', '--format', format]);
      expect(code).toBe(1);
      for (const secret of [token.slice(4), password]) {
        for (let at = 0; at + 8 <= secret.length; at++)
          expect((out + err).includes(secret.slice(at, at + 8)), `${format} at ${at}`).toBe(false);
      }
    }
  });

  it('goes to a file where one is named, and the sum to standard error', async () => {
    folder.write('a.env', `TOKEN=${madeUpToken()}\n`);
    for (const format of FORMATS) {
      const name = `../${folder.path.split('/').at(-1)}.${format}`;
      const { code, out, err } = await folder.run([
        'scan',
        '--format',
        format,
        '-o',
        `out.${format}`,
        'a.env',
      ]);
      expect([code, out], name).toEqual([1, '']);
      expect(err).toContain('sallyport: 1 found in 1 files');
      expect(existsSync(`${folder.path}/out.${format}`)).toBe(true);
    }
    expect(folder.read('out.sarif')).toContain('"%SRCROOT%"');
    expect(folder.read('out.human')).not.toContain('\u001B');
  });

  it('bears names of files that mean something to it', async () => {
    const names = ['a\nb.env', '100%.env', 'a::b,c.env', '<b>&.env', ']]>.env', '::error::x.env'];
    for (const name of names) folder.write(name, `TOKEN=${madeUpToken()}\n`);
    const json = await folder.run(['scan', '--format', 'json']);
    const { findings } = JSON.parse(json.out) as { findings: { path: string }[] };
    expect(findings.length).toBe(names.length);
    const github = await folder.run(['scan', '--format', 'github']);
    expect(github.out.trimEnd().split('\n').length).toBe(names.length);
    const junit = await folder.run(['scan', '--format', 'junit']);
    expect(junit.out.match(/<testcase /g)?.length).toBe(names.length);
    expect(junit.out).not.toContain(']]>');
  });

  it('keeps the excerpt of a line of 50 MB short', async () => {
    const half = Buffer.alloc(25_000_000, 'abc def ');
    folder.write('long.txt', Buffer.concat([half, Buffer.from(` TOKEN=${madeUpToken()} `), half]));
    const { code, out } = await folder.run(['scan', '--format', 'json']);
    expect(code).toBe(1);
    const { findings } = JSON.parse(out) as { findings: { excerpt: string; column: number }[] };
    expect(findings.map(({ column }) => column)).toEqual([25_000_008]);
    expect(findings[0]?.excerpt.length).toBeLessThanOrEqual(120);
  });
});

describe('what is marked', () => {
  const own = ['sallyport', 'allow'].join(':');

  it('is not reported, and counted', async () => {
    folder.write(
      'a.env',
      `A_TOKEN=${madeUpToken()} # ${own} github-pat of a test\nB_TOKEN=${madeUpToken()} # ${['gitleaks', 'allow'].join(':')}\n`,
    );
    const { code, out } = await folder.run(['scan']);
    expect(code).toBe(0);
    expect(out).toContain('not reported: 1 by marks, 1 by marks of gitleaks\n');
    expect((await folder.run(['scan', '--no-marks'])).code).toBe(1);
  });

  it('hides no other credential on its line', async () => {
    folder.write('a.env', `A=${madeUpToken()} DB_PASSWORD=${madeUp(20)} # ${own} github-pat of a test\n`);
    const { code, out } = await folder.run(['scan']);
    expect(code).toBe(1);
    expect(out).toContain('generic-password');
    expect(out).not.toContain('critical github-pat');
  });
});

describe('the config of a client', () => {
  it('is shown without what is found in it', async () => {
    // Letters alone, in a variable whose name no rule knows.
    const key = madeUp(80).replaceAll(/\d/g, '').slice(0, 32);
    folder.write(
      '.cursor/mcp.json',
      JSON.stringify(
        { mcpServers: { acme: { command: 'npx', args: ['-y', 'acme-mcp'], env: { ACME_PAT: key } } } },
        undefined,
        2,
      ),
    );
    const { code, out } = await folder.run(['scan']);
    expect(code).toBe(1);
    expect(out).toContain('.cursor/mcp.json\n  10:22    high mcp-config-env\n');
    expect(out).toContain('"ACME_PAT=keystore:acme-pat"');
    expect(out).toContain('sallyport secrets set acme-pat');
    expect(out).not.toContain(key.slice(0, 8));
  });
});

describe('what cannot be', () => {
  it.each([
    [['scan', '--format', 'xml'], /Allowed choices are human, json, sarif, github, junit/],
    [['scan', '--max-file', '10x'], /Write a number of bytes/],
    [['scan', '--show-secrets'], /on a terminal only/],
    [['scan', '--staged', '--range', 'a..b'], /leave out one of the two/],
    [['scan', '--baseline', 'gone'], /gone: there is no such file/],
    [['scan', '--without', 'nothing'], /no rule "nothing"/],
    [['scan', '-o', 'no/such/folder'], /there is no folder/],
  ])('is said, with exit code 2: %j', async (args, message) => {
    folder.write('a.txt', 'hello\n');
    const { code, err } = await folder.run(args);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });

  it('a range that git does not know, too', async () => {
    folder.git('init', '-q');
    folder.write('a.txt', 'hello\n');
    folder.commit('first');
    expect((await folder.run(['scan', '--range', 'no..where'])).code).toBe(2);
  });
});

// Elsewhere there is no command that makes a terminal.
if (/util-linux/.test(spawnSync('script', ['--version']).stdout?.toString() ?? '')) {
  describe('on a terminal', () => {
    /** @param typed one answer each time that `asked` is shown */
    const onTerminal = async (
      rest: string,
      asked?: string,
      typed: readonly string[] = [],
    ): Promise<string> => {
      const program = resolve('packages/sallyport/test/fixtures/scan-program.mjs');
      const child = spawn('script', ['-qec', `'${process.execPath}' '${program}' ${rest}`, '/dev/null'], {
        cwd: folder.path,
        env: { ...process.env, NO_COLOR: '1', TERM: 'xterm', SHELL: '/bin/sh' },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      let shown = '';
      let answered = 0;
      child.stdout.on('data', (chunk: Buffer) => {
        shown += chunk.toString();
        const times = asked === undefined ? 0 : shown.split(asked).length - 1;
        while (answered < times && answered < typed.length) child.stdin.write(typed[answered++]);
      });
      await new Promise((done) => child.on('close', done));
      return shown;
    };

    it('a credential is shown to whoever asks to see it', async () => {
      const token = madeUpToken();
      folder.write('a.env', `TOKEN=${token}\n`);
      expect(await onTerminal('scan --show-secrets')).toContain(token);
      expect(await onTerminal('scan')).not.toContain(token.slice(4, 12));
    });

    it('an audit asks of each entry why it may stay, and keeps what is answered', async () => {
      folder.write('a.env', `TOKEN=${madeUpToken()}\n`);
      folder.write('b.env', `TOKEN=${madeUpToken()}\n`);
      await folder.run(['scan', 'baseline', 'create']);
      const shown = await onTerminal('scan baseline audit', 'Why may it stay?', ['of a test\r', '\u0004']);
      expect(shown).toContain('1 of 2: v1:github-pat:');
      expect(shown).toContain('TOKEN=••••••');
      expect(shown).toContain('1 entry left without a reason');
      expect(folder.read('.sallyport-baseline').match(/# of a test$/gm)?.length).toBe(1);
      expect(folder.read('.sallyport-baseline').match(/# unreviewed$/gm)?.length).toBe(1);
    });
  });
}
