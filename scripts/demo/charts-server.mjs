// A record server for `pnpm demo alerts`: charts of some 20 KB.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const NOTE = 'Seen on the ward, resting comfortably, blood pressure 128/82, to be reviewed tomorrow. ';

const server = new McpServer({ name: 'charts', version: '1.0.0' });
server.registerTool(
  'get_chart',
  { description: 'The chart of a patient', inputSchema: { patient: z.string() } },
  ({ patient }) => ({ content: [{ type: 'text', text: `Chart ${patient}\n${NOTE.repeat(230)}` }] }),
);
server.registerTool(
  'list_ward',
  { description: 'Who is on a ward', inputSchema: { ward: z.string() } },
  ({ ward }) => ({ content: [{ type: 'text', text: `Ward ${ward}: beds 1 to 24 are taken.` }] }),
);
await server.connect(new StdioServerTransport());
