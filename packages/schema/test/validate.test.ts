import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { Refusal } from '@sallyport/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { someCall } from '../../core/test/some-call.ts';
import { validate, type ValidateOptions } from '../src/index.ts';
import { type Behaviour, type GuardedServer, guardedServers, type Tool } from './guarded-server.ts';

const SEARCH: Tool = {
  name: 'search',
  inputSchema: {
    type: 'object',
    properties: { query: { type: 'string' }, limit: { type: 'integer', maximum: 100 } },
    required: ['query'],
  },
};
const COUNT: Tool = {
  name: 'count',
  inputSchema: { type: 'object' },
  outputSchema: { type: 'object', properties: { total: { type: 'integer' } }, required: ['total'] },
};
const NOT_PERMITTED = {
  code: 403,
  message: expect.stringContaining('Not permitted by policy, or unknown.') as string,
};

const fine = (): Record<string, unknown> => ({ content: [{ type: 'text', text: 'ok' }] });
const counts = (structuredContent: unknown) => () => ({ content: [], structuredContent });

function start(over: Partial<Behaviour> = {}, options: ValidateOptions = {}): Promise<GuardedServer> {
  return guardedServers({ pages: [[SEARCH, COUNT]], answer: fine, ...over }, options).connect();
}

/** What the client gets, past the checks of its own. */
function call(
  { client }: GuardedServer,
  name: string,
  args?: unknown,
  more: object = {},
): Promise<Record<string, unknown>> {
  const params = {
    name,
    ...(args === undefined ? {} : { arguments: args as Record<string, unknown> }),
    ...more,
  };
  return client.request({ method: 'tools/call', params }, z.looseObject({}));
}

describe('arguments', () => {
  test('pass when they satisfy the schema, before anybody has listed the tools', async () => {
    const rig = await start();
    expect(await call(rig, 'search', { query: 'x', limit: 5 })).toMatchObject(fine());
    expect(rig.listed).toEqual(['']);
    await call(rig, 'search', { query: 'y' });
    expect(rig.listed).toHaveLength(1);
  });

  test('that break it come back as an error that a model can repair, and never reach the tool', async () => {
    const rig = await start();
    const result = CallToolResultSchema.parse(await call(rig, 'search', { query: 'x', limit: 4_711 }));
    const text = 'Invalid arguments for this tool: /limit must be <= 100 (rule "maximum").';
    expect(result).toMatchObject({ isError: true, content: [{ type: 'text', text }] });
    expect(rig.executed).toEqual([]);
  });

  test.each([
    ['are missing where one is required', undefined],
    ['are undeclared', { query: 'x', other: 1 }],
    ['are a list', ['x']],
    ['are null', null],
    ['are text', 'x'],
  ])('are refused when they %s', async (_when, args) => {
    const rig = await start();
    const refused = await call(rig, 'search', args).catch((error: unknown) => error);
    // What is no object at all, the message itself may not carry.
    if (!(refused instanceof Error)) expect(refused).toMatchObject({ isError: true });
    expect(rig.executed).toEqual([]);
  });

  test('may be undeclared when only the schema counts, and anything when nothing does', async () => {
    const lax = await start({}, { arguments: 'schema' });
    expect(await call(lax, 'search', { query: 'x', other: 1 })).not.toHaveProperty('isError');
    expect(await call(lax, 'search', { query: 1 })).toHaveProperty('isError', true);
    const off = await start({}, { arguments: 'off', results: 'off' });
    expect(await call(off, 'search', { query: 1 })).not.toHaveProperty('isError');
    expect(off.listed).toEqual([]);
  });

  test('must also satisfy the schemas of the policy', async () => {
    const schemas = [
      { tool: 'search', arguments: { properties: { limit: { maximum: 10 } } } },
      { tool: 'sea*', arguments: { properties: { query: { pattern: '^[a-z]+$' } } } },
    ];
    const rig = await start({}, { schemas, results: 'off' });
    expect(await call(rig, 'search', { query: 'x', limit: 10 })).not.toHaveProperty('isError');
    expect(await call(rig, 'search', { query: 'x', limit: 11 })).toHaveProperty('isError', true);
    expect(await call(rig, 'search', { query: 'X' })).toHaveProperty('isError', true);
    expect(await call(rig, 'count')).not.toHaveProperty('isError');
  });

  test('are refused, and recorded, without their values', async () => {
    const rig = await start({}, { mode: 'audit' });
    expect(await call(rig, 'search', { query: 'x', S3CR3T: 'S3CR3T' })).not.toHaveProperty('isError');
    expect(rig.evidence).toEqual([
      {
        layer: 'schema',
        kind: 'would_refuse',
        code: 'invalid_params',
        message:
          'Invalid arguments for this tool: the arguments must not have properties that the schema does not declare; ' +
          'declared are "query", "limit" (rule "undeclared").',
      },
    ]);
  });
});

