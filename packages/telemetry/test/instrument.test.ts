import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { Refusal, type Result } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OPERATION_BUCKETS } from '../src/conventions.ts';
import { instrument, Telemetry } from '../src/index.ts';
import { callWithMeta, listOf, madeCall } from './made-call.ts';
import { Recorded, unregister } from './recorded.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE}-${SPAN}-01`;
const OK: Result = { result: { content: [] } };
const ok = (): Promise<Result> => Promise.resolve(OK);

let recorded: Recorded;
let telemetry: Telemetry;
beforeEach(() => {
  recorded = new Recorded();
  const clock = { ms: 0 };
  telemetry = new Telemetry({ now: () => (clock.ms += 250) });
  telemetry.learnTools('files', ['read_file']);
});
afterEach(unregister);

const layer = (options: Parameters<typeof instrument>[0] = {}): ReturnType<typeof instrument> =>
  instrument({ telemetry, ...options });

describe('a call', () => {
  test('of a tool becomes a server span by the conventions', async () => {
    const wire = () => ({ transport: 'pipe', requestId: 7, sessionId: 's-1' }) as const;
    const call = madeCall({
      params: { name: 'read_file', _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } },
    });
    await layer({ wire }).intercept(call, ok);
    expect(recorded.span).toMatchObject({ name: 'tools/call read_file', kind: SpanKind.SERVER });
    expect(recorded.span.status.code).toBe(SpanStatusCode.UNSET);
    expect(recorded.span.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'mcp.protocol.version': '2026-07-28',
      'mcp.session.id': 's-1',
      'gen_ai.tool.name': 'read_file',
      'gen_ai.operation.name': 'execute_tool',
      'jsonrpc.request.id': '7',
      'network.transport': 'pipe',
      'sallyport.server': 'files',
      'sallyport.call.id': call.id,
    });
  });

  test('is measured in seconds, with the buckets of the conventions and without what differs in each call', async () => {
    await layer({ wire: () => ({ transport: 'pipe', requestId: 7, sessionId: 's-1' }) }).intercept(
      madeCall(),
      ok,
    );
    const [point] = await recorded.points('mcp.server.operation.duration');
    expect(point?.value).toMatchObject({ count: 1, sum: 0.25, buckets: { boundaries: OPERATION_BUCKETS } });
    expect(point?.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'read_file',
      'gen_ai.operation.name': 'execute_tool',
      'network.transport': 'pipe',
    });
    expect(await recorded.values('mcp_tool_calls')).toEqual({ 'read_file ok': 1 });
    expect(await recorded.values('mcp_tool_call_duration_seconds')).toEqual({ read_file: 0.25 });
  });

  test('that the server makes is a client span, and counts as such', async () => {
    await layer().intercept(
      madeCall({ direction: 'outbound', method: 'sampling/createMessage', params: {} }),
      ok,
    );
    expect(recorded.span).toMatchObject({ name: 'sampling/createMessage', kind: SpanKind.CLIENT });
    expect(await recorded.points('mcp.client.operation.duration')).toHaveLength(1);
    expect(await recorded.points('mcp.server.operation.duration')).toHaveLength(0);
    expect(await recorded.points('mcp_tool_calls')).toHaveLength(0);
  });

  test('of a prompt names the prompt once the server has listed it', async () => {
    const get = madeCall({ method: 'prompts/get', params: { name: 'greet' } });
    await layer().intercept(get, ok);
    await layer().intercept(madeCall({ method: 'prompts/list', params: {} }), () =>
      Promise.resolve({ result: { prompts: [{ name: 'greet' }] } }),
    );
    await layer().intercept(get, ok);
    expect(recorded.spans.map(({ name }) => name)).toEqual([
      'prompts/get _other',
      'prompts/list',
      'prompts/get greet',
    ]);
    expect(recorded.span.attributes).toMatchObject({ 'gen_ai.prompt.name': 'greet' });
    expect(recorded.span.attributes).not.toHaveProperty('gen_ai.operation.name');
  });

  test.each<[string, () => Promise<Result>, string, string]>([
    ['a tool result with isError', async () => ({ result: { isError: true } }), 'tool_error', 'error'],
    ['a protocol error', async () => ({ error: { code: -32602, message: 'secret' } }), '-32602', 'error'],
    ['an error of a made-up code', async () => ({ error: { code: 12345, message: 'x' } }), '_OTHER', 'error'],
    ['a refusal', () => Promise.reject(new Refusal('rate_limited', 'slow')), 'rate_limited', 'refused'],
    ['something that was thrown', () => Promise.reject(new Error('secret')), 'internal', 'refused'],
  ])('that ends with %s says so in error.type', async (_, end, errorType, status) => {
    await layer()
      .intercept(madeCall(), end)
      .catch(() => undefined);
    expect(recorded.span.attributes['error.type']).toBe(errorType);
    expect(recorded.span.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(recorded.span.events).toEqual([]);
    const [point] = await recorded.points('mcp.server.operation.duration');
    expect(point?.attributes['error.type']).toBe(errorType);
    expect(await recorded.values('mcp_tool_calls')).toEqual({ [`read_file ${status}`]: 1 });
  });

  test('that is refused at once is refused in the same tick, and ends its span', () => {
    const refusal = new Refusal('permission_denied', 'no');
    expect(() =>
      layer().intercept(madeCall(), () => {
        throw refusal;
      }),
    ).toThrow(refusal);
    expect(recorded.span.attributes['error.type']).toBe('permission_denied');
  });

  test('leaves nothing of its arguments, its result or its people in spans and metrics', async () => {
    const secret = 'alice@example.org';
    const call = madeCall({
      method: 'resources/read',
      params: { uri: `file:///${secret}`, name: secret, arguments: { path: secret } },
      principal: { subject: secret, roles: [secret], client: secret, claims: { secret }, method: 'token' },
    });
    await layer().intercept(call, () => Promise.resolve({ result: { content: [{ text: secret }] } }));
    await layer().intercept({ ...call, method: 'tools/call' }, () =>
      Promise.resolve({ error: { code: 1, message: secret } }),
    );
    const said = JSON.stringify([
      recorded.spans.map(({ name, attributes, status, events }) => ({ name, attributes, status, events })),
      await recorded.points('mcp.server.operation.duration'),
      await recorded.points('mcp_tool_calls'),
    ]);
    expect(said).not.toContain('alice');
  });

  test('counts what the layers left on its trail', async () => {
    await layer()
      .intercept(
        madeCall({}, [
          { layer: 'rbac', kind: 'decision', effect: 'permit', rule: 'r', at: 'a:1' },
          { layer: 'schema', kind: 'would_refuse', code: 'invalid_params', message: 'm' },
          { layer: 'rbac', kind: 'filtered', removed: 3 },
          {
            layer: 'redaction',
            kind: 'redacted',
            direction: 'results',
            entity: 'EMAIL',
            operator: 'mask',
            count: 2,
          },
          {
            layer: 'redaction',
            kind: 'would_redact',
            direction: 'arguments',
            entity: 'IBAN',
            operator: 'drop',
            count: 1,
          },
        ]),
        () => Promise.reject(new Refusal('threat_detected', 'no')),
      )
      .catch(() => undefined);
    expect(await recorded.values('sallyport.decisions')).toEqual({ 'permit rbac': 1 });
    expect(await recorded.values('sallyport.refusals')).toEqual({
      'invalid_params audit': 1,
      'threat_detected enforce': 1,
    });
    expect(await recorded.values('sallyport.list.filtered')).toEqual({ rbac: 3 });
    expect(await recorded.values('sallyport.redactions')).toEqual({
      'EMAIL mask results enforce': 2,
      'IBAN drop arguments audit': 1,
    });
  });
});

