import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

const CLI = resolve('packages/sallyport/bundle/lib/cli.js');
/** Stands for every value of a call. */
const CANARY = 'canary-4711-0815';

/** Says its canary in each way that a server can: in results, errors, notifications, and in what is no message at all. */
const SERVER = `
import { createInterface } from 'node:readline';
const say = (message) => console.log(JSON.stringify({ jsonrpc: '2.0', ...message }));
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  if (method === 'initialize') {
    const serverInfo = { name: 'canaries', version: '1.0.0' };
    say({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo } });
  } else if (method === 'tools/list') {
    const inputSchema = { type: 'object', properties: { n: { type: 'string' } }, additionalProperties: false };
    say({ id, result: { tools: ['echo', 'fail', 'throw'].map((name) => ({ name, inputSchema })) } });
  } else if (params?.name === 'throw') {
    say({ id, error: { code: -32000, message: '${CANARY}', data: '${CANARY}' } });
  } else {
    console.log('{"${CANARY}": ');
    say({ id: '${CANARY}', result: { content: '${CANARY}' } });
    say({ method: 'notifications/message', params: { level: 'error', data: '${CANARY}' } });
    const content = [{ type: 'text', text: '${CANARY}' }];
    say({ id, result: { content, ...(params?.name === 'fail' && { isError: true }) } });
  }
}
`;

const POLICY = `version: 1
identity: { stdio: { subject: ann, roles: [user] } }
authorization:
  rules: |
    p, role:user, *, tool:*, call, , allow
    p, role:user, *, tool:${CANARY}, call, , deny
audit: { file: ./audit.jsonl }
`;

/** `sallyport run` in front of the server, spoken to in raw lines. */
class Run {
  readonly child: ChildProcess;
  readonly #answers = new Map<unknown, (answer: Record<string, unknown>) => void>();
  #lastId = 0;

  constructor(
    folder: PolicyFolder,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    command: readonly string[] = [process.execPath, folder.write('server.mjs', SERVER)],
  ) {
    this.child = spawn(process.execPath, [CLI, 'run', ...args, '--', ...command], {
      cwd: folder.directory,
      env: { PATH: process.env['PATH'] ?? '', ...env },
    });
    this.child.stdin?.on('error', () => undefined);
    if (this.child.stdout === null) throw new TypeError('No output.');
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      const answer = JSON.parse(line) as Record<string, unknown>;
      this.#answers.get(answer['id'])?.(answer);
    });
  }

  ask(method: string, params: object): Promise<Record<string, unknown>> {
    const id = (this.#lastId += 1);
    const answered = new Promise<Record<string, unknown>>((done) => this.#answers.set(id, done));
    this.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return answered;
  }

  send(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  async connect(): Promise<this> {
    const clientInfo = { name: 'test', version: '1.0.0' };
    await this.ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
    this.send(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }));
    return this;
  }

  call(name: string, args: object = {}): Promise<Record<string, unknown>> {
    return this.ask('tools/call', { name, arguments: args });
  }

  /** What standard error said from the beginning, and how it ended. */
  async ended(): Promise<{ readonly code: number | null; readonly err: string }> {
    const exit = new Promise<number | null>((done) => this.child.on('close', done));
    const { stderr } = this.child;
    return { err: stderr === null ? '' : await text(stderr), code: await exit };
  }
}

let folder: PolicyFolder;
beforeEach(() => {
  folder = new PolicyFolder(POLICY);
});
afterEach(() => folder.dispose());

