import type { Command } from 'commander';
import { collect, examples } from './words.ts';

/** `policy lint | test | explain`. */
export function addPolicyCommands(program: Command): void {
  const policy = program.command('policy').description('Check, test and explain policies.');

  policy
    .command('lint')
    .description(
      'Report everything wrong or odd in a policy, as file:line:col. Exit code 1 when it cannot be used.',
    )
    .argument('[file]', 'policy file', 'sallyport.yaml')
    .option('--strict', 'take warnings for errors')
    .action(async (file: string, options: { strict?: boolean }) => {
      const { policyLint } = await import('../commands/policy-lint.ts');
      process.exitCode = await policyLint({ ...options, file });
    });

  policy
    .command('test')
    .description('Run the decision tests of a policy. Exit code 1 when one fails.')
    .argument('[files...]', 'test files; default: every *.test.yaml here and in ./policies')
    .action(async (files: string[]) => {
      const { policyTest } = await import('../commands/policy-test.ts');
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
    .addHelpText(
      'after',
      examples('sallyport policy explain --subject alice --role reader --tool write_file'),
    )
    .action(async (file: string, options: Record<string, unknown>) => {
      const { policyExplain } = await import('../commands/policy-explain.ts');
      process.exitCode = await policyExplain({ ...options, file });
    });
}
