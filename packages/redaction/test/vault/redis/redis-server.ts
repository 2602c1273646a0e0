import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RespClient } from './resp-client.ts';

/** Whether a real Redis can be started here (Debian: redis-server). */
export function redisIsInstalled(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** A real Redis of its own, on a socket in a temporary folder: no port, nothing on the disk. */
export class RedisServer {
  readonly socket: string;
  readonly #folder: string;
  readonly #ended: Promise<unknown>;
  readonly #stop: () => void;

  private constructor(folder: string) {
    this.#folder = folder;
    this.socket = join(folder, 'redis.sock');
    const args = [
      '--port',
      '0',
      '--unixsocket',
      this.socket,
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    const server = spawn('redis-server', args, { stdio: 'ignore' });
    this.#ended = new Promise((end) => server.once('exit', end));
    this.#stop = () => server.kill('SIGKILL');
  }

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(mkdtempSync(join(tmpdir(), 'sallyport-redis-')));
    for (let tries = 0; tries < 400; tries += 1) {
      const client = new RespClient(server.socket);
      const answer = await client.call('PING').catch(() => undefined);
      client.close();
      if (answer === 'PONG') return server;
      await sleep(25);
    }
    await server.stop();
    throw new Error('redis-server did not start');
  }

  async stop(): Promise<void> {
    this.#stop();
    await this.#ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Lets all keys grow older, since the clock of a real server cannot be set. */
export async function age(client: RespClient, ms: number): Promise<void> {
  const keys = (await client.call('KEYS', '*')) as string[];
  for (const key of keys) {
    const left = Number(await client.call('PTTL', key));
    if (left >= 0) await client.call('PEXPIRE', key, String(left - ms));
  }
}
