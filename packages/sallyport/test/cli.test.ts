import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

const CLI = resolve('packages/sallyport/bundle/lib/cli.js');
const FILES = resolve('node_modules/@modelcontextprotocol/server-filesystem/dist/index.js');

const POLICY = `version: 1
identity: { stdio: { subject: ann, roles: [reader] } }
authorization:
  rules: |
    p, role:reader, *, tool:read_text_file, call, , allow
servers:
  files: { command: [node, '${FILES}', '.'], cwd: ./data }
audit: { file: ./audit.jsonl }
`;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let folder: PolicyFolder;
beforeEach(() => {
  folder = new PolicyFolder();
  mkdirSync(join(folder.directory, 'data'));
  folder.write('data/note.txt', 'Hello.');
});
afterEach(() => folder.dispose());

async function sallyport(...args: string[]): Promise<Ended> {
  return ended(start(args));
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [CLI, ...args], {
    cwd: folder.directory,
    env: { ...process.env, NO_COLOR: '1' },
  });
}

async function ended(child: ChildProcess): Promise<Ended> {
  const exit = new Promise<number | null>((done) => child.on('close', done));
  const [out, err] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ]);
  return { code: await exit, out, err };
}

async function connect(args: readonly string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [CLI, ...args],
      cwd: folder.directory,
      stderr: 'ignore',
    }),
  );
  return client;
}

describe('sallyport run', () => {
  it('guards a real server that is given after --', async () => {
    folder.write('sallyport.yaml', POLICY);
    const client = await connect(['run', '--', process.execPath, FILES, 'data']);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['read_text_file']);
    const path = join(folder.directory, 'data/note.txt');
    const { content } = await client.callTool({ name: 'read_text_file', arguments: { path } });
    expect(content).toEqual([{ type: 'text', text: 'Hello.' }]);
    await expect(client.callTool({ name: 'write_file', arguments: { path, content: '' } })).rejects.toThrow(
      '403',
    );
    await client.close();
    const records = readFileSync(join(folder.directory, 'audit.jsonl'), 'utf8').trim().split('\n');
    expect(records.map((line) => (JSON.parse(line) as { type: string }).type)).toContain('attempt');
    expect(statSync(join(folder.directory, 'audit.jsonl')).mode & 0o777).toBe(0o600);
  });

  it('starts a server by its name in the policy', async () => {
    folder.write('sallyport.yaml', POLICY);
    const client = await connect(['run', '--server', 'files']);
    const { content } = await client.callTool({ name: 'read_text_file', arguments: { path: 'note.txt' } });
    expect(content).toEqual([{ type: 'text', text: 'Hello.' }]);
    await client.close();
  });

  it('takes a new policy on SIGHUP, and keeps the old one when the new one is broken', async () => {
    folder.write('sallyport.yaml', POLICY);
    const client = new Client({ name: 'test', version: '1.0.0' });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [CLI, 'run', '--server', 'files'],
      cwd: folder.directory,
      stderr: 'pipe',
    });
    let log = '';
    transport.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    await client.connect(transport);
    const reload = async (policy: string, said: RegExp): Promise<void> => {
      folder.write('sallyport.yaml', policy);
      process.kill(transport.pid ?? 0, 'SIGHUP');
      for (let tries = 0; !said.test(log); tries += 1) {
        if (tries > 200) throw new Error('It was not reloaded.');
        await new Promise((done) => setTimeout(done, 25));
      }
    };
    const names = async (): Promise<string[]> => (await client.listTools()).tools.map(({ name }) => name);
    await reload(POLICY.replace('read_text_file', 'list_directory'), /policy reloaded/);
    expect(await names()).toEqual(['list_directory']);
    await reload('version: 1\nmode: nonsense\n', /the old one stays in force/);
    expect(await names()).toEqual(['list_directory']);
    await client.close();
  });

  it.each([
    ['no policy', ['run', '--', 'node', 'x'], undefined, 2, /sallyport.yaml is not there.*sallyport init/],
    [
      'a broken policy',
      ['run', '--', 'node', 'x'],
      'version: 2\n',
      2,
      /sallyport.yaml:1:10 "version" must be 1/,
    ],
    ['no command', ['run'], POLICY, 2, /put one after --, or name a server; the policy has --server files/],
    [
      'a server the policy does not have',
      ['run', '--server', 'x'],
      POLICY,
      2,
      /the policy has --server files/,
    ],
    [
      'a command that is not there',
      ['run', '--', 'no-such-program-here'],
      POLICY,
      127,
      /command was not found/,
    ],
  ])('does not start with %s, and says what to do', async (_, args, policy, code, message) => {
    if (policy !== undefined) folder.write('sallyport.yaml', policy);
    const { code: got, err, out } = await sallyport(...args);
    expect(err).toMatch(message);
    expect(got).toBe(code);
    expect(out).toBe('');
  });

  it('tells of a command that is not there even to a client that left at once', async () => {
    folder.write('sallyport.yaml', POLICY);
    const child = start(['run', '--', 'no-such-program-here']);
    child.stdin?.end();
    const { code, err } = await ended(child);
    expect([code, err]).toEqual([127, expect.stringMatching(/command was not found/)]);
  });

  it('ends with the code of the server', async () => {
    folder.write('sallyport.yaml', POLICY);
    const child = start(['run', '--', process.execPath, '-e', 'process.exit(7)']);
    expect((await ended(child)).code).toBe(7);
  });
});

