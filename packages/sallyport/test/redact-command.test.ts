import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

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
  ])('%j is answered with what to write', async (args, message) => {
    const { code, err } = await sallyport(['redact', ...args], NOTE);
    expect(code).toBe(2);
    expect(err).toMatch(message);
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

  it('says what to name', async () => {
    const { code, err } = await sallyport(['tokens', 'erase']);
    expect(code).toBe(2);
    expect(err).toContain('--about PERSON');
    expect(existsSync(join(folder.directory, 'tokens.vault'))).toBe(false);
  });
});
