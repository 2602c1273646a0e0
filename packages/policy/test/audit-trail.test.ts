import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { findJournals, readJournals, signerFromSecret, SubjectKeys, verify } from '@sallyport/audit';
import { protect, Secret } from '@sallyport/core';
import { LiveGuard, type LiveGuardOptions } from '@sallyport/policy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

const PEM = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const HOOK = `whsec_${randomBytes(32).toString('base64')}`;
const ENV = { AUDIT_KEY: PEM, HOOK };
const KEY = signerFromSecret('sallyport', new Secret(PEM)).verifierKey;

const policyWith = (audit: string): string => `version: 1
authorization: { rules: 'p, role:user, *, tool:a, call' }
audit:
${audit}`;
const SIGNED = '  journal: { folder: ./trail, key: "env:AUDIT_KEY" }\n';

interface Line {
  readonly id?: string;
  readonly type: string;
  readonly event?: string;
  readonly method?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly principal?: { readonly subject: string };
}

/** What stands in a journal. */
async function recordsIn(place: string): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of readJournals(await findJournals(place))) {
    if (line.kind === 'record') lines.push(line.record);
  }
  return lines;
}

/** A webhook that keeps what it is given, and can be away. */
class Hook {
  readonly events: Line[] = [];
  away = false;
  #server: Server | undefined;