const parsed = (err: string): Record<string, unknown>[] =>
  err
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the operational log of sallyport run', () => {
  it.each(['text', 'json', 'pretty'])(
    'has no value of a call in it, as %s at level debug',
    async (format) => {
      const run = new Run(folder, ['--log-format', format, '--log-level', 'debug']);
      const ended = run.ended();
      await run.connect();
      await run.ask('tools/list', {});
      const answers = [
        await run.call('echo', { n: CANARY }),
        await run.call('fail', { n: CANARY }),
        await run.call('throw', { n: CANARY }),
        // What is not permitted, not valid, not there, and not readable.
        await run.call(CANARY, { [CANARY]: CANARY }),
        await run.call('echo', { n: 1, [CANARY]: CANARY }),
        await run.ask(CANARY, { [CANARY]: CANARY }),
      ];
      expect(JSON.stringify(answers[0])).toContain(CANARY);
      run.send(`{"${CANARY}": ${CANARY}`);
      run.send(JSON.stringify({ jsonrpc: '2.0', id: CANARY, result: { content: CANARY } }));
      run.send(JSON.stringify({ jsonrpc: '1.0', id: 7, method: CANARY }));
      await run.call('echo');
      run.child.stdin?.end();
      const { code, err } = await ended;
      expect(code).toBe(0);
      expect(err).toMatch(/dropped from the client/);
      expect(err).toMatch(/dropped from the server/);
      expect(err).toMatch(/the gateway stops/);
      expect(err).not.toMatch(/canary-4711/i);
    },
  );

  it('is JSON in each line, from the start to the end, and each says what it is of', async () => {
    const run = new Run(folder, ['--server', 'files', '--log-format', 'json', '--log-level', 'debug']);
    const ended = run.ended();
    await run.connect();
    run.send('no message');
    await run.call('echo');
    run.child.stdin?.end();
    const said = parsed((await ended).err);
    expect(said.map(({ event }) => event)).toEqual(
      expect.arrayContaining([
        'server_started',
        'message_dropped',
        'stopping',
        'server_exited',
        'gateway_ended',
      ]),
    );
    for (const line of said) {
      expect(line).toMatchObject({ name: 'sallyport', server: 'files' });
      expect(line['level']).toMatch(/^(?:error|warn|info|debug)$/);
      expect(line['event']).toMatch(/^[a-z_]+$/);
      expect(line['time']).toBe(new Date(String(line['time'])).toISOString());
    }
    const times = said.map(({ time }) => String(time));
    expect(times).toEqual(times.toSorted());
  });

  it('is the plain lines of always when nobody asks for another', async () => {
    const run = new Run(folder, []);
    const ended = run.ended();
    await run.connect();
    run.send('no message');
    await run.call('echo');
    run.child.stdin?.end();
    const { err } = await ended;
    expect(err).toContain('sallyport: dropped from the client: invalid_json (1 so far)\n');
    expect(err).not.toMatch(/the server was started|the gateway stops/);
  });

  it('can be asked for by environment, and ends with 2 when what is asked for is not there', async () => {
    const env = { SALLYPORT_LOG_FORMAT: 'json' };
    const none = new Run(folder, ['--policy', 'none.yaml'], env);
    const { code, err } = await none.ended();
    expect(code).toBe(2);
    expect(parsed(err)).toEqual([expect.objectContaining({ level: 'error', event: 'policy_missing' })]);
    const wrong = await new Run(folder, ['--log-level', 'loud'], env).ended();
    expect(wrong).toEqual({ code: 2, err: 'sallyport: --log-level takes error, warn, info or debug\n' });
  });

  it.each(['json', 'pretty'])(
    'says as %s why there is no server, though no logger was there yet',
    async (format) => {
      const { code, err } = await new Run(folder, ['--log-format', format], {}, ['./not-there']).ended();
      expect(code).toBe(127);
      expect(err).toContain('The server could not be started: its command was not found.');
    },
  );

  it('keeps the last line of a crash, whether its logger is there or not', async () => {
    const thrower = `Object.assign(new Error('no room'), { code: 'ENOSPC' })`;
    // Just before the server is started, and in the middle of a session.
    const early = `process.on('newListener', (name) => { if (name === 'SIGHUP') setImmediate(() => { throw ${thrower}; }); });`;
    const late = `process.on('SIGUSR2', () => { throw ${thrower}; });`;
    const args = ['--log-format', 'json', '--log-level', 'debug'];
    const withCrash = (code: string): Run => {
      const preload = folder.write('preload.mjs', `if (process.argv[2] === 'run') { ${code} }`);
      return new Run(folder, args, { NODE_OPTIONS: `--import=file://${preload}` });
    };
    const first = await withCrash(early).ended();
    const run = withCrash(late);
    const ended = run.ended();
    await run.connect();
    await run.call('echo');
    run.child.kill('SIGUSR2');
    for (const { code, err } of [first, await ended]) {
      expect(code).toBe(70);
      const last = parsed(err).at(-1);
      expect(last).toMatchObject({
        level: 'error',
        event: 'crashed',
        error: { message: 'no room', code: 'ENOSPC' },
      });
      expect(last?.['error']).toHaveProperty('stack');
    }
  });

  it('ends no server when nobody reads it any more', async () => {
    const run = new Run(folder, ['--log-format', 'json', '--log-level', 'debug']);
    const exit = new Promise<number | null>((done) => run.child.on('close', done));
    await run.connect();
    run.child.stderr?.destroy();
    for (let count = 0; count < 8; count += 1) run.send('no message');
    expect(await run.call('echo')).toHaveProperty('result');
    run.send('no message');
    expect(await run.call('fail')).toHaveProperty('result');
    run.child.stdin?.end();
    expect(await exit).toBe(0);
  });
});

test('what sallyport run loads to start has no logger in it', () => {
  const folder = dirname(CLI);
  const named = (name: RegExp): string => {
    const found = readdirSync(folder).filter((file) => name.test(file));
    expect(found).toHaveLength(1);
    return found[0] ?? '';
  };
  /** A file and all that it imports, but not what it loads later. */
  const together = (file: string, seen = new Set<string>()): string => {
    if (seen.has(file)) return '';
    seen.add(file);
    const code = readFileSync(join(folder, file), 'utf8');
    const imported = [...code.matchAll(/(?:^|[\n;])(?:import|export)[^;()]*?"\.\/([\w-]+\.js)"/g)];
    return code + imported.map(([, name = '']) => together(name, seen)).join('');
  };
  // Words of pino's own parts, since the bundle has no comments.
  const hasLogger = (file: string): boolean => /SonicBoom|thread-stream|pino\.fatal/.test(together(file));
  const run = named(/^run-[A-Z0-9]+\.js$/);
  expect(together(run).includes('OperationalLog=class')).toBe(true);
  expect([hasLogger('cli.js'), hasLogger(run)]).toEqual([false, false]);
  expect(hasLogger(named(/^pino-line-\w+\.js$/))).toBe(true);
});
