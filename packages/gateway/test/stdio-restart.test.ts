import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerEnvironment } from '@sallyport/gateway';
import { isRunning } from './support/is-running.ts';
import { type StartOptions, TestGateway, until } from './support/start-gateway.ts';

let gateway: TestGateway;
let folder: string;
/** How often the environment was asked for. */
let asked = 0;
let restart: () => Promise<boolean>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-restart-'));
  asked = 0;
});
afterEach(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true });
  if (gateway.pids.some(isRunning)) throw new Error('A server was left behind.');
});

/** The scripted server, counting its lives in a file, and in `VALUE` how often its environment was asked for. */
function start(
  options: StartOptions = {},
  env: (times: number, values: ServerEnvironment) => ServerEnvironment | Promise<ServerEnvironment> = (
    _,
    values,
  ) => values,
): TestGateway {
  gateway = new TestGateway({
    env: () => {
      asked += 1;
      return env(asked, { LIVES: join(folder, 'lives'), VALUE: String(asked) });
    },
    restartOn: (given) => (restart = given),
    ...options,
  });
  return gateway;
}

const failing = (times: number, values: ServerEnvironment): ServerEnvironment => {
  if (times > 1) throw new Error('no credential: hunter2');
  return values;
};

const draining = (): Promise<void> => until(() => gateway.logged('restart_requested').length > 0);
const question = async (): Promise<unknown> =>
  (await gateway.find(({ method }) => method === 'roots/list'))['id'];
const CRASHING = { restart: { mode: 'on-crash', backoff: { initialMs: 1 } } } as const;

