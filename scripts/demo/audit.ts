import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import color from 'picocolors';
import { Collector } from './collector.ts';
import { CLI, print, say, title } from './stage.ts';

// A journal that an auditor can check offline, a collector that was away, a crash, a forger, and a person who is erased.

const SERVER = resolve('scripts/demo/payments-server.mjs');

const policyFor = (port: number): string => `version: 1
identity: { stdio: { subject: alice@bank.example, roles: [clerk] } }
servers:
  payments: { command: [node, ${JSON.stringify(SERVER)}] }
authorization:
  rules: |
    p, role:clerk, payments, tool:balance, call, , allow
    p, role:clerk, payments, tool:pay, call, args.amount <= 100, allow
audit:
  journal: { folder: ./audit, key: env:AUDIT_KEY, name: payments.bank.example }
  arguments: sealed
  personal: { key: env:AUDIT_PERSONAL }
  sinks:
    soc: { type: webhook, url: 'http://127.0.0.1:${port}', secret: env:SOC_SECRET, format: ocsf, dangerouslyWithoutTls: true }
`;

export async function audit(directory: string): Promise<void> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const collector = new Collector(secret);
  const port = await collector.start();
  await collector.stop();
  const env = {
    ...process.env,
    AUDIT_KEY: generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    AUDIT_PERSONAL: randomBytes(32).toString('base64'),
    SOC_SECRET: secret,
  };
  writeFileSync(join(directory, 'sallyport.yaml'), policyFor(port));
  const session = async (): Promise<{ client: Client; pid: number }> => {
    const client = new Client({ name: 'demo', version: '1.0.0' });
    const args = [CLI, 'run', '--server', 'payments'];
    const transport = new StdioClientTransport({
      command: process.execPath,
      args,
      cwd: directory,
      env,
      stderr: 'ignore',
    });
    await client.connect(transport);
    return { client, pid: transport.pid ?? 0 };
  };
  /** Runs the command as an auditor would, shows what it says, and its exit code where it is not 0. */
  const sallyport = (args: readonly string[], expected = 0): string => {
    print(`  ${color.bold('$')} sallyport ${args.join(' ')}`);
    const { stdout, stderr, status } = spawnSync(process.execPath, [CLI, ...args], {
      cwd: directory,
      env: { ...env, FORCE_COLOR: process.env['FORCE_COLOR'] ?? (process.stdout.isTTY ? '1' : '0') },
      encoding: 'utf8',
    });
    for (const line of `${stdout}${stderr}`.trimEnd().split('\n')) print(`    ${line}`);
    if (status !== 0) print(`    ${color.dim(`exit code ${String(status)}`)}`);
    print();
    if (status !== expected) throw new Error(`Exit code ${String(status)} is not ${expected}.`);
    return stdout;
  };

  title('1  Every decision is recorded, also while the collector is away');
  say('A payments server, guarded by this policy. The collector of the SOC is not running:');
  print();
  for (const line of policyFor(port).trimEnd().split('\n').slice(4)) print(color.dim(`  ${line}`));
  print();
  const first = await session();
  await first.client.callTool({ name: 'balance', arguments: { account: 'DE-1' } });
  await first.client
    .callTool({ name: 'pay', arguments: { account: 'DE-1', amount: 9000 } })
    .catch(() => undefined);
  await first.client.close();
  sallyport(['audit', 'tail', './audit', '--no-follow', '-n', '8']);
  if (collector.records.length > 0) throw new Error('The collector is away.');

  title('2  A crash in the middle of a call leaves its attempt');
  const second = await session();
  const paying = second.client
    .callTool({ name: 'pay', arguments: { account: 'DE-1', amount: 50 } })
    .catch(() => undefined);
  await sleep(500);
  process.kill(second.pid, 'SIGKILL');
  await paying;
  await second.client.close();
  say('The gateway was killed while the tool ran. It may have paid: the next start says so.');
  print();
  await collector.start(port);
  const third = await session();
  await third.client.callTool({ name: 'balance', arguments: { account: 'DE-1' } });
  await third.client.close();
  sallyport(['audit', 'search', './audit', '--event', 'attempt_unmatched']);

  title('3  The collector is back, and has everything');
  const counts = new Map<string, number>();
  for (const { class_name: name = '?' } of collector.records) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const [name, count] of counts) print(`  ${String(count).padStart(4)}  OCSF ${color.cyan(name)}`);
  print();
  const codes = new Set(collector.records.map(({ metadata }) => metadata?.event_code));
  for (const code of ['refused_permission_denied', 'attempt_unmatched', 'checkpoint']) {
    if (!codes.has(code)) throw new Error(`The collector lacks ${code}.`);
  }

  title('4  An auditor needs the folder and the public key');
  writeFileSync(join(directory, 'audit.pub'), sallyport(['audit', 'key']));
  sallyport(['audit', 'verify', './audit', '--key', 'audit.pub']);
  const note = collector.records
    .map((record) => /"note":("(?:[^"\\]|\\.)*")/.exec(JSON.stringify(record))?.[1])
    .findLast((text) => text !== undefined);

  title('5  A person is erased, and the chain still holds');
  sallyport([
    'audit',
    'search',
    './audit',
    '--policy',
    'sallyport.yaml',
    '--subject',
    'alice@bank.example',
    '--limit',
    '2',
  ]);
  sallyport(['audit', 'erase', 'alice@bank.example']);
  sallyport(
    ['audit', 'search', './audit', '--policy', 'sallyport.yaml', '--subject', 'alice@bank.example'],
    1,
  );
  sallyport(['audit', 'verify', './audit', '--key', 'audit.pub']);

  title('6  Somebody changes one byte');
  const place = join(directory, 'audit', 'payments', '1');
  const segment = join(place, readdirSync(place).find((name) => name.endsWith('.journal')) ?? '');
  const bytes = readFileSync(segment);
  const at = bytes.indexOf('"refused"');
  bytes[at + 1] = 'R'.charCodeAt(0);
  writeFileSync(segment, bytes);
  sallyport(['audit', 'verify', './audit', '--key', 'audit.pub'], 1);
  await collector.stop();
  if (note === undefined) throw new Error('The collector got no checkpoint.');
}
