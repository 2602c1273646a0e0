import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PolicyFolder } from '../../../test/support/policy-file.ts';
import { AskSecret, Interrupted } from '../src/ask-secret.ts';

const CLI = resolve('packages/sallyport/bundle/lib/cli.js');
const PASSPHRASE = 'correct horse battery staple';
const VARIABLES = { NO_COLOR: '1', SALLYPORT_KEYSTORE_PASSPHRASE: '', CREDENTIALS_DIRECTORY: '' };

interface Ended {
  readonly code: number | null;
  readonly out: Buffer;
  readonly err: string;
}

let folder: PolicyFolder;
beforeEach(() => {
  folder = new PolicyFolder();
});
afterEach(() => folder.dispose());

interface Given {
  readonly stdin?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

/** Without a terminal, whoever runs the tests: `detached` makes a session of its own. */
async function secrets(args: readonly string[], given: Given = {}): Promise<Ended> {
  const { stdin = '', env = { SALLYPORT_KEYSTORE_PASSPHRASE: PASSPHRASE } } = given;
  const child = spawn(process.execPath, [CLI, 'secrets', ...args], {
    cwd: folder.directory,
    env: { ...process.env, ...VARIABLES, ...env },
    detached: true,
  });
  // Whoever refuses early does not read to the end.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const exit = new Promise<number | null>((done) => child.on('close', done));
  const err = await text(child.stderr);
  return { code: await exit, out: Buffer.concat(chunks), err };
}

async function revealed(name: string, ...options: string[]): Promise<Buffer> {
  const { code, out } = await secrets(['get', name, '--reveal', ...options]);
  expect(code).toBe(0);
  return out;
}

describe('sallyport secrets', () => {
  it('stores, shows, lists, rotates and removes, and shows no value unless told to', async () => {
    const shown: string[] = [];
    const run = async (...args: Parameters<typeof secrets>): Promise<string> => {
      const { code, out, err } = await secrets(...args);
      shown.push(out.toString(), err);
      expect(code, err).toBe(0);
      return out.toString() + err;
    };
    expect(await run(['set', 'api-key'], { stdin: 'hunter2-one\n' })).toMatch(
      /Made sallyport\.keystore\. Keep its passphrase[^]*Stored api-key, version 1[^]*keystore:api-key/,
    );
    expect(statSync(join(folder.directory, 'sallyport.keystore')).mode & 0o777).toBe(0o600);
    expect(await run(['set', 'api-key'], { stdin: 'hunter2-two\n' })).toContain('keystore:api-key?version=1');
    await run(['set', 'a/b'], { stdin: 'hunter2-other' });
    expect(await run(['get', 'api-key'])).toMatch(/version +2 \(kept: 2, 1\)[^]*add --reveal/);
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
    expect(await run(['list'])).toMatch(
      new RegExp(
        `^name +versions +changed +created\na/b +1 +${time}  ${time}\napi-key +2, 1 +${time}  ${time}\n$`,
      ),
    );
    expect(JSON.parse(await run(['list', '--json']))).toMatchObject([
      { name: 'a/b', version: 1 },
      { name: 'api-key', version: 2, versions: [2, 1] },
    ]);
    await run(['rotate', 'api-key'], { stdin: 'hunter2-three' });
    expect((await revealed('api-key')).toString()).toBe('hunter2-three');
    expect((await revealed('api-key', '--version', '1')).toString()).toBe('hunter2-one');
    await run(['remove', 'api-key']);
    expect((await secrets(['get', 'api-key'])).code).toBe(1);
    expect(shown.join('')).not.toMatch(/hunter2|horse/);
  });

  it.each(['set', 'rotate'])('%s never takes a value from the command line', async (command) => {
    await secrets(['set', 'api-key'], { stdin: 'one' });
    const { code, out, err } = await secrets([command, 'api-key', 'hunter2-on-the-line'], { stdin: 'two' });
    expect(code).toBe(2);
    expect(err).toContain('never taken from the command line');
    expect(err + out.toString()).not.toContain('hunter2');
    expect((await revealed('api-key')).toString()).toBe('one');
  });

  it.each(['set', 'rotate'])('%s refuses a value behind the name, and does not show it', async (command) => {
    for (const given of ['api-key=hunter2', '=hunter2', 'keystore:api-key=hunter2']) {
      const { code, out, err } = await secrets([command, given], { stdin: 'two' });
      expect(code).toBe(2);
      expect(err).toContain('the value does not belong here; type it when asked, or pipe it in');
      expect(err + out.toString()).not.toContain('hunter2');
    }
    expect(existsSync(join(folder.directory, 'sallyport.keystore'))).toBe(false);
  });

  it.each(['set', 'get', 'rotate', 'remove'])(
    '%s takes a name, and no reference or space',
    async (command) => {
      expect(await secrets([command, 'keystore:api-key'], { stdin: 'two' })).toMatchObject({
        code: 2,
        err: expect.stringContaining('leave out "keystore:"'),
      });
      for (const name of [' ', ' api-key', 'api-key\t', '\u00A0']) {
        expect(await secrets([command, name], { stdin: 'two' })).toMatchObject({
          code: 2,
          err: expect.stringMatching(/name (begins or ends with a space|cannot be used); write one such as/),
        });
      }
      expect(existsSync(join(folder.directory, 'sallyport.keystore'))).toBe(false);
    },
  );

  it('takes names that a reference has to write otherwise', async () => {
    const { out } = await secrets(['set', 'is it #1?'], { stdin: 'hunter2' });
    expect(out.toString()).toContain('keystore:is%20it%20%231%3F');
    expect((await revealed('is it #1?')).toString()).toBe('hunter2');
  });

  it('asks whether another name was meant', async () => {
    await secrets(['set', 'api-key'], { stdin: 'one' });
    for (const command of ['get', 'rotate', 'remove']) {
      const { code, err } = await secrets([command, 'api-kye'], { stdin: 'two' });
      expect(code).toBe(1);
      expect(err).toContain('keystore:api-kye: is not in sallyport.keystore; did you mean "api-key"?');
    }
    expect((await secrets(['get', 'other'])).err).toContain(
      '"sallyport secrets set other --keystore sallyport.keystore" stores it',
    );
    expect((await secrets(['get', 'api-key', '--version', '7'])).err).toContain(
      'sallyport.keystore has only version 1 of it',
    );
  });

  it('removes also when told to delete, and counts on when the name comes again', async () => {
    await secrets(['set', 'api-key'], { stdin: 'one' });
    expect((await secrets(['delete', 'api-key'])).code).toBe(0);
    expect((await secrets(['set', 'api-key'], { stdin: 'two' })).out.toString()).toContain('version 2');
    expect((await secrets(['get', 'api-key', '--version', '1'])).code).toBe(1);
  });

  it('tells in its help how set differs from rotate, and how many values are kept', async () => {
    const help = async (...args: string[]): Promise<string> =>
      (await secrets([...args, '--help'])).out.toString();
    expect(await help()).toMatch(/"set" stores under any name[^]*"rotate" only under one that is there/);
    expect(await help()).toContain('remove|delete');
    for (const command of ['set', 'rotate']) {
      expect(await help(command)).toContain('The newest three values of a name are kept');
      expect(await help(command)).toContain('--generate [bytes]');
    }
  });

  it('takes one line break from the end of text, and nothing from bytes', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0x0d, 0x0a]);
    for (const [given, kept] of [
      ['two\nlines\n', 'two\nlines'],
      ['one more\n\n', 'one more\n'],
      ['windows\r\n', 'windows'],
      [bytes, bytes],
    ] as const) {
      await secrets(['set', 'value'], { stdin: given });
      expect(await revealed('value')).toEqual(Buffer.from(kept));
    }
    expect((await revealed('value', '--base64')).toString()).toBe(bytes.toString('base64'));
  });

  it('takes base64 of bytes when told to, and refuses what is none', async () => {
    const bytes = Buffer.from([0xfb, 0xff, 0x0a]);
    await secrets(['set', 'value', '--base64'], { stdin: `${bytes.toString('base64')}\n` });
    expect(await revealed('value')).toEqual(bytes);
    const { code, err } = await secrets(['set', 'value', '--base64'], { stdin: 'hunter2!' });
    expect(code).toBe(2);
    expect(err).toContain('no base64');
    expect(err).not.toContain('hunter2');
  });

  it('refuses what is empty or too large, and names that cannot be referred to', async () => {
    expect(await secrets(['set', 'a'], { stdin: '' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('pipe the value in, such as with < file'),
    });
    expect(await secrets(['set', 'a'], { stdin: 'x'.repeat(2_000_000) })).toMatchObject({
      code: 2,
      err: expect.stringContaining('more than 1048576 bytes'),
    });
    for (const command of ['set', 'get', 'remove', 'rotate'])
      expect((await secrets([command, '../a'], { stdin: 'x' })).code).toBe(2);
    expect(existsSync(join(folder.directory, 'sallyport.keystore'))).toBe(false);
  });

  it('finds the passphrase in a file, the environment or the systemd credential', async () => {
    const file = folder.write('passphrase', `${PASSPHRASE}\n`);
    await secrets(['set', 'api-key', '--passphrase-file', file], { stdin: 'hunter2', env: {} });
    const credentials = join(folder.directory, 'credentials');
    mkdirSync(credentials);
    folder.write('credentials/sallyport-keystore-passphrase', PASSPHRASE);
    const found = await secrets(['get', 'api-key', '--reveal'], {
      env: { CREDENTIALS_DIRECTORY: credentials },
    });
    expect(found.out.toString()).toBe('hunter2');
    expect((await revealed('api-key')).toString()).toBe('hunter2');
  });

  it('warns of a passphrase file that others can use', async () => {
    const file = folder.write('passphrase', `${PASSPHRASE}\n`);
    for (const [mode, warning] of [
      [0o600, ''],
      [0o640, 'sallyport: .*passphrase and can be used by others \\(mode 640\\); run: chmod 600 .*\n'],
    ] as const) {
      chmodSync(file, mode);
      const { code, err } = await secrets(['set', 'api-key', '--passphrase-file', file], {
        stdin: 'hunter2',
        env: {},
      });
      expect(code).toBe(0);
      expect(err).toMatch(new RegExp(`^${warning}$`));
      const rotated = await secrets(['rotate', '--passphrase', '--new-passphrase-file', file]);
      expect(rotated.err).toMatch(new RegExp(`^${warning}$`));
    }
  });

  it('says that the variable is set but empty', async () => {
    const { code, err } = await secrets(['set', 'api-key'], { stdin: 'hunter2', env: {} });
    expect(code).toBe(2);
    expect(err).toContain('SALLYPORT_KEYSTORE_PASSPHRASE is set but empty');
    await secrets(['set', 'api-key'], { stdin: 'hunter2' });
    expect((await secrets(['list'], { env: {} })).err).toContain('is set but empty');
    const next = await secrets(['rotate', '--passphrase']);
    expect(next.err).toContain('name a file with --new-passphrase-file');
  });

  it('says what to do when there is no passphrase and nobody to ask, a wrong one, or a short one', async () => {
    const nobody = await secrets(['set', 'api-key'], { stdin: 'hunter2', env: {} });
    expect(nobody.code).toBe(2);
    expect(nobody.err).toMatch(/SALLYPORT_KEYSTORE_PASSPHRASE.*--passphrase-file/);
    const short = await secrets(['set', 'api-key'], {
      stdin: 'hunter2',
      env: { SALLYPORT_KEYSTORE_PASSPHRASE: 'hunter2hunt' },
    });
    expect(short.code).toBe(2);
    expect(short.err).toContain('fewer than 12 characters');
    expect(existsSync(join(folder.directory, 'sallyport.keystore'))).toBe(false);
    await secrets(['set', 'api-key'], { stdin: 'hunter2' });
    const wrong = await secrets(['get', 'api-key'], {
      env: { SALLYPORT_KEYSTORE_PASSPHRASE: 'incorrect horse battery' },
    });
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('the passphrase does not open sallyport.keystore, or the file was altered');
    expect([nobody, short, wrong].map(({ err }) => err).join('')).not.toMatch(/hunter2|horse/);
  });

  it('says which command makes a keystore when there is none', async () => {
    for (const [args, name] of [
      [['get', 'a'], 'a'],
      [['list'], 'NAME'],
      [['remove', 'it is'], "'it is'"],
      [['rotate', 'a'], 'a'],
      [['rotate', '--passphrase'], 'NAME'],
    ] as const) {
      const { code, err } = await secrets([...args, '--keystore', 'other.keystore'], { stdin: 'x' });
      expect(code).toBe(2);
      expect(err).toContain(`"sallyport secrets set ${name} --keystore other.keystore" makes one`);
    }
  });

  it.each(['set', 'rotate'])('%s makes a random value of as many bytes as it is told', async (command) => {
    await secrets(['set', 'session'], { stdin: 'by hand' });
    expect((await secrets([command, 'session', '--generate'])).code).toBe(0);
    const first = (await revealed('session')).toString();
    expect(first).toMatch(/^[A-Za-z0-9_-]{43}$/);
    await secrets([command, 'session', '--generate', '16']);
    expect((await revealed('session')).toString()).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect((await revealed('session', '--version', '2')).toString()).toBe(first);
    for (const bytes of ['8', '1.5', 'hunter2']) {
      const { code, err } = await secrets([command, 'session', '--generate', bytes]);
      expect(code).toBe(2);
      expect(err).toContain('16 to 1024');
      expect(err).not.toContain('hunter2');
    }
    const before = await secrets([command, '--generate', 'session']);
    expect(before).toMatchObject({ code: 2, err: expect.stringContaining('the name before --generate') });
    expect((await secrets([command, 'other', '--generate'])).code).toBe(command === 'set' ? 0 : 1);
  });

  it('rotate --passphrase encrypts everything anew', async () => {
    await secrets(['set', 'api-key'], { stdin: 'hunter2' });
    const next = 'another long passphrase';
    const file = folder.write('next', `${next}\n`);
    const { code, out } = await secrets(['rotate', '--passphrase', '--new-passphrase-file', file]);
    expect(code).toBe(0);
    expect(out.toString()).toContain('Older copies of the file still open with the old one');
    expect((await secrets(['get', 'api-key', '--reveal'])).code).toBe(1);
    const env = { SALLYPORT_KEYSTORE_PASSPHRASE: next };
    expect((await secrets(['get', 'api-key', '--reveal'], { env })).out.toString()).toBe('hunter2');
  });

  it('rotate asks for a name or --passphrase, and not both', async () => {
    for (const args of [['rotate'], ['rotate', 'api-key', '--passphrase']])
      expect(await secrets(args)).toMatchObject({ code: 2, err: expect.stringContaining('--passphrase') });
  });
});

