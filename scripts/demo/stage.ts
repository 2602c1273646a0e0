import { resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import color from 'picocolors';

/** The command, as it is shipped. */
export const CLI: string = resolve('packages/sallyport/bundle/lib/cli.js');

/** A real client of the server that a command starts. */
export async function connect(cwd: string, [command = '', ...args]: readonly string[]): Promise<Client> {
  const client = new Client({ name: 'demo', version: '1.0.0' });
  await client.connect(new StdioClientTransport({ command, args, cwd, stderr: 'ignore' }));
  return client;
}

export function title(text: string): void {
  print();
  print(color.bold(color.inverse(` ${text} `)));
  print();
}

export function say(text: string): void {
  print(`  ${text}`);
}

const lines: string[] = [];

export function print(line = ''): void {
  lines.push(line);
  process.stdout.write(`${line}\n`);
}

/** Every line that was printed so far. */
export function printed(): readonly string[] {
  return lines;
}
