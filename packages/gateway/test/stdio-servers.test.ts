import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client as ClientV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CreateMessageRequestSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const RUNNER = fileURLToPath(new URL('fixtures/runner.ts', import.meta.url));
const FASTMCP = fileURLToPath(new URL('fixtures/fastmcp-server.mjs', import.meta.url));
const require = createRequire(import.meta.url);
const EVERYTHING = join(
  require.resolve('@modelcontextprotocol/server-everything/package.json'),
  '../dist/index.js',
);
const FILESYSTEM = join(
  require.resolve('@modelcontextprotocol/server-filesystem/package.json'),
  '../dist/index.js',
);

let close: () => Promise<void>;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-servers-'));
  writeFileSync(join(folder, 'note.txt'), 'written before');
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

function command(
  server: readonly string[],
  more: object = {},
): { command: string; args: string[]; stderr: 'ignore' } {
  const options = JSON.stringify(more);
  const runner = [
    '--conditions=@sallyport/source',
    '--import',
    'tsx',
    RUNNER,
    options,
    '--',
    process.execPath,
  ];
  return { command: process.execPath, args: [...runner, ...server], stderr: 'ignore' };
}

async function connect(server: readonly string[], more?: object): Promise<Client> {
  const client = new Client(
    { name: 'test', version: '1.0.0' },
    { capabilities: { sampling: {}, elicitation: {}, roots: { listChanged: true } } },
  );
  close = () => client.close();
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    model: 'test-model',
    role: 'assistant',
    content: { type: 'text', text: 'sampled' },
  }));
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' }));
  await client.connect(new StdioClientTransport(command(server, more)));
  return client;
}

const textOf = (result: unknown): string => {
  const { content } = result as { content: readonly { text?: string }[] };
  return content.map(({ text }) => text ?? '').join('\n');
};

describe('unchanged behind the gateway', () => {
  it('server-filesystem reads, and is never asked for what a layer refuses', async () => {
    const client = await connect([FILESYSTEM, folder], { refuse: 'write_file' });
    const path = join(folder, 'note.txt');
    expect(textOf(await client.callTool({ name: 'read_text_file', arguments: { path } }))).toBe(
      'written before',
    );
    await expect(
      client.callTool({ name: 'write_file', arguments: { path, content: 'x' } }),
    ).rejects.toMatchObject({
      code: 403,
    });
    expect(textOf(await client.callTool({ name: 'read_text_file', arguments: { path } }))).toBe(
      'written before',
    );
  });

  it('server-everything lists, reports progress, samples and is cancelled', async () => {
    const client = await connect([EVERYTHING, 'stdio']);
    const { tools } = await client.listTools();
    expect(tools.length).toBeGreaterThan(5);
    expect((await client.listResources()).resources.length).toBeGreaterThan(0);
    expect((await client.listPrompts()).prompts.length).toBeGreaterThan(0);
    expect(textOf(await client.callTool({ name: 'echo', arguments: { message: 'hi' } }))).toContain('hi');

    const progress: number[] = [];
    await client.callTool(
      { name: 'trigger-long-running-operation', arguments: { duration: 0.3, steps: 3 } },
      undefined,
      { onprogress: (step) => progress.push(step.progress) },
    );
    expect(progress.length).toBeGreaterThan(1);

    const sampled = await client.callTool({
      name: 'trigger-sampling-request',
      arguments: { prompt: 'p', maxTokens: 5 },
    });
    expect(textOf(sampled)).toContain('test-model');

    const long = { name: 'trigger-long-running-operation', arguments: { duration: 60, steps: 2 } };
    const abort = new AbortController();
    const cancelled = client.callTool(long, undefined, { signal: abort.signal });
    abort.abort();
    await expect(cancelled).rejects.toThrow();
    expect(textOf(await client.callTool({ name: 'echo', arguments: { message: 'still here' } }))).toContain(
      'still here',
    );
  });

  it('a server made with fastmcp answers as it does without', async () => {
    const client = await connect([FASTMCP], { refuse: 'forbidden' });
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['greet', 'forbidden']);
    expect(textOf(await client.callTool({ name: 'greet', arguments: { name: 'Ada' } }))).toBe('Hello, Ada');
    expect((await client.getPrompt({ name: 'hello' })).messages).toHaveLength(1);
    await expect(client.callTool({ name: 'forbidden', arguments: {} })).rejects.toMatchObject({ code: 403 });
  });

  it('a client of the second SDK generation is served as well', async () => {
    const client = new ClientV2({ name: 'test', version: '1.0.0' });
    close = () => client.close();
    await client.connect(new StdioV2(command([FILESYSTEM, folder])));
    const path = join(folder, 'note.txt');
    expect(textOf(await client.callTool({ name: 'read_text_file', arguments: { path } }))).toBe(
      'written before',
    );
  });
});

describe('while the server is restarted', () => {
  it('no call of a client fails, and its handshake and subscriptions are taken along', async () => {
    const client = await connect([EVERYTHING, 'stdio'], { restarts: true });
    const pid = (client.transport as StdioClientTransport).pid ?? 0;
    const restarts = async (): Promise<string | undefined> => {
      const environment = textOf(await client.callTool({ name: 'get-env', arguments: {} }));
      return (JSON.parse(environment) as { RESTARTS?: string }).RESTARTS;
    };
    expect(await restarts()).toBe('0');
    const [resource] = (await client.listResources()).resources;
    await client.subscribeResource({ uri: resource?.uri ?? '' });
    await client.setLoggingLevel('warning');
    for (const count of ['1', '2']) {
      const calls = Array.from({ length: 50 }, (_, index) => {
        if (index === 25) process.kill(pid, 'SIGHUP');
        return client.callTool({ name: 'echo', arguments: { message: `hello ${index}` } });
      });
      for (const [index, result] of (await Promise.all(calls)).entries()) {
        expect(textOf(result)).toContain(`hello ${index}`);
      }
      let seen = await restarts();
      while (seen !== count) seen = await restarts();
    }
  });
});
