import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { isRunning } from './support/is-running.ts';
import { SCRIPTED, until } from './support/start-gateway.ts';

const RUNNER = fileURLToPath(new URL('fixtures/runner.ts', import.meta.url));

/** The gateway as a process of its own, between the test and the scripted server. */
class Program {
  readonly process: ChildProcessWithoutNullStreams;
  readonly exit: Promise<number | string | null>;
  stdout = '';
  stderr = '';

  constructor(options: object = {}, server: readonly string[] = [process.execPath, SCRIPTED]) {
    this.process = spawn(process.execPath, [
      '--conditions=@sallyport/source',
      '--import',
      'tsx',
      RUNNER,
      JSON.stringify(options),
      '--',
      ...server,
    ]);
    this.process.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.process.stdin.on('error', () => undefined);
    this.exit = new Promise((resolve) =>
      this.process.once('close', (code, signal) => resolve(code ?? signal)),
    );
  }

  read(): this {
    this.process.stdout.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    return this;
  }

  call(id: number, name: string, args: object = {}): void {
    const message = { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } };
    this.process.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** Starts a grandchild that ignores SIGTERM, and returns its process id. */
  async grandchild(): Promise<number> {
    this.call(100, 'grandchild', { stubborn: true });
    await until(() => this.stdout.includes('\n'));
    return Number(/"text":"(\d+)"/.exec(this.stdout)?.[1]);
  }
}

let program: Program;
const start = (options?: object, server?: readonly string[]): Program =>
  (program = new Program(options, server));
afterEach(async () => {
  program.process.kill('SIGKILL');
  await program.exit;
});

const QUICK = { gateway: { shutdownGraceMs: 100 } };

describe('the program', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'on %s ends everything it started, and exits with 0',
    async (signal) => {
      start(QUICK).read();
      const pid = await program.grandchild();
      program.process.kill(signal);
      expect(await program.exit).toBe(0);
      await until(() => !isRunning(pid));
    },
  );

  it('on a second signal does not wait any longer', async () => {
    start({ gateway: { shutdownGraceMs: 60_000 } }).read();
    program.call(1, 'stubborn');
    await until(() => program.stdout.includes('"no"'));
    for (let times = 0; times < 3; times += 1) {
      program.process.kill('SIGTERM');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(await program.exit).toBe(0);
  });

  it('answers SIGTERM even while the client takes nothing', async () => {
    start(QUICK);
    program.call(1, 'flood', { megabytes: 20 });
    await new Promise<void>((resolve) => program.process.stdout.once('readable', resolve));
    program.process.kill('SIGTERM');
    expect(await new Promise((resolve) => program.process.once('exit', resolve))).toBe(0);
    program.read();
  });

  it('ends everything it started when the client stops taking output', async () => {
    start(QUICK).read();
    const pid = await program.grandchild();
    program.process.stdout.destroy();
    program.call(1, 'flood', { megabytes: 1 });
    expect(await program.exit).toBe(1);
    await until(() => !isRunning(pid));
  });

  it('ends everything it started when the client closes its stdin', async () => {
    start(QUICK).read();
    const pid = await program.grandchild();
    program.process.stdin.end();
    expect(await program.exit).toBe(0);
    await until(() => !isRunning(pid));
  });

  it('exits with 127 where the command is not found, and has answered by then', async () => {
    start({}, ['no-such-command-anywhere']).read();
    program.call(1, 'echo');
    expect(await program.exit).toBe(127);
    expect(JSON.parse(program.stdout)).toMatchObject({ id: 1, error: { code: 503 } });
  });

  it('exits with the code of the server', async () => {
    start().read();
    program.call(1, 'exit', { code: 42 });
    expect(await program.exit).toBe(42);
  });

  it('passes stderr on byte for byte', async () => {
    start().read();
    const chunks: Buffer[] = [];
    program.process.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    program.call(1, 'stderr');
    await until(() => program.stdout.includes('written'));
    program.process.stdin.end();
    await program.exit;
    expect(Buffer.concat(chunks)).toEqual(Buffer.from([0x00, 0xff, 0x1b, 0x5b, 0x0d, 0x0a, 0xe2, 0x82]));
  });

  it('carries 100 MB to a client that is slow at first in bounded memory', async () => {
    start({ memory: true });
    program.call(1, 'flood', { megabytes: 100 });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    let bytes = 0;
    let last = '';
    program.process.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      last = (last + chunk.toString('latin1')).slice(-200);
    });
    await until(() => last.includes('flooded'));
    program.process.stdin.end();
    expect(await program.exit).toBe(0);
    expect(bytes).toBeGreaterThan(100 * 2 ** 20);
    // Node with the loader that the fixture needs takes most of this by itself.
    expect(Number(/maxrss (\d+)/.exec(program.stderr)?.[1])).toBeLessThan(250 * 2 ** 20);
  });
});
