import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { type Call, composeGuard, type JsonObject, protect, Refusal, type Result } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  approving,
  imposing,
  lifting,
  restrict,
  type RestrictOptions,
  type RestrictionBook,
  type RestrictionWish,
} from '@sallyport/anomaly';
import { MINUTE, principal, ResponseBench, someAlert, someCall } from './response-bench.ts';

const DONE: Result = { result: { done: true } };
const PSEUDONYM = `subject:${'a'.repeat(26)}`;

let bench: ResponseBench;
let book: RestrictionBook;
beforeEach(async () => {
  bench = new ResponseBench();
  book = await bench.book();
});
afterEach(() => bench.dispose());

async function impose(over: Partial<RestrictionWish> = {}): Promise<string> {
  const wish = { kind: 'quarantine', of: { subject: 'alice' }, minutes: 30, ...over } as const;
  return (await book.update(imposing(wish))).restriction.id;
}

/** The refusal of a call through the layer; undefined when it passed. */
async function refusalOf(
  over: Partial<Call> = {},
  options: Partial<RestrictOptions> = {},
): Promise<Refusal | undefined> {
  const layer = restrict({ book, now: () => bench.now, ...options });
  let passed = 0;
  try {
    const answer = await layer.intercept(someCall(over), () => {
      passed += 1;
      return Promise.resolve(DONE);
    });
    expect(answer).toBe(DONE);
    expect(passed).toBe(1);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    expect(passed).toBe(0);
    return error as Refusal;
  }
}

const passes = async (...args: Parameters<typeof refusalOf>): Promise<boolean> =>
  (await refusalOf(...args)) === undefined;

const tool = (name: string, args: JsonObject = {}): Partial<Call> => ({ params: { name, arguments: args } });

