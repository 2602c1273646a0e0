/** The command by itself, as the program has it. */
import { Command } from 'commander';
import { addWatchCommands } from '../src/cli/watch-commands.ts';

const program = new Command('sallyport');
addWatchCommands(program);
await program.parseAsync();
