import type { Command } from 'commander';
import type { AlertsTestOptions } from '../commands/alerts-test.ts';
import { asUsage, examples, exitCodes } from './words.ts';

/** `alerts test`. */
export function addAlertsCommands(program: Command): void {
  const alerts = program
    .command('alerts')
    .exitOverride(asUsage)
    .description('Try the sinks to which alerts are sent.');

  alerts
    .command('test')
    .description(
      'Send one alert, which says that it is a test, through every sink, and show what each answered.',
    )
    .option('-p, --policy <file>', 'policy file', 'sallyport.yaml')
    .option('--sink <name>', 'only this one; default: all of them')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      exitCodes(
        '0  every sink took it',
        '1  one of them did not',
        '2  the policy cannot be used or has no such sink, or the options are wrong',
      ),
    )
    .addHelpText('after', examples('sallyport alerts test', 'sallyport alerts test --sink oncall'))
    .action(async (options: AlertsTestOptions) => {
      const { alertsTest } = await import('../commands/alerts-test.ts');
      process.exitCode = await alertsTest(options);
    });
}
