import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Arrived } from './receiver-contract.ts';
import { until } from './shipping-bench.ts';

interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** A real server in a folder of its own that writes a line for each message to the file `out`. */
export abstract class Daemon {
  readonly folder: string;
  readonly port: number;
  protected readonly out: string;
  #child: ChildProcess | undefined;

  constructor(port: number, name: string) {
    this.port = port;
    this.folder = mkdtempSync(join(tmpdir(), `sallyport-${name}-`));
    this.out = join(this.folder, 'out');
  }

  protected abstract command(): Command;

  /** The messages, without their priority and the like. */
  arrived(): Arrived[] {
    if (!existsSync(this.out)) return [];
    const whole = readFileSync(this.out, 'utf8');
    const lines = whole
      .slice(0, whole.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(0, -1);
    return lines.map((line) => this.read(line));
  }

  protected abstract read(line: string): Arrived;

  file(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  async start(): Promise<void> {
    const { program, args, env } = this.command();
    this.#child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...env } });
    await until(() => answers(this.port));
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    child.kill('SIGCONT');
    child.kill(signal);
    await once(child, 'exit');
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  /** Loses what it stored. */
  forget(): void {
    rmSync(this.out, { force: true });
  }

  async dispose(): Promise<void> {
    await this.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Whether somebody listens there. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