describe('a call in quarantine', () => {
  test('of a principal is refused until the time, with why, and that of others passes', async () => {
    const id = await impose({ alert: someAlert() });
    const refusal = await refusalOf();
    expect(refusal).toMatchObject({
      code: 'quarantined',
      message: `Quarantined until 2026-11-21T10:30:00.000Z (alert Bytes out, ${id}); ask an admin.`,
      data: { restriction: id, until: '2026-11-21T10:30:00.000Z' },
    });
    expect(refusal?.toRpcError().code).toBe(403);
    expect(await passes({ principal: principal('bob') })).toBe(true);
    bench.now += 30 * MINUTE;
    expect(await passes()).toBe(true);
  });

  test('of a tool, a resource or a prompt is refused on that server, whoever calls', async () => {
    const id = await impose({ of: { server: 'ehr', target: 'export' }, alert: someAlert() });
    const refusal = await refusalOf({ principal: principal('bob') });
    expect(refusal?.message).toContain(id);
    expect(JSON.stringify(refusal?.toRpcError())).not.toContain('alice');
    expect(await passes(tool('read'))).toBe(true);
    expect(await passes({ server: 'lab' })).toBe(true);
    expect(await passes({ method: 'prompts/get', params: { name: 'export' } })).toBe(false);
    await impose({ of: { server: 'ehr', target: 'file:///a' } });
    for (const method of ['resources/read', 'resources/subscribe']) {
      expect(await passes({ method, params: { uri: 'file:///a' } })).toBe(false);
      expect(await passes({ method, params: { uri: 'file:///b' } })).toBe(true);
    }
    const completion = { ref: { type: 'ref/resource', uri: 'file:///a' } };
    expect(await passes({ method: 'completion/complete', params: completion })).toBe(false);
    const listen = (...uris: readonly string[]): Partial<Call> => ({
      method: 'subscriptions/listen',
      params: { notifications: { resourceSubscriptions: uris } },
    });
    expect(await passes(listen('file:///b', 'file:///a'))).toBe(false);
    expect(await passes(listen('file:///b'))).toBe(true);
  });

  test('of a very long target is found under the name that records have', async () => {
    const uri = `file:///${'x'.repeat(2000)}`;
    const { recordedTarget } = await import('@sallyport/audit/recording');
    const target = recordedTarget(someCall({ method: 'resources/read', params: { uri } })) ?? '';
    expect(target.length).toBeLessThan(uri.length);
    await impose({ of: { server: 'ehr', target } });
    expect(await passes({ method: 'resources/read', params: { uri } })).toBe(false);
    expect(await passes({ method: 'resources/read', params: { uri: `${uri}y` } })).toBe(true);
  });

  test('of somebody with a very long name is refused, and nobody else with the same beginning', async () => {
    const { boundedAlert } = await import('../../src/lookout/bounded-alert.ts');
    const name = 'm'.repeat(5000);
    const { subject = '' } = boundedAlert(someAlert({ subject: name }));
    expect(subject.length).toBeLessThan(name.length);
    await impose({ of: { subject } });
    expect(await passes({ principal: principal(name) })).toBe(false);
    expect(await passes({ principal: principal(`${name}x`) })).toBe(true);
    // As an admin types it.
    await impose({ of: { subject: `${name}x` } });
    expect(await passes({ principal: principal(`${name}x`) })).toBe(false);
    expect(readFileSync(book.file.path, 'utf8')).not.toContain(name);
  });

  test('to a server is refused, and to another passes', async () => {
    await impose({ of: { server: 'ehr' } });
    expect((await refusalOf({ principal: principal('bob') }))?.message).toMatch(/\(by an admin, .{8}\)/);
    expect(await passes({ server: 'lab' })).toBe(true);
  });

  test.each([
    ['tools/list', 'request'],
    ['resources/read', 'request'],
    ['tasks/result', 'request'],
    ['tasks/cancel', 'request'],
    ['logging/setLevel', 'request'],
    ['vendor/own', 'request'],
    ['notifications/cancelled', 'request'],
    ['tools/call', 'notification'],
    ['vendor/own', 'notification'],
    ['notifications/vendor', 'notification'],
    ['__proto__', 'request'],
  ] as const)('is refused whatever its method: %s as a %s', async (method, kind) => {
    await impose();
    expect(await refusalOf({ method, kind, params: {} })).toMatchObject({ code: 'quarantined' });
  });

  test.each([
    ['initialize', 'request'],
    ['server/discover', 'request'],
    ['ping', 'request'],
    ['resources/unsubscribe', 'request'],
    ['notifications/initialized', 'notification'],
    ['notifications/cancelled', 'notification'],
  ] as const)('passes where a session begins or ends: %s', async (method, kind) => {
    await impose();
    await impose({ of: { server: 'ehr' } });
    expect(await passes({ method, kind, params: {} })).toBe(true);
    expect(await passes({ direction: 'outbound', method: 'sampling/createMessage', params: {} })).toBe(true);
  });

  test('is only recorded in audit mode', async () => {
    const id = await impose();
    const call = someCall();
    const layer = restrict({ book, mode: 'audit', now: () => bench.now });
    expect(await layer.intercept(call, () => Promise.resolve(DONE))).toBe(DONE);
    expect(call.trail.entries).toEqual([
      {
        layer: 'quarantine',
        kind: 'would_refuse',
        code: 'quarantined',
        message: expect.stringContaining(id) as string,
      },
    ]);
  });

  test('is refused in the tick in which it came', async () => {
    await impose();
    const layer = restrict({ book, now: () => bench.now });
    expect(() => layer.intercept(someCall(), () => Promise.resolve(DONE))).toThrow(Refusal);
  });
});