describe('sallyport init', () => {
  it('writes a policy that lint accepts and run uses, from a real server', async () => {
    const { code, out } = await sallyport('init', '--', process.execPath, FILES, 'data');
    expect(code).toBe(0);
    expect(out).toMatch(/Wrote sallyport\.yaml: 10 of 14 tools permitted/);
    expect((await sallyport('policy', 'lint')).out).toContain('can be used (0 errors, 0 warnings)');
    const client = await connect(['run', '--server', 'main']);
    expect((await client.listTools()).tools).toHaveLength(10);
    await client.close();
  });

  it('does not overwrite a policy unless it is told to', async () => {
    folder.write('sallyport.yaml', 'mine');
    const { code, err } = await sallyport('init', '--', process.execPath, FILES, 'data');
    expect([code, err]).toEqual([2, expect.stringMatching(/is there already; .*--force/)]);
    expect(readFileSync(folder.path, 'utf8')).toBe('mine');
    expect((await sallyport('init', '--force', '--', process.execPath, FILES, 'data')).code).toBe(0);
  });

  it('says so when the server does not answer', async () => {
    const { code, err } = await sallyport('init', '--', process.execPath, '-e', '0');
    expect(code).toBe(1);
    expect(err).toMatch(/the server did not answer .*; check that this starts it: /);
  });
});

