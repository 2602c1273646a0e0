import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

const CLI = resolve('packages/sallyport/bundle/lib/cli.js');
const CALLS = 1000;

/** Four lines of noise for each call, written so that the server waits for them as most programs would. */
const SERVER = `
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
// No console: it would make standard error one that does not block.
const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
let count = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  if (method === 'initialize') {
    const serverInfo = { name: 'noisy', version: '1.0.0' };
    say({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo } });
  } else if (method === 'tools/list') say({ id, result: { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] } });
  else {
    if (process.argv[2] === 'noisy')
      for (let n = 0; n < 4; n += 1) writeSync(2, 'noise ' + (count += 1) + ' ' + 'x'.repeat(500) + '\\n');
    say({ id, result: { content: [] } });
  }
}
`;

const POLICY = `version: 1
identity: { stdio: { subject: ann, roles: [user] } }
authorization:
  rules: |
    p, role:user, *, tool:*, call, , allow
`;

type Answer = Readonly<Record<string, unknown>>;

/** What standard error is: the pipe of a shell, with a reader that reads nothing; a socket, as Node makes them; a file; nothing. */
type Kind = 'pipe' | 'socket' | 'file' | 'closed';

let folder: PolicyFolder;
let started: ChildProcess[];
let silent: Server;
let sockets: Socket[];
beforeEach(() => {
  folder = new PolicyFolder(POLICY);
  started = [];
  sockets = [];
  silent = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
});
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  for (const socket of sockets) socket.destroy();
  silent.close();
  folder.dispose();
});

function start(kind: Kind, noise: 'noisy' | 'quiet'): ChildProcess {
  const command = [CLI, 'run', '--', process.execPath, folder.write('server.mjs', SERVER), noise];
  const node = [process.execPath, ...command];
  const file = kind === 'file' ? openSync(join(folder.directory, 'err.txt'), 'w') : undefined;
  const shell = {
    // It ends when its input does.
    pipe: ['bash', '-c', 'exec "$@" 2> >(exec sleep 30 > /dev/null 2>&1)', 'bash', ...node],
    closed: ['sh', '-c', 'exec "$@" 2>&-', 'sh', ...node],
    socket: node,
    file: node,
  };
  const [program = '', ...args] = shell[kind];
  const child = spawn(program, args, {
    cwd: folder.directory,
    env: { PATH: process.env['PATH'] ?? '', TOKEN: 'of-a-test' },
    stdio: ['pipe', 'pipe', file ?? 'pipe'],
  });
  if (file !== undefined) closeSync(file);
  child.stdin?.on('error', () => undefined);
  started.push(child);
  return child;
}

function client(child: ChildProcess): (method: string, params: object) => Promise<Answer> {
  const waiting = new Map<unknown, (answer: Answer) => void>();
  if (child.stdout === null) throw new TypeError('No output.');
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer;
    waiting.get(answer['id'])?.(answer);
  });
  let id = 0;
  return (method, params) => {
    const answered = new Promise<Answer>((done) => waiting.set((id += 1), done));
    child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return answered;
  };
}

async function connect(child: ChildProcess): Promise<() => Promise<Answer>> {
  const ask = client(child);
  const clientInfo = { name: 'test', version: '1.0.0' };
  await ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
  child.stdin?.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  return () => ask('tools/call', { name: 'echo', arguments: {} });
}

async function count(call: () => Promise<Answer>): Promise<{ answered: number; unavailable: number }> {
  const counts = { answered: 0, unavailable: 0 };
  for (let n = 0; n < CALLS; n += 1) {
    const { error } = await call();
    if (error === undefined) counts.answered += 1;
    else {
      expect(error).toMatchObject({ data: { refusal: 'unavailable' } });
      counts.unavailable += 1;
    }
  }
  return counts;
}

async function ended(child: ChildProcess, signal: 'SIGTERM' | 'SIGINT'): Promise<number | null> {
  const exit = new Promise<number | null>((done) => child.once('exit', done));
  child.kill(signal);
  return exit;
}

describe('sallyport run, when nobody reads its standard error', () => {
  it.each(['pipe', 'socket'] as const)(
    'answers every call of a noisy server, and ends when it is told to (%s)',
    async (kind) => {
      folder.write('sallyport.yaml', `${POLICY}audit: { file: ./audit.jsonl }\n`);
      const child = start(kind, 'noisy');
      expect(await count(await connect(child))).toEqual({ answered: CALLS, unavailable: 0 });
      expect(await ended(child, 'SIGTERM')).toBe(0);
    },
  );

  it.each(['pipe', 'socket'] as const)(
    'refuses the calls that it cannot record there, and ends when it is told to (%s)',
    async (kind) => {
      const child = start(kind, 'noisy');
      const { answered, unavailable } = await count(await connect(child));
      expect(answered).toBeGreaterThan(0);
      expect(unavailable).toBeGreaterThan(0);
      expect(await ended(child, 'SIGINT')).toBe(0);
    },
  );

  it('permits calls again when somebody reads again', async () => {
    const child = start('socket', 'quiet');
    const call = await connect(child);
    expect((await count(call)).unavailable).toBeGreaterThan(0);
    let text = '';
    const next = new Promise<void>((done) =>
      child.stderr?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes('"refusal":"unavailable"')) done();
      }),
    );
    await next;
    expect(await call()).toHaveProperty('result');
    expect(await ended(child, 'SIGTERM')).toBe(0);
    const ids = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Answer]));
    expect(ids.at(-1)).toMatchObject({ type: 'event', event: 'stop' });
  });

  it('ends on a signal while it waits for what its journal is signed with', async () => {
    // A vault that takes what it is asked, and never answers.
    const asked = new Promise<void>((done) => silent.once('connection', () => done()));
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const { port } = silent.address() as AddressInfo;
    folder.write(
      'sallyport.yaml',
      `${POLICY}secrets:
  providers: { vault: { address: 'http://127.0.0.1:${port}', auth: { method: token, token: env:TOKEN } } }
audit: { journal: { folder: ./audit, key: 'vault://kv/app#key', name: gateway.example } }
`,
    );
    const child = start('pipe', 'noisy');
    await asked;
    expect(await ended(child, 'SIGTERM')).toBe(0);
  });
});

describe('sallyport run, with a standard error that cannot be full', () => {
  it('keeps every line of the server and every record in a file', async () => {
    const child = start('file', 'noisy');
    expect(await count(await connect(child))).toEqual({ answered: CALLS, unavailable: 0 });
    expect(await ended(child, 'SIGTERM')).toBe(0);
    const said = readFileSync(join(folder.directory, 'err.txt'), 'utf8').split('\n');
    const noise = said.filter((line) => line.startsWith('noise'));
    expect(noise.map((line) => Number(line.split(' ')[1]))).toEqual(
      Array.from({ length: 4 * CALLS }, (_, n) => n + 1),
    );
    expect(said.filter((line) => line.includes('"type":"attempt"'))).toHaveLength(CALLS);
  });

  it('answers every call when it is closed', async () => {
    const child = start('closed', 'noisy');
    expect(await count(await connect(child))).toEqual({ answered: CALLS, unavailable: 0 });
    expect(await ended(child, 'SIGTERM')).toBe(0);
  });
});
