import type { Readable, Writable } from 'node:stream';
import { type Guard, isJsonObject } from '@sallyport/core';
import type { Log } from './gateway-event.ts';
import { RestartBudget, type RestartPolicy } from './restart-policy.ts';
import type { ServerCommand, ServerEnvironment } from './start-server.ts';

export interface StdioGatewayOptions {
  /** The server's program: a path, or a name that is looked up in `env.PATH`. No shell reads it. */
  readonly command: string;
  /** Default: none. */
  readonly args?: readonly string[];
  /**
   * The whole environment of the server. Nothing is inherited, so that the gateway's own secrets stay here. A
   * function is called before each start, and bounds its own time; the server is not started before it has
   * answered. What it throws or rejects with before the first start is what `runStdioGateway` rejects with;
   * before a later one it counts as a start that failed, except that a restart which was asked for leaves the
   * old server running.
   */
  readonly env: ServerEnvironment | (() => ServerEnvironment | Promise<ServerEnvironment>);
  /** Default: the gateway's working directory. */
  readonly cwd?: string;
  /**
   * What every message passes. A promise lets the server start while the guard is still being built;
   * nothing is read from either side before it is there, and when it rejects, the server is ended.
   */
  readonly guard: Guard | Promise<Guard>;
  /** Default: this process' stdin and stdout. */
  readonly client?: { readonly input: Readable; readonly output: Writable };
  /**
   * Where the server's stderr goes, byte for byte. Default: this process' stderr, inherited without a copy. It
   * then blocks for this process as well: while nobody reads it, what this process writes to it stops everything.
   * Give a stream where that can happen, one that takes what it is given or drops it: the server waits for it.
   */
  readonly stderr?: Writable;
  /** Longest message in either direction, in bytes. Default: 16 MiB. */
  readonly maxMessageBytes?: number;
  /** Deepest nesting of a message. Default: 512. */
  readonly maxDepth?: number;
  /** Default: a server that ends is not started again. */
  readonly restart?: RestartPolicy;
  /**
   * Called once, before the first start, with what restarts the server in order: for a new `env`. Calls go
   * on: the old server answers what it has, the new one gets what comes meanwhile. It needs no `restart`
   * policy and takes nothing from one. Calls of it that come while a restart is under way lead to one further
   * restart. It never rejects. True: a server is there that was started with an environment asked for after
   * the call. False: there was no environment, and the old server goes on; or the gateway is ending.
   */
  readonly restartOn?: (restart: () => Promise<boolean>) => void;
  /**
   * Longest wait, in milliseconds, for the old server to answer what it has, before a restart that was asked
   * for; then it is refused. Default: 30,000.
   */
  readonly restartDrainMs?: number;
  /**
   * Longest wait, in milliseconds, at each step of the shutdown: open calls, stdin closed, SIGTERM,
   * SIGKILL. Default: 1,500.
   */
  readonly shutdownGraceMs?: number;
  /** Longest wait, in milliseconds, for a restarted server to repeat the handshake. Default: 30,000. */
  readonly handshakeTimeoutMs?: number;
  /** Aborting it ends the server in order. */
  readonly signal?: AbortSignal;
  /**
   * Signals of this process that end the server in order; a second one shortens the wait. Default: SIGINT
   * and SIGTERM. They are listened to until the promise settles.
   */
  readonly signals?: readonly NodeJS.Signals[];
  /** The operational log. Default: none. */
  readonly log?: Log;
}

/** The options, checked, with their defaults. */
export interface Settings {
  readonly server: ServerCommand;
  /** Rejects rather than leave the server without an environment. */
  readonly environment: () => Promise<ServerEnvironment>;
  readonly guard: Guard | Promise<Guard>;
  readonly client: { readonly input: Readable; readonly output: Writable };
  readonly stderr: Writable | 'inherit';
  readonly maxMessageBytes: number;
  readonly maxDepth: number;
  readonly highWaterMark: number;
  readonly restarts: RestartBudget;
  readonly restartOn: (restart: () => Promise<boolean>) => void;
  readonly drainMs: number;
  readonly graceMs: number;
  readonly handshakeTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly signals: readonly NodeJS.Signals[];
  readonly log: Log;
}

/** What may wait for a slow side before the other side has to wait too. */
const HIGH_WATER_MARK = 1024 * 1024;

/** @throws TypeError an option that cannot be used, with what to write instead */
export function settingsOf(options: StdioGatewayOptions): Settings {
  if (options.command === '')
    throw new TypeError('command is empty; write the program to run, such as "npx".');
  return {
    server: {
      command: options.command,
      args: options.args ?? [],
      cwd: options.cwd,
    },
    environment: environmentOf(options.env),
    guard: options.guard,
    client: options.client ?? { input: process.stdin, output: process.stdout },
    stderr: options.stderr ?? 'inherit',
    maxMessageBytes: positive('maxMessageBytes', options.maxMessageBytes ?? 16 * 1024 * 1024),
    maxDepth: positive('maxDepth', options.maxDepth ?? 512),
    highWaterMark: HIGH_WATER_MARK,
    restarts: new RestartBudget(options.restart ?? {}),
    restartOn: options.restartOn ?? (() => undefined),
    drainMs: duration('restartDrainMs', options.restartDrainMs ?? 30_000),
    graceMs: duration('shutdownGraceMs', options.shutdownGraceMs ?? 1_500),
    handshakeTimeoutMs: duration('handshakeTimeoutMs', options.handshakeTimeoutMs ?? 30_000),
    signal: options.signal,
    signals: options.signals ?? ['SIGINT', 'SIGTERM'],
    log: options.log ?? (() => undefined),
  };
}

function environmentOf(env: StdioGatewayOptions['env']): () => Promise<ServerEnvironment> {
  return async () => {
    const given: unknown = typeof env === 'function' ? env() : env;
    // A promise in place of a function would pass for a record without members.
    const environment = await given;
    if (isJsonObject(environment)) return environment as ServerEnvironment;
    throw new TypeError(
      'env must be, or return, a record of names and values, such as { PATH: "/usr/bin" }.',
    );
  };
}

function positive(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new TypeError(`${name} must be a whole number above 0.`);
}

function duration(name: string, value: number): number {
  // A timer that is set for longer fires at once.
  if (!(value >= 2 ** 31)) return positive(name, value);
  throw new TypeError(`${name} must be below 2147483648, which is 24 days in milliseconds.`);
}
