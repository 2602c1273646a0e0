import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPolicy, loadPolicy } from '@sallyport/policy';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

const RULES = `authorization:
  rules: |
    p, role:reader, *, tool:x, call, , allow
`;

describe('references to secrets in a policy', () => {
  let folder: PolicyFolder;
  beforeEach(() => {
    folder = new PolicyFolder();
  });
  afterEach(() => folder.dispose());

  const problemsOf = async (text: string): Promise<string[]> => {
    folder.write('sallyport.yaml', `version: 1\n${RULES}${text}`);
    const { problems } = await checkPolicy(folder.path);
    return problems.map(({ line, severity, message }) => `${line} ${severity}: ${message}`);
  };

  it('are taken in env, alone or as a list, beside plain texts', async () => {
    const problems = await problemsOf(`servers:
  files:
    command: [node, x.js]
    env:
      PLAIN: some text
      PORT: '8080'
      URL: https://example.org/path#fragment
      DATABASE: redis://localhost:6379
      EMPTY: ''
      KEY: keystore:api-key
      LIST: [env:KEY, file:///run/secrets/key, literal:none]
      VERBATIM: literal:env:NOT_LOOKED_UP
    onRotation: restart
`);
    expect(problems).toEqual([]);
    const { secrets } = await loadPolicy(folder.path);
    expect(secrets.references.map(({ use, at }) => `${use} ${at.replace(/.*:/, '')}`)).toEqual([
      'servers.files.env.KEY 14',
      'servers.files.env.LIST 15',
      'servers.files.env.VERBATIM 16',
    ]);
  });

  it('may go to a Vault that the policy sets up, under its name', async () => {
    const problems = await problemsOf(`secrets:
  providers:
    vault:
      address: https://vault.example:8200
      auth: { method: approle, roleId: env:ROLE, secretId: file:///run/secrets/id, wrapped: true }
    vault+payments:
      address: https://payments.example:8200
      namespace: pay
      auth: { method: kubernetes, role: sallyport }
  names:
    github: [env:GITHUB_TOKEN, vault://kv/app#github]
    card: vault-lease+payments://database/creds/ro#password
`);
    expect(problems).toEqual([]);
  });

  it.each([
    ['a path that climbs', 'vault://kv/../sys/mounts#x', /climbs/],
    ['an encoded climb', 'vault://kv/%2e%2e/sys#x', /climbs/],
    ['a climb that is encoded twice', 'vault://kv/%252e%252e/sys#x', /encoded twice/],
    ['a Vault that is not set up', 'vault://kv/app#x', /secrets.providers has no vault; add/],
    ['a name that is not set up', 'vault+pay://kv/app#x', /has no "vault\+pay"; add it/],
    ['an alias where there is only one', 'env+x:NAME', /only one env/],
    ['a slip in the scheme', 'valut://kv/app#x', /did you mean "vault"\?/],
    ['a slip in another', 'keystor:api-key', /did you mean "keystore"\?/],
    ['slashes that do not belong there', 'env://NAME', /write it as env:NAME$/],
    ['slashes that are missing', 'vault:kv/app', /write it as vault:\/\/kv\/app$/],
    ['a relative file', 'file://secrets/key', /absolute path/],
    ['a list that is written as text', 'env:KEY, literal:x', /several references as a list/],
    ['a space at the end', 'env:KEY ', /space at its beginning or end/],
    ['a field of a variable', 'env:KEY#x', /no fields/],
    ['a login', 'vault://hvs.abc@kv/app#x', /address or a login/],
    ['an address', 'vault://vault.example:8200/kv/app#x', /address or a login/],
    ['a variable of a shell', '${MY_TOKEN}', /write env:MY_TOKEN$/],
    ['quotes inside quotes', '"env:MY_TOKEN"', /take away what stands around/],
    ['capitals', 'ENV:MY_TOKEN', /write env:$/],
    ['a project that nobody named', 'gcpsm://api-key', /names no project/],
  ])('are refused with a place and what to write: %s', async (_, reference, message) => {
    const problems = await problemsOf(`servers:
  files:
    command: [node, x.js]
    env: { KEY: '${reference}' }
`);
    expect(problems, problems.join('\n')).toHaveLength(1);
    expect(problems[0]).toMatch(/^8 error: /);
    expect(problems[0]).toMatch(message);
  });

  it('are warned of where the value itself stands, without showing it', async () => {
    const problems = await problemsOf(`servers:
  files:
    command: [node, x.js, --token, 'keystore:api-key']
    env:
      API_KEY: hunter2hunter2
      DATABASE_URL: postgres://app:hunter2@db/x
      ANY: ghp_hunter2hunter2
      KEY_FILE: /run/keys/api
      AUTH_URL: https://login.example
      TOKEN_LIMIT: '4096'
      MEANT_TOKEN: literal:hunter2hunter2
      SECRET: yes
`);
    expect(problems.join('\n')).not.toContain('hunter2');
    expect(problems.map((problem) => problem.replace(/;.*/, ''))).toEqual([
      '9 warning: the value of API_KEY stands in the policy',
      '10 warning: the value of DATABASE_URL stands in the policy',
      '11 warning: the value of ANY stands in the policy',
      expect.stringMatching(/^7 warning: a reference is not looked up in a command/),
    ]);
  });

  it('are not said to lack a provider that is there, and broken', async () => {
    const problems = await problemsOf(`servers:
  files: { command: [node, x.js], env: { KEY: 'vault://kv/app#x' } }
secrets:
  providers: { vault: { address: 'https://vault.example' } }
`);
    expect(problems).toEqual([expect.stringMatching(/"secrets.providers.vault" lacks "auth"/)]);
  });

  it('say of a default that stands before something else that it ends the list', async () => {
    const [problem] = await problemsOf(`secrets: { names: { a: ['literal:x', env:A] } }\n`);
    expect(problem).toMatch(/ends a list/);
  });

  it('never show a text that may be the secret itself', async () => {
    const problems = await problemsOf(
      `secrets: { names: { a: hunter2hunter2, b: [ 'sk-live:hunter2' ] } }\n`,
    );
    expect(problems).toHaveLength(2);
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it.each([
    ['token', '{ method: token }', /needs "token"/],
    ['approle', '{ method: approle, secretId: env:R }', /needs "roleId"/],
    ['cert', '{ method: cert, role: x }', /needs "certificate"/],
    ['surplus', '{ method: token, token: env:T, role: x }', /takes no "role"/],
    [
      'a login that stands in the policy',
      "{ method: token, token: 'literal:s.123' }",
      /must not stand in a policy/,
    ],
    ['a login that needs itself', '{ method: token, token: vault://kv/x#y }', /cannot come from there/],
  ])('check how a Vault is logged in to: %s', async (_, auth, message) => {
    const problems = await problemsOf(`secrets:
  providers:
    vault: { address: https://vault.example, auth: ${auth} }
`);
    expect(problems.join('\n')).toMatch(message);
  });

  it('warn of .env files', async () => {
    const problems = await problemsOf(`secrets: { providers: { dotenv: { file: .env } } }\n`);
    expect(problems).toEqual([expect.stringMatching(/warning: .env files are for development/)]);
  });
});
