import { type Guard, guardTransport, Refusal } from '@sallyport/core';
import { Bridge } from './bridge.ts';
import { ClientTransport } from './client-transport.ts';
import { DropCounter } from './gateway-event.ts';
import { exitCodeOf, type ServerEnd, sentenceOf } from './server-end.ts';
import { ServerLives } from './server-lives.ts';
import { type Settings, settingsOf, type StdioGatewayOptions } from './stdio-gateway-options.ts';
import { UnreadableMessages } from './unreadable-messages.ts';

/** How the gateway ended; by then the server and all it started are gone. */
export interface GatewayExit {
  /**
   * What the process should exit with: 0 after an orderly shutdown, 1 when the client stopped taking
   * output, otherwise the server's own code, 128 + n after signal n, 127 or 126 when it could not be
   * started.
   */
  readonly code: number;
  readonly reason: 'client_closed' | 'client_gone' | 'stopped' | 'server_exited' | 'server_not_started';
  /** One sentence for the operator. */
  readonly message: string;
  readonly restarts: number;
}

/**
 * Runs a stdio server behind a guard: the client speaks to this process, this process to the server, and
 * every message passes the guard. Settles when the server is gone; the caller then exits with `code`.
 *
 * @throws TypeError an option that cannot be used; what the promise of a guard was rejected with; what `env`
 *   threw or was rejected with before the first start
 */
export async function runStdioGateway(options: StdioGatewayOptions): Promise<GatewayExit> {
  const settings = settingsOf(options);
  const gateway = new StdioGateway(settings);
  const stop = (): void => gateway.stop();
  for (const signal of settings.signals) process.on(signal, stop);
  settings.signal?.addEventListener('abort', stop);
  try {
    if (settings.signal?.aborted === true) stop();
    return await gateway.run();
  } finally {
    for (const signal of settings.signals) process.off(signal, stop);
    settings.signal?.removeEventListener('abort', stop);
  }
}

type StopReason = 'client_closed' | 'client_gone' | 'stopped' | 'guard_failed';

/** How long a client that has asked nothing yet may take to ask, and be told that there is no server. */
const FIRST_REQUEST_MS = 1_000;