  async start(): Promise<number> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (this.away) response.writeHead(503);
        else {
          const { records } = JSON.parse(Buffer.concat(chunks).toString()) as { records: { data: Line }[] };
          this.events.push(...records.map(({ data }) => data));
        }
        response.end();
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let looks = 0; !isTrue(); looks++) {
    if (looks > 1000) throw new Error('It did not become true.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('a policy with a journal', () => {
  let folder: PolicyFolder;
  let hook: Hook;
  const guards: LiveGuard[] = [];
  const lines: string[] = [];

  beforeEach(() => {
    folder = new PolicyFolder();
    hook = new Hook();
    lines.length = 0;
  });
  afterEach(async () => {
    await Promise.allSettled(guards.splice(0).map((guard) => guard.close()));
    hook.stop();
    folder.dispose();
  });

  const start = async (audit: string, options: Partial<LiveGuardOptions> = {}): Promise<LiveGuard> => {
    folder.write('sallyport.yaml', policyWith(audit));
    const guard = await LiveGuard.start({
      path: folder.path,
      env: ENV,
      log: ({ message }) => lines.push(message),
      identify: () => ({ subject: 'ann', roles: ['user'], claims: {}, method: 'custom' }),
      ...options,
    });
    guards.push(guard);
    return guard;
  };
  const call = async (guard: LiveGuard, name = 'a'): Promise<unknown> => {
    const server = new McpServer({ name: 'test', version: '1.0.0' });
    for (const tool of ['a', 'b']) server.registerTool(tool, {}, () => ({ content: [] }));
    protect(server, guard);
    const [near, far] = InMemoryTransport.createLinkedPair();
    await server.connect(far);
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(near);
    try {
      return await client.callTool({ name }).catch((error: unknown) => error);
    } finally {
      await client.close();
    }
  };
  const place = (server = 'default', number = 1): string =>
    join(folder.directory, 'trail', server, String(number));
  const seen = async (at = place()): Promise<string[]> =>
    (await recordsIn(at)).map(({ event, method, type }) => event ?? `${method ?? ''} ${type}`);

  it('records from before the start to after the stop, signed with the key that it names', async () => {
    const guard = await start(SIGNED);
    await call(guard);
    await call(guard, 'b');
    await guard.close();
    const verification = await verify(place(), [KEY]);
    expect(verification).toMatchObject({ verdict: 'ok', signed: verification.size });
    const events = await seen();
    // The signing key was looked up before there was anything to sign.
    expect(events.slice(0, 2)).toEqual(['secret_resolved', 'start']);
    expect(events.at(-1)).toBe('stop');
    expect(events.filter((name) => name === 'tools/call attempt')).toHaveLength(2);
    expect(events.filter((name) => name === 'tools/call outcome')).toHaveLength(2);
    expect(statSync(place()).mode & 0o077).toBe(0);
    expect(lines.join('\n')).not.toContain('development');
  });

  it('goes on with its chain after a restart', async () => {
    await (await start(SIGNED)).close();
    const { origin } = await verify(place(), [KEY]);
    const guard = await start(SIGNED);
    await call(guard);
    await guard.close();
    expect(await verify(place(), [KEY])).toMatchObject({ verdict: 'ok', origin });
    expect((await seen()).filter((name) => name === 'start')).toHaveLength(2);
  });

  it('gives each process a journal of its own, and the first free one again', async () => {
    const [one, two] = [await start(SIGNED), await start(SIGNED)];
    const other = await start(SIGNED, { server: '../evil/..' });
    await Promise.all([call(one), call(two), call(other)]);
    await Promise.all([one.close(), two.close(), other.close()]);
    expect(await verify(place('default', 1), [KEY])).toMatchObject({ verdict: 'ok' });
    expect(await verify(place('default', 2), [KEY])).toMatchObject({ verdict: 'ok' });
    expect(readdirSync(join(folder.directory, 'trail')).toSorted()).toEqual([
      '%2e%2e%2Fevil%2F%2e%2e',
      'default',
    ]);
    await (await start(SIGNED)).close();
    expect(readdirSync(join(folder.directory, 'trail', 'default')).toSorted()).toEqual(['1', '2']);
  });

  it('is loud about a development key', async () => {
    const guard = await start('  journal: ./trail\n');
    await guard.close();
    expect(lines.join('\n')).toMatch(/development key: it proves nothing/);
    expect(await verify(place(), [KEY])).toMatchObject({ verdict: 'unknown_key' });
  });

  it('does not start where it cannot be recorded: no key, a folder that is a file, another key', async () => {
    await expect(start(SIGNED, { env: {} })).rejects.toThrow(/AUDIT_KEY/);
    folder.write('trail', 'a file');
    await expect(start(SIGNED)).rejects.toThrow();
    rmSync(join(folder.directory, 'trail'));
    await (await start(SIGNED)).close();
    const another = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
    await expect(start(SIGNED, { env: { ...ENV, AUDIT_KEY: another.toString() } })).rejects.toThrow(/key/);
  });

  it('takes another key where the former one is named', async () => {
    await (await start(SIGNED)).close();
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const journal = `{ folder: ./trail, key: "env:AUDIT_KEY", formerKeys: ["${KEY}"] }`;
    await (await start(`  journal: ${journal}\n`, { env: { ...ENV, AUDIT_KEY: pem } })).close();
    const next = signerFromSecret('sallyport', new Secret(pem)).verifierKey;
    expect(await verify(place(), [KEY, next])).toMatchObject({ verdict: 'ok' });
  });

  it('ships every record, also those of a time when the receiver was away', async () => {
    const port = await hook.start();
    hook.away = true;
    const sink = `  sinks: { soc: { type: webhook, url: 'http://127.0.0.1:${port}', secret: env:HOOK, format: json, dangerouslyWithoutTls: true } }\n`;
    const guard = await start(`${SIGNED}${sink}`);
    await call(guard);
    await until(() => lines.some((line) => line.includes('audit sink soc does not take records (http_503)')));
    await guard.close();
    expect(hook.events).toEqual([]);
    hook.away = false;
    await (await start(`${SIGNED}${sink}`)).close();
    const names = hook.events.map(({ event, method, type }) => event ?? `${method ?? ''} ${type}`);
    expect(names.filter((name) => name !== 'checkpoint')).toEqual(
      (await seen()).filter((name) => name !== 'checkpoint'),
    );
    expect(names).toEqual(expect.arrayContaining(['start', 'tools/call attempt', 'sink_failed', 'stop']));
  });

  it('records that a sink has no credentials, and answers calls meanwhile', async () => {
    const sink = `  sinks: { soc: { type: webhook, url: 'https://127.0.0.1:1', secret: env:NOWHERE } }\n`;
    const guard = await start(`${SIGNED}${sink}`);
    await until(() => lines.some((line) => line.includes('(no_credentials)')));
    expect(await call(guard)).toMatchObject({ content: [] });
    await guard.close();
    expect(await seen()).toContain('sink_failed');
  });

  it('takes up and lets go of sinks with a new policy, on the same journal', async () => {
    const port = await hook.start();
    const guard = await start(SIGNED);
    await call(guard);
    const sink = `  sinks: { soc: { type: webhook, url: 'http://127.0.0.1:${port}', secret: env:HOOK, format: json, dangerouslyWithoutTls: true } }\n`;
    writeFileSync(folder.path, policyWith(`${SIGNED}${sink}`));
    expect(await guard.reload()).toBe(true);
    // From the oldest record on, although it was not there then.
    await until(() => hook.events.some(({ event }) => event === 'policy_reloaded'));
    writeFileSync(folder.path, policyWith(SIGNED));
    expect(await guard.reload()).toBe(true);
    // What was on its way is sent; then its cursor is let go.
    await until(() => readdirSync(join(place(), 'soc.shipper')).length === 0);
    const before = hook.events.length;
    await call(guard);
    await guard.close();
    expect(hook.events).toHaveLength(before);
    expect(await verify(place(), [KEY])).toMatchObject({ verdict: 'ok' });
  });

  it('keeps the old policy in force when the journal of the new one cannot be opened', async () => {
    const guard = await start(SIGNED);
    folder.write('file', 'no folder');
    writeFileSync(
      folder.path,
      policyWith('  journal: { folder: ./file, key: "env:AUDIT_KEY" }\n').replace('tool:a', 'tool:b'),
    );
    expect(await guard.reload()).toBe(false);
    expect(await call(guard)).toMatchObject({ content: [] });
    await guard.close();
    expect(await seen()).toContain('policy_reload_failed');
    expect(existsSync(join(folder.directory, 'file', 'default'))).toBe(false);
  });

  it('reports a call that was cut off at the next start, once', async () => {
    const guard = await start(SIGNED);
    // The process is gone while a tool runs: its lock is left, its outcome never written.
    let began: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (began = resolve));
    const server = new McpServer({ name: 'test', version: '1.0.0' });
    server.registerTool('a', {}, async () => {
      began();
      return new Promise(() => undefined);
    });
    protect(server, guard);
    const [near, far] = InMemoryTransport.createLinkedPair();
    await server.connect(far);
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(near);
    const cut = client.callTool({ name: 'a' }).catch(() => undefined);
    await running;
    cpSync(join(folder.directory, 'trail'), join(folder.directory, 'left'), { recursive: true });
    for (const name of readdirSync(join(folder.directory, 'left', 'default', '1'))) {
      if (name.includes('lock'))
        rmSync(join(folder.directory, 'left', 'default', '1', name), { recursive: true });
    }
    await client.close();
    await cut;
    const left = SIGNED.replace('./trail', './left');
    await (await start(left)).close();
    expect(lines.join('\n')).toMatch(/1 call of an earlier process may have run, and have no outcome/);
    lines.length = 0;
    await (await start(left)).close();
    expect(lines.join('\n')).not.toContain('an earlier process');
    const found = await recordsIn(join(folder.directory, 'left', 'default', '1'));
    expect(found.filter(({ event }) => event === 'attempt_unmatched')).toMatchObject([
      { detail: { method: 'tools/call', on: 'default' } },
    ]);
  });

  it('keeps people out of records, and makes one of them unreadable for ever', async () => {
    const personal = `${SIGNED}  personal: { key: env:PEOPLE }\n  arguments: sealed\n`;
    const env = { ...ENV, PEOPLE: randomBytes(32).toString('base64') };
    const guard = await start(personal, { env });
    await call(guard);
    await guard.close();
    const records = await recordsIn(place());
    const subjects = records.flatMap(({ principal }) => principal?.subject ?? []);
    expect(subjects.length).toBeGreaterThan(0);
    expect(new Set(subjects).size).toBe(1);
    expect(subjects).not.toContain('ann');
    const file = join(folder.directory, 'trail', 'personal.keys');
    const key = (): Promise<Secret> => Promise.resolve(new Secret(env.PEOPLE));
    const keys = await SubjectKeys.open({ file, key });
    expect(await keys.pseudonymOf('ann')).toBe(subjects[0]);
    expect(await keys.erase({ subject: 'ann' })).toBeDefined();
    await keys.close();
    const reader = await SubjectKeys.open({ file, key, readOnly: true });
    expect(await reader.pseudonymOf('ann')).toBeUndefined();
    await reader.close();
    expect(await verify(place(), [KEY])).toMatchObject({ verdict: 'ok' });
  });

  it('needs the key of people before it starts', async () => {
    await expect(start(`${SIGNED}  personal: { key: env:NOWHERE }\n`)).rejects.toThrow(/NOWHERE/);
    await expect(
      start(`${SIGNED}  personal: { key: env:WEAK }\n`, { env: { ...ENV, WEAK: 'passphrase' } }),
    ).rejects.toThrow(/has to be random/);
  });

  it('writes a copy in another format to a file', async () => {
    const guard = await start(`${SIGNED}  sinks: { copy: { type: file, file: ./copy.cef, format: cef } }\n`);
    await call(guard, 'b');
    await guard.close();
    const copy = readFileSync(join(folder.directory, 'copy.cef'), 'utf8').trimEnd().split('\n');
    expect(copy.every((line) => line.startsWith('CEF:0|Sallyport|Sallyport|'))).toBe(true);
    expect(copy.filter((line) => line.includes('|refused_permission_denied|'))).toHaveLength(1);
  });
});

