import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, cpSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { interleave } from './interleave.ts';
import type { Row } from './row.ts';

const SERVER = ['node', 'bench/fixtures/echo-server.mjs'];

/** P7: the stdio gateway with a full policy and a durable record, against mcp-proxy without any policy. */
export async function p7(): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-p7-'));
  cpSync('bench/fixtures/full-policy.yaml', join(directory, 'policy.yaml'));
  const ours = await overStdio([
    'node',
    'packages/sallyport/bundle/lib/cli.js',
    'run',
    '--policy',
    join(directory, 'policy.yaml'),
    '--',
    ...SERVER,
  ]);
  const bare = await overStdio(SERVER);
  const proxy = await overProxy();
  try {
    const text = 'x'.repeat(1000);
    const one = (client: Client) => ({
      run: async (times: number) => {
        for (let i = 0; i < times; i += 1) await client.callTool({ name: 'echo', arguments: { text } });
      },
    });
    const many = (client: Client) => ({
      run: async (times: number) => {
        const worker = async (): Promise<void> => {
          for (let i = 0; i < times / 32; i += 1)
            await client.callTool({ name: 'echo', arguments: { text } });
        };
        await Promise.all(Array.from({ length: 32 }, worker));
      },
    });
    const options = { rounds: 9, times: 160, warmup: 3 };
    const latency = await interleave(one(ours), one(proxy.client), options);
    const toBare = await interleave(one(ours), one(bare), options);
    const load = await interleave(many(ours), many(proxy.client), options);
    const loadToBare = await interleave(many(ours), many(bare), options);
    const row = (
      metric: string,
      peer: string,
      m: { a: number; b: number; ratio: number },
      bar: number,
    ): Row => ({
      id: 'P7',
      metric,
      value: m.a,
      unit: 'us',
      peer,
      peerValue: m.b,
      ratio: m.ratio,
      bar: Number.isFinite(bar) ? `ratio < ${bar}` : 'reported',
      holds: m.ratio < bar,
    });
    return [
      row(
        'gateway, full policy, durable record, one caller: time per call',
        'mcp-proxy, no policy',
        latency,
        1,
      ),
      row('gateway, the same, 32 callers: time per call', 'mcp-proxy, no policy', load, 1),
      row('gateway, one caller, beside the floor', 'bare server on stdio', toBare, Infinity),
      row('gateway, 32 callers, beside the floor', 'bare server on stdio', loadToBare, Infinity),
    ];
  } finally {
    await Promise.all([ours.close(), bare.close(), proxy.close()]);
    rmSync(directory, { recursive: true, force: true });
  }
}

async function overStdio([command = '', ...args]: string[]): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1.0.0' });
  await client.connect(new StdioClientTransport({ command, args, stderr: 'ignore' }));
  return client;
}

/** The peer as its README starts it; it speaks HTTP to its clients. */
async function overProxy(): Promise<{ client: Client; close(): Promise<void> }> {
  const port = await freePort();
  const child = spawn(
    'node_modules/.bin/mcp-proxy',
    ['--host', '127.0.0.1', '--port', String(port), '--server', 'stream', '--', ...SERVER],
    { stdio: 'ignore', detached: true },
  );
  const client = new Client({ name: 'bench', version: '1.0.0' });
  for (let tries = 0; ; tries += 1) {
    try {
      await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`)));
      break;
    } catch (error) {
      if (tries > 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  return {
    client,
    close: async () => {
      await client.close();
      process.kill(-(child.pid ?? 0), 'SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
