import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { protect } from '@sallyport/core';
import { LiveGuard } from '@sallyport/policy';

// Guards a server by a policy, says when a tool runs, and waits to be killed.

const [path = '', name] = process.argv.slice(2);
const guard = await LiveGuard.start({
  path,
  server: name,
  identify: () => ({ subject: 'ann', roles: ['user'], claims: {}, method: 'custom' }),
});
const server = new McpServer({ name: 'test', version: '1.0.0' });
server.registerTool('a', {}, () => {
  process.stdout.write('running\n');
  return new Promise(() => undefined);
});
protect(server, guard);
const [near, far] = InMemoryTransport.createLinkedPair();
await server.connect(far);
const client = new Client({ name: 'test', version: '1.0.0' });
await client.connect(near);
setInterval(() => undefined, 1000);
await client.callTool({ name: 'a' });
