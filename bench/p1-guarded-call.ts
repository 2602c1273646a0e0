import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { composeGuard, type Guard, protect } from '@sallyport/core';
import { authorize, compileRbac } from '@sallyport/rbac';
import { validate } from '@sallyport/schema';
import { z } from 'zod';
import { interleave } from './interleave.ts';
import type { Row } from './row.ts';

/** P1: one guarded `tools/call` in memory, 1 KB arguments and result, with rbac and schema. */
export async function p1(): Promise<Row[]> {
  const { rbac } = compileRbac({
    policy: [{ file: 'p1.csv', text: 'p, role:user, *, tool:echo, call, size(args.text) <= 10000, allow\n' }],
  });
  if (rbac === undefined) throw new Error('The policy of P1 does not compile.');
  const principal = { subject: 'bench', roles: ['user'], claims: {}, method: 'custom' } as const;
  const guard = composeGuard({
    interceptors: [authorize({ rbac }), validate({})],
    identify: () => principal,
  });
  const [bare, guarded] = await Promise.all([connect(undefined), connect(guard)]);
  const text = 'x'.repeat(1000);
  const calling = (client: Client): { run(times: number): Promise<void> } => ({
    run: async (times) => {
      for (let i = 0; i < times; i += 1) await client.callTool({ name: 'echo', arguments: { text } });
    },
  });
  const { a, b, ratio } = await interleave(calling(guarded), calling(bare), {
    rounds: 25,
    times: 2000,
    warmup: 4,
  });
  return [
    {
      id: 'P1',
      metric: 'guarded tools/call, SDK v1 in memory, 1 KB: rbac, schema',
      value: a,
      unit: 'us',
      peer: 'bare SDK',
      peerValue: b,
      ratio,
      bar: 'ratio <= 1.4',
      holds: ratio <= 1.4,
    },
  ];
}

async function connect(guard: Guard | undefined): Promise<Client> {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  server.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text }) => ({
    content: [{ type: 'text', text }],
  }));
  if (guard !== undefined) protect(server, guard);
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  const client = new Client({ name: 'bench', version: '1.0.0' });
  await client.connect(near);
  return client;
}
