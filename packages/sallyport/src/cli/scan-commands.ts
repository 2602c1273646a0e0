import { type Command, InvalidArgumentError, Option } from 'commander';
import type { BaselineAuditOptions, BaselinePruneOptions } from '../commands/scan-baseline.ts';
import type { ScanCommandOptions } from '../commands/scan.ts';
import type { SourceOptions } from '../scan/scan-options.ts';
import { asUsage, collect, examples, exitCodes } from './words.ts';

const PATHS = 'files and folders; default: this folder, or what --staged, --range, --history or --stdin name';

/** `scan` and `scan baseline create | audit | prune | import`. */
export function addScanCommands(program: Command): void {
  const scan = program.command('scan').exitOverride(asUsage).enablePositionalOptions();

  sources(scan)
    .description(
      'Look for credentials in files, in what is staged, in a history, and in configs of MCP clients.',
    )
    .option('--staged', 'what is about to be committed, as the index has it')
    .option('--range <range>', 'the lines that commits add: main..feature')
    .option('--stdin', 'what is piped in')
    .addOption(
      new Option('--format <name>', 'how to report')
        .choices(['human', 'json', 'sarif', 'github', 'junit'])
        .default('human'),
    )
    .option('-o, --output <file>', 'where to write the report; default: standard output')
    .addOption(
      new Option('--fail-on <severity>', 'the least severity that makes the exit code 1')
        .choices(['critical', 'high', 'medium', 'low'])
        .default('low'),
    )
    .option('--exit-zero', 'exit code 0 whatever is found')
    .option('--allow-unused', 'let pass entries of the baseline that nothing is found for')
    .option('--show-secrets', 'show what is found, on a terminal only')
    .addHelpText(
      'after',
      '\nA line with "sallyport:allow <rule> reason", or after one with' +
        '\n"sallyport:allow-next-line <rule> reason", is not reported for that rule, or for' +
        '\nany with * as the rule; marks of gitleaks and detect-secrets count, too.' +
        '\nA path that is called baseline is written ./baseline.',
    )
    .addHelpText(
      'after',
      exitCodes(
        '0  nothing found',
        '1  found, or the baseline has an entry that nothing is found for',
        '2  something could not be scanned, or the options are wrong',
      ),
    )
    .addHelpText(
      'after',
      examples(
        'sallyport scan',
        'sallyport scan --staged',
        'sallyport scan . --history --format sarif -o secrets.sarif',
        'sallyport scan ~/.cursor/mcp.json',
      ),
    )
    .action(async (paths: string[], options: Omit<ScanCommandOptions, 'paths' | 'version'>) => {
      const { scanCommand } = await import('../commands/scan.ts');
      process.exitCode = await scanCommand({ ...options, paths, version: program.version() ?? '' });
    });

  const baseline = scan
    .command('baseline')
    .exitOverride(asUsage)
    .description(
      'Keep findings that are known, by what they are and not by their lines, with the reason for each.',
    );

  sources(baseline.command('create'))
    .description('Write all that is found to the baseline, each still without a reason; what is in it stays.')
    .addHelpText('after', examples('sallyport scan baseline create . --history'))
    .action(async (paths: string[], options: SourceOptions) => {
      const { baselineCreate } = await import('../commands/scan-baseline.ts');
      process.exitCode = await baselineCreate({ ...options, paths });
    });

  sources(baseline.command('audit'))
    .description('Ask of each entry without a reason why it may stay. Exit code 1 when some are left.')
    .option('--list', 'show them, and ask nothing')
    .addHelpText('after', examples('sallyport scan baseline audit', 'sallyport scan baseline audit --list'))
    .action(async (paths: string[], options: BaselineAuditOptions) => {
      const { baselineAudit } = await import('../commands/scan-baseline.ts');
      process.exitCode = await baselineAudit({ ...options, paths });
    });

  sources(baseline.command('prune'))
    .description('Take out the entries that nothing is found for any more.')
    .option('-n, --dry-run', 'show them, and write nothing')
    .addHelpText('after', examples('sallyport scan baseline prune . --history'))
    .action(async (paths: string[], options: BaselinePruneOptions) => {
      const { baselinePrune } = await import('../commands/scan-baseline.ts');
      process.exitCode = await baselinePrune({ ...options, paths });
    });

  sources(
    baseline.command('import').argument('<file>', '.gitleaksignore, or .secrets.baseline of detect-secrets'),
  )
    .description(
      'Take over what another scanner was told to ignore. Exit code 1 when some could not be taken over.',
    )
    .addHelpText('after', examples('sallyport scan baseline import .gitleaksignore . --history'))
    .action(async (file: string, paths: string[], options: SourceOptions) => {
      const { baselineImport } = await import('../commands/scan-baseline.ts');
      process.exitCode = await baselineImport({ ...options, file, paths });
    });
}

/** What all of them may scan, and how. */
function sources(command: Command): Command {
  return command
    .argument('[paths...]', PATHS)
    .option('--history', 'the lines that any commit adds')
    .option('--archives', 'look into ZIP, tar and gzip files, too')
    .option('--max-file <size>', 'the longest file to scan: 500k, 20m, 4g; default: 4g', bytes)
    .option('--no-ignore', 'scan what a .gitignore leaves out, too')
    .option('--without <rule>', 'leave out a rule; may be repeated', collect)
    .option('--no-marks', 'report what marks in the lines allow, too')
    .option('-p, --policy <file>', 'a policy whose section scan says what is no leak; default: none')
    .option('-b, --baseline <file>', 'known findings; default: .sallyport-baseline, where there is one');
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

function bytes(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,12})([kmg]?)$/i.exec(text) ?? [];
  const value = Number(number) * (UNITS[unit.toLowerCase()] ?? 1);
  if (number === '' || value < 1 || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('Write a number of bytes, or one with k, m or g.');
  return value;
}