describe('a journal that its process left behind', () => {
  let folder: PolicyFolder;
  let hook: Hook;
  const lines: string[] = [];
  beforeEach(() => {
    folder = new PolicyFolder();
    hook = new Hook();
  });
  afterEach(() => {
    hook.stop();
    folder.dispose();
  });

  /** Another process that guards the same server, and is killed in the middle of a call. */
  const killedInACall = async (server = 'default'): Promise<void> => {
    const program = fileURLToPath(new URL('killed-in-a-call.ts', import.meta.url));
    const args = ['--conditions=@sallyport/source', '--import', 'tsx', program, folder.path, server];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...ENV },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
  };

  it('is seen to by another one: the call is reported, and every record shipped', async () => {
    const port = await hook.start();
    const sink = `  sinks: { soc: { type: webhook, url: 'http://127.0.0.1:${port}', secret: env:HOOK, format: json, dangerouslyWithoutTls: true } }\n`;
    folder.write('sallyport.yaml', policyWith(`${SIGNED}${sink}`));
    hook.away = true;
    const start = (): Promise<LiveGuard> =>
      LiveGuard.start({ path: folder.path, env: ENV, log: ({ message }) => lines.push(message) });
    // It has the first journal, and the other process the second.
    const first = await start();
    await killedInACall();
    await first.close();
    hook.away = false;
    const next = await start();
    await until(() => hook.events.some(({ event }) => event === 'attempt_unmatched'));
    await next.close();
    const trail = join(folder.directory, 'trail', 'default');
    const left = await recordsIn(join(trail, '2'));
    expect(left.map(({ event }) => event)).toContain('attempt_unmatched');
    const all = [...(await recordsIn(join(trail, '1'))), ...left];
    const shipped = new Set(hook.events.map(({ id }) => id));
    expect(all.filter(({ id }) => !shipped.has(id))).toEqual([]);
    expect(await verify(join(trail, '2'), [KEY])).toMatchObject({ verdict: 'ok' });
    expect(all.filter(({ event }) => event === 'journal_seen')).not.toEqual([]);
  });

  it('keeps no other waiting when it is damaged, and is told of once', async () => {
    folder.write('sallyport.yaml', policyWith(SIGNED));
    const start = (): Promise<LiveGuard> =>
      LiveGuard.start({ path: folder.path, env: ENV, log: ({ message }) => lines.push(message) });
    const first = await start();
    await killedInACall();
    const second = join(folder.directory, 'trail', 'default', '2');
    for (const name of readdirSync(second).filter((each) => each.endsWith('.checkpoints')))
      writeFileSync(join(second, name), '');
    await first.close();
    // Behind the damaged one, in the order of their names.
    await killedInACall('other');
    lines.length = 0;
    const next = await start();
    await until(() => lines.some((line) => line.includes('an earlier process')));
    await next.close();
    expect(lines.filter((line) => line.includes('the journal default/2 was not seen to'))).toHaveLength(1);
  });
});
