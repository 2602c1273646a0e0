import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { protect } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LiveGuard, PolicyError } from '@sallyport/policy';
import { MemorySink } from '../../../test/support/memory-sink.ts';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

const policyFor = (...tools: string[]): string =>
  `version: 1
identity: { stdio: { subject: ann, roles: [user] } }
authorization:
  rules: |
    # rules
${tools.map((tool) => `    p, role:user, *, tool:${tool}, call\n`).join('')}`;

describe('LiveGuard', () => {
  let folder: PolicyFolder;
  let sink: MemorySink;
  let guard: LiveGuard;
  let client: Client;
  let release: () => void;
  const lines: string[] = [];

  beforeEach(async () => {
    folder = new PolicyFolder(policyFor('a', 'slow'));
    sink = new MemorySink();
    guard = await LiveGuard.start({
      path: folder.path,
      sink,
      env: {},
      log: ({ message }) => lines.push(message),
      // In memory there is no stdio identity: the SDK cannot say that nobody else could have connected.
      identify: () => ({ subject: 'ann', roles: ['user'], claims: {}, method: 'custom' }),
    });
    const server = new McpServer({ name: 'test', version: '1.0.0' });
    for (const name of ['a', 'b']) server.registerTool(name, {}, () => ({ content: [] }));
    server.registerTool('slow', {}, async () => {
      await new Promise<void>((resolve) => (release = resolve));
      return { content: [{ type: 'text', text: 'finished' }] };
    });
    protect(server, guard);
    const [near, far] = InMemoryTransport.createLinkedPair();
    await server.connect(far);
    client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(near);
  });
  afterEach(async () => {
    await client.close();
    await guard.close();
    folder.dispose();
  });

  const may = async (name: string): Promise<boolean> => {
    try {
      await client.callTool({ name });
      return true;
    } catch (error) {
      expect((error as { code?: unknown }).code).toBe(403);
      return false;
    }
  };
  const events = (): string[] =>
    sink.records.flatMap((record) => (record.type === 'event' ? [record.event] : []));

  it('decides by the policy, and by the new one after a reload', async () => {
    expect([await may('a'), await may('b')]).toEqual([true, false]);
    writeFileSync(folder.path, policyFor('b', 'slow'));
    expect(await guard.reload()).toBe(true);
    expect([await may('a'), await may('b')]).toEqual([false, true]);
    expect(events()).toEqual(['start', 'policy_reloaded']);
  });

  it('keeps the old policy when the new one cannot be used, says why, and records it', async () => {
    writeFileSync(folder.path, 'version: 1\nmode: nonsense\n');
    expect(await guard.reload()).toBe(false);
    expect([await may('a'), await may('b')]).toEqual([true, false]);
    expect(events()).toEqual(['start', 'policy_reload_failed']);
    expect(lines.at(-1)).toMatch(/not reloaded, the old one stays in force:\n.*:2:7 "mode" must be one of/);
  });

  it('keeps the old policy when the file is gone', async () => {
    folder.dispose();
    expect(await guard.reload()).toBe(false);
    expect(await may('a')).toBe(true);
  });

  it('lets a call finish on the policy it began with', async () => {
    const call = client.callTool({ name: 'slow' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    writeFileSync(folder.path, policyFor('a'));
    await guard.reload();
    release();
    expect((await call).content).toEqual([{ type: 'text', text: 'finished' }]);
    expect(await may('slow')).toBe(false);
  });

  it('puts layers of the host between record and decision', async () => {
    const seen: string[] = [];
    const other = await LiveGuard.start({
      path: folder.path,
      sink,
      env: {},
      interceptors: [
        {
          name: 'own',
          intercept: (call, next) => {
            seen.push(call.method);
            return next({ ...call, principal: { ...call.principal, subject: 'ann', roles: ['user'] } });
          },
        },
      ],
    });
    const server = new McpServer({ name: 'test', version: '1.0.0' });
    for (const name of ['a', 'b']) server.registerTool(name, {}, () => ({ content: [] }));
    protect(server, other);
    const [near, far] = InMemoryTransport.createLinkedPair();
    await server.connect(far);
    const own = new Client({ name: 'test', version: '1.0.0' });
    await own.connect(near);
    await own.callTool({ name: 'a' });
    await expect(own.callTool({ name: 'b' })).rejects.toThrow('Not permitted');
    expect(seen.filter((method) => method === 'tools/call')).toHaveLength(2);
    expect(sink.refusals('tools/call')).toEqual([undefined, 'permission_denied']);
    await own.close();
    await other.close();
  });

  it('stamps every record with the policy that decided', async () => {
    await may('a');
    const before = guard.policy.digest;
    writeFileSync(folder.path, policyFor('b'));
    await guard.reload();
    await may('b');
    const digests = sink.records.flatMap((record) =>
      record.type === 'outcome' && record.method === 'tools/call' ? [record.policy] : [],
    );
    expect(digests).toEqual([before, guard.policy.digest]);
    expect(before).not.toBe(guard.policy.digest);
  });

  it('does not miss a change that comes while it reloads', async () => {
    writeFileSync(folder.path, policyFor('b'));
    const first = guard.reload();
    writeFileSync(folder.path, policyFor('a', 'b'));
    await Promise.all([first, guard.reload()]);
    expect([await may('a'), await may('b')]).toEqual([true, true]);
  });

  it('never puts a policy in force that somebody is still writing', async () => {
    const whole = `${policyFor('*')}    p, role:user, *, tool:b, call, , deny\n`;
    writeFileSync(folder.path, policyFor('*'));
    const reloaded = guard.reload();
    setTimeout(() => writeFileSync(folder.path, whole), 100);
    expect(await reloaded).toBe(true);
    expect(await may('b')).toBe(false);
    const decided = sink.records.flatMap((record) => (record.type === 'event' ? [record.event] : []));
    expect(decided.filter((event) => event === 'policy_reloaded')).toHaveLength(1);
  });

  it('does nothing, and records nothing, when nothing has changed', async () => {
    expect(await guard.reload()).toBe(true);
    expect(events()).toEqual(['start']);
  });

  it('sees a changed file by itself while it watches', async () => {
    guard.watch();
    await new Promise((resolve) => setTimeout(resolve, 50));
    writeFileSync(folder.path, policyFor('a', 'b'));
    for (let tries = 0; tries < 100 && !events().includes('policy_reloaded'); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await may('b')).toBe(true);
  });

  it('only records what it would have refused, in audit mode', async () => {
    writeFileSync(folder.path, policyFor('a').replace('version: 1', 'version: 1\nmode: audit'));
    await guard.reload();
    expect(await may('b')).toBe(true);
    expect(sink.records.at(-1)).toMatchObject({
      status: 'ok',
      wouldRefuse: [{ layer: 'rbac', code: 'permission_denied' }],
    });
  });

  it('records the decision with its rule and the line where it stands', async () => {
    await may('a');
    expect(sink.records.at(-1)).toMatchObject({
      principal: { subject: 'ann', roles: ['user'] },
      decision: { effect: 'permit', at: expect.stringMatching(/sallyport\.yaml:6$/) },
    });
  });

  it('writes to the file that the policy names, for its owner only', async () => {
    writeFileSync(folder.path, `${policyFor('a')}audit: { file: ./trail/audit.jsonl }\n`);
    const other = await LiveGuard.start({ path: folder.path, env: {} });
    await other.close();
    const text = readFileSync(join(folder.directory, 'trail/audit.jsonl'), 'utf8');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { event: string }).event),
    ).toEqual(['start', 'stop']);
  });

  it('does not start without a usable policy', async () => {
    writeFileSync(folder.path, 'mode: x\n');
    await expect(LiveGuard.start({ path: folder.path, sink, env: {} })).rejects.toBeInstanceOf(PolicyError);
    await expect(LiveGuard.start({ path: join(folder.directory, 'none.yaml'), sink })).rejects.toThrow(
      /cannot be read/,
    );
  });

  it('does not start as nobody when the policy names somebody by an unset variable', async () => {
    writeFileSync(folder.path, policyFor('a').replace('subject: ann', "subject: 'env:WHO'"));
    await expect(LiveGuard.start({ path: folder.path, sink, env: {} })).rejects.toThrow(
      /env:WHO, which is not set; set/,
    );
    const named = await LiveGuard.start({ path: folder.path, sink, env: { WHO: 'eve' } });
    expect(named.identify(undefined).subject).toBe('eve');
  });

  describe('identify', () => {
    beforeEach(async () => {
      await guard.close();
      guard = await LiveGuard.start({ path: folder.path, sink, env: {} });
    });

    it('lends the identity of the process to nobody who comes over HTTP', () => {
      expect(guard.identify(undefined).subject).toBe('ann');
      expect(guard.identify({ requestInfo: { headers: {} } })).toMatchObject({
        subject: 'anonymous',
        roles: [],
      });
      expect(guard.identify({ authInfo: undefined }).subject).toBe('anonymous');
      expect(guard.identify({ request: {} })).toMatchObject({ subject: 'anonymous', roles: [] });
    });

    it('takes subject, roles, client and claims from a verified token', () => {
      const authInfo = {
        token: 't',
        clientId: 'ide',
        scopes: [],
        extra: { sub: 'max', roles: ['admin', 7], team: 'x' },
      };
      expect(guard.identify({ authInfo, requestInfo: {} })).toEqual({
        subject: 'max',
        roles: ['admin'],
        client: 'ide',
        claims: { sub: 'max', roles: ['admin', 7], team: 'x' },
        method: 'token',
      });
    });
  });
});
