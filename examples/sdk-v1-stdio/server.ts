// A server on SDK v1 that speaks stdio, with one line that guards it.
import { fileURLToPath } from 'node:url';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createGuard } from 'sallyport';
import { z } from 'zod';

const server = new McpServer({ name: 'notes', version: '1.0.0' });
const notes = new Map([['welcome', 'Hello.']]);

server.registerTool('read_note', { inputSchema: { id: z.string() } }, ({ id }) => ({
  content: [{ type: 'text', text: notes.get(id) ?? 'There is no such note.' }],
}));
server.registerTool('delete_note', { inputSchema: { id: z.string() } }, ({ id }) => ({
  content: [{ type: 'text', text: notes.delete(id) ? 'Deleted.' : 'There is no such note.' }],
}));

const guard = await createGuard({ policy: fileURLToPath(new URL('./sallyport.yaml', import.meta.url)) });
guard.protect(server);

await server.connect(new StdioServerTransport());
