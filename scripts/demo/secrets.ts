import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import color from 'picocolors';
import { startApi } from './metered-api.ts';
import { CLI, print, printed, say, title } from './stage.ts';

// A server whose key comes from the encrypted file. The key is rotated while calls run, and shows up nowhere.

const SERVER = resolve('scripts/demo/metered-server.mjs');

const policyFor = (url: string): string => `version: 1
identity:
  stdio: { subject: ann, roles: [user] }
authorization:
  rules: |
    p, role:user, metered, tool:ask, call, , allow
servers:
  metered:
    command: [node, ${JSON.stringify(SERVER)}]
    env: { API_URL: ${JSON.stringify(url)}, API_KEY: keystore:api-key }
    onRotation: restart
audit: { file: ./audit.jsonl }
`;

export async function secrets(directory: string): Promise<void> {
  const api = await startApi();
  const environment = {
    ...process.env,
    NO_COLOR: '1',
    SALLYPORT_KEYSTORE_PASSPHRASE: randomBytes(18).toString('base64url'),
  };
  /** Everything that a terminal would have shown. */
  const shown: string[] = [];
  const sallyport = async (args: readonly string[], input = ''): Promise<string> => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: directory, env: environment });
    child.stdin.end(input);
    const [out, err, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    if (code !== 0) throw new Error(`sallyport ${args.join(' ')} ended with ${code}: ${err}`);
    shown.push(out, err);
    return out;
  };
  const show = (command: string, out: string): void => {
    print(`  ${color.dim('$')} ${command}`);
    for (const line of out.trimEnd().split('\n')) print(color.dim(`  ${line}`));
    print();
  };
  try {
    const policy = policyFor(api.url);
    writeFileSync(join(directory, 'sallyport.yaml'), policy);

    title('1  A key that stands in no file');
    const first = randomBytes(24).toString('base64url');
    api.keys.add(first);
    show('sallyport secrets set api-key < key', await sallyport(['secrets', 'set', 'api-key'], first));
    say('The policy has a reference where others have the key:');
    for (const line of policy.split('\n')) {
      if (/servers|metered:|env:|onRotation/.test(line)) print(`  ${line}`);
    }
    print();
    show('sallyport secrets check', await sallyport(['secrets', 'check']));

    title('2  Calls, while the key is rotated');
    const client = new Client({ name: 'demo', version: '1.0.0' });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [CLI, 'run', '--server', 'metered'],
      cwd: directory,
      env: environment,
      stderr: 'pipe',
    });
    transport.stderr?.on('data', (chunk: Buffer) => shown.push(chunk.toString()));
    await client.connect(transport);
    const tally = { calls: 0, failed: 0 };
    let going = true;
    const callers = Array.from({ length: 8 }, async () => {
      while (going) {
        tally.calls += 1;
        const result = await client.callTool({ name: 'ask', arguments: {} }).catch(() => ({ isError: true }));
        if (result.isError === true) tally.failed += 1;
      }
    });
    await until(() => tally.calls > 100);
    say(`8 callers at once; ${tally.calls} calls so far, ${tally.failed} failed. Now the key is replaced:`);
    const second = randomBytes(24).toString('base64url');
    api.keys.add(second);
    show(
      'sallyport secrets rotate api-key < new-key',
      await sallyport(['secrets', 'rotate', 'api-key'], second),
    );
    await until(() => (api.uses.get(second) ?? 0) > 100);
    say(
      'The gateway saw it, let the running calls finish, held new ones, and started the server with the new key.',
    );
    api.keys.delete(first);
    say('The old key is revoked at the API. Some more calls:');
    const before = tally.calls;
    await until(() => tally.calls > before + 200);
    going = false;
    await Promise.all(callers);
    await client.close();
    say(
      `${color.bold(String(tally.calls))} calls, ${color.bold(String(tally.failed))} failed; ` +
        `${api.uses.get(first)} with the old key, ${api.uses.get(second)} with the new one.`,
    );
    if (tally.failed > 0) throw new Error(`${tally.failed} calls failed.`);

    title('3  Where the keys show up');
    say('The server logs its key when it starts. This is what came out of the gateway:');
    const logged = shown
      .join('')
      .split('\n')
      .filter((line) => line.startsWith('metered-server'));
    for (const line of logged) print(color.dim(`  ${line}`));
    const written = [
      ...readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')),
      ...shown,
      ...printed(),
    ];
    const bytes = written.reduce((sum, piece) => sum + piece.length, 0);
    const found = [first, second]
      .flatMap(spellings)
      .filter((spelling) => written.some((piece) => piece.includes(spelling)));
    say(
      `Every file and every line on the terminal, ${bytes} bytes, searched for both keys, as they are and encoded: ` +
        color.bold(`${found.length} found.`),
    );
    if (found.length > 0) throw new Error('A secret was written somewhere.');
    if (logged.length < 2) throw new Error('The server was not started twice.');
    print();
  } finally {
    api.close();
  }
}

function spellings(key: string): string[] {
  const bytes = Buffer.from(key);
  return [
    key,
    bytes.toString('hex'),
    bytes.toString('base64').replaceAll('=', ''),
    bytes.toString('base64url'),
  ];
}

async function until(reached: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!reached()) {
    if (Date.now() > end) throw new Error('It took more than a minute.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
