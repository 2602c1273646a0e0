import {
  type Call,
  type Evidence,
  type JsonObject,
  type Mode,
  type Next,
  Refusal,
  type Result,
} from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { authorize } from '@sallyport/rbac';
import { principal, rbacOf, someCall } from './support.ts';

const RULES = `
p, role:clinician, ehr, tool:get_*, call, "args.limit <= 100"
p, role:clinician, ehr, tool:list, call
p, role:clinician, ehr, resource:file:///data/*, read
p, role:clinician, ehr, resource:file:///data/secret, read, , deny
p, role:clinician, ehr, prompt:summary, get
p, role:clinician, ehr, prompt:styled, get, "args.style in ['short', 'long']"
p, role:clinician, ehr, task:*, get
p, role:clinician, ehr, method:acme/*, call, args.level == 1
`;

const MODERN = { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } };
const DONE: Result = { result: { done: true } };

interface Outcome {
  readonly refused: Refusal | undefined;
  readonly answer: Result | undefined;
  readonly evidence: readonly Evidence[];
  readonly passed: boolean;
}

/** One call through the layer. A refusal that is not thrown at once fails the test. */
async function run(over: Partial<Call>, answer: Result = DONE, mode: Mode = 'enforce'): Promise<Outcome> {
  const layer = authorize({ rbac: rbacOf(RULES), mode });
  const call = someCall({ principal: principal({ roles: ['clinician'] }), ...over });
  let passed = false;
  const next: Next = () => {
    passed = true;
    return Promise.resolve(answer);
  };
  const end = { evidence: call.trail.entries };
  let settled: Promise<Result>;
  try {
    settled = layer.intercept(call, next);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...end, refused: error, answer: undefined, passed };
  }
  expect(passed).toBe(true);
  return { ...end, refused: undefined, answer: await settled, passed };
}

async function codeOf(method: string, params: JsonObject, over: Partial<Call> = {}): Promise<string> {
  const { refused, passed } = await run({ method, params, ...over });
  expect(passed).toBe(refused === undefined);
  return refused?.code ?? 'passed';
}

