import { context, trace } from '@opentelemetry/api';
import { composeGuard, guardTransport, type Interceptor, Refusal } from '@sallyport/core';
import { AlwaysOffSampler, BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, expect, test } from 'vitest';
import { instrument, Telemetry, withLayerSpan } from '../src/index.ts';
import { madeCall } from './made-call.ts';
import { Recorded, unregister } from './recorded.ts';

afterEach(unregister);

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
}

/** A transport whose far side is the test, and a server behind it that answers at once. */
class Line {
  onmessage: ((message: never) => void) | undefined;
  readonly sent: unknown[] = [];
  start = (): Promise<void> => Promise.resolve();
  close = (): Promise<void> => Promise.resolve();
  send = async (message: unknown): Promise<void> => void this.sent.push(message);
}

function served(interceptors: readonly Interceptor[]): {
  readonly ask: (message: Message) => Promise<void>;
  readonly line: Line;
} {
  const line = new Line();
  const guarded = guardTransport(line, composeGuard({ interceptors, server: 'files' }));
  const results: Readonly<Record<string, unknown>> = {
    initialize: { protocolVersion: '2025-11-25' },
    'tools/list': { tools: [{ name: 'read_file' }] },
  };
  guarded.onmessage = (message: Message) => {
    if (message.method === 'unknown/method') {
      void guarded.send({ jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'no' } });
      return;
    }
    const result = results[message.method ?? ''] ?? { content: [] };
    if (message.id !== undefined) void guarded.send({ jsonrpc: '2.0', id: message.id, result });
  };
  return {
    line,
    async ask(message) {
      line.onmessage?.({ jsonrpc: '2.0', ...message } as never);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('calls of a connection have the revision that its handshake settled', async () => {
  const recorded = new Recorded();
  const { ask } = served([instrument()]);
  await ask({ id: 1, method: 'initialize', params: { protocolVersion: 'whatever' } });
  await ask({ method: 'notifications/initialized' });
  await ask({ id: 2, method: 'tools/list' });
  await ask({ id: 3, method: 'tools/call', params: { name: 'read_file' } });
  expect(recorded.spans.map(({ name, attributes }) => [name, attributes['mcp.protocol.version']])).toEqual([
    ['initialize', undefined],
    ['notifications/initialized', '2025-11-25'],
    ['tools/list', '2025-11-25'],
    ['tools/call read_file', '2025-11-25'],
  ]);
  const other = served([instrument()]);
  await other.ask({ id: 1, method: 'ping' });
  expect(recorded.span.attributes).not.toHaveProperty('mcp.protocol.version');
});

test('a protocol rejection still leaves in the tick in which the request came', () => {
  const recorded = new Recorded();
  const { line } = served([instrument()]);
  line.onmessage?.({ jsonrpc: '2.0', id: 1, method: 'unknown/method' } as never);
  expect(line.sent).toMatchObject([{ id: 1, error: { code: -32601 } }]);
  expect(recorded.spans).toHaveLength(0);
});

test('exporters that hang, and spans that are not sampled, delay nothing', async () => {
  const hung = new SimpleSpanProcessor({
    export: () => undefined,
    shutdown: () => new Promise(() => undefined),
  });
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [hung] }));
  const { ask, line } = served([instrument({ propagate: true })]);
  for (let id = 1; id <= 100; id += 1) await ask({ id, method: 'tools/call', params: { name: 'read_file' } });
  expect(line.sent).toHaveLength(100);
  unregister();
  const recorded = new Recorded(new AlwaysOffSampler());
  const passed: unknown[] = [];
  await instrument({ propagate: true }).intercept(madeCall(), (call) => {
    passed.push(call.params['_meta']);
    return Promise.resolve({ result: {} });
  });
  expect(recorded.spans).toEqual([]);
  expect(passed).toEqual([{ traceparent: expect.stringMatching(/^00-[\da-f]{32}-[\da-f]{16}-00$/) }]);
});

test('layers have spans of their own inside that of the call where somebody looks into a pipeline', async () => {
  const recorded = new Recorded();
  const telemetry = new Telemetry();
  const layer: Interceptor = {
    name: 'rbac',
    intercept: (call, next) =>
      call.method === 'tools/list' ? Promise.reject(new Refusal('permission_denied', 'no')) : next(call),
  };
  const inside = withLayerSpan(layer, telemetry);
  const { ask, line } = served([instrument({ telemetry }), inside]);
  await ask({ id: 1, method: 'ping' });
  const [rbac, call] = recorded.spans;
  expect(rbac?.name).toBe('sallyport rbac');
  expect(rbac?.parentSpanContext?.spanId).toBe(call?.spanContext().spanId);
  await ask({ id: 2, method: 'tools/list' });
  expect(recorded.spans.map(({ name }) => name)).toEqual([
    'sallyport rbac',
    'ping',
    'sallyport rbac',
    'tools/list',
  ]);
  expect(line.sent).toMatchObject([
    { id: 1, result: {} },
    { id: 2, error: { code: 403 } },
  ]);
  context.disable();
  trace.disable();
  await ask({ id: 3, method: 'ping' });
  expect(line.sent).toHaveLength(3);
  expect(recorded.spans).toHaveLength(4);
});
