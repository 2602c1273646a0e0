import { type Command, Option } from 'commander';
import type { AuditEraseOptions } from '../commands/audit-erase.ts';
import type { AuditExportOptions } from '../commands/audit-export.ts';
import type { AuditProveOptions } from '../commands/audit-prove.ts';
import type { AuditSearchOptions } from '../commands/audit-search.ts';
import type { AuditStatsOptions } from '../commands/audit-stats.ts';
import type { AuditTailOptions } from '../commands/audit-tail.ts';
import type { AuditVerifyOptions } from '../commands/audit-verify.ts';
import { asUsage, collect, countedFromOne, countedFromZero, exitCodes, examples } from './words.ts';

const A_FOLDER = 'an audit journal, or a folder with some in it, up to two levels down';
const SINCE = 'not before 2026-01-31T10:00:00Z, 2026-01-31 (UTC), or 30m, 2h, 3d, 1w ago';
const UNTIL = 'not after; a date counts to its end';
const A_KEY = 'a verifier key, or a file of them, or of an Ed25519 public key as PEM or JWK; may be repeated';

/** `audit verify | prove | tail | search | export | stats | key | erase`. */
export function addAuditCommands(program: Command): void {
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
      const { auditVerify } = await import('../commands/audit-verify.ts');
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
      const { auditProve } = await import('../commands/audit-prove.ts');
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
    .addHelpText(
      'after',
      examples('sallyport audit tail ./audit', 'sallyport audit tail ./audit --alert -n 5'),
    )
    .action(async (folder: string, options: Omit<AuditTailOptions, 'folder'>) => {
      const { auditTail } = await import('../commands/audit-tail.ts');
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
      const { auditSearch } = await import('../commands/audit-search.ts');
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
      const { auditExport } = await import('../commands/audit-export.ts');
      process.exitCode = await auditExport({ ...options, folder, version: program.version() ?? '' });
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
      const { auditStats } = await import('../commands/audit-stats.ts');
      process.exitCode = await auditStats({ ...options, folder });
    });

  journals
    .command('key')
    .description("Show the public half of the key that signs a policy's journal, for `verify`.")
    .option('-p, --policy <file>', 'policy file', 'sallyport.yaml')
    .addHelpText('after', examples('sallyport audit key > audit.pub'))
    .action(async (options: { policy: string }) => {
      const { auditKey } = await import('../commands/audit-key.ts');
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
      const { auditErase } = await import('../commands/audit-erase.ts');
      process.exitCode = await auditErase({ ...options, ...(subject !== undefined && { subject }) });
    });
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