describe('authorize', () => {
  it.each([
    ['tools/call', { name: 'get_x', arguments: { limit: 5 } }, 'passed'],
    ['tools/call', { name: 'get_x', arguments: { limit: 500 } }, 'permission_denied'],
    ['tools/call', { name: 'get_x' }, 'permission_denied'],
    ['tools/call', { name: 'list' }, 'passed'],
    ['tools/call', { name: 'list', arguments: undefined }, 'passed'],
    ['tools/call', { name: 'drop' }, 'permission_denied'],
    ['tools/call', { name: '' }, 'permission_denied'],
    ['tools/call', { name: ['list'] }, 'invalid_params'],
    ['tools/call', {}, 'invalid_params'],
    ['tools/call', { name: 'list', arguments: null }, 'invalid_params'],
    ['tools/call', { name: 'list', arguments: [] }, 'invalid_params'],
    ['resources/read', { uri: 'file:///data/x' }, 'passed'],
    ['resources/read', { uri: 'file:///data/secret' }, 'permission_denied'],
    ['resources/read', { uri: 'file:///data/../x' }, 'permission_denied'],
    ['resources/read', { uri: 7 }, 'invalid_params'],
    ['resources/subscribe', { uri: 'file:///data/x' }, 'passed'],
    ['resources/subscribe', { uri: 'file:///etc/x' }, 'permission_denied'],
    ['resources/unsubscribe', { uri: 'file:///etc/x' }, 'permission_denied'],
    ['prompts/get', { name: 'summary' }, 'passed'],
    ['prompts/get', { name: 'styled', arguments: { style: 'long' } }, 'passed'],
    ['prompts/get', { name: 'styled', arguments: { style: 'rude' } }, 'permission_denied'],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'summary' }, argument: { name: 'a', value: '' } },
      'passed',
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'styled' }, argument: { name: 'style', value: 'short' } },
      'passed',
    ],
    [
      'completion/complete',
      {
        ref: { type: 'ref/prompt', name: 'styled' },
        argument: { name: 'tone', value: '' },
        context: { arguments: { style: 'long' } },
      },
      'passed',
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'styled' }, argument: { name: '__proto__', value: 'x' } },
      'permission_denied',
    ],
    ['completion/complete', { ref: { type: 'ref/resource', uri: 'file:///data/{name}' } }, 'passed'],
    [
      'completion/complete',
      { ref: { type: 'ref/resource', uri: 'file:///etc/{name}' } },
      'permission_denied',
    ],
    ['completion/complete', { ref: { type: 'ref/other', name: 'summary' } }, 'invalid_params'],
    ['completion/complete', {}, 'invalid_params'],
    ['subscriptions/listen', { notifications: { toolsListChanged: true } }, 'passed'],
    [
      'subscriptions/listen',
      { notifications: { resourceSubscriptions: ['file:///data/x', 'file:///data/y'] } },
      'passed',
    ],
    [
      'subscriptions/listen',
      { notifications: { resourceSubscriptions: ['file:///data/x', 'file:///etc/y'] } },
      'permission_denied',
    ],
    ['subscriptions/listen', { notifications: { resourceSubscriptions: 'file:///etc/y' } }, 'invalid_params'],
    [
      'subscriptions/listen',
      { notifications: { resourceSubscriptions: [['file:///data/x']] } },
      'invalid_params',
    ],
    ['subscriptions/listen', {}, 'invalid_params'],
    ['tasks/get', { taskId: 't1' }, 'passed'],
    ['tasks/result', { taskId: 't1' }, 'permission_denied'],
    ['tasks/cancel', { taskId: 't1' }, 'permission_denied'],
    ['tasks/update', { taskId: 't1' }, 'permission_denied'],
    ['tasks/get', {}, 'invalid_params'],
    ['initialize', {}, 'passed'],
    ['server/discover', {}, 'passed'],
    ['ping', {}, 'passed'],
    ['logging/setLevel', { level: 'debug' }, 'passed'],
    ['acme/do', { level: 1 }, 'passed'],
    ['acme/do', { level: 2 }, 'method_not_found'],
    ['unknown', {}, 'method_not_found'],
    ['constructor', {}, 'method_not_found'],
    ['__proto__', {}, 'method_not_found'],
    ['Tools/Call', { name: 'list' }, 'method_not_found'],
    ['tools/call ', { name: 'list' }, 'method_not_found'],
  ])('%s %j: %s', async (method, params, expected) => {
    expect(await codeOf(method, params)).toBe(expected);
  });

  it('lets the notifications of the protocol pass, and no others', async () => {
    for (const name of ['initialized', 'cancelled', 'progress', 'roots/list_changed', 'tasks/status']) {
      expect(await codeOf(`notifications/${name}`, {}, { kind: 'notification' })).toBe('passed');
    }
    expect(await codeOf('notifications/acme', {}, { kind: 'notification' })).toBe('permission_denied');
    expect(await codeOf('tools/call', { name: 'drop' }, { kind: 'notification' })).toBe('permission_denied');
  });

  it('says what an unknown method says of a method that no rule names', async () => {
    expect((await run({ method: 'acme/secret' })).refused?.message).toBe('Method not found');
  });

  it('lets servers ask clients what they like', async () => {
    for (const method of [
      'sampling/createMessage',
      'elicitation/create',
      'roots/list',
      'notifications/message',
    ]) {
      const { passed, evidence } = await run({ method, direction: 'outbound' });
      expect(passed).toBe(true);
      expect(evidence).toEqual([]);
    }
  });

  it('records each decision, with the rule and its place, and no value', async () => {
    const permitted = await run({ params: { name: 'get_x', arguments: { limit: 5 } } });
    expect(permitted.evidence).toEqual([
      {
        layer: 'rbac',
        kind: 'decision',
        effect: 'permit',
        rule: 'p, role:clinician, ehr, tool:get_*, call, "args.limit <= 100"',
        at: 'rbac_policy.csv:2',
      },
    ]);
    const denied = await run({ params: { name: 'sesame', arguments: { secret: 'hunter2' } } });
    expect(denied.evidence).toEqual([
      { layer: 'rbac', kind: 'decision', effect: 'deny', rule: undefined, at: undefined },
    ]);
    expect(`${denied.refused?.message}${JSON.stringify(denied.refused?.data)}`).not.toMatch(/sesame|hunter2/);
    const uris = ['a', 'b', 'c'].map((name) => `file:///data/${name}`);
    const many = await run({
      method: 'subscriptions/listen',
      params: { notifications: { resourceSubscriptions: uris } },
    });
    expect(many.evidence).toHaveLength(1);
  });

  it('in audit mode records what it would have refused, and lets everything pass', async () => {
    const denied = await run({ params: { name: 'drop' } }, DONE, 'audit');
    expect(denied.passed).toBe(true);
    expect(denied.answer).toBe(DONE);
    expect(denied.evidence.map(({ kind }) => kind)).toEqual(['decision', 'would_refuse']);
    expect(denied.evidence[1]).toMatchObject({ code: 'permission_denied' });
    const unknown = await run({ method: 'acme/none' }, DONE, 'audit');
    expect(unknown.evidence[1]).toMatchObject({ code: 'method_not_found' });
    const malformed = await run({ params: {} }, DONE, 'audit');
    expect(malformed.evidence[1]).toMatchObject({ code: 'invalid_params' });
  });

  it('is judged at construction', () => {
    expect(() => authorize({ rbac: undefined as never })).toThrow(/compileRbac/);
    expect(() => authorize({ rbac: rbacOf(''), mode: 'off' as never })).toThrow(/'enforce' or 'audit'/);
  });
});

