import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeGuard, type Guard } from '@sallyport/core';
import { runStdioGateway } from '@sallyport/gateway';
import { isRunning } from './support/is-running.ts';
import { type StartOptions, TestGateway, until } from './support/start-gateway.ts';

let gateway: TestGateway;
let folder: string;
const start = (options: StartOptions = {}): TestGateway => (gateway = new TestGateway(options));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-gateway-'));
});
afterEach(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true });
  if (gateway.pids.some(isRunning)) throw new Error('A server was left behind.');
});

/** The scripted server, counting its lives in a file. */
const lives = (more: Record<string, string> = {}): StartOptions => ({
  env: { LIVES: join(folder, 'lives'), ...more },
  restart: { mode: 'on-crash', backoff: { initialMs: 10 } },
});

describe('a server that ends', () => {
  it('leaves no request without an answer, and its exit code is the exit code', async () => {
    start();
    const waiting = [gateway.call('never'), gateway.call('never'), gateway.call('exit', { code: 3 })];
    for (const id of waiting) expect(await gateway.outcome(id)).toBe(503);
    expect(await gateway.exit).toMatchObject({ code: 3, reason: 'server_exited', restarts: 0 });
    expect(gateway.logged('requests_failed')).toEqual([{ event: 'requests_failed', count: 3 }]);
  });

  it('by a signal gives 128 and the number of the signal', async () => {
    start();
    expect(await gateway.outcome(gateway.call('abort'))).toBe(503);
    expect((await gateway.exit).code).toBe(137);
  });

  it('has all that it said before delivered', async () => {
    start();
    expect(await gateway.outcome(gateway.call('last words', { code: 0 }))).toBe('last');
    expect((await gateway.exit).code).toBe(0);
    expect(gateway.messages).toHaveLength(1001);
  });

  it('while a layer still holds a request, has that answered too', async () => {
    const wait = {
      name: 'wait',
      intercept: async (call: never, next: never) => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return (next as (call: never) => Promise<never>)(call);
      },
    };
    start({ interceptors: [wait] });
    const ids = [gateway.call('exit', { code: 4 })];
    await new Promise((resolve) => setTimeout(resolve, 20));
    ids.push(gateway.call('echo'));
    for (const id of ids) expect(await gateway.outcome(id)).toBe(503);
    expect((await gateway.exit).code).toBe(4);
  });

  it('that closes its stdout and lives on is ended, and its requests are answered', async () => {
    start();
    expect(await gateway.outcome(gateway.call('close stdout'))).toBe(503);
    expect(await gateway.exit).toMatchObject({ code: 1, reason: 'server_exited' });
    expect(gateway.logged('server_exited')).toMatchObject([{ fault: 'stdout_closed' }]);
  });

  it('that closes its stdin and lives on is ended, and its requests are answered', async () => {
    start();
    expect(await gateway.outcome(gateway.call('close stdin'))).toBe('closed');
    await until(() => {
      gateway.call('echo');
      return gateway.logged('signal_sent').length > 0;
    });
    expect(await gateway.exit).toMatchObject({ code: 1, reason: 'server_exited' });
    expect(gateway.logged('server_exited')).toMatchObject([{ fault: 'stdin_closed' }]);
    const asked = gateway.logged('requests_failed')[0] as { count: number };
    expect(
      gateway.messages.filter((message) => message['error'] !== undefined).length,
    ).toBeGreaterThanOrEqual(asked.count);
  });
});