/** A command on a terminal of its own, made by `script` of util-linux. */
class OnTerminal {
  readonly #child: ChildProcess;
  #shown = '';
  #waiting: (() => void) | undefined;

  constructor(command: string) {
    this.#child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: folder.directory,
      env: { ...process.env, ...VARIABLES, TERM: 'xterm', SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#shown += chunk.toString();
      this.#waiting?.();
    });
  }

  /** Types when the terminal shows a text, for the given time. */
  async answer(question: string, typed: string, times = 1): Promise<void> {
    while (this.#shown.split(question).length <= times) {
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    this.#child.stdin?.write(typed);
  }

  async end(): Promise<{ readonly code: number | null; readonly shown: string }> {
    const code = await new Promise<number | null>((done) => this.#child.on('close', done));
    return { code, shown: this.#shown };
  }
}

const NEW_PASSPHRASE = 'New passphrase of sallyport.keystore (12 characters or more): ';
const quoted = [process.execPath, CLI].map((part) => `'${part}'`).join(' ');

// Elsewhere the questions are tested below, without a terminal.
if (/util-linux/.test(spawnSync('script', ['--version']).stdout?.toString() ?? '')) {
  describe('sallyport secrets, on a terminal', () => {
    it('asks for passphrase and value, each twice, and shows nothing of what is typed', async () => {
      const terminal = new OnTerminal(`${quoted} secrets set api-key`);
      await terminal.answer(NEW_PASSPHRASE, `${PASSPHRASE}\r`);
      await terminal.answer('The same again: ', `${PASSPHRASE}\r`);
      await terminal.answer('Value of api-key: ', 'hunterx\u007F2 ü\r');
      await terminal.answer('The same again: ', 'hunter2 ü\r', 2);
      const { code, shown } = await terminal.end();
      expect(code, shown).toBe(0);
      expect(shown).not.toMatch(/hunter|horse|\*/);
      expect((await revealed('api-key')).toString()).toBe('hunter2 ü');
    });

    it('asks for the passphrase there also when the value is piped', async () => {
      await secrets(['set', 'other'], { stdin: 'x' });
      const terminal = new OnTerminal(`printf 'hunter2' | ${quoted} secrets set api-key`);
      await terminal.answer('Passphrase of sallyport.keystore: ', `${PASSPHRASE}\r`);
      expect((await terminal.end()).code).toBe(0);
      expect((await revealed('api-key')).toString()).toBe('hunter2');
    });

    it('asks again for a new passphrase that is short or not repeated, and for a value likewise', async () => {
      const terminal = new OnTerminal(`${quoted} secrets set api-key`);
      await terminal.answer(NEW_PASSPHRASE, 'hunter2hunt\r');
      await terminal.answer(NEW_PASSPHRASE, `${PASSPHRASE}\r`, 2);
      await terminal.answer('The same again: ', 'correct horse\r');
      await terminal.answer(NEW_PASSPHRASE, `${PASSPHRASE}\r`, 3);
      await terminal.answer('The same again: ', `${PASSPHRASE}\r`, 2);
      await terminal.answer('Value of api-key: ', '\r');
      await terminal.answer('Value of api-key: ', 'hunter2\r', 2);
      await terminal.answer('The same again: ', 'hunter3\r', 3);
      await terminal.answer('Value of api-key: ', 'hunter2\r', 3);
      await terminal.answer('The same again: ', 'hunter2\r', 4);
      const { code, shown } = await terminal.end();
      expect(code, shown).toBe(0);
      expect(shown).not.toMatch(/hunter|horse/);
      const said = shown.split(/\r?\n/).filter((line) => /^(the|nothing) /.test(line));
      expect(said).toEqual([
        expect.stringContaining('fewer than 12 characters'),
        'the two are not the same.',
        'nothing was typed.',
        'the two are not the same; what has several lines has to be piped in, such as with < file.',
      ]);
      expect((await revealed('api-key')).toString()).toBe('hunter2');
    });

    it('asks again for a passphrase that does not open the file', async () => {
      await secrets(['set', 'api-key'], { stdin: 'hunter2' });
      chmodSync(join(folder.directory, 'sallyport.keystore'), 0o640);
      const terminal = new OnTerminal(`${quoted} secrets get api-key`);
      await terminal.answer('Passphrase of sallyport.keystore: ', 'incorrect horse\r');
      await terminal.answer('Passphrase of sallyport.keystore: ', '\r', 2);
      await terminal.answer('Passphrase of sallyport.keystore: ', `${PASSPHRASE}\r`, 3);
      const { code, shown } = await terminal.end();
      expect(code, shown).toBe(0);
      expect(shown).toMatch(/does not open[^]*nothing was typed[^]*name +api-key/);
      expect(shown.split('chmod 600')).toHaveLength(2);
      expect(shown).not.toContain('horse');
    });

    it('gives up after three wrong passphrases, and leaves nothing that was typed to the shell', async () => {
      await secrets(['set', 'api-key'], { stdin: 'before' });
      const terminal = new OnTerminal(
        `${quoted} secrets set api-key; echo "code=$?"; stty -icanon -echo min 0 time 5; echo "rest=[$(dd)]"`,
      );
      await terminal.answer('Passphrase of sallyport.keystore: ', 'wrong\rhunter2\rhunter2\r');
      await terminal.answer('Passphrase of sallyport.keystore: ', 'wrong\rhunter2\rhunter2\r', 2);
      await terminal.answer('Passphrase of sallyport.keystore: ', 'wrong\rhunter2\r', 3);
      const { shown } = await terminal.end();
      expect(shown).toMatch(/gave up after 3 tries, and changed nothing[^]*code=1[^]*rest=\[\]/);
      expect(shown).not.toMatch(/hunter|wrong/);
      expect((await revealed('api-key')).toString()).toBe('before');
    });

    it('stores nothing when the two are never the same', async () => {
      await secrets(['set', 'api-key'], { stdin: 'before' });
      const terminal = new OnTerminal(`${quoted} secrets set api-key`);
      await terminal.answer('Passphrase of sallyport.keystore: ', `${PASSPHRASE}\r`);
      for (const time of [1, 2, 3]) {
        await terminal.answer('Value of api-key: ', 'hunter2\r', time);
        await terminal.answer('The same again: ', 'hunter3\r', time);
      }
      const { code, shown } = await terminal.end();
      expect(code).toBe(2);
      expect(shown).toContain('gave up after 3 tries, and changed nothing');
      expect((await revealed('api-key')).toString()).toBe('before');
    });

    it('asks for no value when a passphrase of the environment would be refused', async () => {
      const terminal = new OnTerminal(`SALLYPORT_KEYSTORE_PASSPHRASE=short ${quoted} secrets set api-key`);
      const { code, shown } = await terminal.end();
      expect(code).toBe(2);
      expect(shown).toContain('fewer than 12 characters');
      expect(shown).not.toContain('Value of');
    });

    it('ends with 130 on Ctrl-C, and leaves the terminal as it was', async () => {
      const terminal = new OnTerminal(
        `stty -a > before; ${quoted} secrets set api-key; echo "code=$?"; stty -a > after`,
      );
      await terminal.answer(NEW_PASSPHRASE, 'half of a pass\u0003');
      const { shown } = await terminal.end();
      expect(shown).toContain('code=130');
      expect(shown).not.toContain('half');
      const settings = (file: string): string => readFileSync(join(folder.directory, file), 'utf8');
      expect(settings('before')).toMatch(/ echo /);
      expect(settings('after')).toBe(settings('before'));
      expect(existsSync(join(folder.directory, 'sallyport.keystore'))).toBe(false);
    });
  });
}

describe('asking for a secret', () => {
  let raw: boolean[];
  let input: PassThrough & { setRawMode(raw: boolean): void };
  let output: PassThrough;
  let asking: AskSecret;
  beforeEach(() => {
    raw = [];
    input = Object.assign(new PassThrough(), { setRawMode: (mode: boolean) => void raw.push(mode) });
    output = new PassThrough();
    asking = new AskSecret(() => ({ input, output, close: () => undefined }));
  });

  const typed = async (...chunks: (string | Buffer)[]): Promise<string | undefined> => {
    const answer = asking.ask('Value: ');
    for (const chunk of chunks) input.write(chunk);
    return answer;
  };

  it('gives the line, and writes nothing but the question', async () => {
    expect(await typed('hun', 'ter', '2\r')).toBe('hunter2');
    expect((output.read() as Buffer).toString()).toBe('Value: \n');
  });

  it('puts characters together that come in pieces', async () => {
    const bytes = Buffer.from('pä🔑\r');
    expect(await typed(...Array.from(bytes, (byte) => Buffer.from([byte])))).toBe('pä🔑');
  });

  it('knows the keys that delete, and passes over the others', async () => {
    expect(
      await typed('a🔑\u007F\u007F\u007Fb\b\u0015hunter\u001B[D\u001B[1;5C\u001BOA\u0001\u001A2\r'),
    ).toBe('hunter2');
    expect(await typed('hunter', '\u001B', '[', '3', '~', '2\n')).toBe('hunter2');
    expect(await typed('with\ttab\r')).toBe('with\ttab');
  });

  it('keeps what is typed ahead for the next question, whatever ends a line', async () => {
    expect(await typed('one\r\ntwo\nthree\rfo')).toBe('one');
    expect(await asking.ask('Again: ')).toBe('two');
    expect(await asking.ask('Again: ')).toBe('three');
    expect(await typed('ur\r')).toBe('four');
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-C after something', 'hunter2\u0003\r'],
    ['Ctrl-D', '\u0004'],
  ])('is interrupted by %s', async (_, keys) => {
    await expect(typed(keys)).rejects.toBeInstanceOf(Interrupted);
  });

  it('is interrupted by Ctrl-C between two questions, and when the terminal is gone', async () => {
    await typed('one\r');
    input.write('\u0003');
    await new Promise(setImmediate);
    await expect(asking.ask('Again: ')).rejects.toBeInstanceOf(Interrupted);
    const other = new AskSecret(() => ({ input: gone, output, close: () => undefined }));
    const gone = Object.assign(new PassThrough(), { setRawMode: () => undefined });
    gone.end('half');
    await expect(other.ask('Value: ')).rejects.toBeInstanceOf(Interrupted);
  });

  it('echoes nothing from the first question until it is closed, and then is as before', async () => {
    expect(raw).toEqual([]);
    await typed('one\r');
    await typed('two\r');
    expect(raw).toEqual([true]);
    asking.close();
    asking.close();
    expect(raw).toEqual([true, false]);
    expect(input.isPaused()).toBe(true);
  });

  it('drops what was typed ahead when told to, and takes what is typed after that', async () => {
    expect(await typed('one\rhunter2\rhun')).toBe('one');
    const discarded = asking.discard();
    input.write('ter2\r');
    await discarded;
    expect(await typed('two\r')).toBe('two');
  });

  it('is interrupted by Ctrl-C also while it drops what was typed', async () => {
    await typed('one\r');
    const discarded = asking.discard();
    input.write('hunter2\u0003');
    await discarded;
    await expect(asking.ask('Again: ')).rejects.toBeInstanceOf(Interrupted);
  });

  it('tells why it asks again, where it asks', async () => {
    await typed('one\r');
    asking.tell('the two are not the same.');
    expect((output.read() as Buffer).toString()).toBe('Value: \nthe two are not the same.\n');
  });

  it('says so when there is no terminal', async () => {
    await asking.discard();
    expect(raw).toEqual([]);
    expect(await new AskSecret(() => undefined).ask('Value: ')).toBeUndefined();
  });
});
