import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function hasPrometheus(): boolean {
  const here = spawnSync('prometheus', ['--version']).status === 0;
  if (!here)
    process.stderr.write(
      '\nSKIPPED: scraping by a real Prometheus. Install it: apt-get install prometheus\n\n',
    );
  return here;
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

/** A real Prometheus in a folder of its own that scrapes one port of this host. */
export class Prometheus {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sallyport-prometheus-'));
  readonly #child: ChildProcess;
  readonly #url: string;

  private constructor(port: number, scraped: number) {
    const config = join(this.#folder, 'prometheus.yml');
    writeFileSync(
      config,
      `global: { scrape_interval: 1s }\nscrape_configs:\n  - job_name: sallyport\n    static_configs: [{ targets: ['127.0.0.1:${scraped}'] }]\n`,
    );
    const args = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(this.#folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    this.#child = spawn('prometheus', args, { stdio: 'ignore' });
    this.#url = `http://127.0.0.1:${port}`;
  }

  static async start(scraped: number): Promise<Prometheus> {
    return new Prometheus(await freePort(), scraped);
  }

  /** What the query API answers, as soon as it has something to say: labels and value. */
  async query(text: string): Promise<readonly (readonly [Record<string, string>, number])[]> {
    for (;;) {
      const found = await this.#ask(text).catch(() => []);
      if (found.length > 0) return found;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async #ask(text: string): Promise<readonly (readonly [Record<string, string>, number])[]> {
    const response = await fetch(`${this.#url}/api/v1/query?query=${encodeURIComponent(text)}`);
    const { data } = (await response.json()) as {
      readonly data: {
        readonly result: readonly {
          readonly metric: Record<string, string>;
          readonly value: [number, string];
        }[];
      };
    };
    return data.result.map(({ metric, value }) => [metric, Number(value[1])]);
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
