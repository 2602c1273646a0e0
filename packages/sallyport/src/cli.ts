#!/usr/bin/env node
import { createRequire } from 'node:module';
import { Command, type CommanderError, InvalidArgumentError, Option } from 'commander';
import type { RedactOptions } from './commands/redact.ts';
import type { RunOptions } from './commands/run.ts';
import type { TokensEraseOptions } from './commands/tokens-erase.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { readonly version: string };

const program = new Command('sallyport')
  .description('Security and compliance for MCP servers: a gate on the way in, a gate on the way out.')
  .version(version)
  .showHelpAfterError('(run with --help for usage)')
  .enablePositionalOptions();

// Each command is loaded when it is used, because `run` has to be fast.
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
  .argument('[command...]', 'program and arguments; default: what the policy says for --server')
  .addHelpText('after', examples('sallyport run -- npx -y @modelcontextprotocol/server-filesystem ./data'))
  .passThroughOptions()
  .action(async (command: string[], options: Omit<RunOptions, 'command'>) => {
    const { run } = await import('./commands/run.ts');
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
    const { init } = await import('./commands/init.ts');
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
      const { wrap } = await import('./commands/wrap.ts');
      process.exitCode = await wrap({ ...options, file });
    },
  );

program
  .command('redact')
  .exitOverride(asUsage)
  .description(
    'Rewrite text or JSON as a policy says: files, or what is piped in. Exit code 1 when the policy blocks it.',
  )
  .argument('[files...]', 'text or JSON in UTF-8; default, and -: standard input')
  .option('-p, --policy <file>', 'policy file; default: sallyport.yaml')
  .option(
    '--pack <name>',
    'a ready-made pack instead of a policy: hipaa-safe-harbor, gdpr, pci, ...; may be repeated',
    collect,
  )
  .addOption(
    new Option('--operator <name>', 'with --pack: what is written in place of its labels').choices([
      'label',
      'drop',
      'mask',
      'block',
    ]),
  )
  .addOption(
    new Option('--direction <side>', 'as what a tool answers, or as what it is given')
      .choices(['results', 'arguments'])
      .default('results'),
  )
  .option('--subject <name>', 'for whom; default: identity.stdio of the policy')
  .option('--role <name>', 'with which role; may be repeated', collect)
  .option('-s, --server <name>', 'as from this server; default: the one that the policy names, or default')
  .option('--tool <name>', 'as from this tool, or server/tool; default: none')
  .addOption(
    new Option(
      '--format <name>',
      'json: one value; lines: text, or a JSON value in each line; default: as it looks',
    ).choices(['json', 'lines']),
  )
  .option('-o, --output <file>', 'where to write; default: standard output')
  .option('--explain', 'list what is found, with rule and score, and write nothing else')
  .option('--report <file>', 'write a summary as JSON: counts, and never a value')
  .addHelpText(
    'after',
    examples(
      'sallyport redact --pack hipaa-safe-harbor notes.txt > clean.txt',
      'cat bundle.json | sallyport redact --role researcher --explain',
    ),
  )
  .action(async (files: string[], options: Omit<RedactOptions, 'files'>) => {
    const { redact } = await import('./commands/redact.ts');
    process.exitCode = await redact({ ...options, files });
  });

program
  .command('tokens')
  .exitOverride(asUsage)
  .description('The vault of the values behind tokens.')
  .command('erase')
  .description('Forget the values behind tokens: of one person, or of one who was given them.')
  .option('-p, --policy <file>', 'policy file', 'sallyport.yaml')
  .option('--about <person>', 'whom they are about, as redaction.about of the policy names a person')
  .option('--subject <name>', 'to whom they were given')
  .option('--tenant <name>', 'with --subject: of which tenant')
  .addHelpText('after', examples('sallyport tokens erase --about 48213'))
  .action(async (options: TokensEraseOptions) => {
    const { tokensErase } = await import('./commands/tokens-erase.ts');
    process.exitCode = await tokensErase(options);
  });

const policy = program.command('policy').description('Check, test and explain policies.');

policy
  .command('lint')
  .description(
    'Report everything wrong or odd in a policy, as file:line:col. Exit code 1 when it cannot be used.',
  )
  .argument('[file]', 'policy file', 'sallyport.yaml')
  .option('--strict', 'take warnings for errors')
  .action(async (file: string, options: { strict?: boolean }) => {
    const { policyLint } = await import('./commands/policy-lint.ts');
    process.exitCode = await policyLint({ ...options, file });
  });

policy
  .command('test')
  .description('Run the decision tests of a policy. Exit code 1 when one fails.')
  .argument('[files...]', 'test files; default: every *.test.yaml here and in ./policies')
  .action(async (files: string[]) => {
    const { policyTest } = await import('./commands/policy-test.ts');
    process.exitCode = await policyTest({ files });
  });

policy
  .command('explain')
  .description('Show where each setting comes from, the path of a call, and which rule decides about it.')
  .argument('[file]', 'policy file', 'sallyport.yaml')
  .option('--subject <name>', 'who calls; default: identity.stdio of the policy')
  .option('--role <name>', 'with which role; may be repeated', collect)
  .option('--client <name>', 'from which program')
  .option('-s, --server <name>', 'on which server; default: the one that the policy names, or default')
  .option('--tool <name>', 'a tool to call')
  .option('--resource <uri>', 'a resource to read')
  .option('--prompt <name>', 'a prompt to get')
  .option('--args <json>', 'the arguments, as JSON')
  .addHelpText('after', examples('sallyport policy explain --subject alice --role reader --tool write_file'))
  .action(async (file: string, options: Record<string, unknown>) => {
    const { policyExplain } = await import('./commands/policy-explain.ts');
    process.exitCode = await policyExplain({ ...options, file });
  });