describe('a restart that was asked for', () => {
  it('lets none of the calls that are under way fail, and later ones meet the new environment', async () => {
    start();
    await gateway.initialize();
    const calls: Promise<unknown>[] = [];
    const call = (): void => {
      for (let index = 0; index < 25; index += 1) {
        calls.push(gateway.outcome(gateway.call('value', { ms: index })));
      }
    };
    for (const value of ['2', '3', '4']) {
      call();
      const restarted = restart();
      call();
      expect(await restarted).toBe(true);
      expect(await gateway.outcome(gateway.call('value'))).toBe(value);
    }
    call();
    call();
    const seen = await Promise.all(calls);
    expect(seen).toHaveLength(200);
    expect(new Set(seen)).toEqual(new Set(['1', '2', '3', '4']));
    expect(seen.slice(-50)).toEqual(Array(50).fill('4'));
    expect(gateway.pids).toHaveLength(4);
    expect(gateway.logged('requests_failed')).toEqual([]);
    expect(gateway.logged('signal_sent')).toEqual([]);
    await gateway.close();
    expect(await gateway.exit).toMatchObject({ code: 0, restarts: 3 });
  });

  it('waits for what the old server still works on, question and answer included', async () => {
    start();
    await gateway.initialize();
    const id = gateway.call('ask');
    const asks = await question();
    const restarted = restart();
    await draining();
    const held = gateway.call('value');
    gateway.send({ method: 'notifications/progress', params: { progressToken: asks, progress: 1 } });
    const { params } = await gateway.find(({ method }) => method === 'notifications/message');
    expect(params).toEqual({ data: `progress of ${asks}` });
    gateway.send({ id: asks, result: { roots: [] } });
    expect(await gateway.outcome(id)).toBe('{"roots":[]}');
    expect(await restarted).toBe(true);
    expect(await gateway.outcome(held)).toBe('2');
    expect(gateway.logged('restart_requested')).toEqual([{ event: 'restart_requested', open: 1 }]);
    expect(gateway.logged('server_drained')).toEqual([{ event: 'server_drained', unanswered: 0 }]);
    expect(gateway.logged('server_restarting')).toEqual([
      { event: 'server_restarting', reason: 'requested', restarts: 1, delayMs: 0 },
    ]);
  });

  it('refuses what the old server does not answer in time, and cancels what it had asked', async () => {
    start({ restartDrainMs: 50 });
    const ids = [gateway.call('never'), gateway.call('ask')];
    const asks = await question();
    expect(await restart()).toBe(true);
    for (const id of ids) expect(await gateway.outcome(id)).toBe(503);
    const cancelled = await gateway.find(({ method }) => method === 'notifications/cancelled');
    expect(cancelled['params']).toMatchObject({ requestId: asks });
    expect(await gateway.outcome(gateway.call('value'))).toBe('2');
    expect(gateway.logged('server_drained')).toEqual([{ event: 'server_drained', unanswered: 2 }]);
    expect(gateway.logged('requests_failed')).toEqual([{ event: 'requests_failed', count: 2 }]);
  });

  it('never takes a late answer of the old server for one of the new', async () => {
    start({ restartDrainMs: 50, shutdownGraceMs: 2000 });
    const id = gateway.call('answer at the end');
    const restarted = restart();
    expect(await gateway.outcome(id)).toBe(503);
    gateway.messages.length = 0;
    gateway.send({ id, method: 'tools/call', params: { name: 'value' } });
    expect(await gateway.outcome(id)).toBe('2');
    expect(await restarted).toBe(true);
  });

  it('gives the old server the cancellation of what it works on, and waits for that no longer', async () => {
    start();
    await gateway.initialize();
    const id = gateway.call('never');
    const restarted = restart();
    await draining();
    gateway.send({ method: 'notifications/cancelled', params: { requestId: id } });
    const { params } = await gateway.find(({ method }) => method === 'notifications/message');
    expect(params).toEqual({ data: `cancelled ${id}` });
    expect(await restarted).toBe(true);
    expect(await gateway.outcome(gateway.call('received'))).not.toContain('cancelled');
  });

  it('keeps the order of what it holds, and never sends what was cancelled meanwhile', async () => {
    start();
    await gateway.initialize();
    const open = gateway.call('never');
    const restarted = restart();
    await draining();
    gateway.call('echo', { value: 'first' });
    gateway.send({ method: 'notifications/roots/list_changed' });
    const unwanted = gateway.call('echo', { value: 'unwanted' });
    gateway.call('echo', { value: 'second' });
    gateway.send({ method: 'notifications/cancelled', params: { requestId: unwanted } });
    gateway.send({ method: 'notifications/cancelled', params: { requestId: open } });
    expect(await restarted).toBe(true);
    expect(await gateway.outcome(gateway.call('received'))).toBe(
      'initialize notifications/initialized first notifications/roots/list_changed second tools/call',
    );
  });

  it('makes the client wait when much is held, and loses nothing', async () => {
    start();
    const id = gateway.call('ask');
    const asks = await question();
    const restarted = restart();
    await draining();
    gateway.send({ id: asks, result: {} });
    const value = 'x'.repeat(200_000);
    const ids = Array.from({ length: 20 }, () => gateway.call('echo', { value }));
    expect(await gateway.outcome(id)).toBe('{}');
    expect(await restarted).toBe(true);
    expect(await Promise.all(ids.map((id) => gateway.outcome(id)))).toEqual(ids.map(() => value));
  });

  it('is one, however often it is asked for before it begins, and one more during it', async () => {
    start();
    const id = gateway.call('ask');
    const asks = await question();
    const first = [restart(), restart(), restart()];
    await draining();
    const further = [restart(), restart()];
    gateway.send({ id: asks, result: {} });
    expect(await gateway.outcome(id)).toBe('{}');
    expect(await Promise.all([...first, ...further])).toEqual([true, true, true, true, true]);
    expect(gateway.pids).toHaveLength(3);
    expect(await gateway.outcome(gateway.call('value'))).toBe('3');
  });

  it('leaves the old server running where there is no environment for the next', async () => {
    start({}, failing);
    await gateway.initialize();
    expect(await restart()).toBe(false);
    expect(await gateway.outcome(gateway.call('life'))).toBe('0 true');
    expect(gateway.pids).toHaveLength(1);
    expect(gateway.logged('restart_failed')).toEqual([{ event: 'restart_failed', why: 'no_environment' }]);
    expect(JSON.stringify(gateway.events)).not.toContain('hunter2');
  });

  it('between the answer to the introduction and its end introduces the client once', async () => {
    start();
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'a', version: '1' },
    };
    gateway.send({ id: 'init', method: 'initialize', params });
    await gateway.answer('init');
    expect(await restart()).toBe(true);
    gateway.send({ method: 'notifications/initialized' });
    expect(await gateway.outcome(gateway.call('received'))).toBe(
      'initialize notifications/initialized tools/call',
    );
    expect(gateway.messages).toHaveLength(2);
  });

  it('that was asked for before the first start waits for that', async () => {
    let build: () => void = () => undefined;
    start({}, (times, values) =>
      times > 1 ? values : new Promise((resolve) => (build = () => resolve(values))),
    );
    const restarted = restart();
    await until(() => asked > 0);
    build();
    expect(await restarted).toBe(true);
    expect(await gateway.outcome(gateway.call('value'))).toBe('2');
  });

  it('ends a server that ignores the end of its stdin and SIGTERM', async () => {
    start({ shutdownGraceMs: 50 });
    await gateway.outcome(gateway.call('stubborn'));
    expect(await restart()).toBe(true);
    expect(await gateway.outcome(gateway.call('value'))).toBe('2');
    expect(gateway.logged('signal_sent')).toHaveLength(2);
  });
});