class StdioGateway {
  readonly #settings: Settings;
  readonly #client: ClientTransport;
  readonly #bridge: Bridge;
  readonly #lives: ServerLives;
  readonly #unreadable: UnreadableMessages;
  #guard: Guard | undefined;
  #opening: Promise<void> | undefined;
  /** What the guard or the environment could not be had for. */
  #failure: { readonly thrown: unknown } | undefined;
  #stopping: StopReason | undefined;
  /** Why the server is not read: the client takes no more, or the guard has enough to do. */
  readonly #serverPaused = new Set<'starting' | 'client' | 'guard'>(['starting']);
  #finished = false;
  #resolve: (exit: GatewayExit) => void = () => undefined;
  readonly #exit: Promise<GatewayExit> = new Promise((resolve) => {
    this.#resolve = resolve;
  });
  #wake: () => void = () => undefined;
  readonly #stopped: Promise<void> = new Promise((resolve) => {
    this.#wake = resolve;
  });

  constructor(settings: Settings) {
    this.#settings = settings;
    const { maxMessageBytes, maxDepth, highWaterMark } = settings;
    const { drop } = new DropCounter(settings.log);
    this.#client = new ClientTransport({
      ...settings.client,
      maxMessageBytes,
      maxDepth,
      highWaterMark,
      onUnreadable: (what) => this.#unreadable.fromClient(what),
      onEnd: () => this.#stop('client_closed'),
      onBroken: () => this.#stop('client_gone'),
      onFull: () => this.#pauseServer('client'),
      onDrain: () => this.#resumeServer('client'),
    });
    this.#bridge = new Bridge(
      {
        drop,
        failed: (count) => settings.log({ event: 'requests_failed', count }),
        handshakeFailed: (why) => this.#lives.handshakeFailed(why),
        handshakeDone: () => this.#lives.handshakeDone(),
        held: () => this.#client.pause('held'),
        released: () => this.#client.resume('held'),
        guardFull: () => this.#pauseServer('guard'),
        guardDrained: () => this.#resumeServer('guard'),
      },
      highWaterMark,
    );
    this.#lives = new ServerLives(settings, this.#bridge, {
      unreadable: (what) => this.#unreadable.fromServer(what),
      full: () => this.#client.pause('server'),
      drained: () => this.#client.resume('server'),
      ended: (end, thrown) => {
        this.#failure ??= thrown;
        this.#finish(end);
      },
    });
    this.#unreadable = new UnreadableMessages({
      client: this.#client,
      bridge: this.#bridge,
      limits: settings,
      drop,
      report: (refusal, direction) => this.#guard?.report(refusal, { direction, server: this.#guard.server }),
    });
  }

  async run(): Promise<GatewayExit> {
    if (this.#stopping === undefined) {
      this.#settings.restartOn(this.#lives.restart);
      this.#lives.start();
      this.#awaitGuard();
    }
    const settled = await this.#exit;
    if (this.#failure !== undefined) throw this.#failure.thrown;
    return settled;
  }

  #awaitGuard(): void {
    const { guard } = this.#settings;
    if (!('then' in guard)) {
      this.#open(guard);
      return;
    }
    this.#opening = guard.then(
      (built) => this.#open(built),
      (thrown: unknown) => {
        this.#failure ??= { thrown };
        this.#stop('guard_failed');
      },
    );
  }

  /** The first time: ends the server in order. Every further time: the next step at once. */
  stop(): void {
    if (this.#stopping === undefined) this.#stop('stopped');
    else this.#lives.advance();
  }

  /** The guard is there: from now on both sides are read. */
  #open(guard: Guard): void {
    if (this.#stopping !== undefined) return;
    this.#guard = guard;
    const guarded = guardTransport(this.#client, guard);
    this.#bridge.connect((message) => guarded.send(message));
    guarded.onmessage = this.#bridge.fromClient as (message: unknown) => void;
    guarded.onclose = () => undefined;
    void guarded.start();
    this.#resumeServer('starting');
  }

  #stop(reason: StopReason): void {
    if (this.#stopping !== undefined) return;
    this.#stopping = reason;
    this.#settings.log({ event: 'stopping', reason });
    this.#wake();
    if (reason === 'client_gone') {
      // It would otherwise wait for room that never comes, and not be seen to end.
      this.#serverPaused.clear();
      this.#lives.resume();
    }
    const end = (): void => {
      this.#bridge.refuse(new Refusal('unavailable', 'The gateway is shutting down.'));
      this.#lives.close();
    };
    // A client that closes its input may still read; what it had asked by then is carried out.
    if (reason === 'client_closed' && this.#lives.expected) {
      this.#lives.retire();
      void this.#client.whenIdle(this.#settings.graceMs).then(end);
    } else end();
  }

  /** The server is gone for good: whoever waits is told, and the client gets what is left for it. */
  #finish(end: ServerEnd | undefined): void {
    if (this.#finished) return;
    this.#finished = true;
    void this.#conclude(end).then(this.#resolve);
  }

  async #conclude(end: ServerEnd | undefined): Promise<GatewayExit> {
    const message = end === undefined ? 'The server was not running.' : sentenceOf(end);
    this.#bridge.close(new Refusal('unavailable', message));
    this.#client.resume('server');
    const { graceMs } = this.#settings;
    if (this.#stopping === undefined) await Promise.race([this.#opening, this.#stopped]);
    if (this.#stopping === undefined) await this.#client.whenAnswered(FIRST_REQUEST_MS);
    await this.#client.whenIdle(graceMs);
    await this.#client.whenFlushed(graceMs);
    await this.#client.close();
    const { restarts } = this.#lives;
    const stopped = this.#stopping;
    // A server that never started is worth telling, whoever left meanwhile.
    if (stopped === undefined || stopped === 'guard_failed' || end?.kind === 'not_started') {
      const code = end === undefined ? 1 : exitCodeOf(end);
      const reason = end?.kind === 'not_started' ? 'server_not_started' : 'server_exited';
      return { code, reason, message, restarts };
    }
    return { code: stopped === 'client_gone' ? 1 : 0, reason: stopped, message, restarts };
  }

  #pauseServer(reason: 'client' | 'guard'): void {
    this.#serverPaused.add(reason);
    this.#lives.pause();
  }

  #resumeServer(reason: 'starting' | 'client' | 'guard'): void {
    if (this.#serverPaused.delete(reason) && this.#serverPaused.size === 0) this.#lives.resume();
  }
}