const GENERATE = 'a random value, as base64url; default: of 32 bytes';
const VERSIONS_KEPT =
  '\nThe newest three values of a name are kept: keystore:NAME is the newest, keystore:NAME?version=2 another.';

const secrets = program
  .command('secrets')
  .description('Keep secrets in an encrypted file, for policies that say keystore:NAME.')
  .addHelpText(
    'after',
    '\n"set" stores under any name, new or not; "rotate" only under one that is there, so that a slip makes no' +
      '\nsecond secret. Both keep the values before.',
  );

keystoreCommand(
  'set',
  'Store a secret, under a new name or one that is there: piped in, or typed when asked.',
)
  .argument('<name>', 'such as api-key; never with the value')
  .option('--generate [bytes]', GENERATE, bytesAfterName)
  .option('--base64', 'what is given is base64 of its bytes')
  .allowExcessArguments()
  .addHelpText('after', VERSIONS_KEPT)
  .addHelpText(
    'after',
    examples(
      'sallyport secrets set api-key',
      'sallyport secrets set tls-key < key.pem',
      'sallyport secrets set session-key --generate',
    ),
  )
  .action(async (name: string, options: { keystore: string; passphraseFile?: string }, { args }: Command) => {
    const { secretsSet } = await import('./commands/secrets-set.ts');
    process.exitCode = await secretsSet({ ...options, name, rest: args.slice(1) });
  });

keystoreCommand('get', 'Show what is known of a secret, and with --reveal its value.')
  .argument('<name>')
  .option('--reveal', 'print the value')
  .option('--version <number>', 'an older one; default: the newest', countedFromOne)
  .option('--base64', 'print base64 of its bytes')
  .action(async (name: string, options: { keystore: string; passphraseFile?: string }) => {
    const { secretsGet } = await import('./commands/secrets-get.ts');
    process.exitCode = await secretsGet({ ...options, name });
  });

keystoreCommand('list', 'Show names, versions and times; never a value.')
  .option('--json', 'as JSON')
  .action(async (options: { keystore: string; passphraseFile?: string }) => {
    const { secretsList } = await import('./commands/secrets-list.ts');
    process.exitCode = await secretsList(options);
  });

keystoreCommand(
  'rotate',
  'Give a secret that is there a new value, and keep the ones before; or change the passphrase.',
)
  .argument('[name]')
  .option('--generate [bytes]', GENERATE, bytesAfterName)
  .option('--base64', 'what is given is base64 of its bytes')
  .option('--passphrase', 'change the passphrase of the file')
  .option('--new-passphrase-file <file>', 'where the new passphrase is; default: asked for')
  .allowExcessArguments()
  .addHelpText('after', VERSIONS_KEPT)
  .addHelpText(
    'after',
    examples('sallyport secrets rotate session-key --generate', 'sallyport secrets rotate --passphrase'),
  )
  .action(
    async (
      name: string | undefined,
      options: { keystore: string; passphraseFile?: string },
      { args }: Command,
    ) => {
      const { secretsRotate } = await import('./commands/secrets-rotate.ts');
      process.exitCode = await secretsRotate({
        ...options,
        ...(name !== undefined && { name }),
        rest: args.slice(1),
      });
    },
  );

keystoreCommand('remove', 'Take a secret away, with every version of it.')
  .alias('delete')
  .argument('<name>')
  .action(async (name: string, options: { keystore: string; passphraseFile?: string }) => {
    const { secretsRemove } = await import('./commands/secrets-remove.ts');
    process.exitCode = await secretsRemove({ ...options, name });
  });

secrets
  .command('check')
  .description(
    'Look up every reference of a policy, and show how that went; never a value. Exit code 1 when one fails.',
  )
  .argument('[file]', 'policy file', 'sallyport.yaml')
  .option('--json', 'as JSON')
  .option(
    '--passphrase-file <file>',
    'where the passphrase of the keystore is; default: as the policy says, or asked for',
  )
  .action(async (file: string, options: { json?: boolean; passphraseFile?: string }) => {
    const { secretsCheck } = await import('./commands/secrets-check.ts');
    process.exitCode = await secretsCheck({ ...options, file });
  });

function keystoreCommand(name: string, description: string): Command {
  return secrets
    .command(name)
    .description(description)
    .option('-k, --keystore <file>', 'the encrypted file', 'sallyport.keystore')
    .option(
      '--passphrase-file <file>',
      'where its passphrase is; default: SALLYPORT_KEYSTORE_PASSPHRASE, the systemd credential, or asked for',
    );
}

/** 1 says that the policy blocks something, and nothing else. */
function asUsage({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? 0 : 2);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1024)
    throw new InvalidArgumentError('Write a whole number from 1024.');
  return value;
}

/** `--generate api-key` would take the name for its number. Commander would show what may be a value. */
function bytesAfterName(text: string): string {
  if (!Number.isNaN(Number(text))) return text;
  const message = 'write the name before --generate, and a number of bytes, 16 to 1024, or nothing after it';
  return program.error(`sallyport: ${message}`, { exitCode: 2 });
}

function countedFromOne(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('Write a whole number from 1.');
  return value;
}

function examples(...lines: string[]): string {
  return `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`;
}

try {
  await program.parseAsync();
} catch (error) {
  // What is expected to go wrong was handled where it did; this is for the rest.
  process.stderr.write(`sallyport: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 70;
}
