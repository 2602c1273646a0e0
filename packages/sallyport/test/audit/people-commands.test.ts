import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { LiveGuard } from '@sallyport/policy';
import { protect } from '@sallyport/core';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PolicyFolder } from '../../../../test/support/policy-file.ts';
import { withoutColours } from './journal-bench.ts';

const CLI = resolve('packages/sallyport/bundle/lib/cli.js');
const env = {
  AUDIT_KEY: generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  PEOPLE: randomBytes(32).toString('base64'),
};
const POLICY = `version: 1
authorization: { rules: 'p, role:nurse, *, tool:*, call' }
redaction: { about: [patient] }
audit:
  journal: { folder: ./audit, key: env:AUDIT_KEY }
  arguments: sealed
  personal: { key: env:PEOPLE }
`;

let folder: PolicyFolder;

function sallyport(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'audit', ...args], {
    cwd: folder.directory,
    env: { ...process.env, ...env, NO_COLOR: '1' },
    encoding: 'utf8',
  });
  return { code: status, out: withoutColours(stdout), err: stderr };
}

beforeAll(async () => {
  folder = new PolicyFolder(POLICY);
  const guard = await LiveGuard.start({
    path: folder.path,
    env,
    identify: () => ({ subject: 'nora@ward.example', roles: ['nurse'], claims: {}, method: 'custom' }),
  });
  const server = new McpServer({ name: 'test', version: '1.0.0' });
  server.registerTool('note', { inputSchema: { patient: z.string(), text: z.string() } }, () => ({
    content: [{ type: 'text', text: 'noted' }],
  }));
  protect(server, guard);
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(near);
  await client.callTool({ name: 'note', arguments: { patient: 'MRN-1', text: 'fever since Monday' } });
  await client.close();
  await guard.close();
});
afterAll(() => folder.dispose());

describe('people in a journal', () => {
  test('are nowhere in it by name, nor is what was sealed for them', () => {
    const place = join(folder.directory, 'audit', 'default', '1');
    const files = readdirSync(place, { withFileTypes: true }).filter((entry) => entry.isFile());
    const bytes = files.map(({ name }) => readFileSync(join(place, name), 'latin1')).join('');
    expect(bytes).toContain('note');
    for (const value of ['nora', 'MRN-1', 'fever']) expect(bytes).not.toContain(value);
    const { out } = sallyport('search', './audit', '--tool', 'note');
    for (const value of ['nora', 'MRN-1', 'fever']) expect(out).not.toContain(value);
  });

  test('are found by name, and read, by whoever has their keys', () => {
    const { code, out } = sallyport(
      'search',
      './audit',
      '-p',
      'sallyport.yaml',
      '--subject',
      'nora@ward.example',
    );
    expect(code).toBe(0);
    expect(out).toContain('nora@ward.example');
    expect(out).toContain('"text":"fever since Monday"');
    const json = sallyport('search', './audit', '-p', 'sallyport.yaml', '--tool', 'note', '--json').out;
    const records = json
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records).toMatchObject([
      { type: 'attempt', about: 'MRN-1', opened: { arguments: { patient: 'MRN-1' } } },
      { type: 'outcome', about: 'MRN-1', opened: { result: { content: [{ text: 'noted' }] } } },
    ]);
  });

  test('are not read with another key, and the message says so without a value', () => {
    const other = spawnSync(process.execPath, [CLI, 'audit', 'search', './audit', '-p', 'sallyport.yaml'], {
      cwd: folder.directory,
      env: { ...process.env, ...env, PEOPLE: randomBytes(32).toString('base64') },
      encoding: 'utf8',
    });
    expect(other.status).toBe(2);
    expect(other.stderr).toMatch(/key/);
    expect(other.stderr).not.toContain(env.PEOPLE);
  });

  test('can be erased one by one: a patient, and not the nurse', () => {
    const erased = sallyport('erase', 'MRN-1');
    expect(erased).toMatchObject({ code: 0, out: expect.stringMatching(/The key of subject:\w+ is gone/) });
    const { out } = sallyport('search', './audit', '-p', 'sallyport.yaml', '--tool', 'note');
    expect(out).not.toContain('fever');
    expect(out).not.toContain('MRN-1');
    expect(out).toContain('nora@ward.example');
    expect(sallyport('erase', 'MRN-1')).toMatchObject({ code: 1 });
    const recorded = sallyport('search', './audit', '--event', 'subject_erased').out;
    expect(recorded).toMatch(/subject:\w{26}/);
    expect(recorded).not.toContain('MRN-1');
    expect(sallyport('verify', './audit', '--key', sallyport('key').out.trim())).toMatchObject({ code: 0 });
  });

  test.each([
    [['erase'], 2, /say who: NAME, or --pseudonym/],
    [['erase', 'nobody'], 1, /Nothing is sealed/],
    [['erase', 'a', '-p', 'other.yaml'], 2, /other.yaml cannot be read/],
    [['key', '-p', 'plain.yaml'], 2, /the policy has no journal; add/],
    [['erase', '-p', 'plain.yaml', 'a'], 2, /keeps nobody out of records; add/],
    [['search', './audit', '-p', 'plain.yaml'], 2, /keeps nobody out of records; add/],
  ])('%j ends with %i and says what to write', (args, code, expected) => {
    folder.write('plain.yaml', "version: 1\nauthorization: { rules: 'p, role:nurse, *, tool:*, call' }\n");
    const ended = sallyport(...args);
    expect(ended.code).toBe(code);
    expect(ended.out + ended.err).toMatch(expected);
  });
});