describe('lists', () => {
  const tools = [{ name: 'get_x', description: 'kept' }, { name: 'drop' }, { name: 'list' }];

  it.each([
    ['tools/list', { tools, nextCursor: 'c' }, { tools: [tools[0], tools[2]], nextCursor: 'c' }, 1],
    [
      'resources/list',
      {
        resources: [{ uri: 'file:///data/x' }, { uri: 'file:///data/secret' }, { uri: 'file:///data/../x' }],
      },
      { resources: [{ uri: 'file:///data/x' }] },
      2,
    ],
    [
      'resources/templates/list',
      {
        resourceTemplates: [
          { uriTemplate: 'file:///data/{name}' },
          { uriTemplate: 'file:///{+path}' },
          { uriTemplate: '{+uri}' },
          { uriTemplate: 'file:///etc/{name}' },
          { uriTemplate: 'file:///data/x/{name}' },
          { uriTemplate: 'file:///data/x' },
          { uriTemplate: 'file:///data/secret' },
          { uriTemplate: 'file:///data/../{x}' },
        ],
      },
      {
        resourceTemplates: [
          { uriTemplate: 'file:///data/{name}' },
          { uriTemplate: 'file:///{+path}' },
          { uriTemplate: '{+uri}' },
          { uriTemplate: 'file:///data/x' },
        ],
      },
      4,
    ],
    [
      'prompts/list',
      { prompts: [{ name: 'summary' }, { name: 'styled' }, { name: 'x' }] },
      { prompts: [{ name: 'summary' }, { name: 'styled' }] },
      1,
    ],
    ['tasks/list', { tasks: [{ taskId: 't' }, { id: 't' }] }, { tasks: [{ taskId: 't' }] }, 1],
    ['tools/list', { tools: [{ name: 'drop' }], nextCursor: 'c' }, { tools: [], nextCursor: 'c' }, 1],
    ['tools/list', { tools: { name: 'list' } }, { tools: [] }, 1],
    [
      'tools/list',
      { tools: ['list', null, { name: ['list'] }, { title: 'list' }, [{ name: 'list' }]] },
      { tools: [] },
      5,
    ],
  ])('%s show what some rule could let the principal use (%#)', async (method, result, expected, removed) => {
    const { answer, evidence } = await run({ method, params: {} }, { result });
    expect(answer).toEqual({ result: expected });
    expect(evidence).toEqual([{ layer: 'rbac', kind: 'filtered', removed }]);
  });

  it('that lose nothing are the same object', async () => {
    const whole: Result = { result: { tools: [{ name: 'list' }] } };
    const { answer, evidence } = await run({ method: 'tools/list', params: {} }, whole);
    expect(answer).toBe(whole);
    expect(evidence).toEqual([]);
    const other: Result = { result: { resultType: 'complete' } };
    expect((await run({ method: 'tools/list', params: {} }, other)).answer).toBe(other);
  });

  it('of an error pass as they are', async () => {
    const error: Result = { error: { code: -32603, message: 'broken' } };
    expect((await run({ method: 'tools/list', params: MODERN }, error)).answer).toBe(error);
  });

  it('are private since 2026-07-28, also when they lose nothing', async () => {
    const answer = { resultType: 'complete', tools: [{ name: 'list' }], cacheScope: 'public', ttlMs: 5 };
    expect((await run({ method: 'tools/list', params: MODERN }, { result: answer })).answer).toEqual({
      result: { ...answer, cacheScope: 'private' },
    });
    const already: Result = { result: { tools: [], cacheScope: 'private' } };
    expect((await run({ method: 'tools/list', params: MODERN }, already)).answer).toBe(already);
  });

  it('in audit mode lose nothing, and what they would lose is recorded', async () => {
    const whole: Result = { result: { tools } };
    const { answer, evidence } = await run({ method: 'tools/list', params: MODERN }, whole, 'audit');
    expect(answer).toBe(whole);
    expect(evidence).toEqual([
      {
        layer: 'rbac',
        kind: 'would_refuse',
        code: 'permission_denied',
        message: '1 of 3 entries would be removed from the list.',
      },
    ]);
  });

  it('hide a template when a deny rule covers all that it could become', async () => {
    const rbac = rbacOf(
      'p, role:clinician, ehr, resource:**, read\np, role:clinician, ehr, resource:file:///s/**, read, , deny',
    );
    const could = (object: string): boolean =>
      rbac.couldPermit({
        principal: principal({ roles: ['clinician'] }),
        server: 'ehr',
        action: 'read',
        object,
        prefix: true,
      });
    expect(could('resource:file:///s/')).toBe(false);
    expect(could('resource:file:///s/a/')).toBe(false);
    expect(could('resource:file:///')).toBe(true);
    expect(could('resource:file:///t/')).toBe(true);
  });
});
