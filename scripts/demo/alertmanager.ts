import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What Alertmanager says of an alert (API v2, `gettableAlert`). */
export interface ReceivedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly status: { readonly state: string };
}

/** Where Debian's package puts the program. */
const PROGRAM = '/usr/bin/prometheus-alertmanager';

/** A real Prometheus Alertmanager on this machine, with everything it keeps in one folder. */
export class Alertmanager {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, started: ChildProcess) {
    this.url = url;
    this.#process = started;
  }

  static isInstalled(): boolean {
    return existsSync(PROGRAM);
  }

  static async start(folder: string): Promise<Alertmanager> {
    mkdirSync(folder);
    const config = join(folder, 'alertmanager.yml');
    writeFileSync(
      config,
      'route: { receiver: nobody, group_by: [sallyport_server, subject] }\nreceivers: [{ name: nobody }]\n',
    );
    const port = await freePort();
    const started = spawn(
      PROGRAM,
      [
        `--config.file=${config}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
        '--log.level=error',
      ],
      { stdio: 'ignore' },
    );
    const alertmanager = new Alertmanager(`http://127.0.0.1:${port}`, started);
    for (let tries = 0; tries < 200; tries += 1) {
      const ready = await fetch(`${alertmanager.url}/-/ready`).catch(() => undefined);
      if (ready?.ok === true) return alertmanager;
      await sleep(50);
    }
    alertmanager.stop();
    throw new Error('Alertmanager did not start.');
  }

  async alerts(): Promise<readonly ReceivedAlert[]> {
    const answer = await fetch(`${this.url}/api/v2/alerts`);
    return (await answer.json()) as readonly ReceivedAlert[];
  }

  stop(): void {
    this.#process.kill();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
