import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificates } from './certificates.ts';
import { Daemon, freePort } from './daemon.ts';
import type { Arrived } from './receiver-contract.ts';

/** Where `scripts/services.sh` puts it, and where Debian does. */
const ROOT = ['/opt/syslog-ng', ''].find((root) => existsSync(`${root}/usr/sbin/syslog-ng`));
const LIBRARIES = `${ROOT ?? ''}/usr/lib/syslog-ng`;

/** Whether the real receiver is here; says so loudly when it is not. */
export function hasSyslogNg(): boolean {
  const here = ROOT !== undefined && spawnSync('openssl', ['version']).error === undefined;
  if (!here)
    process.stderr.write('\nSKIPPED: shipping to a real syslog-ng. Install it: scripts/services.sh\n\n');
  return here;
}

/** A real syslog-ng that takes syslog over TLS, and shows what it took a message apart into. */
export class SyslogNg extends Daemon {
  readonly #modules: string;
  readonly #config: string;

  private constructor(port: number) {
    super(port, 'syslog-ng');
    const version = readdirSync(LIBRARIES).find((name) => /^\d+\.\d+$/.test(name)) ?? '';
    this.#modules = join(LIBRARIES, version);
    this.#config = join(this.folder, 'syslog-ng.conf');
    writeFileSync(
      this.#config,
      `@version: ${version}
source taken {
  syslog(ip("127.0.0.1") port(${port}) transport("tls") keep-hostname(yes) tls(
    key-file("${this.folder}/localhost.key") cert-file("${this.folder}/localhost.pem")
    ca-file("${this.folder}/ca.pem") peer-verify(required-trusted) trusted-dn("CN=client.test")));
};
destination out {
  file("${this.out}" template("$(format-json
    host=\${HOST} program=\${PROGRAM} id=\${.SDATA.record@32473.id} seq=\${.SDATA.record@32473.seq}
    line=\${MESSAGE})\\n"));
};
log { source(taken); destination(out); };
`,
    );
  }

  static async begin(): Promise<SyslogNg> {
    const syslogNg = new SyslogNg(await freePort());
    makeCertificates(syslogNg.folder);
    await syslogNg.start();
    return syslogNg;
  }

  protected override command(): ReturnType<Daemon['command']> {
    const own = (name: string): string => join(this.folder, name);
    const files = ['-f', this.#config, '-R', own('persist'), '-p', own('pid'), '-c', own('control')];
    return {
      program: `${ROOT ?? ''}/usr/sbin/syslog-ng`,
      args: ['--foreground', '--no-caps', '--module-path', this.#modules, ...files],
      env: { LD_LIBRARY_PATH: LIBRARIES },
    };
  }

  protected override read(line: string): Arrived {
    const message = JSON.parse(line) as Record<'host' | 'program' | 'id' | 'seq' | 'line', string>;
    if (message.host !== 'host.test' || message.program !== 'sallyport')
      throw new Error('A message that nobody sent.');
    return { id: message.id, sequence: Number(message.seq), line: message.line };
  }
}
