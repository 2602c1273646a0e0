import { type Command, Option } from 'commander';
import type { RunOptions } from '../commands/run.ts';
import { collect, wholeNumber, examples } from './words.ts';

/** `run`, `init` and `wrap`: what stands before a server. */
export function addServerCommands(program: Command): void {
  program
    .command('run')
    .description('Start an MCP server on stdio behind the guard. Put the command after --.')
    .option('-p, --policy <file>', 'policy file', 'sallyport.yaml')
    .option('-s, --server <name>', 'the name of the server in the policy')
    .option(
      '-e, --env <NAME=reference>',
      'a secret for the server: API_KEY=keystore:api-key; may be repeated',
      collect,
    )
    .addOption(
      new Option(
        '--on-rotation <action>',
        'when a secret changes: keep the server, or restart it in order',
      ).choices(['keep', 'restart']),
    )
    .option('--max-message <bytes>', 'largest message taken from either side', wholeNumber, 16_777_216)
    .option(
      '--log-format <name>',
      'operational log on standard error: text, json or pretty; default: SALLYPORT_LOG_FORMAT, or text',
    )
    .option('--log-level <name>', 'error, warn, info or debug; default: SALLYPORT_LOG_LEVEL, or info')
    .argument('[command...]', 'program and arguments; default: what the policy says for --server')
    .addHelpText('after', examples('sallyport run -- npx -y @modelcontextprotocol/server-filesystem ./data'))
    .passThroughOptions()
    .action(async (command: string[], options: Omit<RunOptions, 'command'>) => {
      const { run } = await import('../commands/run.ts');
      // Not exitCode: a client that keeps its end of the pipe open would keep this process alive.
      process.exit(await run({ ...options, command }));
    });

  program
    .command('init')
    .description('Write a commented starter policy from what a server offers.')
    .option('-o, --output <file>', 'where to write it', 'sallyport.yaml')
    .option('-f, --force', 'overwrite a file that is there')
    .argument('<command...>', 'program and arguments of the server, after --')
    .addHelpText('after', examples('sallyport init -- npx -y @modelcontextprotocol/server-filesystem ./data'))
    .passThroughOptions()
    .action(async (command: string[], options: { output: string; force?: boolean }) => {
      const { init } = await import('../commands/init.ts');
      process.exitCode = await init({ ...options, command });
    });

  program
    .command('wrap')
    .description(
      "Put Sallyport before the servers of an MCP client's config file; shows the change, keeps a backup.",
    )
    .argument('<file>', 'such as claude_desktop_config.json, .mcp.json, .vscode/mcp.json')
    .option('-p, --policy <file>', 'policy file', 'sallyport.yaml')
    .option('--only <name>', 'only this server; may be repeated', collect)
    .option('--via <command>', 'how the client starts sallyport; default: as it was started now')
    .option('-n, --dry-run', 'show the change, write nothing')
    .option('--undo', 'take Sallyport out again')
    .addHelpText(
      'after',
      examples('sallyport wrap ~/.cursor/mcp.json', 'sallyport wrap ~/.cursor/mcp.json --undo'),
    )
    .action(
      async (
        file: string,
        options: { policy: string; via?: string; only?: readonly string[]; dryRun?: boolean; undo?: boolean },
      ) => {
        const { wrap } = await import('../commands/wrap.ts');
        process.exitCode = await wrap({ ...options, file });
      },
    );
}
