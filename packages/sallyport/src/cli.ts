#!/usr/bin/env node
import { createRequire } from 'node:module';
import { Command } from 'commander';
import { addAlertsCommands } from './cli/alerts-commands.ts';
import { addAuditCommands } from './cli/audit-commands.ts';
import { addPolicyCommands } from './cli/policy-commands.ts';
import { addQuarantineCommands } from './cli/quarantine-commands.ts';
import { addRedactCommands } from './cli/redact-commands.ts';
import { addRulesCommands } from './cli/rules-commands.ts';
import { addScanCommands } from './cli/scan-commands.ts';
import { addSecretsCommands } from './cli/secrets-commands.ts';
import { addServerCommands } from './cli/server-commands.ts';
import { addWatchCommands } from './cli/watch-commands.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { readonly version: string };

const program = new Command('sallyport')
  .description('Security and compliance for MCP servers: a gate on the way in, a gate on the way out.')
  .version(version)
  .showHelpAfterError('(run with --help for usage)')
  .enablePositionalOptions();

// Each command is loaded when it is used, because `run` has to be fast.
addServerCommands(program);
addRedactCommands(program);
addPolicyCommands(program);
addAuditCommands(program);
addSecretsCommands(program);
addScanCommands(program);
addAlertsCommands(program);
addRulesCommands(program);
addWatchCommands(program);
addQuarantineCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  // What is expected to go wrong was handled where it did; this is for the rest.
  process.stderr.write(`sallyport: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 70;
}
