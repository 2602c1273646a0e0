// A server on SDK v2. `createMcpHandler` builds a fresh server for every request, of either protocol era; the guard is
// made once and protects each of them.
import { fileURLToPath } from 'node:url';
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { createGuard } from 'sallyport';
import { z } from 'zod';

const guard = await createGuard({ policy: fileURLToPath(new URL('./sallyport.yaml', import.meta.url)) });

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  server.registerTool('read_note', { inputSchema: { id: z.string() } }, () => ({
    content: [{ type: 'text', text: 'Hello.' }],
  }));
  server.registerTool('delete_note', { inputSchema: { id: z.string() } }, () => ({
    content: [{ type: 'text', text: 'Deleted.' }],
  }));
  return guard.protect(server);
});

const node = toNodeHandler(handler);
const listening = createServer((req, res) => void node(req, res));
listening.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  const address = listening.address();
  process.stdout.write(`listening on ${typeof address === 'object' ? address?.port : address}\n`);
});
