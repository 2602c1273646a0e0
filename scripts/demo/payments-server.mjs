// A small MCP server for `pnpm demo audit`: one tool that looks things up, and one that takes its time to pay.
import { setTimeout as sleep } from 'node:timers/promises';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const server = new McpServer({ name: 'payments', version: '1.0.0' });

server.registerTool(
  'balance',
  { description: 'The balance of an account.', inputSchema: { account: z.string() } },
  () => ({ content: [{ type: 'text', text: '1,204.50 EUR' }] }),
);
server.registerTool(
  'pay',
  { description: 'Pays an amount.', inputSchema: { account: z.string(), amount: z.number() } },
  async () => {
    await sleep(60_000);
    return { content: [{ type: 'text', text: 'paid' }] };
  },
);

await server.connect(new StdioServerTransport());
