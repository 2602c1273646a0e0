#!/usr/bin/env node
import { createRequire } from 'node:module';
import { Command, type CommanderError, InvalidArgumentError, Option } from 'commander';
import type { AuditEraseOptions } from './commands/audit-erase.ts';
import type { AuditExportOptions } from './commands/audit-export.ts';
import type { AuditProveOptions } from './commands/audit-prove.ts';
import type { AuditSearchOptions } from './commands/audit-search.ts';
import type { AuditStatsOptions } from './commands/audit-stats.ts';
import type { AuditTailOptions } from './commands/audit-tail.ts';
import type { AuditVerifyOptions } from './commands/audit-verify.ts';
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
  .option(
    '--log-format <name>',
    'operational log on standard error: text, json or pretty; default: SALLYPORT_LOG_FORMAT, or text',
  )
  .option('--log-level <name>', 'error, warn, info or debug; default: SALLYPORT_LOG_LEVEL, or info')
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

const A_FOLDER = 'an audit journal, or a folder with some in it, up to two levels down';
const SINCE = 'not before 2026-01-31T10:00:00Z, 2026-01-31 (UTC), or 30m, 2h, 3d, 1w ago';
const UNTIL = 'not after; a date counts to its end';
const A_KEY = 'a verifier key, or a file of them, or of an Ed25519 public key as PEM or JWK; may be repeated';

const journals = program
  .command('audit')
  .exitOverride(asUsage)
  .description('Verify, search, follow and export audit journals, and make a person in them unreadable.');

journals
  .command('verify')
  .description('Check that nothing in a journal was changed, removed or cut off.')
  .argument('<folder>', A_FOLDER)
  .requiredOption('-k, --key <key>', A_KEY, collect)
  .option(
    '--checkpoint <file>',
    'a checkpoint that was kept elsewhere, so that it shows when the end is cut off; may be repeated',
    collect,
  )
  .option('--json', 'as JSON')
  .addHelpText(
    'after',
    exitCodes(
      '0  sound; also when only the end is torn, as a crash leaves it',
      '1  tampered: a record, a checkpoint or their order is not what was written, or another journal stands in its place',
      '2  it cannot be read, or the options are wrong',
      '3  a gap: records are missing',
      '4  truncated: records at the end are missing, or a journal that another one of the folder saw',
      '5  an unknown key: none that was given signed it',
      '6  unsigned: records that no checkpoint covers, more than a crash can leave',
    ) +
      '\nOf several journals the worst one counts: tampered, gap, truncated, unsigned, unknown key, unreadable.',
  )
  .addHelpText(
    'after',
    examples(
      'sallyport audit verify ./audit --key audit.pub',
      'sallyport audit verify ./audit --key audit.pub --checkpoint kept-elsewhere.note',
    ),
  )
  .action(async (folder: string, options: Omit<AuditVerifyOptions, 'folder'>) => {
    const { auditVerify } = await import('./commands/audit-verify.ts');
    process.exitCode = await auditVerify({ ...options, folder });
  });

journals
  .command('prove')
  .description('Prove to others that a record is in a journal, or check such a proof without the journal.')
  .usage('[options] <id> <folder>')
  .argument('[what...]', 'the id of a record and a folder')
  .option('-k, --key <key>', `with --check: ${A_KEY}`, collect)
  .option('--check <file>', 'check the proof in a file')
  .option(
    '--consistency',
    'that a journal of one checkpoint begins that of another: give two files of checkpoints and a folder',
  )
  .option('-o, --output <file>', 'where to write the proof; default: standard output')
  .option('-f, --force', 'overwrite a file that is there')
  .addHelpText(
    'after',
    exitCodes(
      '0  it was written, or it holds',
      '1  no record has this id, or the proof does not hold',
      '2  the journal or the proof cannot be read, or the options are wrong',
      '5  an unknown key: none that was given signed its checkpoint',
    ),
  )
  .addHelpText(
    'after',
    examples(
      'sallyport audit prove 01990000-0000-7000-8000-000000000001 ./audit -o proof.json',
      'sallyport audit prove --check proof.json --key audit.pub',
      'sallyport audit prove --consistency monday.note friday.note ./audit -o proof.json',
      'sallyport audit prove --check proof.json --consistency monday.note friday.note --key audit.pub',
    ),
  )
  .action(async (given: readonly string[], options: Omit<AuditProveOptions, 'given'>) => {
    const { auditProve } = await import('./commands/audit-prove.ts');
    process.exitCode = await auditProve({ ...options, given });
  });

filtered(journals.command('tail'))
  .description('Show the last records of a journal, and each one that is added, until Ctrl-C.')
  .argument('<folder>', `${A_FOLDER}; it may begin later`)
  .option('-n, --lines <number>', 'how many records to begin with', countedFromZero, 20)
  .option('--no-follow', 'end after them')
  .option('--json', 'each record as it stands in the journal')
  .addHelpText(
    'after',
    exitCodes(
      '0  ended, also by Ctrl-C',
      '2  the journal cannot be read, or the options are wrong',
      '3  a part of it could not be read; the rest was shown',
    ),
  )
  .addHelpText('after', examples('sallyport audit tail ./audit', 'sallyport audit tail ./audit --alert -n 5'))
  .action(async (folder: string, options: Omit<AuditTailOptions, 'folder'>) => {
    const { auditTail } = await import('./commands/audit-tail.ts');
    // Not exitCode: what a reader of the output that went away left behind would keep this process alive.
    process.exit(await auditTail({ ...options, folder }));
  });

