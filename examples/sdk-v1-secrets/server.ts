// A server whose tool calls an API with a key. The code asks for the key by name; the policy says where it is.
import { fileURLToPath } from 'node:url';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createGuard } from 'sallyport';
import { z } from 'zod';

const api = process.env['WEATHER_URL'] ?? 'https://weather.example/v1';
const guard = await createGuard({ policy: fileURLToPath(new URL('./sallyport.yaml', import.meta.url)) });
const server = new McpServer({ name: 'weather', version: '1.0.0' });

server.registerTool('forecast', { inputSchema: { city: z.string() } }, async ({ city }) => {
  // Cached, and another one after a rotation: ask each time, and keep it in no variable of your own.
  const key = await guard.secrets.get('weather');
  const response = await fetch(`${api}?city=${encodeURIComponent(city)}`, {
    headers: { authorization: `Bearer ${key.reveal()}` },
  });
  return { content: [{ type: 'text', text: await response.text() }], isError: !response.ok };
});

guard.protect(server);
await server.connect(new StdioServerTransport());
