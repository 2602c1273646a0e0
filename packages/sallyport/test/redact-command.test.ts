import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PolicyFolder } from '../../../test/support/policy-file.ts';
import { placeOfCall } from '../src/place-of-call.ts';
import { isOneTerminal } from '../src/redact/is-one-terminal.ts';
import { Progress } from '../src/redact/progress.ts';
import { unreadable, unwritable } from '../src/redact/unusable-file.ts';

const CLI = resolve('packages/sallyport/bundle/lib/cli.js');
const NOTE = 'Write to jane.roe@example.org about E11.9 and HbA1c 7.2 %.\n';
const POLICY = `version: 1
authorization: { rules: 'p, role:nurse, *, tool:*, call, , allow' }
redaction:
  about: [patient]
  results: { pack: gdpr, operator: token, exceptRoles: [nurse] }
  arguments: { entities: [CREDIT_CARD], operator: block }
  restore: [{ tools: [ehr/send] }]
  tokens: { file: ./tokens.vault, key: env:VAULT_KEY }
`;
const KEY = 'Yk9QvR2tX7wZ4mB8nC1pL5sD3fG6hJ0k';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let folder: PolicyFolder;
beforeEach(() => {
  folder = new PolicyFolder(POLICY);
});
afterEach(() => folder.dispose());

async function sallyport(args: readonly string[], input: string | Buffer = '', key = KEY): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder.directory,
    env: { ...process.env, NO_COLOR: '1', VAULT_KEY: key },
  });
  // Whoever refuses early does not read to the end.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const exit = new Promise<number | null>((done) => child.on('close', done));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await exit, out, err };
}

