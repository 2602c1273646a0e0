import { existsSync, writeFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { type Offer, starterPolicy } from '../starter-policy.ts';
import { complain } from '../complain.ts';
import { inheritedEnv } from '../inherited-env.ts';
import { print, style } from '../terminal.ts';

export interface InitOptions {
  /** The server's program and arguments. */
  readonly command: readonly string[];
  readonly output: string;
  readonly force?: boolean;
}

const CONNECT_MS = 60_000;

/** Asks a server what it offers and writes a starter policy. Returns the exit code. */
export async function init(options: InitOptions): Promise<number> {
  const { command, output, force = false } = options;
  if (existsSync(output) && !force) {
    complain(`${output} is there already; choose another --output, or add --force to replace it`);
    return 2;
  }
  let offer: Offer;
  try {
    offer = await offerOf(command);
  } catch (error) {
    complain(
      `the server did not answer (${(error as Error).message}); check that this starts it: ${command.join(' ')}`,
    );
    return 1;
  }
  writeFileSync(output, starterPolicy(offer, command), { mode: 0o644 });
  const readOnly = offer.tools.filter(({ readOnly: safe }) => safe).length;
  print(
    `${style.green('Wrote')} ${output}: ${readOnly} of ${offer.tools.length} tools permitted, those that say they only read.`,
  );
  print();
  print('Read it, change it, then:');
  print(`  sallyport policy lint ${output}`);
  print(`  sallyport run --policy ${output} -- ${command.join(' ')}`);
  return 0;
}

async function offerOf([program = '', ...args]: readonly string[]): Promise<Offer> {
  const transport = new StdioClientTransport({
    command: program,
    args,
    env: inheritedEnv(process.env) as Record<string, string>,
    // What keeps it from starting, it says there.
    stderr: 'inherit',
  });
  const client = new Client(
    { name: 'sallyport-init', version: '1' },
    { versionNegotiation: { mode: 'auto' } },
  );
  try {
    await client.connect(transport, { timeout: CONNECT_MS });
    const can = client.getServerCapabilities() ?? {};
    const { tools } = can.tools ? await client.listTools() : { tools: [] };
    const { resources } = can.resources ? await client.listResources() : { resources: [] };
    const { prompts } = can.prompts ? await client.listPrompts() : { prompts: [] };
    return {
      server: client.getServerVersion()?.name ?? 'server',
      tools: tools.map(({ name, description, annotations }) => ({
        name,
        description,
        readOnly: annotations?.readOnlyHint === true,
        destructive: annotations?.destructiveHint === true,
      })),
      resources: resources.map(({ uri }) => uri),
      prompts: prompts.map(({ name }) => name),
    };
  } finally {
    await client.close();
  }
}
