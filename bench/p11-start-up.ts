import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { interleave } from './interleave.ts';
import type { Row } from './row.ts';

/** P11: from starting the program to the first answered call, with a real server. */
export async function p11(): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-p11-'));
  cpSync('bench/fixtures/full-policy.yaml', join(directory, 'policy.yaml'));
  const server = ['node', 'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js', directory];
  const gateway = [
    'node',
    'packages/sallyport/bundle/lib/cli.js',
    'run',
    '--policy',
    join(directory, 'policy.yaml'),
    '--',
  ];
  const start = ([command = '', ...args]: string[]) => ({
    run: async (times: number) => {
      for (let i = 0; i < times; i += 1) {
        const client = new Client({ name: 'bench', version: '1.0.0' });
        await client.connect(new StdioClientTransport({ command, args, stderr: 'ignore' }));
        await client.callTool({ name: 'list_allowed_directories', arguments: {} });
        await client.close();
      }
    },
  });
  try {
    const measured = await interleave(start([...gateway, ...server]), start(server), {
      rounds: 9,
      times: 1,
      warmup: 1,
    });
    return [
      {
        id: 'P11',
        metric: 'start of `sallyport run` to the first answered call, server-filesystem',
        value: measured.a / 1000,
        unit: 'ms',
        peer: 'bare server',
        peerValue: measured.b / 1000,
        ratio: measured.ratio,
        bar: 'ratio <= 1.3',
        holds: measured.ratio <= 1.3,
      },
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
