import { existsSync } from 'node:fs';
import { type GatewayEvent, runStdioGateway } from '@sallyport/gateway';
import type { LiveGuard } from '@sallyport/policy';
import { complain } from '../complain.ts';
import { readyMadePolicies } from '../ready-made-policies.ts';

export interface RunOptions {
  readonly policy: string;
  readonly server?: string;
  /** Program and arguments; empty: what the policy says for `server`. */
  readonly command: readonly string[];
  /** Bytes. */
  readonly maxMessage: number;
}

/** What the gateway is started with. */
interface Plan {
  readonly command: readonly string[];
  readonly cwd?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly restart: 'never' | 'on-crash';
  readonly maxMessageBytes: number;
}

/** Runs the stdio gateway until the server or the client is gone. Returns the exit code. */
export async function run(options: RunOptions): Promise<number> {
  if (!existsSync(options.policy)) {
    complain(
      `${options.policy} is not there, and without a policy nothing is permitted; ` +
        'write one with "sallyport init -- <command>", or name one with --policy',
    );
    return 2;
  }
  // Loaded when it is needed, which is after the server was started: the two then start side by side.
  const start = async (): Promise<LiveGuard> => {
    const { LiveGuard: Live } = await import('@sallyport/policy');
    return Live.start({
      path: options.policy,
      server: options.server,
      readyMade: readyMadePolicies(),
      log: complain,
    });
  };
  try {
    return options.command.length > 0 ? await runGiven(options, start) : await runNamed(options, start);
  } catch (error) {
    complain(`not started:\n${(error as Error).message}`);
    return (error as Error).name === 'PolicyError' ? 2 : 1;
  }
}

/** The server starts while the policy is read; nothing reaches it before the guard is there. */
function runGiven(options: RunOptions, start: () => Promise<LiveGuard>): Promise<number> {
  const { command, maxMessage: maxMessageBytes } = options;
  const plan: Plan = { command, env: process.env, restart: 'never', maxMessageBytes };
  return serve(plan, start());
}

async function runNamed(options: RunOptions, start: () => Promise<LiveGuard>): Promise<number> {
  const { loadPolicy } = await import('@sallyport/policy');
  const { servers } = await loadPolicy(options.policy, { readyMade: readyMadePolicies() });
  const names = [...servers.keys()];
  const entry = servers.get(options.server ?? '');
  if (entry === undefined) {
    const known =
      names.length > 0 ? `the policy has --server ${names.join(', ')}` : 'the policy names no servers';
    const missing = options.server === undefined ? 'no command' : `no command for "${options.server}"`;
    complain(`${missing}: put one after --, or name a server; ${known}`);
    return 2;
  }
  const env = { ...process.env, ...resolveEnv(entry.env ?? {}) };
  const { command, cwd, restart = 'never' } = entry;
  return serve({ command, cwd, env, restart, maxMessageBytes: options.maxMessage }, start());
}

async function serve(
  { command, cwd, env, restart, maxMessageBytes }: Plan,
  starting: Promise<LiveGuard>,
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
  try {
    const { code, reason, message } = await runStdioGateway({
      command: program,
      args,
      env,
      ...(cwd !== undefined && { cwd }),
      maxMessageBytes,
      restart: { mode: restart },
      guard: started,
      signals: ['SIGINT', 'SIGTERM', 'SIGQUIT'],
      log: logEvent,
    });
    if (reason === 'server_exited' || reason === 'server_not_started') complain(message);
    return code;
  } finally {
    process.off('SIGHUP', reload);
    await started.then(
      (guard) => guard.close(),
      () => undefined,
    );
  }
}

/** `env:NAME` copies another variable; one that is not set is an error, not an empty value. */
function resolveEnv(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      if (!value.startsWith('env:')) return [name, value];
      const copied = process.env[value.slice(4)];
      if (copied === undefined)
        throw new Error(`${name} is to be copied from ${value}, which is not set; set it.`);
      return [name, copied];
    }),
  );
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
      complain(`the server ended and is started again in ${event.delayMs} ms (restart ${event.restarts})`);
      break;
    case 'handshake_failed':
      complain(`the new server did not take up the session (${event.why})`);
      break;
    case 'server_started':
    case 'server_not_started':
    case 'server_exited':
    case 'stopping':
    case 'signal_sent':
      break;
  }
}