describe('a tool', () => {
  test('that the server does not list is refused in the words for a denied one', async () => {
    const rig = await start();
    await expect(call(rig, 'drop_tables')).rejects.toMatchObject(NOT_PERMITTED);
    expect(rig.executed).toEqual([]);
  });

  test('that the server does not list passes where the policy says so, under the policy’s own schemas', async () => {
    const schemas = [{ tool: 'hidden', arguments: { required: ['key'] } }];
    const rig = await start({}, { unknownTools: 'pass', schemas });
    expect(await call(rig, 'unlisted', { a: 1 })).not.toHaveProperty('isError');
    expect(await call(rig, 'hidden', {})).toHaveProperty('isError', true);
  });

  test('is unknown on a server that has no list', async () => {
    const rig = await start({ pages: [] });
    await expect(call(rig, 'search', { query: 'x' })).rejects.toMatchObject(NOT_PERMITTED);
  });

  test('with a schema that cannot be checked does not run, and says why', async () => {
    const inputSchema = { type: 'object', properties: { a: { type: 'string', pattern: '(a+)\\1' } } };
    const outputSchema = { type: 'object', $ref: 'https://elsewhere.example/' };
    const rig = await start({
      pages: [[{ name: 'in', inputSchema }, { ...SEARCH, name: 'out', outputSchema }, { name: 'none' }]],
    });
    await expect(call(rig, 'in', { a: 'aa' })).rejects.toMatchObject({
      code: 503,
      message: expect.stringContaining(
        '"inputSchema", /properties/a/pattern has a pattern that cannot be matched',
      ) as string,
    });
    await expect(call(rig, 'out', { query: 'x' })).rejects.toMatchObject({ code: 503 });
    await expect(call(rig, 'none')).rejects.toMatchObject({ code: 503 });
    expect(rig.executed).toEqual([]);
  });

  test('with such a schema runs under a schema of the policy, which then declares what there is', async () => {
    const tool = { name: 'in', inputSchema: { type: 'object', $ref: 'https://elsewhere.example/' } };
    const schemas = [{ tool: 'in', arguments: { properties: { a: { type: 'string' } } } }];
    const rig = await start({ pages: [[tool]] }, { schemas });
    expect(await call(rig, 'in', { a: 'x' })).not.toHaveProperty('isError');
    expect(await call(rig, 'in', { b: 'x' })).toHaveProperty('isError', true);
  });

  test('has to be named', async () => {
    const call = someCall({ params: { name: 7 } });
    expect(() => validate().intercept(call, () => Promise.reject(new Error('passed on')))).toThrow(Refusal);
  });
});

describe('results', () => {
  test('that satisfy the schema pass, with members that it does not declare', async () => {
    const rig = await start({ answer: counts({ total: 1, more: true }) });
    expect(await call(rig, 'count')).toMatchObject({ structuredContent: { total: 1 } });
  });

  test.each([
    ['are of the wrong type', counts({ total: 'S3CR3T' }), '/total must be integer (rule "type")'],
    [
      'lack what is required',
      counts({}),
      '"structuredContent" must have the property "total" (rule "required")',
    ],
    [
      'are missing',
      fine,
      '"structuredContent" must be there, since the tool has a schema for it (rule "required")',
    ],
  ])('are refused as the server’s fault when they %s', async (_when, answer, text) => {
    const rig = await start({ answer });
    await expect(call(rig, 'count')).rejects.toMatchObject({
      code: 502,
      message: expect.stringContaining(`Invalid result of this tool: ${text}`) as string,
    });
  });

  test('need no content for the schema when they are failures', async () => {
    const rig = await start({ answer: () => ({ content: [], isError: true }) });
    await expect(call(rig, 'count')).resolves.toBeDefined();
  });

  const asking = { resultType: 'input_required', inputRequests: {} };

  test('need none when they ask for input, in the revision where results can', async () => {
    const rig = await start({ answer: () => asking });
    const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
    await expect(rig.client.callTool({ name: 'count', arguments: {}, _meta })).resolves.toBeDefined();
    await expect(call(rig, 'count')).rejects.toMatchObject({ code: 502 });
  });

  test.each([
    ['failures', { content: [], isError: true }],
    ['questions', asking],
  ])('are checked when they have content for the schema, even as %s', async (_what, result) => {
    const rig = await start({ answer: () => ({ ...result, structuredContent: { n: 'EVIL' } }) });
    await expect(call(rig, 'count')).rejects.toMatchObject({ code: 502 });
  });

  test('need none when the call became a task, which only the caller can ask for', async () => {
    const answer = (): Record<string, unknown> => ({ task: { taskId: '1', status: 'working' } });
    const given = { result: answer() };
    const interceptor = validate();
    const list = someCall({ method: 'tools/list' });
    await interceptor.intercept(list, () => Promise.resolve({ result: { tools: [COUNT] } }));
    const asked = someCall({ params: { name: 'count', task: { ttl: 1 } } });
    await expect(interceptor.intercept(asked, () => Promise.resolve(given))).resolves.toBe(given);
    const unasked = someCall({ params: { name: 'count' } });
    await expect(interceptor.intercept(unasked, () => Promise.resolve(given))).rejects.toThrow(Refusal);
  });

  test('of tools without a schema pass as they are', async () => {
    const rig = await start({ answer: counts({ anything: 1 }) });
    expect(await call(rig, 'search', { query: 'x' })).toMatchObject({ structuredContent: { anything: 1 } });
  });

  test('must also satisfy the schemas of the policy', async () => {
    const schemas = [{ tool: 'count', result: { properties: { total: { maximum: 10 } } } }];
    const rig = await start({ answer: counts({ total: 11 }) }, { schemas });
    await expect(call(rig, 'count')).rejects.toMatchObject({ code: 502 });
  });

  test.each([
    ['recorded', { results: 'audit' }, 1],
    ['recorded', { mode: 'audit' }, 1],
    ['ignored', { results: 'off' }, 0],
  ] as const)('are only %s with %j', async (_what, options, recorded) => {
    const rig = await start({ answer: counts({ total: 'x' }) }, options);
    expect(await call(rig, 'count')).toMatchObject({ structuredContent: { total: 'x' } });
    expect(rig.evidence).toHaveLength(recorded);
  });

  test('that are errors of the server pass', async () => {
    const rig = await start({ answer: () => Promise.reject(new Error('server says no')) });
    await expect(call(rig, 'count')).rejects.toThrow('server says no');
  });
});

