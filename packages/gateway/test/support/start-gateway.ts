import { PassThrough, type Readable, type Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { composeGuard, type Interceptor, type JsonObject } from '@sallyport/core';
import {
  type GatewayEvent,
  type GatewayExit,
  runStdioGateway,
  type StdioGatewayOptions,
} from '@sallyport/gateway';

export const SCRIPTED: string = fileURLToPath(new URL('../fixtures/scripted-server.mjs', import.meta.url));

export interface StartOptions extends Partial<Omit<StdioGatewayOptions, 'client'>> {
  readonly interceptors?: readonly Interceptor[];
  readonly client?: { readonly input: Readable; readonly output: Writable };
}

/**
 * A gateway in this process, in front of the scripted server in a process of its own; the test is the
 * client.
 */
export class TestGateway {
  readonly events: GatewayEvent[] = [];
  readonly messages: JsonObject[] = [];
  readonly raw: Buffer[] = [];
  readonly input: PassThrough = new PassThrough();
  readonly output: PassThrough = new PassThrough();
  readonly stderr: PassThrough = new PassThrough();
  readonly exit: Promise<GatewayExit>;
  readonly #abort = new AbortController();
  #rest = '';
  #nextId = 1;

  constructor({ interceptors, ...options }: StartOptions) {
    const stderr: Buffer[] = this.raw;
    this.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    this.output.on('data', (chunk: Buffer) => {
      const lines = (this.#rest + chunk.toString()).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.messages.push(JSON.parse(line) as JsonObject);
    });
    this.exit = runStdioGateway({
      command: process.execPath,
      args: [SCRIPTED],
      env: {},
      guard: composeGuard({ interceptors: interceptors ?? [] }),
      stderr: this.stderr,
      signals: [],
      signal: this.#abort.signal,
      shutdownGraceMs: 300,
      log: (event) => this.events.push(event),
      ...options,
      client: options.client ?? { input: this.input, output: this.output },
    });
  }

  send(message: JsonObject | string): void {
    this.input.write(
      typeof message === 'string' ? `${message}\n` : `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`,
    );
  }

  /** Calls a tool of the scripted server, and returns the id of the request. */
  call(name: string, args: JsonObject = {}): number {
    const id = this.#nextId++;
    this.send({ id, method: 'tools/call', params: { name, arguments: args } });
    return id;
  }

  /** The first message that fits. */
  async find(fits: (message: JsonObject) => boolean): Promise<JsonObject> {
    await until(() => this.messages.some(fits));
    return this.messages.find(fits) ?? {};
  }

  /** The answer to a request. */
  answer(id: unknown): Promise<JsonObject> {
    return this.find((message) => message['id'] === id && message['method'] === undefined);
  }

  /** The text that a tool answered, or the code of its error. */
  async outcome(id: number): Promise<unknown> {
    const { result, error } = (await this.answer(id)) as {
      result?: { content: readonly { text: string }[] };
      error?: { code: number };
    };
    return error === undefined ? result?.content[0]?.text : error.code;
  }

  async initialize(): Promise<void> {
    this.send({
      id: 'init',
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    });
    await this.answer('init');
    this.send({ method: 'notifications/initialized' });
  }

  /** The process ids of the servers so far. */
  get pids(): number[] {
    return this.events.flatMap((event) => (event.event === 'server_started' ? [event.pid] : []));
  }

  logged(event: GatewayEvent['event']): GatewayEvent[] {
    return this.events.filter((one) => one.event === event);
  }

  stop(): void {
    this.#abort.abort();
  }

  async close(): Promise<void> {
    this.input.end();
    this.output.resume();
    await this.exit.catch(() => undefined);
  }
}

export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries += 1) {
    if (tries > 2000) throw new Error('It did not happen.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