describe('sallyport redact', () => {
  it('rewrites what is piped in by a pack, and leaves codes and values alone', async () => {
    const { code, out, err } = await sallyport(['redact', '--pack', 'hipaa-safe-harbor'], NOTE);
    expect(code).toBe(0);
    expect(out).toBe('Write to [EMAIL] about E11.9 and HbA1c 7.2 %.\n');
    expect(err).toBe('sallyport: rewritten: EMAIL 1 label\n');
  });

  it('reads JSON as JSON, by its keys', async () => {
    const { out } = await sallyport(['redact', '--pack', 'gdpr'], '{"surname":"Okafor","code":"E11.9"}');
    expect(JSON.parse(out)).toEqual({ surname: '[PERSON]', code: 'E11.9' });
  });

  it('reads lines of JSON one by one, and writes them as lines', async () => {
    const lines = Array.from({ length: 9000 }, (_, at) =>
      JSON.stringify({ at, mail: `u${at}@example.org`, pad: 'x'.repeat(40) }),
    );
    folder.write('log.jsonl', `${lines.join('\n')}\n`);
    const { out, code } = await sallyport(['redact', '--pack', 'gdpr', 'log.jsonl']);
    expect(code).toBe(0);
    const written = out.trimEnd().split('\n');
    expect(written).toHaveLength(9000);
    expect(JSON.parse(written[8999] ?? '')).toEqual({ at: 8999, mail: '[EMAIL]', pad: 'x'.repeat(40) });
    expect(out).not.toContain('@example.org');
  });

  it('finds a value that stands where a long text is read in pieces', async () => {
    const line = `${'word '.repeat(13)}\n`;
    const value = 'jane.roe@example.org';
    const long = Array.from({ length: 12_000 }, (_, at) => (at % 100 === 0 ? `${value}\n` : line)).join('');
    const { out } = await sallyport(['redact', '--pack', 'gdpr', '--format', 'lines'], long);
    expect(out).toBe(long.replaceAll(value, '[EMAIL]'));
  });

  it('follows the policy: by role, with tokens that a tool gets the values of', async () => {
    const given = await sallyport(['redact', '--subject', 'ann'], NOTE);
    expect(given.out).toMatch(/^Write to \[EMAIL_[0-9a-z]{15}\] about/);
    const args = ['redact', '--direction', 'arguments', '--server', 'ehr', '--tool', 'send'];
    expect((await sallyport([...args, '--subject', 'ann'], given.out)).out).toBe(NOTE);
    expect((await sallyport([...args, '--subject', 'bob'], given.out)).out).toBe(given.out);
    expect((await sallyport(['redact', '--role', 'nurse'], NOTE)).out).toBe(NOTE);
  });

  it('explains what is found, with place, rule and score, and shows no value', async () => {
    const { code, out } = await sallyport(['redact', '--explain', '--role', 'x'], `First line.\n${NOTE}`, '');
    expect(code).toBe(0);
    expect(out).toMatch(/^2:10 +EMAIL +0\.\d\d +email +token \(20 characters\)\n$/);
    const json = await sallyport(
      ['redact', '--explain', '--pack', 'gdpr'],
      '{"who":[{"surname":"Okafor"}],"n":"x a@b.example"}',
    );
    expect(json.out).toMatch(/^\/who\/0\/surname +PERSON +0\.\d\d +key-person .*label/);
    expect(json.out).toMatch(/\n\/n:3 +EMAIL/);
    expect(json.out).not.toContain('Okafor');
  });

  it('exits 1 and writes nothing of what the policy blocks', async () => {
    const { code, out, err } = await sallyport(
      ['redact', '--direction', 'arguments'],
      'pay with 4111 1111 1111 1111',
    );
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/standard input, from line 1: .*CREDIT_CARD/);
    expect(err).not.toContain('4111');
  });

  it('writes to a file that only its owner can read, and a report that counts', async () => {
    folder.write('note.txt', NOTE.repeat(3));
    const { code } = await sallyport([
      'redact',
      'note.txt',
      '--pack',
      'gdpr',
      '-o',
      'clean.txt',
      '--report',
      'r.json',
    ]);
    expect(code).toBe(0);
    const clean = join(folder.directory, 'clean.txt');
    expect(readFileSync(clean, 'utf8')).toBe(NOTE.repeat(3).replaceAll('jane.roe@example.org', '[EMAIL]'));
    expect(statSync(clean).mode & 0o777).toBe(0o600);
    const counts = [{ entity: 'EMAIL', operator: 'label', count: 3 }];
    expect(JSON.parse(readFileSync(join(folder.directory, 'r.json'), 'utf8'))).toEqual({
      files: [{ name: 'note.txt', bytes: NOTE.length * 3, redacted: counts }],
      total: counts,
    });
  });

  it('leaves the output alone when an input cannot be read', async () => {
    folder.write('clean.txt', 'before');
    folder.write('note.txt', '');
    const { code, err } = await sallyport(['redact', 'missing.txt', '--pack', 'gdpr', '-o', 'clean.txt']);
    expect(code).toBe(2);
    expect(err).toContain('missing.txt');
    expect(readFileSync(join(folder.directory, 'clean.txt'), 'utf8')).toBe('before');
  });

  it.each([
    ['no UTF-8', Buffer.from([0x61, 0xff, 0x62]), /not UTF-8; convert it first/],
    ['UTF-16', Buffer.from([0xff, 0xfe, 0x61, 0x00]), /UTF-16; convert it first/],
    ['UTF-16 without a mark', Buffer.from(NOTE, 'utf16le'), /looks like UTF-16.*iconv -f utf-16le -t utf-8/],
    [
      'UTF-16 of the other order',
      Buffer.from(NOTE, 'utf16le').swap16(),
      /looks like UTF-16.*iconv -f utf-16be -t utf-8/,
    ],
    ['no text', Buffer.from([0x61, 0x00, 0x62]), /no text/],
  ])('says what to do with what is %s', async (_, bytes, message) => {
    const { code, out, err } = await sallyport(['redact', '--pack', 'gdpr'], bytes);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  it.each([
    [['--pack', 'hippa'], /no pack "hippa"/],
    [['-p', 'missing.yaml'], /missing\.yaml/],
    [['-o', 'x', 'a', 'b'], /name one/],
    [['--pack', 'gdpr', '-p', 'sallyport.yaml'], /leave out one of the two/],
    [['--operator', 'drop'], /--operator goes with --pack; in a policy write operator: under redaction/],
    [['--pack', 'gdpr', '--explain', '-o', 'x'], /leave out --output/],
    [['--pack', 'gdpr', '--explain', '--report', 'x'], /leave out --report/],
    [['--pack', 'gdpr', '--format', 'json'], /standard input is no JSON value; write --format lines/],
    [['--pack', 'gdpr', '--format', 'json', '--explain'], /is no JSON value/],
    [['--pack', 'gdpr', 'nope.txt'], /nope\.txt: there is no such file\n$/],
    [['--pack', 'gdpr', '.'], /\. is a folder; name files\n$/],
    [['--pack', 'gdpr', '-o', '.'], /\. is a folder; name a file in it\n$/],
    [['--pack', 'gdpr', '-o', '/nonexistent/x'], /there is no folder \/nonexistent; make it/],
    [['--pack', 'gdpr', '--report', '/nonexistent/x'], /there is no folder \/nonexistent; make it/],
    [['-p', 'missing.yaml'], /--pack gdpr/],
    [['--packs', 'gdpr'], /unknown option '--packs'/],
    [['--format', 'xml'], /Allowed choices are json, lines/],
    [['-o'], /argument missing/],
  ])('%j is answered with what to write', async (args, message) => {
    const { code, out, err } = await sallyport(['redact', ...args], NOTE);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^ +at /m);
  });

  it('keeps the link and the mode of what it writes into, and leaves nothing beside it', async () => {
    mkdirSync(join(folder.directory, 'real'));
    const target = folder.write('real/clean.txt', 'before');
    chmodSync(target, 0o640);
    const link = join(folder.directory, 'link.txt');
    symlinkSync('real/clean.txt', link);
    expect((await sallyport(['redact', '--pack', 'gdpr', '-o', 'link.txt'], NOTE)).code).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toContain('[EMAIL]');
    expect(statSync(target).mode & 0o777).toBe(0o640);
    expect(readdirSync(join(folder.directory, 'real'))).toEqual(['clean.txt']);
  });

  it('makes the file that a link leads to, when it is not there yet', async () => {
    mkdirSync(join(folder.directory, 'real'));
    const link = join(folder.directory, 'link.txt');
    symlinkSync('real/new.txt', link);
    expect((await sallyport(['redact', '--pack', 'gdpr', '-o', 'link.txt'], NOTE)).code).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(statSync(join(folder.directory, 'real/new.txt')).mode & 0o777).toBe(0o600);
  });

  it('writes into a pipe and a device, and does not replace them', async () => {
    const pipe = join(folder.directory, 'pipe');
    spawnSync('mkfifo', [pipe]);
    const reader = spawn('cat', [pipe]);
    const [ended, read] = await Promise.all([
      sallyport(['redact', '--pack', 'gdpr', '-o', 'pipe'], NOTE),
      text(reader.stdout),
    ]);
    expect(ended.code).toBe(0);
    expect(read).toBe(NOTE.replace('jane.roe@example.org', '[EMAIL]'));
    expect(lstatSync(pipe).isFIFO()).toBe(true);
    const device = join(folder.directory, 'null');
    symlinkSync('/dev/null', device);
    expect((await sallyport(['redact', '--pack', 'gdpr', '-o', 'null'], NOTE)).code).toBe(0);
    expect(lstatSync(device).isSymbolicLink()).toBe(true);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('leaves no half-written file behind after %s, and ends with %i', async (signal, expected) => {
    folder.write('clean.txt', 'before');
    const child = spawn(process.execPath, [CLI, 'redact', '--pack', 'gdpr', '-o', 'clean.txt'], {
      cwd: folder.directory,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const closed = new Promise<number | null>((done) => child.on('close', done));
    const left = (): string[] => readdirSync(folder.directory).filter((name) => name.endsWith('.tmp'));
    while (left().length === 0) await sleep(10);
    child.kill(signal);
    expect(await closed).toBe(expected);
    expect(left()).toEqual([]);
    expect(readFileSync(join(folder.directory, 'clean.txt'), 'utf8')).toBe('before');
  });

  it('is silent and ends with 141 when nobody reads any more', async () => {
    folder.write('long.txt', NOTE.repeat(20_000));
    for (const options of ['', '--explain']) {
      const command = `{ '${process.execPath}' '${CLI}' redact --pack gdpr ${options} long.txt; echo $? >code; } | head -1`;
      const { stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: folder.directory });
      expect(stdout.toString()).toContain('EMAIL');
      expect(stderr.toString()).toBe('');
      expect(readFileSync(join(folder.directory, 'code'), 'utf8')).toBe('141\n');
    }
  });

  it('keeps the byte order mark and the last newline of JSON', async () => {
    const given = '\uFEFF{\n  "mail": "a@b.example"\n}\r\n';
    // Not from standard output: what reads it here takes the mark away.
    expect((await sallyport(['redact', '--pack', 'gdpr', '-o', 'clean.json'], given)).code).toBe(0);
    const clean = readFileSync(join(folder.directory, 'clean.json'), 'utf8');
    expect(clean).toBe(given.replace('a@b.example', '[EMAIL]'));
    folder.write('one.jsonl', '{"mail":"a@b.example"}\n');
    expect((await sallyport(['redact', '--pack', 'gdpr', 'one.jsonl'])).out).toBe('{"mail":"[EMAIL]"}\n');
    const bare = '{"mail":"a@b.example"}';
    expect((await sallyport(['redact', '--pack', 'gdpr'], bare)).out).toBe('{"mail":"[EMAIL]"}');
  });

  it('says how to split JSON of too many values', async () => {
    folder.write('big.json', `[${'1,'.repeat(1_000_001)}1]`);
    const { code, err } = await sallyport(['redact', '--pack', 'gdpr', 'big.json']);
    expect(code).toBe(2);
    expect(err).toContain("jq -c '.[]' big.json | sallyport redact --format lines");
  });

  it('refuses to be nobody when the variable with the subject is not set', async () => {
    folder.write('sallyport.yaml', `${POLICY}identity: { stdio: { subject: env:WHO_CALLS } }\n`);
    const { code, out, err } = await sallyport(['redact'], NOTE);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('env:WHO_CALLS, which is not set');
    expect((await sallyport(['redact', '--subject', 'ann'], NOTE)).code).toBe(0);
  });

  it('takes the only server of the policy, and a tool as policies write it', async () => {
    const given = await sallyport(['redact', '--subject', 'ann'], NOTE);
    const args = ['redact', '--direction', 'arguments', '--subject', 'ann', '--tool'];
    expect((await sallyport([...args, 'send'], given.out)).out).toBe(given.out);
    expect((await sallyport([...args, 'ehr/send'], given.out)).out).toBe(NOTE);
    const explained = await sallyport(['policy', 'explain', '--role', 'nurse', '--tool', 'ehr/send']);
    expect(explained.out).toContain('call tool:send on ehr as ');
    folder.write('sallyport.yaml', `${POLICY}servers: { ehr: { command: [node, ehr.js] } }\n`);
    expect((await sallyport([...args, 'send'], given.out)).out).toBe(NOTE);
  });

  it('writes nothing while the key of the vault cannot be had', async () => {
    const { code, out, err } = await sallyport(['redact'], NOTE, '');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('VAULT_KEY');
  });
});

describe('sallyport tokens erase', () => {
  it('forgets what was given to somebody, so that the tokens mean nothing any more', async () => {
    const { out } = await sallyport(['redact', '--subject', 'ann'], NOTE);
    expect((await sallyport(['tokens', 'erase', '--subject', 'bob'])).out).toBe('0 tokens were forgotten.\n');
    expect((await sallyport(['tokens', 'erase', '--subject', 'ann'])).out).toBe('1 token was forgotten.\n');
    const args = [
      'redact',
      '--direction',
      'arguments',
      '--server',
      'ehr',
      '--tool',
      'send',
      '--subject',
      'ann',
    ];
    expect((await sallyport(args, out)).out).toBe(out);
  });

  it.each([[['--tenants', 'x']], [['--subject']]])('%j is a slip, with exit code 2', async (args) => {
    expect((await sallyport(['tokens', 'erase', ...args])).code).toBe(2);
  });

  it('says what to name', async () => {
    const { code, err } = await sallyport(['tokens', 'erase']);
    expect(code).toBe(2);
    expect(err).toContain('--about PERSON');
    expect(existsSync(join(folder.directory, 'tokens.vault'))).toBe(false);
  });
});

describe('the place of a call', () => {
  const policy = { servers: new Map([['ehr', { command: ['node'] }]]) };

  it.each([
    [{ tool: 'send' }, { server: 'ehr', tool: 'send' }],
    [{ tool: 'lab/send' }, { server: 'lab', tool: 'send' }],
    [
      { tool: 'lab/send', server: 'lab' },
      { server: 'lab', tool: 'send' },
    ],
    [
      { tool: 'lab/send', server: 'ehr' },
      { server: 'ehr', tool: 'lab/send' },
    ],
    [{}, { server: 'ehr' }],
  ])('of %j is %j', (given, place) => {
    expect(placeOfCall(policy, given)).toEqual(place);
  });

  it('is the server "default" where the policy names none or more than one', () => {
    expect(placeOfCall(undefined, {})).toEqual({ server: 'default' });
    const two = new Map([...policy.servers, ['lab', { command: ['node'] }]]);
    expect(placeOfCall({ servers: two }, {})).toEqual({ server: 'default' });
  });
});

describe('trouble with files', () => {
  const denied = Object.assign(new Error('EACCES: raw'), { code: 'EACCES' });

  it('is told in words', () => {
    expect(unreadable('a.txt', denied)).toMatchObject({ message: 'a.txt: permission denied' });
    expect(unwritable('d/a.txt', 'd', denied)).toMatchObject({
      message: 'd/a.txt cannot be written: permission denied in d',
    });
  });

  it('that is not known is left as it is', () => {
    const other = Object.assign(new Error('EIO'), { code: 'EIO' });
    expect(unreadable('a.txt', other)).toBe(other);
  });
});

describe('the bar', () => {
  const shown = (isTTY: boolean): string => {
    let written = '';
    let now = 0;
    const bar = new Progress({ isTTY, write: (part: string) => (written += part) }, () => (now += 600));
    bar.show('notes.txt', 50, 100);
    bar.clear();
    return written;
  };

  it('is shown on a terminal, and taken away', () => {
    expect(shown(true)).toMatch(/notes\.txt.*50 %/);
    expect(shown(true).endsWith('\r\u001B[K')).toBe(true);
  });

  it('is not shown elsewhere', () => {
    expect(shown(false)).toBe('');
  });

  it('would be in the way where texts are written to the same terminal', () => {
    const [one, same, other] = ['/dev/null', '/dev/null', '/dev/zero'].map((path) => openSync(path, 'r'));
    const terminal = (fd = 0, isTTY = true): { fd: number; isTTY: boolean } => ({ fd, isTTY });
    expect(isOneTerminal(terminal(one), terminal(same))).toBe(true);
    expect(isOneTerminal(terminal(one), terminal(other))).toBe(false);
    expect(isOneTerminal(terminal(one, false), terminal(same))).toBe(false);
    for (const fd of [one, same, other]) closeSync(fd ?? 0);
  });
});

// Elsewhere there is no command that makes a terminal.
if (/util-linux/.test(spawnSync('script', ['--version']).stdout?.toString() ?? '')) {
  describe('sallyport redact, on a terminal', () => {
    /** @param typed after the terminal shows `asked` */
    const onTerminal = async (rest: string, asked?: string, typed?: string): Promise<string> => {
      const command = `'${process.execPath}' '${CLI}' redact --pack gdpr ${rest}`;
      const child = spawn('script', ['-qec', command, '/dev/null'], {
        cwd: folder.directory,
        env: { ...process.env, NO_COLOR: '1', TERM: 'xterm', SHELL: '/bin/sh' },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      let shown = '';
      child.stdout.on('data', (chunk: Buffer) => {
        const isFirst = asked !== undefined && !shown.includes(asked);
        shown += chunk.toString();
        if (isFirst && asked !== undefined && shown.includes(asked)) child.stdin.write(typed);
      });
      await new Promise((done) => child.on('close', done));
      return shown;
    };

    it('says that it reads what is typed', async () => {
      const hint = 'reading standard input; end with Ctrl-D';
      const shown = await onTerminal('', hint, 'to a@b.example\r\u0004');
      expect(shown.split(hint)).toHaveLength(2);
      expect(shown).toContain('to [EMAIL]');
    });
  });
}
