import { type Command, Option } from 'commander';
import type { WatchCommandOptions } from '../commands/watch.ts';
import { asUsage, collect, examples, exitCodes } from './words.ts';

/** `watch`. */
export function addWatchCommands(program: Command): void {
  program
    .command('watch')
    .exitOverride(asUsage)
    .description(
      'Learn what is usual from audit journals, and tell what is not as it happens, until Ctrl-C; or replay what was.',
    )
    .argument('<folder>', 'an audit journal, or a folder with some in it, up to two levels down')
    .option('-p, --policy <file>', 'take rules, limits, sinks and responses from the alerts of this policy')
    .option(
      '--rules <path>',
      'Sigma rules in place of those that ship: a file, or a folder with *.yaml; may be repeated',
      collect,
    )
    .option(
      '--state <folder>',
      'where it keeps what it learned; default: as the policy says, or .watch in the folder',
    )
    .option('--from-now', 'do not learn from what is there when it begins for the first time')
    .option('--once', 'read to the end, save and stop, as for cron')
    .addOption(
      new Option(
        '--fail-on <severity>',
        'with --once: exit code 1 for an alert that is at least so bad',
      ).choices(['low', 'medium', 'high', 'critical']),
    )
    .option('--json', 'one alert a line, also those that are held or suppressed; of --replay, the report')
    .option('--replay', 'report what would have alerted, and keep no state')
    .option(
      '--since <time>',
      'of --replay: not before 2026-01-31T10:00:00Z, 2026-01-31 (UTC), or 30m, 2h, 3d ago',
    )
    .option('--until <time>', 'of --replay: not after; a date counts to its end')
    .option('--chart <file.svg>', 'of --replay: write a chart of rates and alerts')
    .addHelpText(
      'after',
      '\nOf several processes with one state folder, one watches and the others stand by.\n' +
        exitCodes(
          '0  ended, also by Ctrl-C',
          '1  with --fail-on: something so bad was raised',
          '2  the folder, a rule or the state cannot be used, or the options are wrong',
          '3  a part of a journal could not be read; the rest was watched',
        ),
    )
    .addHelpText(
      'after',
      examples(
        'sallyport watch ./audit',
        'sallyport watch ./audit --once --fail-on high --json',
        'sallyport watch ./audit --replay --since 7d --chart week.svg',
      ),
    )
    .action(async (folder: string, options: Omit<WatchCommandOptions, 'folder'>) => {
      const { watch } = await import('../commands/watch.ts');
      // Not exitCode: what a reader of the output that went away left behind would keep this process alive.
      process.exit(await watch({ ...options, folder }));
    });
}
