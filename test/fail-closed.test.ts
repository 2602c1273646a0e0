import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { audit, Recorder } from '@sallyport/audit';
import { composeGuard, type Interceptor, protect, type Result } from '@sallyport/core';
import { authorize, compileRbac } from '@sallyport/rbac';
import { validate } from '@sallyport/schema';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MemorySink } from './support/memory-sink.ts';

// R10: whichever layer breaks, and however it does: the call is refused, nothing of the cause crosses the wire, and the
// refusal is recorded (by an audit layer that works).

const GATE_MS = 40;

type Intercept = Interceptor['intercept'];

const never = (): Promise<never> => new Promise(() => undefined);

/** Every way to break that we know, with the code that the client must get, and whether the tool may have run. */
const BREAKS: readonly (readonly [string, Intercept, number, boolean])[] = [
  [
    'throws before next',
    () => {
      throw new Error('hunter2');
    },
    500,
    false,
  ],
  ['rejects before next', () => Promise.reject(new Error('hunter2')), 500, false],
  [
    'rejects with something that is no error',
    () => Promise.reject(new Error('hunter2', { cause: 'x' })),
    500,
    false,
  ],
  ['hangs before next', never, 504, false],
  ['returns nothing', () => undefined as unknown as Promise<Result>, 500, false],
  ['answers undefined', () => Promise.resolve(undefined as unknown as Result), 500, false],
  ['answers a number', () => Promise.resolve(7 as unknown as Result), 500, false],
  ['answers a bare result', () => Promise.resolve({ content: [] } as unknown as Result), 500, false],
  [
    'throws after next',
    async (call, next) => {
      await next(call);
      throw new Error('hunter2');
    },
    500,
    true,
  ],
  [
    'hangs after next',
    async (call, next) => {
      await next(call);
      return never();
    },
    504,
    true,
  ],
  [
    'answers rubbish after next',
    async (call, next) => {
      await next(call);
      return 'hunter2' as unknown as Result;
    },
    500,
    true,
  ],
  [
    'calls next twice',
    async (call, next) => {
      await next(call);
      return next(call);
    },
    500,
    true,
  ],
  [
    'answers before next has settled',
    (call, next) => {
      next(call).catch(() => undefined);
      return Promise.resolve({ result: { content: [] } });
    },
    500,
    true,
  ],
  [
    'passes on a call without its trail',
    (call, next) => next({ ...call, trail: { entries: [], executed: undefined, add: () => undefined } }),
    500,
    false,
  ],
  ['passes on another method', (call, next) => next({ ...call, method: 'resources/read' }), 500, false],
];

async function rig(layers: (real: Interceptor[]) => Interceptor[]): Promise<{
  client: Client;
  sink: MemorySink;
  ran: () => number;
}> {
  const sink = new MemorySink();
  const { rbac } = compileRbac({
    policy: [{ file: 'r.csv', text: 'p, user:anonymous, *, tool:*, call, , allow' }],
  });
  if (rbac === undefined) throw new Error('The policy of this test does not compile.');
  const real = [
    audit({ recorder: new Recorder({ sink }), policy: 'digest' }),
    authorize({ rbac }),
    validate({}),
  ];
  let runs = 0;
  const server = new McpServer({ name: 'test', version: '1.0.0' });
  server.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text }) => {
    runs += 1;
    return { content: [{ type: 'text', text }] };
  });
  protect(server, composeGuard({ interceptors: layers(real), gateTimeoutMs: GATE_MS }));
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(near);
  return { client, sink, ran: () => runs };
}

const codeOf = async (client: Client): Promise<unknown> => {
  try {
    await client.callTool({ name: 'echo', arguments: { text: 'x' } });
    return 'passed';
  } catch (error) {
    expect((error as Error).message).not.toContain('hunter2');
    return (error as { code?: unknown }).code;
  }
};

const onToolCalls = (name: string, intercept: Intercept): Interceptor => ({
  name,
  intercept: (call, next) => (call.method === 'tools/call' ? intercept(call, next) : next(call)),
});

describe.each([
  ['between audit and rbac', 1],
  ['between rbac and schema', 2],
  ['next to the server', 3],
])('a layer %s', (_, place) => {
  it.each(BREAKS)(
    'that %s refuses the call, and the refusal is recorded',
    async (_name, intercept, code, mayRun) => {
      const { client, sink, ran } = await rig((real) =>
        real.toSpliced(place, 0, onToolCalls('broken', intercept)),
      );
      expect(await codeOf(client)).toBe(code);
      expect(sink.refusals('tools/call')).toEqual([code === 504 ? 'deadline_exceeded' : 'internal']);
      if (!mayRun) expect(ran()).toBe(0);
      await client.close();
    },
  );
});

describe('the audit layer itself', () => {
  it.each(BREAKS)('that %s refuses the call', async (_name, intercept, code, mayRun) => {
    const { client, ran } = await rig(([, ...rest]) => [onToolCalls('audit', intercept), ...rest]);
    expect(await codeOf(client)).toBe(code);
    if (!mayRun) expect(ran()).toBe(0);
    await client.close();
  });

  it('with a sink that fails lets nothing run', async () => {
    const { client, sink, ran } = await rig((real) => real);
    sink.broken = new Error('disk full');
    expect(await codeOf(client)).toBe(503);
    expect(ran()).toBe(0);
    await client.close();
  });

  it('with a sink that hangs lets nothing run', async () => {
    const { client, sink, ran } = await rig((real) => real);
    sink.append = never;
    expect(await codeOf(client)).toBe(504);
    expect(ran()).toBe(0);
    await client.close();
  });
});
