import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpClientV2,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, describe, expect, it } from 'vitest';

const RUN = ['--conditions=@sallyport/source', '--import', 'tsx'];
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

/** Starts an example that listens on a port of its own choice, and gives its URL. */
async function listen(example: string): Promise<URL> {
  const child = spawn(process.execPath, [...RUN, `examples/${example}/server.ts`], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  cleanUp.push(async () => {
    child.kill();
    await once(child, 'exit');
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /^listening on (\d+)$/.exec(line)?.[1];
    if (port !== undefined) return new URL(`http://127.0.0.1:${port}/mcp`);
  }
  throw new Error('The example ended before it listened.');
}

describe('examples/sdk-v1-stdio', () => {
  it('lets a reader read, hides and refuses the rest', async () => {
    const client = new Client({ name: 'test', version: '1.0.0' });
    cleanUp.push(() => client.close());
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [...RUN, 'examples/sdk-v1-stdio/server.ts'],
        env: { ...process.env, USER_NAME: 'ann' },
        stderr: 'ignore',
      }),
    );
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['read_note']);
    const { content } = await client.callTool({ name: 'read_note', arguments: { id: 'welcome' } });
    expect(content).toEqual([{ type: 'text', text: 'Hello.' }]);
    await expect(client.callTool({ name: 'delete_note', arguments: { id: 'welcome' } })).rejects.toThrow(
      'Not permitted',
    );
  });
});

describe('examples/sdk-v1-secrets', () => {
  it('calls an API with a key that the policy finds', async () => {
    const seen: (string | undefined)[] = [];
    const api = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('sunny');
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    cleanUp.push(async () => api.close());
    const { port } = api.address() as AddressInfo;
    const client = new Client({ name: 'test', version: '1.0.0' });
    cleanUp.push(() => client.close());
    const WEATHER_URL = `http://127.0.0.1:${port}/v1`;
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [...RUN, 'examples/sdk-v1-secrets/server.ts'],
        env: { ...process.env, WEATHER_URL, WEATHER_KEY: 'key-of-the-example' },
        stderr: 'ignore',
      }),
    );
    const { content } = await client.callTool({ name: 'forecast', arguments: { city: 'Bern' } });
    expect(content).toEqual([{ type: 'text', text: 'sunny' }]);
    expect(seen).toEqual(['Bearer key-of-the-example']);
  });
});

describe('examples/sdk-v1-express', () => {
  it('decides by the verified token, person by person', async () => {
    const url = await listen('sdk-v1-express');
    const connect = async (token: string): Promise<Client> => {
      const client = new Client({ name: 'test', version: '1.0.0' });
      const requestInit = { headers: { authorization: `Bearer ${token}` } };
      await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
      cleanUp.push(() => client.close());
      return client;
    };
    const ann = await connect('token-of-ann');
    const max = await connect('token-of-max');
    expect((await ann.listTools()).tools.map(({ name }) => name)).toEqual(['read_note']);
    expect((await max.listTools()).tools.map(({ name }) => name)).toEqual(['read_note', 'delete_note']);
    const call = { name: 'delete_note', arguments: { id: 'welcome' } };
    await expect(ann.callTool(call)).rejects.toThrow('Not permitted');
    expect((await max.callTool(call)).content).toEqual([{ type: 'text', text: 'Deleted.' }]);
    await expect(connect('token-of-nobody')).rejects.toThrow();
  });
});

describe('examples/sdk-v2-handler', () => {
  it.each([
    ['2026-07-28', { pin: '2026-07-28' }],
    ['2025-11-25', 'legacy'],
  ] as const)('guards every fresh server, for clients of %s', async (_, mode) => {
    const client = new ClientV2({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } });
    await client.connect(new HttpClientV2(await listen('sdk-v2-handler')));
    cleanUp.push(() => client.close());
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['read_note']);
    const { content } = await client.callTool({ name: 'read_note', arguments: { id: 'welcome' } });
    expect(content).toEqual([{ type: 'text', text: 'Hello.' }]);
    await expect(client.callTool({ name: 'delete_note', arguments: { id: 'x' } })).rejects.toThrow(
      'Not permitted',
    );
  });
});
