import type { Bridge } from './bridge.ts';
import { isCrash, type ServerEnd, sentenceOf } from './server-end.ts';
import { ServerProcess } from './server-process.ts';
import type { ServerEnvironment } from './start-server.ts';
import type { Settings } from './stdio-gateway-options.ts';
import type { Unreadable } from './message-reader.ts';

export interface ServerLivesEvents {
  readonly unreadable: (what: Unreadable) => void;
  /** The server does not take what it is sent as fast as it comes. */
  readonly full: () => void;
  readonly drained: () => void;
  /**
   * There is no server, and will be none; called once, last. `end` is undefined when none was there to be
   * ended, `thrown` is what the environment was refused with before the first start.
   */
  readonly ended: (end: ServerEnd | undefined, thrown?: { readonly thrown: unknown }) => void;
}

/**
 * Starts the server, and starts it again: after a crash as the budget has it, and whenever that is asked for.
 */
export class ServerLives {
  readonly #settings: Settings;
  readonly #bridge: Bridge;
  readonly #events: ServerLivesEvents;
  /** `last`: what runs or is being started goes on, but nothing is started after it. */
  #stage: 'on' | 'last' | 'closing' = 'on';
  #server: ServerProcess | undefined;
  /** The server while it takes requests. */
  #up: ServerProcess | undefined;
  readonly #waitingForUp = new Set<(up: ServerProcess | undefined) => void>();
  /** The environment that a server is about to be started with is being put together. */
  #preparing = false;
  /** How often the environment was asked for. */
  #asked = 0;
  /** What the server that is drained or closed makes way for. */
  #successor: ServerEnvironment | undefined;
  #restarts = 0;
  #paused = true;
  /**
   * Of the wait before a start, for the handshake, or for the server to be drained: there is one at a time.
   */
  #timer: NodeJS.Timeout | undefined;
  #replacing: Promise<unknown> = Promise.resolve();
  #nextReplacing: Promise<boolean> | undefined;
  #noMore: () => void = () => undefined;
  readonly #last: Promise<void> = new Promise((resolve) => {
    this.#noMore = resolve;
  });

  constructor(settings: Settings, bridge: Bridge, events: ServerLivesEvents) {
    this.#settings = settings;
    this.#bridge = bridge;
    this.#events = events;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** Whether a server is there, or is only waiting for its environment. */
  get expected(): boolean {
    return this.#server !== undefined || this.#preparing;
  }

  start(): void {
    this.#preparing = true;
    const prepared = (): boolean => {
      this.#preparing = false;
      return this.#stage !== 'closing';
    };
    this.#ask().then(
      (environment) => prepared() && this.#launch(environment),
      (thrown: unknown) =>
        prepared() && this.#serverEnded({ kind: 'not_started', why: 'no_environment' }, { thrown }),
    );
  }

  /** See `restartOn`. */
  readonly restart = (): Promise<boolean> => {
    if (this.#stage !== 'on') return Promise.resolve(false);
    // One at a time; whoever asks before it begins shares it.
    this.#nextReplacing ??= this.#replacing.then(() => {
      this.#nextReplacing = undefined;
      return this.#replace();
    });
    this.#replacing = this.#nextReplacing;
    return this.#nextReplacing;
  };

  /** The client asks nothing more: there shall be no other server unless the present one is ended already. */
  retire(): void {
    if (this.#stage === 'on') this.#stage = 'last';
    this.#noMore();
    clearTimeout(this.#timer);
    if (this.#bridge.goOn()) this.#successor = undefined;
  }

  /** Ends the server in order; `ended` follows. */
  close(): void {
    if (this.#stage === 'closing') return;
    this.#stage = 'closing';
    this.#noMore();
    clearTimeout(this.#timer);
    if (this.#server === undefined) this.#finish(undefined);
    else this.#server.close();
  }

  /** The next step towards its end at once. */
  advance(): void {
    this.#server?.advance();
  }

  pause(): void {
    this.#paused = true;
    this.#server?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#server?.resume();
  }

  handshakeDone(): void {
    clearTimeout(this.#timer);
    this.#isUp();
  }

  handshakeFailed(why: 'refused' | 'other_version' | 'timeout'): void {
    clearTimeout(this.#timer);
    this.#settings.log({ event: 'handshake_failed', why });
    this.#server?.fail('handshake_failed');
  }

  #ask(): Promise<ServerEnvironment> {
    this.#asked += 1;
    return this.#settings.environment();
  }

  #launch(env: ServerEnvironment): void {
    const {
      server: command,
      stderr,
      maxMessageBytes,
      maxDepth,
      highWaterMark,
      graceMs,
      log,
    } = this.#settings;
    const server = new ServerProcess(
      { server: command, env, stderr, maxMessageBytes, maxDepth, highWaterMark, graceMs },
      {
        message: (value, size) => this.#bridge.fromServer(value, size),
        unreadable: this.#events.unreadable,
        full: this.#events.full,
        drained: this.#events.drained,
        silent: () => this.#bridge.detach(),
        signalled: (signal) => log({ event: 'signal_sent', signal }),
        ended: (end) => this.#serverEnded(end),
      },
    );
    this.#server = server;
    if (server.pid !== undefined) log({ event: 'server_started', pid: server.pid, restarts: this.#restarts });
    if (!this.#paused) server.resume();
    // A pipe that was full is gone with its server.
    this.#events.drained();
    if (this.#bridge.attach(server) === 'handshake') {
      this.#timer = setTimeout(() => this.handshakeFailed('timeout'), this.#settings.handshakeTimeoutMs);
    } else if (server.pid !== undefined) this.#isUp();
  }

  #isUp(): void {
    this.#up = this.#server;
    this.#tell(this.#up);
  }

  /** Settles with the server when it takes requests, with undefined when there will be none. */
  #whenUp(): Promise<ServerProcess | undefined> {
    if (this.#up !== undefined || this.#stage === 'closing') return Promise.resolve(this.#up);
    return new Promise((resolve) => {
      this.#waitingForUp.add(resolve);
    });
  }

  #tell(up: ServerProcess | undefined): void {
    for (const waiting of this.#waitingForUp) waiting(up);
    this.#waitingForUp.clear();
  }

  async #replace(): Promise<boolean> {
    const { log } = this.#settings;
    const asked = this.#asked;
    const old = await this.#whenUp();
    if (old === undefined || this.#stage !== 'on') return false;
    // It was started meanwhile, with an environment that is new enough.
    if (this.#asked > asked) return true;
    let successor: ServerEnvironment | void;
    try {
      // Before the old one is touched: without an environment for the next one, it goes on.
      successor = await Promise.race([this.#ask(), this.#last]);
    } catch {
      log({ event: 'restart_failed', why: 'no_environment' });
      return false;
    }
    if (successor === undefined || this.#stage !== 'on') return false;
    // When it crashed meanwhile, the next one is started with what was asked for even later.
    if (this.#up === old) await this.#drain(old, successor);
    return this.#stage === 'on' && (await this.#whenUp()) !== undefined;
  }

  /**
   * Settles when the old server is about to end, or has ended, or is to go on since there will be no other.
   */
  async #drain(old: ServerProcess, successor: ServerEnvironment): Promise<void> {
    const { log, drainMs } = this.#settings;
    this.#successor = successor;
    this.#up = undefined;
    const answered = this.#bridge.drain();
    log({ event: 'restart_requested', open: this.#bridge.open });
    let unanswered = 0;
    this.#timer = setTimeout(() => {
      unanswered = this.#bridge.open;
      this.#bridge.dismiss();
    }, drainMs);
    await answered;
    if (this.#server !== old || this.#stage !== 'on') return;
    clearTimeout(this.#timer);
    log({ event: 'server_drained', unanswered });
    this.#bridge.dismiss();
    old.close();
  }

  #serverEnded(end: ServerEnd, thrown?: { readonly thrown: unknown }): void {
    clearTimeout(this.#timer);
    this.#server = undefined;
    this.#up = undefined;
    const { log, restarts } = this.#settings;
    if (end.kind === 'not_started') {
      log({ event: 'server_not_started', why: end.why, message: sentenceOf(end) });
    } else {
      const { code, signal, fault } = end;
      log({ event: 'server_exited', code, signal, fault });
    }
    const successor = this.#successor;
    this.#successor = undefined;
    if (successor !== undefined && this.#stage !== 'closing') {
      this.#again('requested', 0);
      this.#launch(successor);
      return;
    }
    // A program that is not there now will not be there in a second, unless it was there before.
    const mayRestart = end.kind === 'exited' || this.#restarts > 0;
    const delayMs =
      this.#stage === 'on' && mayRestart && isCrash(end) ? restarts.next(performance.now()) : undefined;
    if (delayMs === undefined) {
      this.#finish(end, this.#restarts === 0 ? thrown : undefined);
      return;
    }
    this.#again('crash', delayMs);
    this.#timer = setTimeout(() => this.start(), delayMs);
  }

  #again(reason: 'crash' | 'requested', delayMs: number): void {
    this.#bridge.detach();
    this.#restarts += 1;
    this.#settings.log({ event: 'server_restarting', reason, restarts: this.#restarts, delayMs });
  }

  #finish(end: ServerEnd | undefined, thrown?: { readonly thrown: unknown }): void {
    this.#stage = 'closing';
    this.#noMore();
    this.#tell(undefined);
    this.#events.ended(end, thrown);
  }
}
