import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Arrived } from './receiver-contract.ts';
import { until } from './shipping-bench.ts';

const RSYSLOG = '/usr/sbin/rsyslogd';

/** Whether the real receiver is here; says so loudly when it is not. */
export function hasRsyslog(): boolean {
  const here = existsSync(RSYSLOG) && spawnSync('openssl', ['version']).error === undefined;
  if (!here)
    process.stderr.write(
      '\nSKIPPED: shipping to a real rsyslog. Install it: apt-get install rsyslog rsyslog-gnutls rsyslog-relp openssl\n\n',
    );
  return here;
}

/** A certificate authority, a server `localhost` and a client, as files. */
export function makeCertificates(folder: string): void {
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test authority');
  for (const [name, usage] of [
    ['localhost', 'serverAuth'],
    ['client.test', 'clientAuth'],
  ] as const) {
    writeFileSync(join(folder, 'ext'), `subjectAltName=DNS:${name}\nextendedKeyUsage=${usage}\n`);
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'ext'];
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`);
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

/** A real rsyslogd with a configuration of its own. */
export class Rsyslog {
  readonly folder = mkdtempSync(join(tmpdir(), 'sallyport-rsyslog-'));
  readonly port: number;
  readonly #out = join(this.folder, 'out');
  #child: ChildProcess | undefined;

  private constructor(port: number, input: (folder: string, port: number) => string) {
    this.port = port;
    const config = `
global(workDirectory="${this.folder}" parser.escapeControlCharactersOnReceive="off"
  defaultNetstreamDriverCAFile="${this.folder}/ca.pem"
  defaultNetstreamDriverCertFile="${this.folder}/localhost.pem"
  defaultNetstreamDriverKeyFile="${this.folder}/localhost.key")
main_queue(queue.type="Direct")
template(name="raw" type="string" string="%rawmsg:::json%\\n")
${input(this.folder, port)}
action(type="omfile" file="${this.#out}" template="raw")
`;
    writeFileSync(join(this.folder, 'rsyslog.conf'), config);
  }

  static async start(input: (folder: string, port: number) => string): Promise<Rsyslog> {
    const rsyslog = new Rsyslog(await freePort(), input);
    makeCertificates(rsyslog.folder);
    await rsyslog.start();
    return rsyslog;
  }

  file(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  async start(): Promise<void> {
    const pid = join(this.folder, 'pid');
    rmSync(pid, { force: true });
    this.#child = spawn(RSYSLOG, ['-n', '-f', join(this.folder, 'rsyslog.conf'), '-i', pid], {
      stdio: 'ignore',
    });
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

  /** The messages, without their priority and the like. */
  arrived(): Arrived[] {
    if (!existsSync(this.#out)) return [];
    const whole = readFileSync(this.#out, 'utf8');
    const lines = whole
      .slice(0, whole.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(0, -1);
    return lines.map((text) => {
      const raw = JSON.parse(`"${text}"`) as string;
      const found =
        /^<\d+>1 \S+ host\.test sallyport - \w+ \[record@32473 id="([^"]*)" seq="(\d+)"\] (.*)$/s.exec(raw);
      if (found === null) throw new Error('A message that nobody sent.');
      const [, id = '', sequence, line = ''] = found;
      return { id, sequence: Number(sequence), line };
    });
  }

  /** Loses what it stored. */
  forget(): void {
    rmSync(this.#out, { force: true });
  }

  async dispose(): Promise<void> {
    await this.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
