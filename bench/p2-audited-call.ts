import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { audit, developmentSigner, Journal, Recorder } from '@sallyport/audit';
import { composeGuard, type Guard, protect, Secret } from '@sallyport/core';
import { createDetector, createKeyReader } from '@sallyport/detection';
import { authorize, compileRbac } from '@sallyport/rbac';
import { redact } from '@sallyport/redaction';
import { validate } from '@sallyport/schema';
import { z } from 'zod';
import { callers } from './callers.ts';
import { interleave, type Subject } from './interleave.ts';
import type { Row } from './row.ts';

/** Over HTTP: with one client alone for all, the SDK's own signal would hold the listeners of thousands of requests. */
const CLIENTS = 16;

/** 1 KB of a tool's answer with something to find in it. */
const TEXT = `${'The report of the last quarter is ready and waits for a second look. '.repeat(14)}Ask ada@example.com.`;

/** P2: one guarded `tools/call` with redaction and a durable record in the journal, 64 callers. */
export async function p2(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-p2-'));
  const journal = await Journal.open(join(folder, 'journal'), {
    signer: await developmentSigner(join(folder, 'key.pem'), () => undefined),
  });
  try {
    const guard = guardOf(journal);
    const memory = await Promise.all([inMemory(guard), inMemory(undefined)]);
    const rows = [await measured('in memory', memory, { times: 1920, bar: 3 })];
    const http = await Promise.all([overHttp(guard), overHttp(undefined)]);
    rows.push(await measured('over HTTP', http, { times: 384, bar: 1.15 }));
    await Promise.all([...memory, ...http].map(({ close }) => close()));
    return rows;
  } finally {
    await journal.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Connected {
  readonly calls: Subject;
  readonly close: () => Promise<void>;
}

async function measured(
  where: string,
  [guarded, bare]: readonly [Connected, Connected],
  { times, bar }: { readonly times: number; readonly bar: number },
): Promise<Row> {
  const { a, b, ratio } = await interleave(guarded.calls, bare.calls, { rounds: 15, times, warmup: 4 });
  return {
    id: 'P2',
    metric: `guarded tools/call, SDK v1 ${where}, 64 callers: redaction, rbac, schema, a durable record`,
    value: a,
    unit: 'us',
    peer: 'bare SDK',
    peerValue: b,
    ratio,
    bar: `ratio <= ${bar}`,
    holds: ratio <= bar,
  };
}

function guardOf(journal: Journal): Guard {
  const { rbac } = compileRbac({
    policy: [{ file: 'p2.csv', text: 'p, role:user, *, tool:echo, call, size(args.text) <= 10000, allow\n' }],
  });
  if (rbac === undefined) throw new Error('The policy of P2 does not compile.');
  const principal = { subject: 'bench', roles: ['user'], claims: {}, method: 'custom' } as const;
  const redaction = redact({
    detector: createDetector(),
    keyReader: createKeyReader(),
    hmacKey: new Secret('0123456789abcdef0123456789abcdef'),
    rules: [{ direction: 'both', entities: '*', operator: 'label' }],
  });
  const recorder = new Recorder({ sink: journal });
  return composeGuard({
    interceptors: [audit({ recorder, policy: '0'.repeat(64) }), redaction, authorize({ rbac }), validate({})],
    identify: () => principal,
  });
}

function serverOf(guard: Guard | undefined): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  server.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text }) => ({
    content: [{ type: 'text', text }],
  }));
  if (guard !== undefined) protect(server, guard);
  return server;
}

async function inMemory(guard: Guard | undefined): Promise<Connected> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await serverOf(guard).connect(far);
  return connected([await clientOf(near)], () => Promise.resolve());
}

async function overHttp(guard: Guard | undefined): Promise<Connected> {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const listener = createServer((request, response) => {
    const transport = transports.get(request.url ?? '');
    void transport?.handleRequest(request, response);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const clients: Client[] = [];
  for (let index = 0; index < CLIENTS; index += 1) {
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID });
    transports.set(`/${index}`, transport);
    await serverOf(guard).connect(transport);
    const url = new URL(`http://127.0.0.1:${port}/${index}`);
    clients.push(await clientOf(new StreamableHTTPClientTransport(url)));
  }
  return connected(clients, async () => {
    listener.closeAllConnections();
    listener.close();
    await once(listener, 'close');
  });
}

async function clientOf(transport: Transport): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1.0.0' });
  await client.connect(transport);
  return client;
}

function connected(clients: readonly Client[], closed: () => Promise<void>): Connected {
  const call = { name: 'echo', arguments: { text: TEXT } };
  return {
    calls: callers(async (index) => clients[index % clients.length]?.callTool(call)),
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await closed();
    },
  };
}
