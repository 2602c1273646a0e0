import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager, type JetStreamManager, type StreamConfig } from '@nats-io/jetstream';
import { connect, type NatsConnection, nanos, type NodeConnectionOptions } from '@nats-io/transport-node';
import type { Arrived } from './receiver-contract.ts';
import { makeCertificates } from './certificates.ts';
import { answers, freePort } from './daemon.ts';
import { until } from './shipping-bench.ts';

/** Whether the real server is here; says so loudly when it is not. */
export function hasNats(): boolean {
  const here = spawnSync('nats-server', ['--version']).status === 0;
  if (!here)
    process.stderr.write(
      '\nSKIPPED: shipping to a real NATS server. Install it: apt-get install nats-server\n\n',
    );
  return here;
}

interface NatsSettings {
  /** More of the configuration. */
  readonly config?: (folder: string) => string;
  /** How the test itself connects. */
  readonly self?: (folder: string, port: number) => Partial<NodeConnectionOptions>;
  /** Null: no stream. */
  readonly stream?: Partial<StreamConfig> | null;
  readonly certificates?: boolean;
}

/** A real nats-server with JetStream, and a store that outlives it. */
export class NatsServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'sallyport-nats-'));
  readonly port: number;
  readonly #settings: NatsSettings;
  readonly #arrived: Arrived[] = [];
  #child: ChildProcess | undefined;
  #own: { readonly connection: NatsConnection; readonly manager: JetStreamManager } | undefined;
  #reading: Promise<void> = Promise.resolve();

  private constructor(port: number, settings: NatsSettings) {
    this.port = port;
    this.#settings = settings;
  }

  static async start(settings: NatsSettings = {}): Promise<NatsServer> {
    const server = new NatsServer(await freePort(), settings);
    if (settings.certificates === true) makeCertificates(server.folder);
    writeFileSync(
      join(server.folder, 'nats.conf'),
      `listen: "127.0.0.1:${server.port}"
jetstream { store_dir: "${server.folder}/store" }
${settings.config?.(server.folder) ?? ''}
`,
    );
    await server.start();
    if (settings.stream !== null) await server.addStream(settings.stream);
    return server;
  }

  file(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  async start(): Promise<void> {
    this.#child = spawn('nats-server', ['-c', join(this.folder, 'nats.conf')], { stdio: 'ignore' });
    await until(() => answers(this.port));
  }

  async addStream(config: Partial<StreamConfig> = {}): Promise<void> {
    const { streams } = await this.#manager();
    await streams.add({ name: 'AUDIT', subjects: ['audit.>'], duplicate_window: nanos(120_000), ...config });
  }

  /** How many messages the stream holds, repeats that it did not know included. */
  async messages(): Promise<number> {
    const { streams } = await this.#manager();
    return (await streams.info('AUDIT')).state.messages;
  }

  /** The messages of the stream; while the server is away, those that were seen. */
  async arrived(): Promise<readonly Arrived[]> {
    this.#reading = this.#reading.then(() => this.#read()).catch(() => undefined);
    await this.#reading;
    return this.#arrived;
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    this.#own = undefined;
    if (child === undefined) return;
    child.kill('SIGCONT');
    child.kill(signal);
    await once(child, 'exit');
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  async dispose(): Promise<void> {
    await this.#own?.connection.close();
    await this.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #read(): Promise<void> {
    if (this.#child === undefined) return;
    const { streams } = await this.#manager();
    const { last_seq: last } = (await streams.info('AUDIT')).state;
    for (let seq = this.#arrived.length + 1; seq <= last; seq += 1) {
      const message = await streams.getMessage('AUDIT', { seq });
      this.#arrived.push({
        id: message?.header.get('Sallyport-Record-Id') ?? '',
        sequence: Number(message?.header.get('Sallyport-Record-Sequence')),
        line: message?.string() ?? '',
      });
    }
  }

  async #manager(): Promise<JetStreamManager> {
    if (this.#own === undefined || this.#own.connection.isClosed()) {
      const options = { reconnect: false, ...this.#settings.self?.(this.folder, this.port) };
      const connection = await connect({ servers: `127.0.0.1:${this.port}`, ...options });
      this.#own = { connection, manager: await jetstreamManager(connection) };
    }
    return this.#own.manager;
  }
}