describe('what the client had set up', () => {
  it('is set up on the new server, after a crash too, and the client sees none of it', async () => {
    start(CRASHING);
    await gateway.initialize();
    const ask = async (id: string, method: string, params: Record<string, string>): Promise<void> => {
      gateway.send({ id, method, params });
      await gateway.answer(id);
    };
    await ask('a', 'logging/setLevel', { level: 'debug' });
    await ask('b', 'resources/subscribe', { uri: 'kept' });
    await ask('c', 'resources/subscribe', { uri: 'given-up' });
    await ask('d', 'resources/subscribe', { uri: 'refused' });
    await ask('e', 'resources/unsubscribe', { uri: 'given-up' });
    await ask('f', 'logging/setLevel', { level: 'error' });
    const before = gateway.messages.length;
    expect(await restart()).toBe(true);
    expect(await gateway.outcome(gateway.call('received'))).toBe(
      'initialize notifications/initialized kept error tools/call',
    );
    expect(gateway.messages).toHaveLength(before + 1);
    expect(await gateway.outcome(gateway.call('exit', { code: 1 }))).toBe(503);
    expect(await gateway.outcome(gateway.call('received'))).toContain('kept error');
  });

  it('goes on in the era that has no introduction, where a request is kept open for it', async () => {
    start();
    gateway.send({ id: 'listen', method: 'subscriptions/listen', params: {} });
    const acknowledged = (life: number): Promise<unknown> =>
      gateway.find(({ params }) => JSON.stringify(params) === `{"life":${life},"subscription":"listen"}`);
    await acknowledged(0);
    expect(await restart()).toBe(true);
    await acknowledged(1);
    expect(gateway.messages.some(({ id }) => id === 'listen')).toBe(false);
    expect(gateway.logged('restart_requested')).toEqual([{ event: 'restart_requested', open: 0 }]);
  });
});

