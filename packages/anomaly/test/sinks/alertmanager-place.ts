import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Daemon, freePort } from '../../../audit/test/shipping/daemon.ts';
import { until } from './sender-bench.ts';

const PROGRAM = '/usr/bin/prometheus-alertmanager';
const AMTOOL = '/usr/bin/amtool';

/** What `GET /api/v2/alerts` gives. */
export interface GettableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
  readonly status: { readonly state: string };
}

/** Whether the real one is here; says so loudly when it is not. */
export function hasAlertmanager(): boolean {
  const here = existsSync(PROGRAM) && existsSync(AMTOOL);
  if (!here)
    process.stderr.write(
      '\nSKIPPED: alerts to a real Alertmanager. Install it: apt-get install prometheus-alertmanager\n\n',
    );
  return here;
}

/** A real Alertmanager on loopback that posts to `webhook`, grouped by server and subject. */
export class AlertmanagerPlace extends Daemon {
  readonly #seen = new Set<string>();

  private constructor(port: number, webhook: string) {
    super(port, 'alertmanager');
    writeFileSync(
      join(this.folder, 'config.yml'),
      `
route:
  receiver: soc
  group_by: [sallyport_server, subject]
  group_wait: 100ms
  group_interval: 1s
receivers:
  - name: soc
    webhook_configs:
      - url: ${webhook}
        send_resolved: false
`,
    );
  }

  static async begin(webhook = 'http://127.0.0.1:9/'): Promise<AlertmanagerPlace> {
    const place = new AlertmanagerPlace(await freePort(), webhook);
    await place.begin();
    return place;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  async begin(): Promise<void> {
    await this.start();
    await until(async () => {
      const answer = await fetch(`${this.url}/-/ready`).catch(() => undefined);
      return answer?.status === 200;
    });
  }

  async alerts(): Promise<readonly GettableAlert[]> {
    const answer = await fetch(`${this.url}/api/v2/alerts`);
    return (await answer.json()) as GettableAlert[];
  }

  /** Ids of all alerts that it ever had: it keeps them in memory only. */
  async ids(): Promise<readonly string[]> {
    const alerts = await this.alerts().catch(() => []);
    for (const { annotations } of alerts) this.#seen.add(annotations['alert_id'] ?? '');
    return [...this.#seen];
  }

  /** What the command of Debian's package says. */
  amtool(...args: readonly string[]): string {
    return execFileSync(AMTOOL, [`--alertmanager.url=${this.url}`, ...args], { encoding: 'utf8' });
  }

  protected override command(): ReturnType<Daemon['command']> {
    return {
      program: PROGRAM,
      args: [
        `--config.file=${join(this.folder, 'config.yml')}`,
        `--storage.path=${join(this.folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${String(this.port)}`,
        '--cluster.listen-address=',
      ],
    };
  }

  protected override read(): never {
    throw new Error('It writes no lines.');
  }
}
