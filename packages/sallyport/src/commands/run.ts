import { readFileSync } from 'node:fs';
import type { Transform } from 'node:stream';
import { RevealedSecrets } from '@sallyport/core';
import { type GatewayEvent, runStdioGateway } from '@sallyport/gateway';
import type { LiveGuard } from '@sallyport/policy';
import { complain } from '../complain.ts';
import { concealing, ended } from '../concealing.ts';
import { inheritedEnv } from '../inherited-env.ts';
import { readyMadePolicies } from '../ready-made-policies.ts';
import type { EnvEntries } from '../server-env.ts';

export interface RunOptions {
  readonly policy: string;
  readonly server?: string;
  /** Program and arguments; empty: what the policy says for `server`. */
  readonly command: readonly string[];
  /** Bytes. */
  readonly maxMessage: number;
  /** `NAME=reference`: variables for the server, over those of the policy. */
  readonly env?: readonly string[];
  /** What happens when a secret among them changes. Default: what the policy says for `server`, or `keep`. */
  readonly onRotation?: 'keep' | 'restart';
}

/** What the gateway is started with. */
interface Plan {
  readonly command: readonly string[];
  readonly cwd?: string | undefined;
  /** Of its own, over ours. */
  readonly env: EnvEntries;
  readonly restart: 'never' | 'on-crash';
  readonly onRotation: 'keep' | 'restart';
  readonly maxMessageBytes: number;
}

/** Runs the stdio gateway until the server or the client is gone. Returns the exit code. */
export async function run(options: RunOptions): Promise<number> {
  const text = readPolicy(options.policy);
  if (text === undefined) {
    complain(
      `${options.policy} is not there, and without a policy nothing is permitted; ` +
        'write one with "sallyport init -- <command>", or name one with --policy',
    );
    return 2;
  }
  const given = options.env === undefined ? {} : (await import('../server-env.ts')).readEntries(options.env);
  if (typeof given === 'string') {
    complain(given);
    return 2;
  }
  const revealed = new RevealedSecrets();
  beCarefulWith(revealed);
  // Loaded when it is needed, which is after the server was started: the two then start side by side.
  const start = async (): Promise<LiveGuard> => {
    const { LiveGuard: Live } = await import('@sallyport/policy');
    return Live.start({
      path: options.policy,
      server: options.server,
      readyMade: readyMadePolicies(),
      log: complain,
      revealed,
    });
  };
  try {
    if (options.command.length === 0) return await runNamed(options, given, start, revealed);
    const { command, onRotation = 'keep', maxMessage: maxMessageBytes } = options;
    const plan: Plan = { command, env: given, restart: restartFor(onRotation), onRotation, maxMessageBytes };
    // The variables that secrets are fetched with are known to the policy alone; one that cannot be read may name some.
    const isPlain = text !== '' && Object.keys(given).length === 0 && !/secrets|extends/.test(text);
    return await serve(plan, start(), isPlain, revealed);
  } catch (error) {
    complain(revealed.conceal(`not started:\n${(error as Error).message}`));
    return (error as Error).name === 'PolicyError' ? 2 : 1;
  }
}

async function runNamed(
  options: RunOptions,
  given: EnvEntries,
  start: () => Promise<LiveGuard>,
  revealed: RevealedSecrets,
): Promise<number> {
  const { loadPolicy } = await import('@sallyport/policy');
  const { servers, secrets } = await loadPolicy(options.policy, { readyMade: readyMadePolicies() });
  const names = [...servers.keys()];
  const entry = servers.get(options.server ?? '');
  if (entry === undefined) {
    const known =
      names.length > 0 ? `the policy has --server ${names.join(', ')}` : 'the policy names no servers';
    const missing = options.server === undefined ? 'no command' : `no command for "${options.server}"`;
    complain(`${missing}: put one after --, or name a server; ${known}`);
    return 2;
  }
  const { command, cwd } = entry;
  const onRotation = options.onRotation ?? entry.onRotation ?? 'keep';
  const restart = entry.restart ?? restartFor(onRotation);
  const env = { ...entry.env, ...given };
  const plan: Plan = { command, cwd, env, restart, onRotation, maxMessageBytes: options.maxMessage };
  const { referencesIn } = await import('../server-env.ts');
  const isPlain = referencesIn(env).length === 0 && secrets.references.length === 0;
  return serve(plan, start(), isPlain, revealed);
}