describe('somebody whom records know by a pseudonym', () => {
  test('is refused under it, and asked about only when that can matter', async () => {
    const asked: string[] = [];
    const subjectAs = ({ subject }: { readonly subject: string }): Promise<string | undefined> => {
      asked.push(subject);
      return Promise.resolve(subject === 'alice' ? PSEUDONYM : undefined);
    };
    await impose({ of: { subject: 'carol' } });
    expect(await passes({}, { subjectAs })).toBe(true);
    expect(asked).toEqual([]);
    await impose({ of: { subject: PSEUDONYM } });
    expect(await refusalOf({}, { subjectAs })).toMatchObject({ code: 'quarantined' });
    expect(await passes({ principal: principal('bob') }, { subjectAs })).toBe(true);
    expect(await passes({ principal: principal('carol') }, { subjectAs })).toBe(false);
    expect(asked).toEqual(['alice', 'bob', 'carol']);
  });

  test('is stopped by refusing every call where nobody can tell whose pseudonym it is, until that is over', async () => {
    await impose({ of: { subject: PSEUDONYM } });
    const refusal = await refusalOf({ principal: principal('bob') });
    expect(refusal).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('under a pseudonym') as string,
    });
    expect(String(refusal?.cause)).toContain('sallyport quarantine lift');
    expect((await refusalOf({ method: 'tools/list', params: {} }))?.code).toBe('unavailable');
    expect(await passes({ method: 'ping', params: {} })).toBe(true);
    await impose({ of: { subject: 'bob' } });
    expect((await refusalOf({ principal: principal('bob') }))?.code).toBe('quarantined');
    await impose({ kind: 'approval', of: { server: 'ehr' }, minutes: 90 });
    expect((await refusalOf({ principal: principal('carol') }))?.code).toBe('unavailable');
    expect((await bench.file().read()).requests).toEqual([]);
    bench.now += 30 * MINUTE;
    expect((await refusalOf({ principal: principal('carol') }))?.code).toBe('quarantined');
    expect((await bench.file().read()).requests).toHaveLength(1);
  });

  test('appears by it in requests for approval', async () => {
    await impose({ kind: 'approval', of: { server: 'ehr' } });
    const subjectAs = (): Promise<string> => Promise.resolve(PSEUDONYM);
    expect(await passes({}, { subjectAs })).toBe(false);
    expect(book.restrictions.requests).toMatchObject([{ subject: PSEUDONYM }]);
    expect(readFileSync(book.file.path, 'utf8')).not.toContain('alice');
  });
});

