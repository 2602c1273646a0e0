import type { Readable, Writable } from 'node:stream';
import type { Guard } from '@sallyport/core';
import type { Log } from './gateway-event.ts';
import { RestartBudget, type RestartPolicy } from './restart-policy.ts';
import type { ServerCommand } from './start-server.ts';

export interface StdioGatewayOptions {
  /** The server's program: a path, or a name that is looked up in `env.PATH`. No shell reads it. */
  readonly command: string;
  /** Default: none. */
  readonly args?: readonly string[];
  /**
   * The whole environment of the server. Nothing is inherited, so that the gateway's own secrets stay here.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
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
   * Where the server's stderr goes, byte for byte. Default: this process' stderr, inherited without a copy.
   */
  readonly stderr?: Writable;
  /** Longest message in either direction, in bytes. Default: 16 MiB. */
  readonly maxMessageBytes?: number;
  /** Deepest nesting of a message. Default: 512. */
  readonly maxDepth?: number;
  /** Default: a server that ends is not started again. */
  readonly restart?: RestartPolicy;
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
  readonly guard: Guard | Promise<Guard>;
  readonly client: { readonly input: Readable; readonly output: Writable };
  readonly stderr: Writable | 'inherit';
  readonly maxMessageBytes: number;
  readonly maxDepth: number;
  readonly highWaterMark: number;
  readonly restarts: RestartBudget;
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
      env: options.env,
      cwd: options.cwd,
    },
    guard: options.guard,
    client: options.client ?? { input: process.stdin, output: process.stdout },
    stderr: options.stderr ?? 'inherit',
    maxMessageBytes: positive('maxMessageBytes', options.maxMessageBytes ?? 16 * 1024 * 1024),
    maxDepth: positive('maxDepth', options.maxDepth ?? 512),
    highWaterMark: HIGH_WATER_MARK,
    restarts: new RestartBudget(options.restart ?? {}),
    graceMs: positive('shutdownGraceMs', options.shutdownGraceMs ?? 1_500),
    handshakeTimeoutMs: positive('handshakeTimeoutMs', options.handshakeTimeoutMs ?? 30_000),
    signal: options.signal,
    signals: options.signals ?? ['SIGINT', 'SIGTERM'],
    log: options.log ?? (() => undefined),
  };
}

function positive(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new TypeError(`${name} must be a whole number above 0.`);
}
