// An MCP server as many are: it takes an API key from its environment, and calls that API with it.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const { API_KEY: key, API_URL: url } = process.env;
// Careless, and common: a secret in a log line.
process.stderr.write(`metered-server: starting with key ${key}\n`);

const server = new McpServer({ name: 'metered', version: '1.0.0' });
server.registerTool('ask', { description: 'Asks the API.' }, async () => {
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  const text = await response.text();
  return { content: [{ type: 'text', text }], isError: !response.ok };
});
await server.connect(new StdioServerTransport());