describe('a call that needs approval', () => {
  const approve = async (terms = { minutes: 15, any: false }): Promise<void> => {
    for (const { id } of (await bench.file().read()).requests)
      await bench.file().update(approving(id, terms));
  };

  test('waits for it under one id, and passes once when it was given', async () => {
    const restriction = await impose({ kind: 'approval', of: { server: 'ehr', target: 'export' } });
    const refusal = await refusalOf();
    const [request] = book.restrictions.requests;
    const id = request?.id ?? '';
    expect(id).toMatch(/^[0-9A-Z]{8}$/);
    expect(refusal).toMatchObject({
      code: 'quarantined',
      message: `Needs approval ${id}: an admin runs "sallyport quarantine approve ${id}"; then send the same call again.`,
      data: { approval: id, restriction, until: '2026-11-21T10:30:00.000Z' },
    });
    expect((await refusalOf())?.message).toContain(id);
    expect(book.restrictions.requests).toEqual([
      {
        id,
        time: '2026-11-21T10:00:00.000Z',
        subject: 'alice',
        server: 'ehr',
        method: 'tools/call',
        target: 'export',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
    ]);
    await approve();
    expect(await passes()).toBe(true);
    expect(await passes()).toBe(false);
  });

  test('is the same whatever its progress token, and another with other arguments, principal or tool', async () => {
    await impose({ kind: 'approval', of: { server: 'ehr' } });
    expect(await passes()).toBe(false);
    await approve();
    expect(await passes(tool('export', { ward: 4 }))).toBe(false);
    expect(await passes({ principal: principal('bob') })).toBe(false);
    expect(await passes(tool('read', { ward: 3 }))).toBe(false);
    const again = { name: 'export', arguments: { ward: 3 }, _meta: { progressToken: 9 } };
    expect(await passes({ params: again })).toBe(true);
    expect(await passes({ params: again })).toBe(false);
  });

  test('passes with any arguments where that was approved, for so long', async () => {
    await impose({ kind: 'approval', of: { server: 'ehr' } });
    expect(await passes()).toBe(false);
    await approve({ minutes: 15, any: true });
    for (const ward of [1, 2, 3]) expect(await passes(tool('export', { ward }))).toBe(true);
    expect(await passes(tool('read'))).toBe(false);
    expect(await passes({ principal: principal('bob') })).toBe(false);
    bench.now += 15 * MINUTE;
    expect(await passes()).toBe(false);
  });

  test('keeps its approval when a layer behind refuses it, and loses it when it was run', async () => {
    await impose({ kind: 'approval', of: { server: 'ehr' } });
    expect(await passes()).toBe(false);
    await approve();
    const layer = restrict({ book, now: () => bench.now });
    const refuse = (): Promise<Result> => Promise.reject(new Refusal('invalid_params', 'No.'));
    await expect(layer.intercept(someCall(), refuse)).rejects.toMatchObject({ code: 'invalid_params' });
    expect(book.restrictions.approvals).toHaveLength(1);
    const ran = { ...someCall().trail, executed: {} };
    await expect(layer.intercept(someCall({ trail: ran }), refuse)).rejects.toMatchObject({
      code: 'invalid_params',
    });
    expect(book.restrictions.approvals).toEqual([]);
    expect(await passes()).toBe(false);
  });

  test('is used up once by calls at the same time, in several processes', async () => {
    await impose({ kind: 'approval', of: { server: 'ehr' } });
    expect(await passes()).toBe(false);
    await approve();
    const other = await bench.book();
    const tries = [book, other, book, other].map((one) => passes({}, { book: one }));
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
  });

  test('passes at once when what stood in its way was lifted', async () => {
    await impose({ kind: 'approval', of: { server: 'ehr' } });
    await bench.file().update(lifting('all'));
    expect(await passes()).toBe(true);
  });

  test('is refused for a quarantine that came meanwhile, approved or not', async () => {
    await impose({ kind: 'approval', of: { server: 'ehr' } });
    expect(await passes()).toBe(false);
    await approve();
    const { result } = await bench
      .file()
      .update(imposing({ kind: 'quarantine', of: { subject: 'alice' }, minutes: 5 }));
    expect((await refusalOf())?.message).toContain(result.restriction.id);
    expect((await bench.file().read()).approvals).toHaveLength(1);
  });

  test('lets a client connect and list what there is', async () => {
    await impose({ kind: 'approval' });
    for (const method of ['initialize', 'tools/list', 'prompts/list', 'resources/list', 'logging/setLevel'])
      expect(await passes({ method, params: {} })).toBe(true);
    expect(await passes({ method: 'tasks/list', params: {} })).toBe(false);
    await impose();
    expect(await passes({ method: 'tools/list', params: {} })).toBe(false);
  });

  test('writes nothing for a notification, and nothing in audit mode', async () => {
    const id = await impose({ kind: 'approval' });
    expect((await refusalOf({ kind: 'notification' }))?.message).toContain(id);
    const call = someCall();
    await restrict({ book, mode: 'audit', now: () => bench.now }).intercept(call, () =>
      Promise.resolve(DONE),
    );
    expect(call.trail.entries).toMatchObject([{ kind: 'would_refuse', code: 'quarantined' }]);
    expect((await bench.file().read()).requests).toEqual([]);
  });
});

describe('whatever goes wrong refuses', () => {
  const TOO_DEEP = (): JsonObject => {
    let value: JsonObject = {};
    for (let depth = 0; depth < 100_000; depth += 1) value = { value };
    return value;
  };

  test('a file that is damaged', async () => {
    mkdirSync(bench.folder, { recursive: true });
    writeFileSync(book.file.path, '{');
    await book.refresh();
    expect(await refusalOf()).toMatchObject({ code: 'unavailable' });
    expect(await refusalOf({ principal: principal('bob'), server: 'lab' })).toMatchObject({
      code: 'unavailable',
    });
    expect(await passes({ method: 'ping', params: {} })).toBe(true);
    const call = someCall();
    await restrict({ book, mode: 'audit' }).intercept(call, () => Promise.resolve(DONE));
    expect(call.trail.entries).toMatchObject([{ kind: 'would_refuse', code: 'unavailable' }]);
  });

  test('a file that is damaged between a refusal and an approval', async () => {
    await impose({ kind: 'approval' });
    writeFileSync(book.file.path, '{');
    expect(await refusalOf()).toMatchObject({ code: 'unavailable' });
  });

  test('a request that cannot be written', async () => {
    await impose({ kind: 'approval' });
    rmSync(`${book.file.path}.lock`, { recursive: true });
    writeFileSync(`${book.file.path}.lock`, '');
    expect(await refusalOf()).toMatchObject({ code: 'internal' });
  });

  test('a pseudonym that cannot be told, or is asked for in vain', async () => {
    await impose({ of: { subject: PSEUDONYM } });
    const failing = (): Promise<string> => Promise.reject(new Error('alice has no key'));
    const refusal = await refusalOf({}, { subjectAs: failing });
    expect(refusal).toMatchObject({ code: 'internal' });
    expect(JSON.stringify(refusal?.toRpcError())).not.toContain('alice');
    const throwing = (): Promise<string> => {
      throw new Error('no keys');
    };
    expect(await refusalOf({}, { subjectAs: throwing })).toMatchObject({ code: 'internal' });
    await impose({ kind: 'approval', of: { server: 'ehr' } });
    expect(await refusalOf({}, { subjectAs: failing })).toMatchObject({ code: 'internal' });
  });

  test('params that no digest can be made of', async () => {
    await impose({ kind: 'approval' });
    expect(await refusalOf({ params: { name: 'export', arguments: TOO_DEEP() } })).toMatchObject({
      code: 'internal',
    });
  });

  test('params that cannot even be looked at', async () => {
    await impose();
    const params = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
      },
    );
    expect(await refusalOf({ params, principal: principal('bob') })).toMatchObject({ code: 'internal' });
  });

  test('a clock that fails', async () => {
    await impose();
    const now = (): number => {
      throw new Error('no clock');
    };
    expect(await refusalOf({}, { now })).toMatchObject({ code: 'internal' });
  });

  test('an error of the server is none of it, and goes on as it is', async () => {
    await impose({ kind: 'approval', of: { server: 'lab' } });
    const layer = restrict({ book, now: () => bench.now });
    const fault = new Error('of the server');
    await expect(layer.intercept(someCall(), () => Promise.reject(fault))).rejects.toBe(fault);
  });
});

