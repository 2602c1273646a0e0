import type { Command } from 'commander';
import type { RulesLintOptions } from '../commands/rules-lint.ts';
import type { RulesListOptions } from '../commands/rules-list.ts';
import type { RulesTestOptions } from '../commands/rules-test.ts';
import { asUsage, examples, exitCodes } from './words.ts';

const PATHS = 'files of Sigma rules, or folders with *.yaml in them; default: ./policies/rules and ./rules';
const SHIPPED = 'the rules that ship';
const POLICY = 'the rules that the alerts of this policy name, with its placeholders';

/** `rules lint | test | list`. */
export function addRulesCommands(program: Command): void {
  const rules = program
    .command('rules')
    .exitOverride(asUsage)
    .description('Check, test and list Sigma rules, which say what the audit trail alerts on.');

  rules
    .command('lint')
    .description(
      'Report everything wrong or odd in Sigma rules, as file:line:col: fields and modifiers that are not known, too.',
    )
    .argument('[paths...]', PATHS)
    .option('-p, --policy <file>', POLICY)
    .option('--shipped', SHIPPED)
    .option('--strict', 'take warnings for errors')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      exitCodes(
        '0  all of them can be used',
        '1  some cannot',
        '2  a file or a folder cannot be read, or the options are wrong',
      ),
    )
    .addHelpText(
      'after',
      examples('sallyport rules lint', 'sallyport rules lint --policy sallyport.yaml --strict'),
    )
    .action(async (paths: string[], options: Omit<RulesLintOptions, 'paths'>) => {
      const { rulesLint } = await import('../commands/rules-lint.ts');
      process.exitCode = await rulesLint({ ...options, paths });
    });

  rules
    .command('test')
    .description('Run the examples of Sigma rules: those of x.yaml stand in x.test.yaml beside it.')
    .argument('[paths...]', PATHS)
    .option('-p, --policy <file>', POLICY)
    .option('--shipped', SHIPPED)
    .option('--allow-untested', 'let pass rules without an example that matches and one that does not')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      exitCodes(
        '0  all passed',
        '1  one failed, a rule cannot be used, or has no example that matches and one that does not',
        '2  a file or a folder cannot be read, or the options are wrong',
      ),
    )
    .addHelpText('after', examples('sallyport rules test', 'sallyport rules test --policy sallyport.yaml'))
    .action(async (paths: string[], options: Omit<RulesTestOptions, 'paths'>) => {
      const { rulesTest } = await import('../commands/rules-test.ts');
      process.exitCode = await rulesTest({ ...options, paths });
    });

  rules
    .command('list')
    .description(
      'List the rules that alert, with level, OWASP MCP Top 10, MITRE ATT&CK and ATLAS, and what to do.',
    )
    .argument('[paths...]', `${PATHS}, or the rules that ship where there are none`)
    .option('-p, --policy <file>', POLICY)
    .option('--shipped', SHIPPED)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      exitCodes(
        '0  listed',
        '1  some cannot be used, and are left out',
        '2  a file or a folder cannot be read, or the options are wrong',
      ),
    )
    .addHelpText('after', examples('sallyport rules list', 'sallyport rules list --shipped --json | jq .'))
    .action(async (paths: string[], options: Omit<RulesListOptions, 'paths'>) => {
      const { rulesList } = await import('../commands/rules-list.ts');
      process.exitCode = await rulesList({ ...options, paths });
    });
}
