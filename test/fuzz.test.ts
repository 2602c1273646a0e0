import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { McpServer as McpServerV2 } from '@modelcontextprotocol/server';
import { protect } from '@sallyport/core';
import { LiveGuard } from '@sallyport/policy';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MemorySink } from './support/memory-sink.ts';
import { PolicyFolder } from './support/policy-file.ts';

// R7, a first one: whatever arrives, nothing crashes, nothing hangs, and nothing that the policy does not permit runs.

const folder = new PolicyFolder(`version: 1
authorization:
  rules: |
    p, user:anonymous, *, tool:allowed, call, args.n < 100, allow
    p, user:anonymous, *, tool:forbidden, call, , deny
    p, user:anonymous, *, resource:note://public/*, read, , allow
`);

interface Ran {
  readonly allowed: unknown[];
  forbidden: number;
}

function register(server: McpServer | McpServerV2, ran: Ran): void {
  const target = server as McpServer;
  target.registerTool('allowed', { inputSchema: { n: z.any() } }, ({ n }) => {
    ran.allowed.push(n);
    return { content: [] };
  });
  target.registerTool('forbidden', { inputSchema: { n: z.any() } }, () => {
    ran.forbidden += 1;
    return { content: [] };
  });
  const secret = (uri: URL) => {
    if (!uri.href.startsWith('note://public/')) ran.forbidden += 1;
    return { contents: [{ uri: uri.href, text: 'x' }] };
  };
  target.registerResource('public', 'note://public/a', {}, secret);
  target.registerResource('private', 'note://private/a', {}, secret);
}

const anything = fc.jsonValue({ maxDepth: 3 });
const id = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom<unknown>('1', null, 1.5, {}, undefined));
const method = fc.constantFrom(
  'tools/call',
  'tools/call',
  'tools/call',
  'resources/read',
  'tools/list',
  'initialize',
  'ping',
  'notifications/cancelled',
  'notifications/initialized',
  'tools/call ',
  'TOOLS/CALL',
  'no/such',
  '__proto__',
);
const args = fc.oneof(
  fc.record({
    n: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constantFrom<unknown>('5', null, [5], true, {})),
  }),
  fc.constantFrom<unknown>({}, [], null, 'n', { n: 5, extra: 1 }, { __proto__: { n: 5 } }),
  anything,
);
const name = fc.constantFrom<unknown>(
  'allowed',
  'forbidden',
  'Forbidden',
  'forbidden ',
  'allowed\0',
  'no',
  7,
  null,
  ['forbidden'],
  { toString: 'forbidden' },
);
const uri = fc.constantFrom<unknown>(
  'note://public/a',
  'note://private/a',
  'note://public/../private/a',
  'note://public/%2e%2e/private/a',
  'note://public//a',
  'NOTE://private/a',
  7,
);
const params = fc.oneof(
  fc.record({ name, arguments: args }),
  fc.record({ uri }),
  fc.record({ requestId: id }),
  fc.record({ name, arguments: args, _meta: fc.oneof(fc.constant({ progressToken: 1 }), anything) }),
  anything,
);
/** Nearly right, so that the gates are passed often enough to see what lies behind them. */
const plausible = fc.record({
  jsonrpc: fc.constant('2.0'),
  id: fc.integer({ min: 10, max: 1000 }),
  method: fc.constant('tools/call'),
  params: fc.record({ name: fc.constantFrom('allowed', 'forbidden'), arguments: args }),
});
const message = fc.oneof(
  { weight: 4, arbitrary: plausible },
  {
    weight: 8,
    arbitrary: fc.record(
      { jsonrpc: fc.constant('2.0'), id, method, params },
      { requiredKeys: ['jsonrpc', 'method'] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      { jsonrpc: fc.constant('2.0'), id, result: anything, error: anything, method },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: anything },
);

afterAll(() => folder.dispose());

describe.each([
  ['SDK v1', () => new McpServer({ name: 'fuzz', version: '1.0.0' })],
  ['SDK v2', () => new McpServerV2({ name: 'fuzz', version: '1.0.0' })],
])('fuzzed messages through a guarded server of %s', (_, build) => {
  const sink = new MemorySink();
  let guard: LiveGuard;
  beforeAll(async () => {
    guard = await LiveGuard.start({ path: folder.path, sink, env: {} });
  });

  it('never crash it, never hang it, and run nothing that the policy refuses', async () => {
    const ran: Ran = { allowed: [], forbidden: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 20 }), async (messages) => {
        const server = build();
        register(server, ran);
        protect(server as McpServer, guard);
        const [near, far] = InMemoryTransport.createLinkedPair();
        await server.connect(far);
        const answered = new Promise<void>((resolve) => {
          near.onmessage = (answer) => {
            if ((answer as { id?: unknown }).id === 'last') resolve();
          };
        });
        await near.start();
        for (const one of messages) await near.send(one as never);
        // The connection must still answer.
        await near.send({ jsonrpc: '2.0', id: 'last', method: 'ping' });
        await answered;
        await new Promise((resolve) => setImmediate(resolve));
        await near.close();
      }),
      { seed: 20260728, numRuns: 1500 },
    );
    expect(ran.forbidden).toBe(0);
    expect(ran.allowed.length).toBeGreaterThan(50);
    expect(ran.allowed.every((n) => typeof n === 'number' && n < 100)).toBe(true);
  }, 120_000);
});
