import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

const CLI = resolve('packages/sallyport/bundle/lib/cli.js');
const SERVER = resolve('packages/sallyport/test/fixtures/env-server.mjs');
const SECRET = 'correct-horse-battery-staple';
const NEXT = 'another-horse-another-staple';

const policyWith = (env: string, rest = ''): string => `version: 1
identity: { stdio: { subject: ann, roles: [user] } }
authorization:
  rules: |
    p, role:user, *, tool:*, call, , allow
servers:
  env: { command: [node, '${SERVER}'], env: ${env}, onRotation: restart }
${rest}
audit: { file: ./audit.jsonl }
`;

let folder: PolicyFolder;
let client: Client | undefined;
let stderr = '';
let pid: number | undefined;
beforeEach(() => {
  folder = new PolicyFolder();
  stderr = '';
});
afterEach(async () => {
  await client?.close();
  client = undefined;
  folder.dispose();
});

async function connect(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Client> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [CLI, 'run', ...args],
    cwd: folder.directory,
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stderr: 'pipe',
  });
  transport.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(transport);
  pid = transport.pid ?? undefined;
  return client;
}

async function ask(name: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content } = await (client as Client).callTool({ name, arguments: args });
  return (content as { text: string }[])[0]?.text ?? '';
}

const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');

/** Everything that is in the folder but the files that the secret was put into. */
function written(): string {
  return readdirSync(folder.directory)
    .filter((name) => !name.endsWith('.key'))
    .map((name) => readFileSync(join(folder.directory, name), 'utf8'))
    .join('\n');
}

