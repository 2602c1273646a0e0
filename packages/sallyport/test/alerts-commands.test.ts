import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PolicyFolder } from '../../../test/support/policy-file.ts';
import { addAlertsCommands } from '../src/cli/alerts-commands.ts';

let folder: PolicyFolder;
let server: Server;
let bodies: string[];
let written: string;
beforeEach(async () => {
  folder = new PolicyFolder();
  bodies = [];
  written = '';
  vi.stubEnv('NO_COLOR', '1');
  const write = (text: string | Uint8Array): boolean => {
    written += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
  server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
    request.on('end', () => response.end());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
  server.close();
  folder.dispose();
});

async function run(...words: readonly string[]): Promise<unknown> {
  const program = new Command().exitOverride();
  addAlertsCommands(program);
  await program.parseAsync(['alerts', 'test', '-p', folder.path, ...words], { from: 'user' });
  return process.exitCode;
}

function policyWith(sinks: string): void {
  folder.write(
    'sallyport.yaml',
    `version: 1
authorization: { rules: 'p, role:user, *, tool:*, call' }
audit: { journal: { folder: ./audit, key: "env:K" } }
alerts: { rules: [], sinks: { ${sinks} } }
`,
  );
}

const oncall = (): string => {
  const { port } = server.address() as AddressInfo;
  return `oncall: { type: alertmanager, url: 'http://127.0.0.1:${port}', dangerouslyWithoutTls: true }`;
};

test('a test alert that every sink takes is 0, and each answer is shown', async () => {
  policyWith(`${oncall()}, copy: { type: file, file: ./alerts.jsonl }`);
  expect(await run()).toBe(0);
  for (const line of ['oncall  alertmanager', 'copy    file', 'The test alert was taken by 2 sinks.'])
    expect(written).toContain(line);
});

test('a test alert says that it is one', async () => {
  policyWith(oncall());
  await run();
  expect(bodies.join()).toContain('TEST: sent by');
});

test('a sink that cannot be reached is 1, with why', async () => {
  policyWith(`${oncall()}, gone: { type: otlp, url: 'http://127.0.0.1:1', dangerouslyWithoutTls: true }`);
  expect(await run('--json')).toBe(1);
  expect(JSON.parse(written)).toEqual([
    { sink: 'oncall', type: 'alertmanager', accepted: true, why: '' },
    { sink: 'gone', type: 'otlp', accepted: false, why: expect.stringMatching(/^ECONNREFUSED/) as string },
  ]);
});

test('a sink that the policy does not have is 2, and nothing is sent', async () => {
  policyWith(oncall());
  expect(await run('--sink', 'onkall')).toBe(2);
  expect(written).toContain('the policy has no sink "onkall" for alerts; there are oncall');
  expect(bodies).toEqual([]);
});

test('a policy that cannot be used is 2, with its place', async () => {
  policyWith('oncall: { type: alertmanager }');
  expect(await run()).toBe(2);
  expect(written).toMatch(/sallyport\.yaml:4:\d+ a sink of type alertmanager needs "url"/);
});