filtered(journals.command('search'))
  .description('Show the records of a journal that match, oldest first.')
  .argument('<folder>', A_FOLDER)
  .option('--limit <number>', 'stop after so many', countedFromOne)
  .option(
    '-p, --policy <file>',
    'with the keys of people of this policy: by their names, and with what is sealed',
  )
  .option('--json', 'each record as it stands in the journal')
  .addHelpText(
    'after',
    exitCodes(
      '0  found',
      '1  nothing found',
      '2  the journal cannot be read, or the options are wrong',
      '3  a part of it cannot be read; the rest was searched',
    ),
  )
  .addHelpText(
    'after',
    examples(
      'sallyport audit search ./audit --since 2h --decision deny',
      'sallyport audit search ./audit --subject alice --tool "write_*" --json | jq .id',
    ),
  )
  .action(async (folder: string, options: Omit<AuditSearchOptions, 'folder'>) => {
    const { auditSearch } = await import('./commands/audit-search.ts');
    process.exitCode = await auditSearch({ ...options, folder });
  });

filtered(journals.command('export'))
  .description('Write the records of a journal that match in the format of a SIEM, or as CSV.')
  .argument('<folder>', A_FOLDER)
  .addOption(
    new Option('--format <name>', 'one record a line')
      .choices(['ocsf', 'ecs', 'cef', 'leef', 'csv', 'json'])
      .makeOptionMandatory(),
  )
  .option('-o, --output <file>', 'where to write; default: standard output')
  .option('-f, --force', 'overwrite a file that is there')
  .option('--limit <number>', 'stop after so many', countedFromOne)
  .addHelpText(
    'after',
    exitCodes(
      '0  written, also when nothing matched',
      '2  the journal cannot be read, the file not be written, or the options are wrong',
      '3  a part of the journal cannot be read; the rest was written',
    ),
  )
  .addHelpText(
    'after',
    examples(
      'sallyport audit export ./audit --format ocsf --since 2026-01-01 -o january.jsonl',
      'sallyport audit export ./audit --format csv --status refused > refused.csv',
    ),
  )
  .action(async (folder: string, options: Omit<AuditExportOptions, 'folder' | 'version'>) => {
    const { auditExport } = await import('./commands/audit-export.ts');
    process.exitCode = await auditExport({ ...options, folder, version });
  });

journals
  .command('stats')
  .description('Count the records of a journal: by status, tool, principal, rule, and how long tools took.')
  .argument('<folder>', A_FOLDER)
  .option('--since <time>', SINCE)
  .option('--until <time>', UNTIL)
  .option('--json', 'as JSON, with all names')
  .addHelpText(
    'after',
    exitCodes(
      '0  counted',
      '2  the journal cannot be read, or the options are wrong',
      '3  a part of it cannot be read; the rest was counted',
    ),
  )
  .addHelpText('after', examples('sallyport audit stats ./audit --since 7d'))
  .action(async (folder: string, options: Omit<AuditStatsOptions, 'folder'>) => {
    const { auditStats } = await import('./commands/audit-stats.ts');
    process.exitCode = await auditStats({ ...options, folder });
  });

journals
  .command('key')
  .description("Show the public half of the key that signs a policy's journal, for `verify`.")
  .option('-p, --policy <file>', 'policy file', 'sallyport.yaml')
  .addHelpText('after', examples('sallyport audit key > audit.pub'))
  .action(async (options: { policy: string }) => {
    const { auditKey } = await import('./commands/audit-key.ts');
    process.exitCode = await auditKey(options);
  });

journals
  .command('erase')
  .description('Destroy the key of a person: what is sealed for it in any journal cannot be read any more.')
  .option('-p, --policy <file>', 'policy file', 'sallyport.yaml')
  .argument('[subject]', 'whose; also somebody whom calls were about')
  .option('--pseudonym <name>', 'the same person, as it stands in records')
  .addHelpText(
    'after',
    exitCodes(
      '0  it is gone, and recorded',
      '1  nothing is sealed for this person',
      '2  the policy, a key or a file cannot be used',
    ),
  )
  .addHelpText('after', examples('sallyport audit erase alice'))
  .action(async (subject: string | undefined, options: Omit<AuditEraseOptions, 'subject'>) => {
    const { auditErase } = await import('./commands/audit-erase.ts');
    process.exitCode = await auditErase({ ...options, ...(subject !== undefined && { subject }) });
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

/** The options of those that show records. */
function filtered(command: Command): Command {
  return command
    .option('--since <time>', SINCE)
    .option('--until <time>', UNTIL)
    .option('--subject <name>', 'who called; names may end with *, and be repeated', collect)
    .option('--role <name>', 'with which role', collect)
    .option('--tool <name>', 'which tool was called, or server/tool', collect)
    .option('-s, --server <name>', 'on which server', collect)
    .option('--method <name>', 'by which method, such as resources/read', collect)
    .addOption(new Option('--decision <effect>', 'what the rules said').choices(['permit', 'deny']))
    .addOption(new Option('--status <name>', 'how the call ended').choices(['ok', 'error', 'refused']))
    .option(
      '--code <code>',
      'why it was refused, such as permission_denied, or the number of an error',
      collect,
    )
    .option(
      '--event <name>',
      'such as policy_reloaded, or of the journal itself: open, recovered, prune',
      collect,
    )
    .option('--call <id>', 'the records of one call', collect)
    .option(
      '--alert',
      'what SIEM formats call of severity medium or more: permission_denied, unauthenticated, threat_detected, invalid_result, unavailable, internal; failures of policy, secrets, sinks and journal',
    );
}

/** 1 says that the policy blocks something, and nothing else; of audit, what its help lists. */
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

function countedFromZero(text: string): number {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('Write a whole number from 0.');
  return value;
}

function exitCodes(...lines: string[]): string {
  return `\nExit codes:\n${lines.map((line) => `  ${line}`).join('\n')}`;
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
