import { type Command, Option } from 'commander';
import type { RedactOptions } from '../commands/redact.ts';
import type { TokensEraseOptions } from '../commands/tokens-erase.ts';
import { asUsage, collect, examples } from './words.ts';

/** `redact` and `tokens`. */
export function addRedactCommands(program: Command): void {
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
      const { redact } = await import('../commands/redact.ts');
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
      const { tokensErase } = await import('../commands/tokens-erase.ts');
      process.exitCode = await tokensErase(options);
    });
}