test('a mode that is none is refused', () => {
  expect(() => restrict({ book, mode: 'shadow' as 'audit' })).toThrow(TypeError);
});

test('a client meets a quarantine, and an approval, over a real guard', async () => {
  const guard = composeGuard({
    server: 'ehr',
    interceptors: [restrict({ book, now: () => bench.now })],
    identify: () => principal('alice'),
  });
  const server = new McpServer({ name: 'test', version: '1.0.0' });
  const ran: number[] = [];
  server.registerTool('export', { inputSchema: { ward: z.number() } }, ({ ward }) => {
    ran.push(ward);
    return { content: [{ type: 'text', text: 'exported' }] };
  });
  protect(server, guard);
  const [near, far] = InMemoryTransport.createLinkedPair();
  await impose();
  await server.connect(far);
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(near);
  const exported = async (ward: number): Promise<string> =>
    client.callTool({ name: 'export', arguments: { ward } }).then(
      () => 'done',
      (error: Error) => error.message,
    );
  expect(await exported(1)).toContain('Quarantined until 2026-11-21T10:30:00.000Z');
  await book.update(lifting('all'));
  await impose({ kind: 'approval' });
  expect(await client.listTools()).toMatchObject({ tools: [{ name: 'export' }] });
  const [, id = ''] = /Needs approval (\w{8}):/.exec(await exported(2)) ?? [];
  await bench.file().update(approving(id, { minutes: 15, any: false }));
  expect(await exported(2)).toBe('done');
  expect(await exported(2)).toContain('Needs approval');
  bench.now += 30 * MINUTE;
  expect(await exported(3)).toBe('done');
  expect(ran).toEqual([2, 3]);
  await client.close();
});
