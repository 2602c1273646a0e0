import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { median, type Row } from './row.ts';

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
  const once = async ([command = '', ...args]: readonly string[]): Promise<number> => {
    const before = performance.now();
    const client = new Client({ name: 'bench', version: '1.0.0' });
    await client.connect(new StdioClientTransport({ command, args, stderr: 'ignore' }));
    await client.callTool({ name: 'list_allowed_directories', arguments: {} });
    const elapsed = performance.now() - before;
    await client.close();
    return elapsed;
  };
  try {
    const [ours, bare, ratios]: [number[], number[], number[]] = [[], [], []];
    for (let round = -1; round < 11; round += 1) {
      const [a, b] = [await once([...gateway, ...server]), await once(server)];
      if (round < 0) continue;
      ours.push(a);
      bare.push(b);
      ratios.push(a / b);
    }
    const ratio = median(ratios);
    // What a second program costs before it has done anything: the gateway cannot be below bare plus this.
    const empty = median(
      Array.from({ length: 11 }, () => {
        const before = performance.now();
        execFileSync('node', ['-e', '0']);
        return performance.now() - before;
      }),
    );
    const floor = median(bare) + empty;
    return [
      {
        id: 'P11',
        metric: 'start of `sallyport run` to the first answered call, server-filesystem',
        value: median(ours),
        unit: 'ms',
        peer: 'bare server',
        peerValue: median(bare),
        ratio,
        bar: 'ratio <= 1.3',
        holds: ratio <= 1.3,
      },
      {
        id: 'P11',
        metric: 'the same, beside the floor',
        value: median(ours),
        unit: 'ms',
        peer: 'bare server after an empty `node -e 0`',
        peerValue: floor,
        ratio: median(ours) / floor,
        bar: 'reported',
        holds: true,
      },
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