describe('sallyport wrap', () => {
  const config =
    '{\n  // mine\n  "mcpServers": {\n    "files": { "command": "npx", "args": ["-y", "fs"] }\n  }\n}\n';

  it('shows the change, keeps a backup and the mode of the file, and goes back word for word', async () => {
    folder.write('sallyport.yaml', POLICY);
    const file = folder.write('mcp.json', config);
    const { code, out } = await sallyport('wrap', 'mcp.json');
    expect(code).toBe(0);
    expect(out).toMatch(/^\+ .*"run"/m);
    expect(out).toContain('mcp.json.before-sallyport');
    expect(readFileSync(`${file}.before-sallyport`, 'utf8')).toBe(config);
    expect(readFileSync(file, 'utf8')).toContain(folder.path);
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect((await sallyport('wrap', 'mcp.json', '--undo')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(config);
    expect(existsSync(`${file}.before-sallyport`)).toBe(false);
  });

  it('makes a config whose server is guarded when a client starts it', async () => {
    folder.write('sallyport.yaml', POLICY);
    const file = join(folder.directory, 'mcp.json');
    writeFileSync(
      file,
      JSON.stringify({ mcpServers: { files: { command: process.execPath, args: [FILES, 'data'] } } }),
    );
    await sallyport('wrap', 'mcp.json');
    const { mcpServers } = JSON.parse(readFileSync(file, 'utf8')) as {
      mcpServers: { files: { command: string; args: string[] } };
    };
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(
      new StdioClientTransport({ ...mcpServers.files, cwd: folder.directory, stderr: 'ignore' }),
    );
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['read_text_file']);
    await client.close();
  });

  it('shows no credential that stands beside the change, and says how to move it', async () => {
    folder.write('sallyport.yaml', POLICY);
    const env = { LEVEL: 'debug', GH_TOKEN: 'ghp_1234567890' };
    const entry = { env, command: 'npx', args: ['--level=info', '--api-key=from-the-args'] };
    folder.write('mcp.json', JSON.stringify({ mcpServers: { GitHub: entry } }, undefined, 2));
    const { out, err } = await sallyport('wrap', 'mcp.json');
    expect(out).toContain('"GH_TOKEN": "[secret]"');
    expect(out + err).not.toContain('ghp_');
    expect(out + err).not.toContain('from-the-args');
    expect(out).toContain('--level=info');
    expect(out).toContain(
      `sallyport secrets set github-gh-token --keystore ${folder.directory}/sallyport.keystore`,
    );
    expect(out).toContain('GitHub: the value of --api-key stands in this file.');
    expect(out).toContain('"--env", "GH_TOKEN=keystore:github-gh-token"');
    expect(out).not.toContain('the value of LEVEL');
    expect((await sallyport('wrap', 'mcp.json', '--undo')).out).not.toContain('stands in this file');
  });

  it('names the program itself where something else started it', async () => {
    folder.write('sallyport.yaml', POLICY);
    folder.write('mcp.json', config);
    const start = resolve('scripts/sallyport.mjs');
    const child = spawn(process.execPath, [start, 'wrap', 'mcp.json'], {
      cwd: folder.directory,
      env: { ...process.env, NO_COLOR: '1', INIT_CWD: folder.directory },
    });
    const { code, out } = await ended(child);
    expect(code).toBe(0);
    expect(out).toContain(CLI);
  });

  it('writes nothing in a dry run, and nothing without a policy', async () => {
    const file = folder.write('mcp.json', config);
    expect((await sallyport('wrap', 'mcp.json')).err).toMatch(/sallyport.yaml is not there/);
    folder.write('sallyport.yaml', POLICY);
    expect((await sallyport('wrap', 'mcp.json', '--dry-run')).out).toContain('Would change: files');
    expect(readFileSync(file, 'utf8')).toBe(config);
  });
});

describe('sallyport policy', () => {
  it('lint reports every problem with its place, and exits with 1', async () => {
    folder.write('sallyport.yaml', 'version: 1\nmode: x\nauthorization: { rules: "p, a, b" }\n');
    const { code, out } = await sallyport('policy', 'lint');
    expect(code).toBe(1);
    expect(out).toMatch(/^sallyport\.yaml:2:7 "mode" must be one of/m);
    expect(out).toMatch(/^sallyport\.yaml:3:\d+ /m);
    expect(out).toContain('cannot be used: 2 errors');
  });

  it('lint warns of an identity that no rule names', async () => {
    folder.write('sallyport.yaml', POLICY.replace('roles: [reader]', 'roles: [readers]'));
    const { code, out } = await sallyport('policy', 'lint');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^sallyport\.yaml:2:1 warning: no rule names user:ann or role:readers, .*; check the roles$/m,
    );
  });

  it('lint takes warnings for errors when it is told to', async () => {
    folder.write('sallyport.yaml', 'version: 1\n');
    expect((await sallyport('policy', 'lint')).code).toBe(0);
    expect((await sallyport('policy', 'lint', '--strict')).code).toBe(1);
  });

  it('test prints a table, and exits with 1 when a decision is another', async () => {
    folder.write('sallyport.yaml', POLICY);
    folder.write(
      'my.test.yaml',
      `policy: ./sallyport.yaml
tests:
  - { name: a reader reads, principal: { roles: [reader] }, tool: read_text_file, expect: permit, by: 'sallyport.yaml:5' }
  - { name: a reader writes, principal: { roles: [reader] }, tool: write_file, expect: permit }
`,
    );
    const { code, out } = await sallyport('policy', 'test');
    expect(code).toBe(1);
    expect(out).toMatch(/pass {2}a reader reads/);
    expect(out).toMatch(
      /FAIL {2}a reader writes\n.*my\.test\.yaml:4 expected permit, got deny \(no rule matches\)/,
    );
    expect(out).toContain('1 passed, 1 failed');
  });

  it('test says what is wrong with a test file, and exits with 2', async () => {
    folder.write('my.test.yaml', 'policy: ./sallyport.yaml\ntests:\n  - { nmae: x }\n');
    const { code, out } = await sallyport('policy', 'test');
    expect(code).toBe(2);
    expect(out).toMatch(/my\.test\.yaml:3:\d+ unknown key "nmae"; did you mean "name"\?/);
  });

  it('explain asks for the identity of the policy when it is told none', async () => {
    folder.write('sallyport.yaml', POLICY);
    const { out } = await sallyport('policy', 'explain', '--tool', 'read_text_file');
    expect(out).toContain('on files as user:ann, role:reader');
    expect(out).toContain('permit, by sallyport.yaml:5');
  });

  it('explain says who may do what, by which rule, in which line', async () => {
    folder.write('sallyport.yaml', POLICY);
    const permitted = await sallyport('policy', 'explain', '--role', 'reader', '--tool', 'read_text_file');
    expect(permitted.out).toMatch(/applies {2}sallyport\.yaml:5 {2}p, role:reader/);
    expect(permitted.out).toContain('permit, by sallyport.yaml:5');
    const denied = await sallyport('policy', 'explain', '--role', 'reader', '--tool', 'write_file');
    expect(denied.out).toContain('deny, by default');
  });

  it("explain asks casbin, which ships beside the command, under a model of one's own", async () => {
    folder.write(
      'own.conf',
      `[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && r.obj == p.obj && r.act == p.act
`,
    );
    folder.write(
      'sallyport.yaml',
      "version: 1\nauthorization: { model: ./own.conf, rules: 'p, user:ann, tool:look, call' }\n",
    );
    const permitted = await sallyport('policy', 'explain', '--subject', 'ann', '--tool', 'look');
    expect(permitted.out).toContain('permit, by sallyport.yaml:2');
    const denied = await sallyport('policy', 'explain', '--subject', 'bob', '--tool', 'look');
    expect(denied.out).toContain('deny, by default');
  });

  it('explain shows every setting with its origin, and the path of a call', async () => {
    folder.write('sallyport.yaml', POLICY);
    const { out } = await sallyport('policy', 'explain');
    expect(out).toMatch(/audit\.file +\.\/audit\.jsonl +sallyport\.yaml:8/);
    expect(out).toMatch(/schema\.arguments +strict +default/);
    expect(out).toMatch(
      /in {3}audit[^]*in {3}rbac[^]*in {3}schema[^]*out {2}schema[^]*out {2}rbac[^]*out {2}audit/,
    );
  });
});
