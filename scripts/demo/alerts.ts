import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { signerFromSecret } from '@sallyport/audit';
import { Secret } from '@sallyport/core';
import color from 'picocolors';
import { Alertmanager, type ReceivedAlert } from './alertmanager.ts';
import { CLI, print, say, title } from './stage.ts';
import { writeHistory } from './ward-history.ts';

// A morning on a ward, an agent that was talked into copying every chart, one alert, and a quarantine.

const SERVER = resolve('scripts/demo/charts-server.mjs');
const NURSE = 'ann@ward.example';
/** More charts than the agent gets. */
const CHARTS = 600;

const policyFor = (alertmanager: string | undefined): string => `version: 1
identity: { stdio: { subject: ${NURSE}, roles: [nurse], client: ward-assistant } }
servers:
  charts: { command: [node, ${JSON.stringify(SERVER)}] }
authorization: { rules: 'p, role:nurse, charts, tool:*, call, , allow' }
audit: { journal: { folder: ./audit, key: env:AUDIT_KEY, name: ward.example } }
alerts:
  least: high
  responses: [{ rule: bytes-out, quarantine: subject, minutes: 60 }]
  sinks:
    ${
      alertmanager === undefined
        ? 'file: { type: file, file: ./alerts.jsonl }'
        : `oncall: { type: alertmanager, url: '${alertmanager}', dangerouslyWithoutTls: true }`
    }
`;

export async function alerts(directory: string): Promise<void> {
  const alertmanager = Alertmanager.isInstalled()
    ? await Alertmanager.start(join(directory, 'alertmanager'))
    : undefined;
  try {
    await show(directory, alertmanager);
  } finally {
    alertmanager?.stop();
  }
}

async function show(directory: string, alertmanager: Alertmanager | undefined): Promise<void> {
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const env = { ...process.env, AUDIT_KEY: key };
  const policy = policyFor(alertmanager?.url);
  writeFileSync(join(directory, 'sallyport.yaml'), policy);
  /** Runs the command as an operator would, and shows what it says. */
  const sallyport = (...args: string[]): string => {
    print(`  ${color.bold('$')} sallyport ${args.join(' ')}`);
    const { stdout, stderr, status } = spawnSync(process.execPath, [CLI, ...args], {
      cwd: directory,
      env: { ...env, FORCE_COLOR: process.env['FORCE_COLOR'] ?? (process.stdout.isTTY ? '1' : '0') },
      encoding: 'utf8',
    });
    for (const line of `${stdout}${stderr}`.trimEnd().split('\n')) print(`    ${line}`);
    print();
    if (status !== 0) throw new Error(`Exit code ${String(status)} is not 0.`);
    return stdout;
  };

  title('1  A ward, and what its policy says of alerts');
  for (const line of policy.trimEnd().split('\n').slice(5)) print(color.dim(`  ${line}`));
  print();
  const signer = signerFromSecret('ward.example', new Secret(key));
  const count = await writeHistory(join(directory, 'audit'), signer, Date.now());
  say(
    `Two weeks of work and this morning are in the journal already: ${count} calls of three nurses, made up and always the same. The gateway learns from them what is usual.`,
  );
  if (alertmanager === undefined)
    say('There is no Alertmanager on this machine (Debian: prometheus-alertmanager): a file stands for it.');

  title('2  The morning goes on; then a prompt talks the agent into copying every chart');
  const client = new Client({ name: 'demo', version: '1.0.0' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [CLI, 'run', '--server', 'charts', '--log-format', 'text'],
      cwd: directory,
      env,
      stderr: 'ignore',
    }),
  );
  const read = (patient: number): Promise<string | undefined> =>
    client.callTool({ name: 'get_chart', arguments: { patient: `P-${patient}` } }).then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    );
  for (let patient = 0; patient < 8; patient += 1) await read(patient);
  say('8 charts, as every hour: nobody is told anything.');
  let refusal: string | undefined;
  let got = 0;
  const begun = performance.now();
  while (refusal === undefined && got < CHARTS) {
    refusal = await read(1000 + got);
    if (refusal === undefined) got += 1;
    // As fast as a model asks for one after the other.
    await sleep(25);
  }
  if (refusal === undefined) throw new Error('Every chart was read, and nothing stopped it.');
  say(
    `After ${got} charts, ${((performance.now() - begun) / 1000).toFixed(1)} seconds later, the next call is answered with:`,
  );
  print();
  say(color.red(refusal), 4);

  title('3  Who is on call is told once, in one sentence');
  if (alertmanager === undefined) print(`  ${color.dim('alerts.jsonl, as OCSF Detection Finding')}`);
  else for (const alert of await received(alertmanager)) printAlert(alert);
  print();
  sallyport('quarantine', 'list');
  await client.close();

  title('4  Afterwards: what the trail says, and what it would have said');
  sallyport('audit', 'search', './audit', '--event', 'alert_raised', '--event', 'restriction_began');
  sallyport('watch', './audit', '--replay', '--policy', 'sallyport.yaml');
}

/** What Alertmanager has, once it has something. */
async function received(alertmanager: Alertmanager): Promise<readonly ReceivedAlert[]> {
  for (let tries = 0; tries < 100; tries += 1) {
    const all = await alertmanager.alerts();
    if (all.length > 0) return all;
    await sleep(100);
  }
  throw new Error('Alertmanager received nothing.');
}

function printAlert({ labels, annotations, status }: ReceivedAlert): void {
  print(`  ${color.bold(labels['alertname'] ?? '')}  ${color.dim(`Alertmanager: ${status.state}`)}`);
  const { severity, subject, sallyport_server: server } = labels;
  const { summary, quarantined, runbook, records = '' } = annotations;
  const shown = { severity, subject, server, summary, quarantined, runbook };
  for (const [name, value] of Object.entries(shown)) say(`${color.cyan(name.padEnd(11))} ${value ?? ''}`, 4);
  say(`${color.cyan('records'.padEnd(11))} ${records.split(' ').length} ids, of the calls it rests on`, 4);
}
