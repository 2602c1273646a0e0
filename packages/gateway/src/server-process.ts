import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import { MessageReader, type MessageSink, type ReadLimits } from './message-reader.ts';
import { MessageWriter } from './message-writer.ts';
import { ProcessGroup } from './process-group.ts';
import type { ServerEnd, ServerFault } from './server-end.ts';
import {
  passThrough,
  type ServerCommand,
  type ServerEnvironment,
  startServer,
  whyNotStarted,
} from './start-server.ts';

export interface ServerProcessOptions extends ReadLimits {
  readonly server: ServerCommand;
  readonly env: ServerEnvironment;
  /** Where its stderr goes; `inherit` for our own, without a copy. */
  readonly stderr: Writable | 'inherit';
  readonly highWaterMark: number;
  /** How long it may take to follow a polite request before it gets a firmer one. */
  readonly graceMs: number;
}

export interface ServerProcessEvents extends MessageSink {
  /** It does not take what it is sent as fast as it comes. */
  full(): void;
  drained(): void;
  /** Nothing more will come from it; it may still run. */
  silent(): void;
  signalled(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** It and what it started are gone. Called once, last, also when it could not be started. */
  ended(end: ServerEnd): void;
}

const POLL_MS = 20;

/** One life of the server: from its start to the moment when nothing of it is left. */
export class ServerProcess {
  readonly #events: ServerProcessEvents;
  readonly #graceMs: number;
  readonly #child: ChildProcess | undefined;
  readonly #group: ProcessGroup | undefined;
  readonly #writer: MessageWriter | undefined;
  #stage: 'running' | 'stdin closed' | 'SIGTERM' | 'SIGKILL' = 'running';
  #fault: ServerFault | undefined;
  #exited = false;
  #hurry = false;
  #silent = false;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ServerProcessOptions, events: ServerProcessEvents) {
    this.#events = events;
    this.#graceMs = options.graceMs;
    const child = startServer(options.server, options.env, options.stderr);
    if (!(child instanceof Error)) {
      this.#child = child;
      child.once('error', (error) => this.#notStarted(error, options.server.cwd));
    }
    if (child instanceof Error || child.stdin === null || child.stdout === null) {
      const error = child instanceof Error ? child : new Error('The server has no pipes.');
      // Events come when whoever made this has it in hand.
      process.nextTick(() => this.#notStarted(error, options.server.cwd));
      return;
    }
    this.#group = new ProcessGroup(child);
    this.#writer = new MessageWriter(child.stdin, {
      highWaterMark: options.highWaterMark,
      onFull: () => events.full(),
      onDrain: () => events.drained(),
      onBroken: () => this.#useless('stdin_closed'),
    });
    const { stdout, stderr } = child;
    const reader = new MessageReader(events, options);
    // Until `resume`: whoever made this may not be ready yet.
    stdout.pause();
    stdout.on('data', (chunk: Buffer) => reader.push(chunk));
    stdout.once('end', () => reader.end());
    stdout.once('error', () => this.#quiet());
    stdout.once('close', () => this.#quiet());
    if (stderr !== null && options.stderr !== 'inherit') passThrough(stderr, options.stderr);
    child.once('exit', () => this.#leaderExited());
    child.once('close', (code, signal) => this.#finish(code, signal));
    process.once('exit', this.#killNow);
  }

  /** Undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  write(line: string): void {
    this.#writer?.write(line);
  }

  pause(): void {
    this.#child?.stdout?.pause();
  }

  resume(): void {
    this.#child?.stdout?.resume();
  }

  /** It is of no use: ends it, and counts as a crash. */
  fail(fault: ServerFault): void {
    this.#useless(fault);
  }

  /** Begins its orderly end, unless that has begun. */
  close(): void {
    this.#hurry = true;
    if (this.#stage === 'running' && !this.#exited) this.#step();
  }

  /**
   * One step further towards its end (MCP, basic/lifecycle, "Shutdown", stdio): close its stdin, then
   * SIGTERM, then SIGKILL. The next step follows by itself after the grace period.
   */
  advance(): void {
    this.#hurry = true;
    if (this.#exited) this.#sweep();
    else this.#step();
  }

  #step(): void {
    clearTimeout(this.#timer);
    if (this.#stage === 'running') {
      this.#stage = 'stdin closed';
      this.#writer?.end();
    } else {
      this.#terminate(this.#stage === 'stdin closed' ? 'SIGTERM' : 'SIGKILL');
    }
    if (this.#stage !== 'SIGKILL') this.#timer = setTimeout(() => this.#step(), this.#graceMs);
  }

  #terminate(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#stage = signal;
    this.#writer?.end();
    this.#events.signalled(signal);
    this.#group?.signal(signal);
  }

  #useless(fault: ServerFault): void {
    if (this.#exited || this.#stage !== 'running') return;
    this.#fault = fault;
    this.#step();
  }

  #quiet(): void {
    if (this.#silent || this.#ended) return;
    this.#silent = true;
    this.#events.silent();
    this.#useless('stdout_closed');
  }

  #leaderExited(): void {
    this.#exited = true;
    clearTimeout(this.#timer);
    // A pipe that closes is mostly the first sign of an exit; then it is the exit that counts.
    const byItself = this.#stage === 'running' || this.#stage === 'stdin closed';
    if (byItself && this.#fault !== 'handshake_failed') this.#fault = undefined;
    this.#writer?.release();
    // What it started may have survived it, and would hold the pipes open.
    if (this.#group?.alive === true) {
      this.#terminate('SIGTERM');
      this.#awaitGroup(Math.ceil(this.#graceMs / POLL_MS));
    } else {
      this.#awaitPipes();
    }
  }

  #awaitGroup(polls: number): void {
    this.#timer = setTimeout(() => {
      if (this.#group?.alive !== true) this.#awaitPipes();
      else if (polls > 0) this.#awaitGroup(polls - 1);
      else this.#sweep();
    }, POLL_MS);
  }

  /** The leader is gone, and the rest had its time. */
  #sweep(): void {
    clearTimeout(this.#timer);
    if (this.#ended) return;
    if (this.#group?.alive === true) this.#terminate('SIGKILL');
    this.#awaitPipes();
  }

  /** All that is left is to read what it wrote, unless a process that left the group keeps the pipes open. */
  #awaitPipes(): void {
    this.#timer = setTimeout(() => {
      const { stdout, stderr } = this.#child ?? {};
      // While the client is slow, there is still something to read.
      if (stdout?.isPaused() === true && !this.#hurry) {
        this.#awaitPipes();
        return;
      }
      stdout?.destroy();
      stderr?.destroy();
    }, this.#graceMs);
  }

  #notStarted(error: Error, cwd: string | undefined): void {
    if (this.#child?.pid !== undefined) return;
    this.#end({ kind: 'not_started', why: whyNotStarted(error, cwd) });
  }

  #finish(code: number | null, signal: NodeJS.Signals | null): void {
    const fault = this.#fault;
    this.#end({ kind: 'exited', code: code ?? undefined, signal: signal ?? undefined, fault });
  }

  #end(end: ServerEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    process.off('exit', this.#killNow);
    this.#events.ended(end);
  }

  /** Our own process ends without having waited: nothing may be left behind. */
  readonly #killNow = (): void => this.#group?.signal('SIGKILL');
}
