import type { Command } from 'commander';
import { countedFromOne, examples } from './words.ts';

const GENERATE = 'a random value, as base64url; default: of 32 bytes';
const VERSIONS_KEPT =
  '\nThe newest three values of a name are kept: keystore:NAME is the newest, keystore:NAME?version=2 another.';

/** `secrets set | get | list | rotate | remove | check`. */
export function addSecretsCommands(program: Command): void {
  const secrets = program
    .command('secrets')
    .description('Keep secrets in an encrypted file, for policies that say keystore:NAME.')
    .addHelpText(
      'after',
      '\n"set" stores under any name, new or not; "rotate" only under one that is there, so that a slip makes no' +
        '\nsecond secret. Both keep the values before.',
    );

  keystoreCommand(
    secrets,
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
    .action(
      async (name: string, options: { keystore: string; passphraseFile?: string }, { args }: Command) => {
        const { secretsSet } = await import('../commands/secrets-set.ts');
        process.exitCode = await secretsSet({ ...options, name, rest: args.slice(1) });
      },
    );

  keystoreCommand(secrets, 'get', 'Show what is known of a secret, and with --reveal its value.')
    .argument('<name>')
    .option('--reveal', 'print the value')
    .option('--version <number>', 'an older one; default: the newest', countedFromOne)
    .option('--base64', 'print base64 of its bytes')
    .action(async (name: string, options: { keystore: string; passphraseFile?: string }) => {
      const { secretsGet } = await import('../commands/secrets-get.ts');
      process.exitCode = await secretsGet({ ...options, name });
    });

  keystoreCommand(secrets, 'list', 'Show names, versions and times; never a value.')
    .option('--json', 'as JSON')
    .action(async (options: { keystore: string; passphraseFile?: string }) => {
      const { secretsList } = await import('../commands/secrets-list.ts');
      process.exitCode = await secretsList(options);
    });

  keystoreCommand(
    secrets,
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
        const { secretsRotate } = await import('../commands/secrets-rotate.ts');
        process.exitCode = await secretsRotate({
          ...options,
          ...(name !== undefined && { name }),
          rest: args.slice(1),
        });
      },
    );

  keystoreCommand(secrets, 'remove', 'Take a secret away, with every version of it.')
    .alias('delete')
    .argument('<name>')
    .action(async (name: string, options: { keystore: string; passphraseFile?: string }) => {
      const { secretsRemove } = await import('../commands/secrets-remove.ts');
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
      const { secretsCheck } = await import('../commands/secrets-check.ts');
      process.exitCode = await secretsCheck({ ...options, file });
    });
}

/** A command with the options that name the keystore. */
function keystoreCommand(secrets: Command, name: string, description: string): Command {
  return secrets
    .command(name)
    .description(description)
    .option('-k, --keystore <file>', 'the encrypted file', 'sallyport.keystore')
    .option(
      '--passphrase-file <file>',
      'where its passphrase is; default: SALLYPORT_KEYSTORE_PASSPHRASE, the systemd credential, or asked for',
    );
}

/** `--generate api-key` would take the name for its number. Commander would show what may be a value. */
function bytesAfterName(text: string): string {
  if (!Number.isNaN(Number(text))) return text;
  const message = 'write the name before --generate, and a number of bytes, 16 to 1024, or nothing after it';
  process.stderr.write(`sallyport: ${message}\n`);
  return process.exit(2);
}
