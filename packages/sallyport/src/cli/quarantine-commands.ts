import { type Command, InvalidArgumentError } from 'commander';
import type { QuarantineAddOptions } from '../commands/quarantine-add.ts';
import type { QuarantineApproveOptions } from '../commands/quarantine-approve.ts';
import type { QuarantineDenyOptions } from '../commands/quarantine-deny.ts';
import type { QuarantineLiftOptions } from '../commands/quarantine-lift.ts';
import type { QuarantineListOptions } from '../commands/quarantine-list.ts';
import { asUsage, examples, exitCodes } from './words.ts';

const DONE = '0  done';
const UNUSABLE = '2  the policy or the restrictions cannot be used, or the options are wrong';
/** A week; the library says the same, and is loaded by the commands alone. */
const MOST_MINUTES = 10_080;

/** `quarantine list | add | lift | approve | deny`. */
export function addQuarantineCommands(program: Command): void {
  const quarantine = program
    .command('quarantine')
    .exitOverride(asUsage)
    .description('Show, impose and lift what is restricted for a time, and approve calls that wait for it.');

  placed(quarantine.command('list'))
    .description('Show what is restricted, until when and why, and the calls that wait for approval.')
    .option('--json', 'as JSON')
    .addHelpText('after', exitCodes(DONE, UNUSABLE))
    .addHelpText('after', examples('sallyport quarantine list', 'sallyport quarantine list --json | jq .'))
    .action(async (options: QuarantineListOptions) => {
      const { quarantineList } = await import('../commands/quarantine-list.ts');
      process.exitCode = await quarantineList(options);
    });

  placed(quarantine.command('add'))
    .description('Refuse the calls of a principal, to a tool or to a server for a time; or prolong that.')
    .option('--subject <name>', 'who calls')
    .option('--tool <server/tool>', 'a tool of a server; a resource or a prompt likewise')
    .option('-s, --server <name>', 'a server with all that it has')
    .option('--minutes <number>', 'for how long, at most a week', minutes, 60)
    .option('--approval', 'let a call pass when it was approved')
    .option('--reason <text>', 'for those who see the list')
    .addHelpText('after', exitCodes(DONE, UNUSABLE))
    .addHelpText(
      'after',
      examples(
        'sallyport quarantine add --subject alice --minutes 240 --reason "token seen elsewhere"',
        'sallyport quarantine add --tool ehr/export --approval',
      ),
    )
    .action(async (options: QuarantineAddOptions) => {
      const { quarantineAdd } = await import('../commands/quarantine-add.ts');
      process.exitCode = await quarantineAdd(options);
    });

  placed(quarantine.command('lift'))
    .description('End restrictions before their time.')
    .argument('[ids...]', 'as the list shows them')
    .option('--all', 'every one of them')
    .addHelpText('after', exitCodes(DONE, '1  nothing has one of the ids; the others are lifted', UNUSABLE))
    .addHelpText('after', examples('sallyport quarantine lift 7KQ2M9XA'))
    .action(async (ids: string[], options: Omit<QuarantineLiftOptions, 'ids'>) => {
      const { quarantineLift } = await import('../commands/quarantine-lift.ts');
      process.exitCode = await quarantineLift({ ...options, ids });
    });

  placed(quarantine.command('approve'))
    .description('Let a call that waits pass once, when it is sent again with the same arguments.')
    .argument('<id>', 'as the list and the refusal show it')
    .option('--any', 'each call of this principal to this tool, with any arguments')
    .option('--minutes <number>', 'for how long, at most a week', minutes, 15)
    .addHelpText('after', exitCodes(DONE, '1  nothing of this id waits', UNUSABLE))
    .addHelpText(
      'after',
      examples(
        'sallyport quarantine approve 7KQ2M9XA',
        'sallyport quarantine approve 7KQ2M9XA --any --minutes 60',
      ),
    )
    .action(async (id: string, options: Omit<QuarantineApproveOptions, 'id'>) => {
      const { quarantineApprove } = await import('../commands/quarantine-approve.ts');
      process.exitCode = await quarantineApprove({ ...options, id });
    });

  placed(quarantine.command('deny'))
    .description('Take away a request for approval, or an approval that is not over.')
    .argument('<id>', 'as the list shows it')
    .addHelpText('after', exitCodes(DONE, '1  there is nothing of this id', UNUSABLE))
    .addHelpText('after', examples('sallyport quarantine deny 7KQ2M9XA'))
    .action(async (id: string, options: Omit<QuarantineDenyOptions, 'id'>) => {
      const { quarantineDeny } = await import('../commands/quarantine-deny.ts');
      process.exitCode = await quarantineDeny({ ...options, id });
    });
}

function placed(command: Command): Command {
  return command
    .option('-p, --policy <file>', 'policy file; default: sallyport.yaml')
    .option('--folder <folder>', 'the folder with restrictions.json, instead of a policy that names it');
}

function minutes(text: string): number {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || value < 1 || value > MOST_MINUTES)
    throw new InvalidArgumentError(`Write a whole number from 1 to ${MOST_MINUTES}, which is a week.`);
  return value;
}