describe('a restart that something comes in between', () => {
  it.each([{}, CRASHING])(
    'is carried out when the old server crashes while it is drained: %j',
    async (how) => {
      start(how);
      await gateway.initialize();
      const id = gateway.call('ask and exit', { code: 1 });
      const asks = await question();
      const restarted = restart();
      await draining();
      const held = gateway.call('value');
      gateway.send({ id: asks, result: {} });
      expect(await gateway.outcome(id)).toBe(503);
      expect(await restarted).toBe(true);
      expect(await gateway.outcome(held)).toBe('2');
      expect(gateway.logged('server_restarting')).toMatchObject([{ reason: 'requested' }]);
    },
  );

  it('is the one after the crash, when the old server crashes before there is an environment', async () => {
    let build: () => void = () => undefined;
    start(CRASHING, (times, values) =>
      times === 2 ? new Promise((resolve) => (build = () => resolve(values))) : values,
    );
    await gateway.outcome(gateway.call('echo'));
    const restarted = restart();
    await until(() => asked === 2);
    expect(await gateway.outcome(gateway.call('exit', { code: 1 }))).toBe(503);
    expect(await gateway.outcome(gateway.call('value'))).toBe('3');
    build();
    expect(await restarted).toBe(true);
    expect(gateway.pids).toHaveLength(2);
  });

  it('is the restart after a crash that is about to happen anyway', async () => {
    start({ restart: { mode: 'on-crash', backoff: { initialMs: 100 } } });
    expect(await gateway.outcome(gateway.call('exit', { code: 1 }))).toBe(503);
    await until(() => gateway.logged('server_restarting').length > 0);
    expect(await restart()).toBe(true);
    expect(await gateway.outcome(gateway.call('value'))).toBe('2');
    expect(gateway.pids).toHaveLength(2);
  });

  it('does not happen where a crash ends it all before there is an environment', async () => {
    start({}, (times, values) => (times === 2 ? new Promise(() => undefined) : values));
    await gateway.outcome(gateway.call('echo'));
    const restarted = restart();
    await until(() => asked === 2);
    gateway.call('exit', { code: 3 });
    expect(await gateway.exit).toMatchObject({ code: 3, restarts: 0 });
    expect(await restarted).toBe(false);
    expect(await restart()).toBe(false);
  });

  it('fails where the new server does not take up the session, and what was held is refused', async () => {
    start({}, (_, values) => ({ ...values, HANDSHAKE: 'other later' }));
    await gateway.initialize();
    const id = gateway.call('never');
    const restarted = restart();
    await draining();
    const held = gateway.call('echo');
    gateway.send({ method: 'notifications/cancelled', params: { requestId: id } });
    expect(await restarted).toBe(false);
    expect(await gateway.outcome(held)).toBe(503);
    expect(await gateway.exit).toMatchObject({ code: 1, reason: 'server_exited', restarts: 1 });
  });

  it('that failed is tried again as after a crash, and what was held waits for that', async () => {
    start(CRASHING, (times, values) => ({ ...values, ...(times === 2 && { HANDSHAKE: 'other later' }) }));
    await gateway.initialize();
    const id = gateway.call('never');
    const restarted = restart();
    await draining();
    const held = gateway.call('value');
    gateway.send({ method: 'notifications/cancelled', params: { requestId: id } });
    expect(await restarted).toBe(true);
    expect(await gateway.outcome(held)).toBe('3');
    expect(gateway.logged('server_restarting')).toMatchObject([{ reason: 'requested' }, { reason: 'crash' }]);
  });

  it.each([
    ['ends', {}, false, { code: 127, reason: 'server_not_started' }],
    ['is tried again', CRASHING, true, { code: 0, reason: 'client_closed' }],
  ])('%s where the program is gone: %j', async (_, how, outcome, exit) => {
    symlinkSync(process.execPath, join(folder, 'program'));
    start({ ...how, command: 'program' }, (times, values) => ({
      ...values,
      PATH: times === 2 ? join(folder, 'nowhere') : folder,
    }));
    await gateway.initialize();
    expect(await restart()).toBe(outcome);
    gateway.input.end();
    expect(await gateway.exit).toMatchObject(exit);
  });

  it('does not happen when the gateway is stopped meanwhile; what was held never runs', async () => {
    start();
    const open = gateway.call('never');
    const restarted = restart();
    await draining();
    const held = gateway.call('echo');
    await until(() => gateway.input.readableLength === 0);
    gateway.stop();
    expect(await gateway.exit).toMatchObject({ code: 0, reason: 'stopped', restarts: 0 });
    expect(await restarted).toBe(false);
    for (const id of [open, held]) expect(await gateway.outcome(id)).toBe(503);
    expect(gateway.pids).toHaveLength(1);
  });

  it('does not happen when the gateway is stopped before there is an environment', async () => {
    start({}, (times, values) => (times === 2 ? new Promise(() => undefined) : values));
    await gateway.outcome(gateway.call('echo'));
    const restarted = restart();
    await until(() => asked === 2);
    gateway.stop();
    expect(await restarted).toBe(false);
    expect(await restart()).toBe(false);
    expect(await gateway.exit).toMatchObject({ code: 0, reason: 'stopped' });
  });

  it('does not happen when the client closes meanwhile; the old server does what was held', async () => {
    start({ shutdownGraceMs: 2000 });
    const open = gateway.call('slow', { ms: 100 });
    const restarted = restart();
    await draining();
    const held = gateway.call('value');
    gateway.input.end();
    expect(await gateway.outcome(open)).toBe('slow');
    expect(await gateway.outcome(held)).toBe('1');
    expect(await restarted).toBe(false);
    expect(await gateway.exit).toMatchObject({ code: 0, reason: 'client_closed', restarts: 0 });
  });

  it('goes on when the client closes after the draining; the new server does what was held', async () => {
    start({ shutdownGraceMs: 5000 });
    await gateway.outcome(gateway.call('linger'));
    void restart();
    await gateway.find(({ params }) => JSON.stringify(params) === '{"data":"lingering"}');
    const held = gateway.call('value');
    gateway.input.end();
    expect(await gateway.outcome(held)).toBe('2');
    expect(await gateway.exit).toMatchObject({ code: 0, reason: 'client_closed', restarts: 1 });
  });
});

