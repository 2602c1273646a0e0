import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { McpServer as McpServerV2 } from '@modelcontextprotocol/server';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { describe, expect, it } from 'vitest';
import { composeGuard, protect, Refusal } from '@sallyport/core';

const INFO = { name: 'test', version: '1.0.0' };

const refuseAll = composeGuard({
  interceptors: [
    {
      name: 'refuse',
      intercept: (call, next) => {
        if (call.method === 'tools/call') throw Refusal.notPermitted();
        return next(call);
      },
    },
  ],
});

async function callEcho(server: McpServer): Promise<unknown> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  const client = new Client(INFO);
  await client.connect(near);
  return client.callTool({ name: 'echo' });
}

describe('protect', () => {
  it('guards tools that are registered after it', async () => {
    const server = protect(new McpServer(INFO), refuseAll);
    server.registerTool('echo', {}, () => ({ content: [] }));
    await expect(callEcho(server)).rejects.toThrow('Not permitted');
  });

  it('guards tools that were registered before it', async () => {
    const server = new McpServer(INFO);
    server.registerTool('echo', {}, () => ({ content: [] }));
    protect(server, refuseAll);
    await expect(callEcho(server)).rejects.toThrow('Not permitted');
  });

  it('guards the low-level server when it is connected past its McpServer', async () => {
    const server = protect(new McpServer(INFO), refuseAll);
    server.registerTool('echo', {}, () => ({ content: [] }));
    const [near, far] = InMemoryTransport.createLinkedPair();
    await server.server.connect(far);
    const client = new Client(INFO);
    await client.connect(near);
    await expect(client.callTool({ name: 'echo' })).rejects.toThrow('Not permitted');
  });

  it.each([
    ['McpServer of SDK v1', () => new McpServer(INFO)],
    ['Server of SDK v1', () => new Server(INFO, {})],
    ['McpServer of SDK v2', () => new McpServerV2(INFO)],
  ])('refuses a connected %s, and says what to do', async (_, build) => {
    const server = build();
    await server.connect(InMemoryTransport.createLinkedPair()[0]);
    expect(() => protect(server, refuseAll)).toThrow(/already connected.*protect\(server, guard\) first/);
  });

  it('refuses to protect a server twice', () => {
    const server = protect(new McpServer(INFO), refuseAll);
    expect(() => protect(server, refuseAll)).toThrow(/already protected/);
    expect(() => protect(server.server, refuseAll)).toThrow(/already protected/);
  });

  it('returns the server, for factories', () => {
    const server = new McpServer(INFO);
    expect(protect(server, refuseAll)).toBe(server);
  });
});
