import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
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

const WIDEST = 120;

/** Prints a text, broken between words where the terminal ends; what follows the first line is indented. */
export function say(text: string, indent = 2): void {
  const width = Math.min(process.stdout.columns ?? WIDEST, WIDEST);
  let line = ' '.repeat(indent);
  let hasWord = false;
  for (const word of text.split(' ')) {
    if (hasWord && plain(line).length + plain(word).length > width) {
      print(line.trimEnd());
      line = ' '.repeat(indent);
    }
    line += `${word} `;
    hasWord = true;
  }
  print(line.trimEnd());
}

/** Without colours. */
function plain(text: string): string {
  return stripVTControlCharacters(text);
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