describe('a trace', () => {
  test('goes on from the caller, with the ambient span as a link', async () => {
    const http = trace.getTracer('http').startSpan('POST /mcp');
    await context.with(trace.setSpan(context.active(), http), () =>
      layer().intercept(callWithMeta({ traceparent: TRACEPARENT }), ok),
    );
    expect(recorded.span.spanContext().traceId).toBe(TRACE);
    expect(recorded.span.parentSpanContext).toMatchObject({ spanId: SPAN, isRemote: true });
    expect(recorded.span.links.map((link) => link.context.spanId)).toEqual([http.spanContext().spanId]);
  });

  test('goes on from the ambient span where the caller says nothing, or nonsense', async () => {
    const http = trace.getTracer('http').startSpan('POST /mcp');
    for (const meta of [undefined, 'x', { traceparent: '00-x' }]) {
      await context.with(trace.setSpan(context.active(), http), () =>
        layer().intercept(callWithMeta(meta), ok),
      );
      expect(recorded.span.parentSpanContext?.spanId).toBe(http.spanContext().spanId);
      expect(recorded.span.links).toEqual([]);
    }
  });

  test('only links to a caller that is not trusted, or does not know of it', async () => {
    await layer({ received: 'link' }).intercept(callWithMeta({ traceparent: TRACEPARENT }), ok);
    expect(recorded.span.parentSpanContext).toBeUndefined();
    expect(recorded.span.links.map((link) => link.context.traceId)).toEqual([TRACE]);
    await layer({ received: 'ignore' }).intercept(callWithMeta({ traceparent: TRACEPARENT }), ok);
    expect(recorded.span.links).toEqual([]);
    expect(recorded.span.spanContext().traceId).not.toBe(TRACE);
  });

  test('has what runs inside the call as children', async () => {
    await layer().intercept(madeCall(), async () => {
      await Promise.resolve();
      trace.getTracer('tool').startSpan('work').end();
      return OK;
    });
    const [work, call] = recorded.spans;
    expect(work?.parentSpanContext?.spanId).toBe(call?.spanContext().spanId);
  });

  test('goes on to the other side only where that is asked for', async () => {
    const sent: unknown[] = [];
    const keep = (call: { readonly params: unknown }): Promise<Result> => {
      sent.push(call.params);
      return ok();
    };
    const call = callWithMeta({ traceparent: TRACEPARENT, progressToken: 1 });
    await layer().intercept(call, keep);
    expect(sent[0]).toBe(call.params);
    await layer({ propagate: true }).intercept(call, keep);
    expect(sent[1]).toEqual({
      name: 'read_file',
      _meta: { traceparent: `00-${TRACE}-${recorded.span.spanContext().spanId}-01`, progressToken: 1 },
    });
  });
});

describe('options', () => {
  test('that are not usable are refused with what to write instead', () => {
    expect(() => instrument({ received: 'always' as never })).toThrow('write "parent", "link" or "ignore"');
    expect(() => instrument({ propagate: 'yes' as never })).toThrow('write true or false');
  });
});

test('a tool is known by its name as soon as the server has listed it', async () => {
  const call = madeCall({ params: { name: 'write_file' } });
  await layer().intercept(call, ok);
  await layer().intercept(madeCall({ method: 'tools/list', params: {} }), () =>
    Promise.resolve(listOf('write_file', 7, '', 'x'.repeat(129), 'a\nb')),
  );
  await layer().intercept(call, ok);
  expect(await recorded.values('mcp_tool_calls')).toEqual({ '_other ok': 1, 'write_file ok': 1 });
});
