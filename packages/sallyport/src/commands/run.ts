import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { RevealedSecrets } from '@sallyport/core';
import { runStdioGateway } from '@sallyport/gateway';
import type { LiveGuard } from '@sallyport/policy';
import { complain } from '../complain.ts';
import { concealing, ended } from '../concealing.ts';
import { inheritedEnv } from '../inherited-env.ts';
import { OperationalLog } from '../operational-log.ts';
import { gatewayEntry } from '../operational-log/gateway-entry.ts';
import { type LogOptions, readLogSettings } from '../operational-log/log-settings.ts';
import type { LineTarget } from '../operational-log/log-stream.ts';
import { ServerOutput } from '../operational-log/server-output.ts';
import { takeStandardError } from '../operational-log/standard-error.ts';
import { readyMadePolicies } from '../ready-made-policies.ts';
import type { EnvEntries } from '../server-env.ts';

export interface RunOptions extends LogOptions {
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

/** What every step of a run uses. */
interface Means {
  readonly log: OperationalLog;
  readonly revealed: RevealedSecrets;
  /** Standard error, of all that write to it. */
  readonly target: LineTarget;
}

/** Whether a policy may name variables that are ours alone. That of `subject` is none of them. */
const NAMES_VARIABLES = /secrets|extends|(?<!subject:\s*["']?)env:/;

/** A guard that is still being built at the end gets so many milliseconds to be there, so that it can be closed in order. */
const OPEN_MS = 5000;
/** All that a guard closes has shorter bounds of its own; this one is for a disk that does not answer. */
const CLOSE_MS = 30_000;

/** Runs the stdio gateway until the server or the client is gone. Returns the exit code. */
export async function run(options: RunOptions): Promise<number> {
  const target = takeStandardError();
  const settings = readLogSettings(options, process.env);
  if (typeof settings === 'string') {
    complain(settings);
    return 2;
  }
  const revealed = new RevealedSecrets();
  const log = new OperationalLog({ ...settings, server: options.server, revealed, target });
  beCareful(log);
  try {
    return await runLogged(options, { log, revealed, target });
  } finally {
    // The process ends with this: a line that still waits would never be read.
    await log.close();
  }
}

async function runLogged(options: RunOptions, means: Means): Promise<number> {
  const { log, revealed } = means;
  const text = readPolicy(options.policy);
  if (text === undefined) {
    const message =
      `${options.policy} is not there, and without a policy nothing is permitted; ` +
      'write one with "sallyport init -- <command>", or name one with --policy';
    log.write({ level: 'error', event: 'policy_missing', message });
    return 2;
  }
  const given = options.env === undefined ? {} : (await import('../server-env.ts')).readEntries(options.env);
  if (typeof given === 'string') {
    log.write({ level: 'error', event: 'env_unreadable', message: given });
    return 2;
  }
  // Loaded when it is needed, which is after the server was started: the two then start side by side.
  const start = async (): Promise<LiveGuard> => {
    const { LiveGuard: Live } = await import('@sallyport/policy');
    return Live.start({
      path: options.policy,
      server: options.server,
      readyMade: readyMadePolicies(),
      log: (entry) => log.write(entry),
      revealed,
    });
  };
  try {
    if (options.command.length === 0) return await runNamed(options, given, start, means);
    const { command, onRotation = 'keep', maxMessage: maxMessageBytes } = options;
    const plan: Plan = { command, env: given, restart: restartFor(onRotation), onRotation, maxMessageBytes };
    // Variables that no server may have are known to the policy alone; one that cannot be read may name some.
    const isPlain = text !== '' && Object.keys(given).length === 0 && !NAMES_VARIABLES.test(text);
    return await serve(plan, start(), isPlain, means);
  } catch (error) {
    const { name, message } = error as Error;
    log.write({ level: 'error', event: 'not_started', message: `not started:\n${message}` });
    return name === 'PolicyError' ? 2 : 1;
  }
}

async function runNamed(
  options: RunOptions,
  given: EnvEntries,
  start: () => Promise<LiveGuard>,
  means: Means,
): Promise<number> {
  const { loadPolicy } = await import('@sallyport/policy');
  const { servers, secrets } = await loadPolicy(options.policy, { readyMade: readyMadePolicies() });
  const names = [...servers.keys()];
  const entry = servers.get(options.server ?? '');
  if (entry === undefined) {
    const known =
      names.length > 0 ? `the policy has --server ${names.join(', ')}` : 'the policy names no servers';
    const missing = options.server === undefined ? 'no command' : `no command for "${options.server}"`;
    const message = `${missing}: put one after --, or name a server; ${known}`;
    means.log.write({ level: 'error', event: 'no_command', message });
    return 2;
  }
  const { command, cwd } = entry;
  const onRotation = options.onRotation ?? entry.onRotation ?? 'keep';
  const restart = entry.restart ?? restartFor(onRotation);
  const env = { ...entry.env, ...given };
  const plan: Plan = { command, cwd, env, restart, onRotation, maxMessageBytes: options.maxMessage };
  const { referencesIn } = await import('../server-env.ts');
  const isPlain = referencesIn(env).length === 0 && secrets.references.length === 0;
  return serve(plan, start(), isPlain, means);
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
  means: Means,
): Promise<number> {
  const { log } = means;
  const [program = '', ...args] = command;
  // Before the guard is there, there is nothing to reload; if it never comes, the start says why.
  const reload = (): void =>
    void starting.then(
      (guard) => guard.reload(),
      () => false,
    );
  process.on('SIGHUP', reload);
  // Until the gateway asks for the guard, a policy that cannot be used must not count as unhandled.
  starting.catch(() => undefined);
  const started = starting.then((guard) => {
    for (const { file, line, column, message } of guard.policy.warnings) {
      log.write({
        level: 'warn',
        event: 'policy_warning',
        message: `${file}:${line}:${column} warning: ${message}`,
        detail: { file, line, column },
      });
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
        log: (entry) => log.write(entry),
        env: process.env,
      });
  const output = new ServerOutput({
    target: means.target,
    onDropped: (count) => {
      const message = `${count} lines of the server were dropped, because nobody took them`;
      log.write({ level: 'warn', event: 'server_lines_dropped', message, detail: { count } });
    },
  });
  // A server may log what it was given.
  const serverLog = isPlain ? output : concealed(output, means.revealed);
  try {
    const { code, reason, message } = await runStdioGateway({
      command: program,
      args,
      ...(cwd !== undefined && { cwd }),
      ...(secrets === undefined
        ? { env: { ...inheritedEnv(process.env), ...(env as Record<string, string>) } }
        : {
            env: secrets.lookUp,
            // Without a guard there is no server either, and the gateway says so.
            restartOn: (again) => void secrets.watch(again).catch(() => undefined),
          }),
      // Never our own: a server that shares it could make it block, and then nothing here goes on.
      stderr: serverLog,
      maxMessageBytes,
      restart: { mode: restart },
      guard: started,
      signals: ['SIGINT', 'SIGTERM', 'SIGQUIT'],
      log: (event) => {
        log.write(gatewayEntry(event));
        // From here on the server is starting, and what loads a logger makes nobody wait for it.
        if (event.event === 'server_started') void log.open();
      },
    });
    // A client that was gone before the secrets were there must not hide that they are not.
    if (secrets?.failure !== undefined) throw secrets.failure;
    const isOrderly = reason !== 'server_exited' && reason !== 'server_not_started';
    const level = isOrderly ? 'debug' : code === 0 ? 'info' : 'error';
    log.write({ level, event: 'gateway_ended', message, detail: { reason, code } });
    return code;
  } finally {
    secrets?.end();
    // The last line of a server that ends in the middle of one is often the one that says why.
    await ended(serverLog);
    await ended(output);
    process.off('SIGHUP', reload);
    // A second signal ends the process at once: nobody listens to them any more.
    const guard = await within(
      OPEN_MS,
      started.catch(() => undefined),
    );
    if (
      guard !== undefined &&
      (await within(
        CLOSE_MS,
        guard.close().then(() => true),
      )) === undefined
    ) {
      const message = `the guard was not closed within ${CLOSE_MS} ms, and is given up`;
      log.write({ level: 'error', event: 'close_given_up', message });
    }
  }
}

function concealed(output: Writable, revealed: RevealedSecrets): Writable {
  const stream = concealing(revealed);
  // What comes after the end is lost, and ends nothing else.
  output.on('error', () => undefined);
  stream.pipe(output);
  return stream;
}

/** What a promise resolves with, or undefined when that takes too long. @throws what it is rejected with */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
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
function beCareful(log: OperationalLog): void {
  // Node >= 22.13 (https://nodejs.org/api/report.html); before it, a report lists the environment.
  if (process.report !== undefined) Object.assign(process.report, { excludeEnv: true });
  process.on('uncaughtException', (error) => log.crash(error, () => process.exit(70)));
}