describe('sallyport run, with secrets', () => {
  it('gives the server the values, from a file, the first of a list, a default, and as text', async () => {
    const key = folder.write('api.key', `${SECRET}\n`);
    folder.write(
      'sallyport.yaml',
      policyWith(
        `{ A: 'file://${key}', B: [env:NOT_SET, env:FROM_ENV], C: [env:NOT_SET, literal:none], D: text }`,
      ),
    );
    await connect(['--server', 'env'], { FROM_ENV: 'from-the-environment' });
    expect(await ask('digest', { name: 'A' })).toBe(sha256(SECRET));
    expect(await ask('digest', { name: 'B' })).toBe(sha256('from-the-environment'));
    expect(await ask('digest', { name: 'C' })).toBe(sha256('none'));
    expect(await ask('digest', { name: 'D' })).toBe(sha256('text'));
  });

  it('shows none of them in standard error, the record, or a diagnostic report', async () => {
    const key = folder.write('api.key', SECRET);
    folder.write('sallyport.yaml', policyWith(`{ API_KEY: 'file://${key}' }`));
    await connect(['--server', 'env'], {
      NODE_OPTIONS: `--report-on-signal --report-directory=${folder.directory} --report-filename=report.json`,
    });
    await (client as Client).callTool({ name: 'digest', arguments: { name: SECRET } });
    await (client as Client).callTool({ name: SECRET, arguments: {} }).catch(() => undefined);
    process.kill(pid as number, 'SIGUSR2');
    const report = (): unknown => JSON.parse(readFileSync(join(folder.directory, 'report.json'), 'utf8'));
    await vi.waitFor(() => expect(report()).toHaveProperty('javascriptHeap'), 10_000);
    await vi.waitFor(() => expect(stderr).toContain('env-server: key [secret], in hex 78'));
    expect(written()).toContain('secret_resolved');
    expect(written()).not.toContain(SECRET);
    expect(stderr).not.toContain(SECRET);
  });

  it.each([
    ['started by name', ['--server', 'env']],
    ['given after --', ['--', 'node', SERVER]],
  ])('does not hand on the keys of the record and of tokens to a server %s', async (_, args) => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const ours = {
      AUDIT_KEY: pem,
      PEOPLE: randomBytes(32).toString('base64'),
      HOOK: `whsec_${randomBytes(32).toString('base64')}`,
      VAULT_KEY: randomBytes(32).toString('base64'),
    };
    const text = policyWith(
      '{}',
      "redaction: { tokens: { file: ./tokens.vault, key: 'env:VAULT_KEY' } }",
    ).replace(
      'audit: { file: ./audit.jsonl }',
      `audit:
  journal: { folder: ./audit, key: "env:AUDIT_KEY" }
  personal: { key: [env:PEOPLE] }
  sinks: { soc: { type: webhook, url: 'https://127.0.0.1:1', secret: env:HOOK } }`,
    );
    folder.write('sallyport.yaml', text);
    await connect(args, { ...ours, OTHER: 'y' });
    const names = (await ask('names')).split(',');
    expect(names).toContain('OTHER');
    for (const name of Object.keys(ours)) expect(names).not.toContain(name);
  });

  it('does not hand on what secrets are fetched with', async () => {
    const key = folder.write('api.key', SECRET);
    const vault =
      '"secrets": { providers: { vault: { address: "https://vault.test", auth: { method: token, token: "env:MY_VAULT_TOKEN?encoding=utf8" } } } }';
    const environment = { MY_VAULT_TOKEN: 's.1', SALLYPORT_KEYSTORE_PASSPHRASE: 'x', OTHER: 'y' };
    folder.write('sallyport.yaml', policyWith(`{ API_KEY: 'file://${key}' }`, vault));
    await connect(['--server', 'env'], environment);
    const names = (await ask('names')).split(',');
    expect(names).toEqual(expect.arrayContaining(['OTHER', 'API_KEY']));
    expect(names).not.toContain('MY_VAULT_TOKEN');
    expect(names).not.toContain('SALLYPORT_KEYSTORE_PASSPHRASE');
    await client?.close();
    // Nor with a command of its own, which starts while the policy is read where that can make no difference.
    await connect(['--', process.execPath, SERVER], environment);
    expect((await ask('names')).split(',')).not.toContain('MY_VAULT_TOKEN');
  });

  it('takes references on the command line, and never values', async () => {
    const key = folder.write('api.key', SECRET);
    folder.write('sallyport.yaml', policyWith('{}'));
    await connect(['--env', `API_KEY=file://${key}`, '--', process.execPath, SERVER]);
    expect(await ask('digest', { name: 'API_KEY' })).toBe(sha256(SECRET));
    await client?.close();
    for (const word of [
      `API_KEY=${SECRET}`,
      SECRET,
      `API_KEY=literal:${SECRET}`,
      `API_KEY=kestore:${SECRET}`,
    ]) {
      stderr = '';
      await expect(connect(['--env', word, '--', process.execPath, SERVER])).rejects.toThrow();
      await vi.waitFor(() =>
        expect(stderr).toMatch(/^sallyport: --env .*(?:reference|list of processes|scheme)/),
      );
      expect(stderr).not.toContain(SECRET);
    }
  });

  it('starts nothing when a secret is not there, and says which', async () => {
    folder.write('sallyport.yaml', policyWith(`{ API_KEY: 'file:///nowhere/api.key', B: env:NOT_SET }`));
    await expect(connect(['--server', 'env'])).rejects.toThrow();
    await vi.waitFor(() => {
      expect(stderr).toContain('not started:\nAPI_KEY (sallyport.yaml:7): file:///nowhere/api.key: ');
    });
    expect(stderr).toContain('B (sallyport.yaml:7): env:NOT_SET: ');
    expect(stderr).not.toContain('env-server:');
  });

  it('starts the server again with the new value when one changes, and no call fails', async () => {
    const key = folder.write('api.key', SECRET);
    folder.write('sallyport.yaml', policyWith(`{ API_KEY: 'file://${key}' }`));
    await connect(['--server', 'env']);
    const seen = new Set<string>();
    const caller = async (): Promise<void> => {
      while (!seen.has(sha256(NEXT))) seen.add(await ask('digest', { name: 'API_KEY' }));
    };
    const callers = [caller(), caller(), caller()];
    await vi.waitFor(() => expect(seen).toContain(sha256(SECRET)), 10_000);
    writeFileSync(key, NEXT);
    await Promise.all(callers);
    expect([...seen]).toEqual([sha256(SECRET), sha256(NEXT)]);
    expect(stderr).toContain('started again with its new environment');
    expect(stderr + written()).not.toContain(NEXT);
  });

  it('never starts the server with an old half and a new half of what belongs together', async () => {
    const pair = (name: string): string =>
      JSON.stringify({ user: `user-${name}`, password: `password-${name}` });
    const file = folder.write('pair.key', pair('one'));
    folder.write(
      'sallyport.yaml',
      policyWith(`{ USER: 'file://${file}#user', PASSWORD: 'file://${file}#password' }`),
    );
    await connect(['--server', 'env']);
    const started = (): number => stderr.split('env-server: key').length - 1;
    await vi.waitFor(() => expect(started()).toBe(1));
    for (const [index, name] of ['two', 'three'].entries()) {
      writeFileSync(file, pair(name));
      await vi.waitFor(() => expect(started()).toBe(index + 2), 10_000);
      expect(await ask('digest', { name: 'USER' })).toBe(sha256(`user-${name}`));
      expect(await ask('digest', { name: 'PASSWORD' })).toBe(sha256(`password-${name}`));
    }
    // Both changed, and that is one reason to start again.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(started()).toBe(3);
  });

  it('gives the new value as soon as the others are there too', async () => {
    const key = folder.write('api.key', SECRET);
    const other = folder.write('other.key', 'other-value');
    folder.write('sallyport.yaml', policyWith(`{ API_KEY: 'file://${key}', OTHER: 'file://${other}' }`));
    await connect(['--server', 'env']);
    expect(await ask('digest', { name: 'OTHER' })).toBe(sha256('other-value'));
    rmSync(other);
    writeFileSync(key, NEXT);
    await vi.waitFor(() => expect(stderr).toContain(`OTHER (sallyport.yaml:7): file://${other}: `), 10_000);
    expect(await ask('digest', { name: 'API_KEY' })).toBe(sha256(SECRET));
    writeFileSync(other, 'other-value');
    await vi.waitFor(async () => expect(await ask('digest', { name: 'API_KEY' })).toBe(sha256(NEXT)), {
      timeout: 20_000,
      interval: 200,
    });
  });

  it('survives a new value that the server rejects, and takes the one after that', async () => {
    const key = folder.write('api.key', SECRET);
    folder.write('sallyport.yaml', policyWith(`{ API_KEY: 'file://${key}' }`));
    await connect(['--server', 'env']);
    expect(await ask('digest', { name: 'API_KEY' })).toBe(sha256(SECRET));
    writeFileSync(key, 'REJECTED');
    await vi.waitFor(() => expect(stderr).toContain('the server ended and is started again'), 15_000);
    writeFileSync(key, NEXT);
    await vi.waitFor(
      async () => expect(await ask('digest', { name: 'API_KEY' }).catch(() => '')).toBe(sha256(NEXT)),
      { timeout: 20_000, interval: 200 },
    );
  });

  it('shows what a server said last, also when it ends in the middle of a line', async () => {
    const key = folder.write('api.key', SECRET);
    folder.write('sallyport.yaml', policyWith('{}'));
    const dies = `process.stderr.write('cannot use ' + process.env.API_KEY); process.exitCode = 2`;
    await expect(
      connect(['--env', `API_KEY=file://${key}`, '--', process.execPath, '-e', dies]),
    ).rejects.toThrow();
    await vi.waitFor(() => expect(stderr).toContain('cannot use [secret]'), 10_000);
  });

  it('keeps the server as it is where the policy does not say otherwise, and says so', async () => {
    const key = folder.write('api.key', SECRET);
    folder.write('sallyport.yaml', policyWith(`{ API_KEY: 'file://${key}' }`).replace('restart }', 'keep }'));
    await connect(['--server', 'env']);
    await vi.waitFor(() => expect(written()).toContain('secret_resolved'), 10_000);
    await ask('names');
    writeFileSync(key, NEXT);
    await vi.waitFor(
      () => expect(stderr).toContain('a secret of the server has changed; restart it'),
      15_000,
    );
    expect(await ask('digest', { name: 'API_KEY' })).toBe(sha256(SECRET));
  });
});