describe('a known tool', () => {
  test('is checked in the tick in which the call came, and refused in it', async () => {
    const interceptor = validate();
    const list = someCall({ method: 'tools/list' });
    await interceptor.intercept(list, () => Promise.resolve({ result: { tools: [SEARCH] } }));
    let delivered = false;
    const next = (): Promise<{ result: Record<string, unknown> }> => {
      delivered = true;
      return Promise.resolve({ result: {} });
    };
    void interceptor.intercept(someCall({ params: { name: 'search', arguments: { query: 'x' } } }), next);
    expect(delivered).toBe(true);
    expect(() => interceptor.intercept(someCall({ params: { name: 'search' } }), next)).toThrow(Refusal);
  });

  test('is told from a tool of the same name on another server', async () => {
    const interceptor = validate();
    const list = someCall({ method: 'tools/list', server: 'one' });
    await interceptor.intercept(list, () => Promise.resolve({ result: { tools: [SEARCH] } }));
    const next = (): Promise<{ result: Record<string, unknown> }> => Promise.resolve({ result: {} });
    const params = { name: 'search', arguments: { query: 'x' } };
    await expect(interceptor.intercept(someCall({ server: 'one', params }), next)).resolves.toBeDefined();
    // That server has to be asked, which a call without a transport cannot.
    await expect(interceptor.intercept(someCall({ server: 'two', params }), next)).rejects.toThrow(Refusal);
  });
});

test('in audit mode a call passes even when the server cannot be asked', async () => {
  const call = someCall();
  const answer = { result: {} };
  await expect(validate({ mode: 'audit' }).intercept(call, () => Promise.resolve(answer))).resolves.toBe(
    answer,
  );
  expect(call.trail.entries).toMatchObject([{ kind: 'would_refuse', code: 'internal' }]);
});

describe('an option', () => {
  test.each([
    [{ arguments: 'loose' }, 'validate: "arguments" has to be "strict" or "schema" or "off".'],
    [{ results: 'strict' }, 'validate: "results" has to be "enforce" or "audit" or "off".'],
    [{ unknownTools: 'allow' }, 'validate: "unknownTools" has to be "refuse" or "pass".'],
    [{ mode: 'off' }, 'validate: "mode" has to be "enforce" or "audit".'],
    [
      { schemas: [{ tool: 'a*b', arguments: {} }] },
      'validate: schemas[0].tool has to be a tool name, or the beginning of names',
    ],
    [
      { schemas: [{ tool: 'a' }] },
      'validate: schemas[0] says nothing about "a": write "arguments", "result" or both.',
    ],
    [
      { schemas: [{ tool: 'a', arguments: { type: 'text' } }] },
      'validate: schemas[0].arguments is not usable: /type has to be one of',
    ],
    [{ schemas: [{ tool: 'a', result: [] }] }, 'validate: schemas[0].result has to be a JSON Schema object.'],
  ])('that is not usable is refused at construction: %j', (options, message) => {
    expect(() => validate(options as never)).toThrow(message);
  });
});