/** A server that a bad new value ends gets another chance, and with it the value after that. */
function restartFor(onRotation: Plan['onRotation']): Plan['restart'] {
  return onRotation === 'restart' ? 'on-crash' : 'never';
}

/** @param isPlain nothing has to be looked up: the server starts while the policy is read */
async function serve(
  { command, cwd, env, restart, onRotation, maxMessageBytes }: Plan,
  starting: Promise<LiveGuard>,
  isPlain: boolean,
  revealed: RevealedSecrets,
): Promise<number> {
  const [program = '', ...args] = command;
  // Before the guard is there, there is nothing to reload; if it never comes, the start says why.
  const reload = (): void =>
    void starting.then(
      (guard) => guard.reload(),
      () => false,
    );
  // Whoever reads standard error may go away; that must not end the server.
  process.stderr.on('error', () => undefined);
  process.on('SIGHUP', reload);
  // Until the gateway asks for the guard, a policy that cannot be used must not count as unhandled.
  starting.catch(() => undefined);
  const started = starting.then((guard) => {
    for (const { file, line, column, message } of guard.policy.warnings) {
      complain(`${file}:${line}:${column} warning: ${message}`);
    }
    guard.watch();
    return guard;
  });
  started.catch(() => undefined);
  const secrets = isPlain
    ? undefined
    : new (await import('../server-secrets.ts')).ServerSecrets({
        guard: starting,
        entries: env,
        onRotation,
        revealed,
        env: process.env,
      });
  const log = concealedStderr(revealed);
  try {
    const { code, reason, message } = await runStdioGateway({
      command: program,
      args,
      ...(cwd !== undefined && { cwd }),
      ...(secrets === undefined
        ? { env: { ...inheritedEnv(process.env), ...(env as Record<string, string>) } }
        : {
            env: secrets.lookUp,
            // A server may log what it was given.
            stderr: log,
            // Without a guard there is no server either, and the gateway says so.
            restartOn: (again) => void secrets.watch(again).catch(() => undefined),
          }),
      maxMessageBytes,
      restart: { mode: restart },
      guard: started,
      signals: ['SIGINT', 'SIGTERM', 'SIGQUIT'],
      log: logEvent,
    });
    // A client that was gone before the secrets were there must not hide that they are not.
    if (secrets?.failure !== undefined) throw secrets.failure;
    if (reason === 'server_exited' || reason === 'server_not_started') complain(message);
    return code;
  } finally {
    secrets?.end();
    // The last line of a server that ends in the middle of one is often the one that says why.
    await ended(log);
    process.off('SIGHUP', reload);
    await started.then(
      (guard) => guard.close(),
      () => undefined,
    );
  }
}

function concealedStderr(revealed: RevealedSecrets): Transform {
  const stream = concealing(revealed);
  stream.pipe(process.stderr, { end: false });
  return stream;
}

function readPolicy(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // What else is wrong with it is told with the policy.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : '';
  }
}

/** A crash of our own shows no secret: neither in its last words, nor in the report that Node may write. */
function beCarefulWith(revealed: RevealedSecrets): void {
  // Node >= 22.13 (https://nodejs.org/api/report.html); before it, a report lists the environment.
  if (process.report !== undefined) Object.assign(process.report, { excludeEnv: true });
  process.on('uncaughtException', (error) => {
    complain(revealed.conceal(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    process.exit(70);
  });
}

/** The operational log: what an operator should know, without any content. */
function logEvent(event: GatewayEvent): void {
  switch (event.event) {
    case 'dropped':
      complain(`dropped from the ${event.from}: ${event.why} (${event.count} so far)`);
      break;
    case 'requests_failed':
      complain(`${event.count} requests were answered with an error, because the server is gone`);
      break;
    case 'server_restarting':
      if (event.reason === 'requested') complain('the server is started again with its new environment');
      else
        complain(`the server ended and is started again in ${event.delayMs} ms (restart ${event.restarts})`);
      break;
    case 'restart_failed':
      complain('the server goes on with what it was started with');
      break;
    case 'handshake_failed':
      complain(`the new server did not take up the session (${event.why})`);
      break;
    case 'restart_requested':
    case 'server_drained':
    case 'server_started':
    case 'server_not_started':
    case 'server_exited':
    case 'stopping':
    case 'signal_sent':
      break;
  }
}