describe('a command that cannot be run', () => {
  const file = (mode: number): string => {
    const path = join(folder, 'server');
    writeFileSync(path, 'no program', { mode });
    return path;
  };
  it.each([
    ['is not found', () => ({ command: 'no-such-command-anywhere' }), 127, 'not_found'],
    ['is not executable', () => ({ command: file(0o644) }), 126, 'not_executable'],
    ['has no working directory', () => ({ cwd: join(folder, 'nowhere') }), 126, 'no_directory'],
    ['has a name that no program can have', () => ({ command: 'a\0b' }), 126, 'failed'],
  ])('because it %s answers the initialize and gives exit code %s', async (_, options, code, why) => {
    start(options());
    gateway.send({ id: 1, method: 'initialize', params: {} });
    expect(await gateway.outcome(1)).toBe(503);
    const exit = await gateway.exit;
    expect(exit).toMatchObject({ code, reason: 'server_not_started' });
    expect(gateway.logged('server_not_started')).toMatchObject([{ why, message: exit.message }]);
    expect(exit.message).not.toContain(folder);
  });

  it('answers an initialize that comes only after it has failed, and a guard that comes later', async () => {
    let build: (guard: Guard) => void = () => undefined;
    start({ command: 'no-such-command-anywhere', guard: new Promise((resolve) => (build = resolve)) });
    await until(() => gateway.logged('server_not_started').length > 0);
    build(composeGuard({ interceptors: [] }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    gateway.send({ id: 1, method: 'initialize', params: {} });
    expect(await gateway.outcome(1)).toBe(503);
    expect((await gateway.exit).code).toBe(127);
  });
});

describe('a client that closes its side', () => {
  it('ends the server, with exit code 0', async () => {
    start();
    await gateway.outcome(gateway.call('echo'));
    gateway.input.end();
    expect(await gateway.exit).toMatchObject({ code: 0, reason: 'client_closed' });
    expect(gateway.logged('signal_sent')).toEqual([]);
  });

  it('still gets the answers to what it had asked, though a layer had it first', async () => {
    const wait = {
      name: 'wait',
      intercept: async (call: never, next: never) => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        return (next as (call: never) => Promise<never>)(call);
      },
    };
    start({ shutdownGraceMs: 2000, interceptors: [wait] });
    const ids = [gateway.call('slow', { ms: 100 }), gateway.call('echo', { value: 'soon' })];
    gateway.input.end();
    expect(await Promise.all(ids.map((id) => gateway.outcome(id)))).toEqual(['slow', 'soon']);
    expect((await gateway.exit).code).toBe(0);
  });

  it('does not wait for ever for an answer, and gets an error in its place', async () => {
    start({ shutdownGraceMs: 50 });
    const id = gateway.call('never');
    await gateway.outcome(gateway.call('stubborn'));
    gateway.input.end();
    expect(await gateway.exit).toMatchObject({ code: 0, reason: 'client_closed' });
    expect(await gateway.outcome(id)).toBe(503);
  });

  it('ends even a server that ignores the end of its stdin and SIGTERM', async () => {
    start({ shutdownGraceMs: 50 });
    await gateway.outcome(gateway.call('stubborn'));
    gateway.input.end();
    expect((await gateway.exit).code).toBe(0);
    expect(gateway.logged('signal_sent').map((event) => 'signal' in event && event.signal)).toEqual([
      'SIGTERM',
      'SIGKILL',
    ]);
  });

  it('while the server is being started again, ends without one', async () => {
    start({ ...lives(), restart: { mode: 'on-crash', backoff: { initialMs: 60_000, maxMs: 60_000 } } });
    gateway.call('exit', { code: 1 });
    await until(() => gateway.logged('server_restarting').length > 0);
    const held = gateway.call('echo');
    gateway.input.end();
    expect(await gateway.exit).toMatchObject({ code: 0, reason: 'client_closed' });
    expect(await gateway.outcome(held)).toBe(503);
  });
});

describe('what the server has started', () => {
  it.each([false, true])('ends with it, when the client closes (ignoring SIGTERM: %s)', async (stubborn) => {
    start({ shutdownGraceMs: 100 });
    const pid = Number(await gateway.outcome(gateway.call('grandchild', { stubborn })));
    expect(isRunning(pid)).toBe(true);
    await gateway.close();
    await until(() => !isRunning(pid));
  });

  it('ends with it, when the server crashes and leaves it behind with its pipes', async () => {
    start({ shutdownGraceMs: 100 });
    const pid = Number(await gateway.outcome(gateway.call('grandchild', { stubborn: true })));
    expect(await gateway.outcome(gateway.call('abort'))).toBe(503);
    expect((await gateway.exit).code).toBe(137);
    await until(() => !isRunning(pid));
  });
});

describe('stop', () => {
  it('ends the server in order, with exit code 0', async () => {
    start();
    await gateway.outcome(gateway.call('echo'));
    gateway.stop();
    expect(await gateway.exit).toMatchObject({ code: 0, reason: 'stopped' });
  });

  it('before the start starts nothing', async () => {
    start({ signal: AbortSignal.abort() });
    expect(await gateway.exit).toMatchObject({ code: 0, reason: 'stopped' });
    expect(gateway.pids).toEqual([]);
  });
});

describe('a guard that is still being built', () => {
  it('lets nothing pass before it is there', async () => {
    let build: (guard: Guard) => void = () => undefined;
    start({ guard: new Promise((resolve) => (build = resolve)) });
    const id = gateway.call('echo', { value: 'patient' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(gateway.messages).toEqual([]);
    build(composeGuard({ interceptors: [] }));
    expect(await gateway.outcome(id)).toBe('patient');
  });

  it('ends the server when it fails, and the caller learns why', async () => {
    let fail: (error: Error) => void = () => undefined;
    start({ guard: new Promise((_, reject) => (fail = reject)) });
    await until(() => gateway.pids.length > 0);
    fail(new Error('the policy is wrong'));
    await expect(gateway.exit).rejects.toThrow('the policy is wrong');
    expect(gateway.pids).toHaveLength(1);
  });
});

describe('a restart', () => {
  it('answers what was open, introduces the client to the new server, and goes on', async () => {
    start(lives());
    await gateway.initialize();
    expect(await gateway.outcome(gateway.call('life'))).toBe('0 true');
    const open = gateway.call('never');
    expect(await gateway.outcome(gateway.call('exit', { code: 1 }))).toBe(503);
    expect(await gateway.outcome(open)).toBe(503);
    const held = gateway.call('life');
    expect(await gateway.outcome(held)).toBe('1 true');
    expect(gateway.messages.filter(({ id }) => typeof id === 'string')).toMatchObject([{ id: 'init' }]);
    expect(gateway.pids).toHaveLength(2);
  });

  it('holds what comes meanwhile, makes the client wait when that is much, and loses nothing', async () => {
    start({ ...lives(), restart: { mode: 'on-crash', backoff: { initialMs: 300 } } });
    await gateway.initialize();
    gateway.call('exit', { code: 1 });
    await until(() => gateway.logged('server_restarting').length > 0);
    const value = 'x'.repeat(200_000);
    const ids = Array.from({ length: 20 }, () => gateway.call('echo', { value }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(gateway.input.readableLength + gateway.input.writableLength).toBeGreaterThan(2 ** 20);
    expect(await Promise.all(ids.map((id) => gateway.outcome(id)))).toEqual(ids.map(() => value));
  });

  it('needs no introduction in the era that has none', async () => {
    start(lives());
    expect(await gateway.outcome(gateway.call('life'))).toBe('0 false');
    expect(await gateway.outcome(gateway.call('exit', { code: 1 }))).toBe(503);
    expect(await gateway.outcome(gateway.call('life'))).toBe('1 false');
  });

  it('does not happen after a clean exit, nor by default', async () => {
    start(lives());
    gateway.call('exit', { code: 0 });
    expect(await gateway.exit).toMatchObject({ code: 0, restarts: 0 });
    start({ env: {} });
    gateway.call('exit', { code: 1 });
    expect(await gateway.exit).toMatchObject({ code: 1, restarts: 0 });
  });

  it('is not tried for ever; the last exit code is the exit code', async () => {
    start({
      ...lives({ STARTUP: 'crash' }),
      restart: { mode: 'on-crash', maxRestarts: 3, backoff: { initialMs: 1 } },
    });
    const id = gateway.call('echo');
    expect(await gateway.exit).toMatchObject({ code: 7, reason: 'server_exited', restarts: 3 });
    expect(await gateway.outcome(id)).toBe(503);
    expect(gateway.logged('server_restarting').map((event) => 'delayMs' in event && event.delayMs)).toEqual([
      1, 2, 4,
    ]);
  });

  it.each([
    ['says another version', 'other later', 'other_version'],
    ['says nothing', 'hang later', 'timeout'],
  ])('counts as a crash where the new server %s', async (_, HANDSHAKE, why) => {
    start({
      ...lives({ HANDSHAKE }),
      restart: { mode: 'on-crash', maxRestarts: 1, backoff: { initialMs: 1 } },
      handshakeTimeoutMs: 1000,
      shutdownGraceMs: 50,
    });
    await gateway.initialize();
    gateway.call('exit', { code: 1 });
    await until(() => gateway.logged('server_restarting').length > 0);
    const held = gateway.call('echo');
    expect(await gateway.outcome(held)).toBe(503);
    expect(await gateway.exit).toMatchObject({ code: 1, restarts: 1 });
    expect(gateway.logged('handshake_failed')).toEqual([{ event: 'handshake_failed', why }]);
  });

  it('cancels what the old server had asked, and never gives the new one the answer to it', async () => {
    start(lives());
    await gateway.initialize();
    gateway.call('ask');
    const { id: question } = await gateway.find(({ method }) => method === 'roots/list');
    gateway.call('exit', { code: 1 });
    const cancelled = await gateway.find(({ method }) => method === 'notifications/cancelled');
    expect(cancelled['params']).toMatchObject({ requestId: question });
    const again = gateway.call('ask');
    const { id: second } = await gateway.find(({ id, method }) => method === 'roots/list' && id !== question);
    gateway.send({ id: question, result: { roots: ['for the old one'] } });
    gateway.send({ id: second, result: { roots: ['for the new one'] } });
    expect(await gateway.outcome(again)).toBe('{"roots":["for the new one"]}');
  });
});

describe('the environment of the server', () => {
  it('is what was given, and nothing else', async () => {
    start({ env: { ONLY_THIS: '1' } });
    const names = String(await gateway.outcome(gateway.call('env'))).split(' ');
    expect(names.filter((name) => !name.startsWith('__CF'))).toEqual(['ONLY_THIS']);
  });
});

describe('stderr of the server', () => {
  it('comes through byte for byte', async () => {
    start();
    expect(await gateway.outcome(gateway.call('stderr'))).toBe('written');
    await gateway.close();
    expect(Buffer.concat(gateway.raw)).toEqual(Buffer.from([0x00, 0xff, 0x1b, 0x5b, 0x0d, 0x0a, 0xe2, 0x82]));
  });

  it('does not stop the server when nobody takes it any more', async () => {
    start();
    gateway.stderr.destroy(new Error('gone'));
    for (let times = 0; times < 3; times += 1) {
      expect(await gateway.outcome(gateway.call('stderr'))).toBe('written');
    }
  });
});

describe('options', () => {
  const guard = composeGuard({ interceptors: [] });
  it.each([
    [{ command: '' }, 'command is empty'],
    [{ maxMessageBytes: 0 }, 'maxMessageBytes must be a whole number above 0'],
    [{ maxDepth: 1.5 }, 'maxDepth must be'],
    [{ shutdownGraceMs: Number.NaN }, 'shutdownGraceMs must be'],
    [{ restartDrainMs: 0 }, 'restartDrainMs must be'],
    [{ restartDrainMs: 2 ** 31 }, 'restartDrainMs must be below'],
    [{ restart: { maxRestarts: -1 } }, 'restart.maxRestarts must be'],
  ])('are judged before anything starts: %j', async (wrong, message) => {
    start();
    await expect(runStdioGateway({ command: 'x', env: {}, guard, ...wrong })).rejects.toThrow(message);
  });
});
