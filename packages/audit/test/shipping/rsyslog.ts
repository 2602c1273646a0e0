import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificates } from './certificates.ts';
import { Daemon, freePort } from './daemon.ts';
import type { Arrived } from './receiver-contract.ts';

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

/** A real rsyslogd with a configuration of its own. */
export class Rsyslog extends Daemon {
  private constructor(port: number, input: (folder: string, port: number) => string) {
    super(port, 'rsyslog');
    const config = `
global(workDirectory="${this.folder}" parser.escapeControlCharactersOnReceive="off"
  defaultNetstreamDriverCAFile="${this.folder}/ca.pem"
  defaultNetstreamDriverCertFile="${this.folder}/localhost.pem"
  defaultNetstreamDriverKeyFile="${this.folder}/localhost.key")
main_queue(queue.type="Direct")
template(name="raw" type="string" string="%rawmsg:::json%\\n")
${input(this.folder, port)}
action(type="omfile" file="${this.out}" template="raw")
`;
    writeFileSync(join(this.folder, 'rsyslog.conf'), config);
  }

  /** @param input the configuration of what it listens to */
  static async begin(input: (folder: string, port: number) => string): Promise<Rsyslog> {
    const rsyslog = new Rsyslog(await freePort(), input);
    makeCertificates(rsyslog.folder);
    await rsyslog.start();
    return rsyslog;
  }

  protected override command(): ReturnType<Daemon['command']> {
    const pid = join(this.folder, 'pid');
    rmSync(pid, { force: true });
    return { program: RSYSLOG, args: ['-n', '-f', join(this.folder, 'rsyslog.conf'), '-i', pid] };
  }

  protected override read(line: string): Arrived {
    const raw = JSON.parse(`"${line}"`) as string;
    const found = /^<\d+>1 \S+ \S+ sallyport - \w+ \[record@32473 id="([^"]*)" seq="(\d+)"\] (.*)$/s.exec(
      raw,
    );
    if (found === null) throw new Error('A message that nobody sent.');
    const [, id = '', sequence, text = ''] = found;
    return { id, sequence: Number(sequence), line: text };
  }
}