describe('an environment that takes its time', () => {
  const later = (): {
    readonly options: StartOptions;
    readonly build: (values: ServerEnvironment) => void;
  } => {
    let build: (values: ServerEnvironment) => void = () => undefined;
    const env = new Promise<ServerEnvironment>((resolve) => (build = resolve));
    return { options: { env: () => env }, build: (values) => build(values) };
  };

  it('is waited for: the server is not started without it, and what comes meanwhile is held', async () => {
    const { options, build } = later();
    start(options);
    const id = gateway.call('value');
    await until(() => gateway.input.readableLength === 0);
    expect(gateway.pids).toEqual([]);
    build({ VALUE: 'resolved' });
    expect(await gateway.outcome(id)).toBe('resolved');
  });

  it('is not waited for when the gateway is stopped', async () => {
    const { options, build } = later();
    start(options);
    const id = gateway.call('value');
    await until(() => gateway.input.readableLength === 0);
    gateway.stop();
    expect(await gateway.exit).toMatchObject({ code: 0, reason: 'stopped' });
    expect(await gateway.outcome(id)).toBe(503);
    build({});
    await new Promise((resolve) => setImmediate(resolve));
    expect(gateway.pids).toEqual([]);
  });

  it('is not waited for when the client closes and has asked nothing', async () => {
    const { options } = later();
    start(options);
    gateway.input.end();
    expect(await gateway.exit).toMatchObject({ code: 0, reason: 'client_closed' });
    expect(gateway.pids).toEqual([]);
  });

  it('is waited for when the client closes and has asked something', async () => {
    const { options, build } = later();
    start({ ...options, shutdownGraceMs: 5000 });
    const id = gateway.call('value');
    gateway.input.end();
    await until(() => gateway.logged('stopping').length > 0);
    build({ VALUE: 'resolved' });
    expect(await gateway.outcome(id)).toBe('resolved');
    expect(await gateway.exit).toMatchObject({ code: 0, reason: 'client_closed' });
  });
});

describe('an environment that cannot be had', () => {
  it.each([
    ['rejected', () => Promise.reject(new Error('no credential: hunter2'))],
    [
      'thrown',
      () => {
        throw new Error('no credential: hunter2');
      },
    ],
  ])('starts nothing, answers the client, and is what the caller learns: %s', async (_, env) => {
    start({ env });
    const id = gateway.call('echo');
    await expect(gateway.exit).rejects.toThrow('no credential');
    expect(await gateway.outcome(id)).toBe(503);
    expect(gateway.pids).toEqual([]);
    expect(gateway.logged('server_not_started')).toMatchObject([{ why: 'no_environment' }]);
    expect(JSON.stringify([gateway.events, gateway.messages])).not.toContain('hunter2');
  });

  it('is waited for as well where a program without types gives a promise', async () => {
    start({ env: Promise.resolve({ VALUE: 'promised' }) as never });
    expect(await gateway.outcome(gateway.call('value'))).toBe('promised');
  });

  it('starts nothing where a program without types gives no record', async () => {
    start({ env: () => undefined as never });
    gateway.call('echo');
    await expect(gateway.exit).rejects.toThrow('env must be, or return, a record');
    expect(gateway.pids).toEqual([]);
  });

  it('after a crash counts as another, and is asked for again', async () => {
    start(CRASHING, (times, values) => (times === 2 ? Promise.reject(new Error('sealed')) : values));
    await gateway.outcome(gateway.call('exit', { code: 1 }));
    expect(await gateway.outcome(gateway.call('value'))).toBe('3');
    expect(gateway.logged('server_not_started')).toMatchObject([{ why: 'no_environment' }]);
  });

  it('is not asked for for ever', async () => {
    start({ restart: { ...CRASHING.restart, maxRestarts: 2 } }, failing);
    gateway.call('exit', { code: 1 });
    expect(await gateway.exit).toMatchObject({ code: 126, reason: 'server_not_started', restarts: 2 });
    expect(asked).toBe(3);
  });

  it('because a value can be none is never shown', async () => {
    start({ env: { SECRET: 'hunter2\0' } });
    const id = gateway.call('echo');
    const exit = await gateway.exit;
    expect(exit).toMatchObject({ code: 126, reason: 'server_not_started' });
    expect(await gateway.outcome(id)).toBe(503);
    expect(JSON.stringify([exit, gateway.events, gateway.messages])).not.toContain('hunter2');
  });
});
