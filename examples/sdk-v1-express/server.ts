// A server on SDK v1 behind Express, one server and one transport per session. The guard asks your own authentication
// who is calling: whatever middleware puts into `req.auth` reaches it as `authInfo`.
import { fileURLToPath } from 'node:url';
import { randomUUID } from 'node:crypto';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import express from 'express';
import { createGuard } from 'sallyport';
import { z } from 'zod';

const guard = await createGuard({ policy: fileURLToPath(new URL('./sallyport.yaml', import.meta.url)) });

function notesServer(): McpServer {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  server.registerTool('read_note', { inputSchema: { id: z.string() } }, () => ({
    content: [{ type: 'text', text: 'Hello.' }],
  }));
  server.registerTool('delete_note', { inputSchema: { id: z.string() } }, () => ({
    content: [{ type: 'text', text: 'Deleted.' }],
  }));
  return guard.protect(server);
}

// In a real server: verify a JWT here, or ask your authorization server. These are two tokens for trying it out.
const people: Readonly<Record<string, { sub: string; roles: string[] }>> = {
  'token-of-ann': { sub: 'ann', roles: ['reader'] },
  'token-of-max': { sub: 'max', roles: ['reader', 'editor'] },
};
const authenticate = requireBearerAuth({
  verifier: {
    verifyAccessToken: (token) => {
      const person = people[token];
      if (person === undefined) return Promise.reject(new Error('unknown token'));
      const expiresAt = Math.floor(Date.now() / 1000) + 3600;
      return Promise.resolve({ token, clientId: 'example', scopes: [], expiresAt, extra: person });
    },
  },
});

const app = express();
const sessions = new Map<string, { transport: StreamableHTTPServerTransport; subject: unknown }>();

app.all('/mcp', authenticate, express.json(), async (req, res) => {
  const subject = req.auth?.extra?.['sub'];
  const known = sessions.get(String(req.headers['mcp-session-id']));
  if (known !== undefined && known.subject !== subject) {
    res.status(404).end();
    return;
  }
  let transport = known?.transport;
  if (transport === undefined) {
    const fresh = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, { transport: fresh, subject }),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    await notesServer().connect(fresh);
    transport = fresh;
  }
  await transport.handleRequest(req, res, req.body);
});

const listening = app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  const address = listening.address();
  process.stdout.write(`listening on ${typeof address === 'object' ? address?.port : address}\n`);
});
