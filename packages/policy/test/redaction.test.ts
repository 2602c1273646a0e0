import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { ANONYMOUS, type JsonObject, type Principal, protect } from '@sallyport/core';
import { checkPolicy, formatProblem, LiveGuard, openTokenVault, runPolicyTests } from '@sallyport/policy';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { MemorySink } from '../../../test/support/memory-sink.ts';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

const HEAD = `version: 1
authorization: { rules: 'p, role:a, *, tool:*, call' }
`;
const OPEN = `version: 1
authorization:
  rules: |
    p, role:researcher, *, tool:*, call
    p, role:physician, *, tool:*, call
schema: { arguments: off, results: off, unknownTools: pass }
`;
const PATIENT = { name: 'Jane Roe', birthDate: '1970-01-02', email: 'jane.roe@example.org', code: 'E11.9' };

const researcher: Principal = { ...ANONYMOUS, subject: 'rita', roles: ['researcher'], method: 'custom' };
const physician: Principal = { ...ANONYMOUS, subject: 'phil', roles: ['physician'], method: 'custom' };

interface Outcome {
  readonly received: unknown;
  readonly result: Readonly<Record<string, unknown>>;
}

describe('What is wrong in a redaction section', () => {
  const problemsOf = async (section: string): Promise<string[]> => {
    const folder = new PolicyFolder(`${HEAD}${section}`);
    try {
      const { problems } = await checkPolicy(folder.path);
      return problems.map((problem) => formatProblem(problem).replace(/^.*?sallyport\.yaml:/, ''));
    } finally {
      folder.dispose();
    }
  };

  it.each([
    ['redaction: { results: { pack: hippa } }', /no pack "hippa"/],
    ['redaction: { results: { pack: pci, entities: [EMAIL] } }', /a pack and entities/],
    ['redaction: { results: { entities: [EMAIL] } }', /"entities" and "operator"/],
    ['redaction: { results: { entities: [EMIAL], operator: label } }', /did you mean "EMAIL"/],
    ['redaction: { results: { entities: [EMAIL], operator: shift } }', /need a key/],
    [
      'redaction: { results: { entities: [EMAIL], operator: label, keepLast: 4 } }',
      /belongs to the operator mask/,
    ],
    ['redaction: { results: { entities: [EMAIL], operator: label, tools: [ehr/] } }', /SERVER\/TOOL/],
    ["redaction: { results: { entities: [EMAIL], operator: label, tools: ['a*b'] } }", /not its end/],
    ['redaction: { results: { pack: contact, except: [{ entities: [PERSN] }] } }', /did you mean "PERSON"/],
    ['redaction: { results: { pack: contact, operators: { EMIAL: hash } } }', /did you mean "EMAIL"/],
    ['redaction: { tokens: { file: ./v } }', /add "key: env:NAME"/],
    ['redaction: { tokens: { file: ./v, redis: env:R, key: env:K } }', /remove one of the two/],
    ["redaction: { key: 'literal:abc' }", /must not stand in a policy/],
    ['redaction: { detection: { without: [no-such] } }', /RULES\.md/],
    ["redaction: { detection: { rules: [{ id: a, entity: A_B, pattern: '(a+)+' }] } }", /without an end/],
    ['redaction: { detection: { allow: [{ entity: EMAIL }] } }', /value or a pattern/],
    ['redaction: { detection: { thresholds: { EMIAL: 1 } } }', /did you mean "EMAIL"/],
    ['redaction: { result: {} }', /did you mean "results"/],
    ['redaction: { results: { pack: gdpr, roles: [role:a] } }', /write a$/],
    [
      'redaction: { results: { pack: gdpr, exceptRoles: [b] } }',
      /warning: no rule and no identity names the role "b"/,
    ],
    ["redaction: { results: { pack: gdpr, tools: ['tool:get_*'] } }", /without "tool:"; write get_\*/],
    [
      'redaction: { results: { pack: gdpr, except: [{ tools: [ehr:get] }] } }',
      /write TOOL or SERVER\/TOOL, such as ehr\/get/,
    ],
    ["redaction: { results: { pack: gdpr, tools: ['get_?'] } }", /stands for itself/],
    [
      'servers: { ehr: { command: [x] } }\nredaction: { results: { pack: gdpr, tools: [ehrs/get] } }',
      /warning: servers has no "ehrs"; did you mean "ehr"/,
    ],
    [
      "redaction: { results: { pack: gdpr }, detection: { rules: [{ id: a, entity: BADGE, pattern: 'B\\d{4}' }] } }",
      /warning: nothing is done with BADGE; add/,
    ],
    ['redaction: { tokens: { key: env:K } }', /add "file: \.\/tokens\.vault"/],
  ])('%s', async (section, message) => {
    const problems = await problemsOf(section);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
    expect(problems[0]).toMatch(/^\d+:\d+ /);
  });

  it('shows no key that stands in the policy', async () => {
    const problems = await problemsOf("redaction: { key: 'literal:hunter2hunter2' }");
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it('is a warning where tokens do not outlive the process', async () => {
    expect(await problemsOf('redaction: { results: { pack: contact, operator: token } }')).toEqual([
      expect.stringMatching(/warning: tokens are kept in memory/),
    ]);
  });
});

describe('A guard whose policy redacts', () => {
  let folder: PolicyFolder;
  let sink: MemorySink;
  let guard: LiveGuard | undefined;
  let env: Record<string, string | undefined>;
  let client: Client;
  let principal: Principal;
  let answer: Record<string, unknown>;
  let received: unknown;
  const lines: string[] = [];

  const start = async (section: string): Promise<LiveGuard> => {
    writeFileSync(folder.path, `${OPEN}${section}`);
    return open();
  };
  const open = async (): Promise<LiveGuard> => {
    guard = await LiveGuard.start({
      path: folder.path,
      server: 'ehr',
      sink,
      env,
      log: ({ message }) => lines.push(message),
      identify: () => principal,
    });
    const server = new Server({ name: 'ehr', version: '1.0.0' }, { capabilities: { tools: {} } });
    server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
      received = params.arguments;
      return { content: [{ type: 'text', text: JSON.stringify(answer) }], structuredContent: answer };
    });
    protect(server, guard);
    const [near, far] = InMemoryTransport.createLinkedPair();
    await server.connect(far);
    client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(near);
    return guard;
  };
  const call = async (
    by: Principal,
    args: JsonObject,
    given: Record<string, unknown> = {},
  ): Promise<Outcome> => {
    [principal, answer, received] = [by, given, undefined];
    const result = await client.callTool({ name: 'get_patient', arguments: args });
    return { received, result };
  };

  beforeEach(() => {
    folder = new PolicyFolder(OPEN);
    sink = new MemorySink();
    env = { VAULT_KEY: 'Yk9QvR2tX7wZ4mB8nC1pL5sD3fG6hJ0k', HMAC: 'q8W2eR4tY6uI9oP1aS3dF5gH7jK0lZxC' };
    lines.length = 0;
    principal = researcher;
  });
  afterEach(async () => {
    await client.close();
    await guard?.close();
    guard = undefined;
    folder.dispose();
  });

  it('chooses by role, and leaves codes alone', async () => {
    await start('redaction: { results: { pack: hipaa-safe-harbor, exceptRoles: [physician] } }');
    const { result } = await call(researcher, {}, PATIENT);
    expect(result['structuredContent']).toEqual({
      name: '[PERSON]',
      birthDate: '1970',
      email: '[EMAIL]',
      code: 'E11.9',
    });
    expect(result['content']).toEqual([{ type: 'text', text: JSON.stringify(result['structuredContent']) }]);
    expect((await call(physician, {}, PATIENT)).result['structuredContent']).toEqual(PATIENT);
  });

  it('excepts an entity for a role in one tool of one server', async () => {
    await start(
      'redaction: { results: { pack: gdpr, except: [{ role: physician, tools: [ehr/get_*], entities: [PERSON] }] } }',
    );
    const seen = (await call(physician, {}, PATIENT)).result['structuredContent'] as JsonObject;
    expect([seen['name'], seen['email']]).toEqual(['Jane Roe', '[EMAIL]']);
  });

  it('gives the real value to the tool that the policy names, for the token that a model sends back', async () => {
    await start(
      'redaction: { results: { pack: contact, operator: token }, restore: [{ tools: [ehr/get_patient], entities: [EMAIL] }], tokens: { file: ./tokens.vault, key: env:VAULT_KEY } }',
    );
    const seen = (await call(researcher, {}, PATIENT)).result['structuredContent'] as JsonObject;
    expect(seen['email']).toMatch(/^\[EMAIL_[0-9a-z]{15}\]$/);
    const { received } = await call(researcher, { to: seen['email'], who: seen['name'] });
    expect(received).toEqual({ to: PATIENT.email, who: seen['name'] });
    // Somebody else's token means nothing.
    expect((await call(physician, { to: seen['email'] })).received).toEqual({ to: seen['email'] });
    const outcomes = sink.records.filter((record) => record.type === 'outcome');
    expect(outcomes.find(({ method }) => method === 'tools/call')).toMatchObject({
      redacted: expect.arrayContaining([expect.objectContaining({ entity: 'EMAIL', operator: 'token' })]),
    });
    expect(JSON.stringify(sink.records)).not.toContain(PATIENT.email);
  });

  it('does not let a value that a tool was given come back on that connection, in whatever call', async () => {
    await start(
      'redaction: { results: { pack: gdpr, operator: token }, restore: [{ tools: [get_patient] }] }',
    );
    const seen = (await call(researcher, {}, { surname: 'Okonkwo' })).result[
      'structuredContent'
    ] as JsonObject;
    const said = await call(researcher, { who: seen['surname'] }, { done: 'booked okay for Okonkwo' });
    expect(said.received).toEqual({ who: 'Okonkwo' });
    const later = await call(researcher, {}, { list: 'okay: Okonkwo, room 4' });
    expect([said.result['structuredContent'], later.result['structuredContent']]).toEqual([
      { done: `booked okay for ${String(seen['surname'])}` },
      { list: `okay: ${String(seen['surname'])}, room 4` },
    ]);
  });

  it('knows what a tool was given also after a reload', async () => {
    const section =
      'redaction: { results: { pack: gdpr, operator: token }, restore: [{ tools: [get_patient] }] }\n';
    const started = await start(section);
    const seen = (await call(researcher, {}, { surname: 'Okonkwo' })).result[
      'structuredContent'
    ] as JsonObject;
    await call(researcher, { who: seen['surname'] });
    writeFileSync(folder.path, `${OPEN}${section}# again\n`);
    expect(await started.reload()).toBe(true);
    const later = await call(researcher, {}, { list: 'okay: Okonkwo, room 4' });
    expect(JSON.stringify(later.result)).not.toContain('Okonkwo');
  });

  it('takes a role for one who inherits it, or was granted it, as the rules do', async () => {
    writeFileSync(
      folder.path,
      `${OPEN.replace('    p, role:physician', '    g, role:intern, role:physician\n    g, user:rosa, role:physician\n    p, role:physician')}redaction: { results: { pack: gdpr, roles: [physician] } }`,
    );
    await open();
    const intern = { ...physician, subject: 'ida', roles: ['intern'] };
    const rosa = { ...physician, subject: 'rosa', roles: [] };
    for (const somebody of [physician, intern, rosa]) {
      const { result } = await call(somebody, {}, PATIENT);
      expect((result['structuredContent'] as JsonObject)['email']).toBe('[EMAIL]');
    }
    expect((await call(researcher, {}, PATIENT)).result['structuredContent']).toEqual(PATIENT);
  });

  it('forgets what is about a patient who was named by a token', async () => {
    const section =
      'redaction: { about: [patient_id], results: { pack: hipaa-safe-harbor, operator: token }, restore: [{ tools: [get_patient], entities: [MRN] }], tokens: { file: ./tokens.vault, key: env:VAULT_KEY } }';
    const started = await start(section);
    const seen = (await call(researcher, {}, { mrn: 'A8812345' })).result['structuredContent'] as JsonObject;
    await call(researcher, { patient_id: seen['mrn'] }, { email: PATIENT.email });
    await client.close();
    await started.close();
    const { policy } = await checkPolicy(folder.path);
    if (policy === undefined) throw new Error('The policy cannot be used.');
    const { vault, close } = await openTokenVault(policy, { env, log: () => undefined });
    expect(await vault.erase({ about: 'A8812345' })).toBe(1);
    await close();
  });

  it('keeps tokens over a reload, and over a restart where they are in a file', async () => {
    const section =
      'redaction: { results: { pack: contact, operator: token }, restore: [{ tools: [get_patient] }], tokens: { file: ./tokens.vault, key: env:VAULT_KEY } }\n';
    const first = await start(section);
    const seen = (await call(researcher, {}, PATIENT)).result['structuredContent'] as JsonObject;
    writeFileSync(folder.path, `${OPEN}${section}# again\n`);
    expect(await first.reload()).toBe(true);
    expect((await call(researcher, { to: seen['email'] })).received).toEqual({ to: PATIENT.email });
    await first.close();
    await start(section);
    expect((await call(researcher, { to: seen['email'] })).received).toEqual({ to: PATIENT.email });
  });

  it('refuses every call while the key of the vault cannot be had, and says why in the log', async () => {
    env = {};
    await expect(
      start(
        'redaction: { results: { pack: contact, operator: token }, tokens: { file: ./tokens.vault, key: env:VAULT_KEY } }',
      ),
    ).rejects.toMatchObject({ code: 503 });
    expect(lines.join('\n')).toMatch(/redaction is not ready.*VAULT_KEY/s);
    expect(sink.records.at(-1)).toMatchObject({ type: 'outcome', status: 'refused', refusal: 'unavailable' });
  });

  it('lets calls pass in audit mode, and records what it would have done', async () => {
    writeFileSync(folder.path, '');
    await start('mode: audit\nredaction: { results: { pack: contact, operator: token } }');
    expect((await call(researcher, {}, PATIENT)).result['structuredContent']).toEqual(PATIENT);
    expect(sink.records.at(-1)).toMatchObject({
      wouldRedact: expect.arrayContaining([expect.objectContaining({ entity: 'EMAIL' })]),
    });
  });

  it('refuses arguments that hold what the policy blocks, without the value', async () => {
    await start('redaction: { arguments: { entities: [CREDIT_CARD], operator: block } }');
    const refused = call(researcher, { note: 'card 4111 1111 1111 1111' });
    await expect(refused).rejects.toMatchObject({ code: 403, data: { entity: 'CREDIT_CARD' } });
    await expect(refused).rejects.not.toThrow(/4111/);
  });

  it('hides a secret that was looked up from every result, whatever the rules say', async () => {
    env['API'] = 'sd8f7g6h5j4k3l2p1o0i9u8y';
    const started = await start('redaction: {}\nsecrets: { names: { api: env:API } }');
    (await started.secrets.get('api')).reveal();
    const { result } = await call(researcher, {}, { note: 'key sd8f7g6h5j4k3l2p1o0i9u8y' });
    expect(JSON.stringify(result)).not.toContain('sd8f7g6h');
  });

  it('finds by the rules of the policy and leaves its allowed values', async () => {
    await start(
      "redaction: { results: { entities: '*', operator: label }, detection: { rules: [{ id: emp, entity: EMPLOYEE_ID, pattern: 'EMP-\\d{6}' }], allow: [{ value: help@example.org }] } }",
    );
    const { result } = await call(
      researcher,
      {},
      { note: 'EMP-123456 writes to help@example.org, bob@example.org' },
    );
    expect(result['structuredContent']).toEqual({
      note: '[EMPLOYEE_ID] writes to help@example.org, [EMAIL]',
    });
  });

  it('takes what a file extends after its own entries', async () => {
    writeFileSync(join(folder.path, '..', 'base.yaml'), `${OPEN}redaction: { results: { pack: gdpr } }\n`);
    writeFileSync(
      folder.path,
      'version: 1\nextends: ./base.yaml\nredaction: { results: { entities: [EMAIL], operator: keep } }\n',
    );
    guard = await open();
    const seen = (await call(researcher, {}, PATIENT)).result['structuredContent'] as JsonObject;
    expect([seen['name'], seen['email']]).toEqual(['[PERSON]', PATIENT.email]);
    expect(
      guard.policy.origins.filter(({ setting }) => setting === 'redaction.results').map(({ value }) => value),
    ).toEqual(['EMAIL -> keep', 'gdpr']);
  });
});

test('a ready-made policy keeps its tokens beside the policy that extends it', async () => {
  const folder = new PolicyFolder('version: 1\nextends: sallyport/policies/hipaa.yaml\n');
  try {
    const { policy } = await checkPolicy(folder.path, { readyMade: resolve('policies') });
    expect(policy?.redaction?.tokens.file).toBe(join(folder.directory, 'tokens.vault'));
  } finally {
    folder.dispose();
  }
});

test('a decision test says what is rewritten, what is delivered and what a tool receives', async () => {
  const folder = new PolicyFolder(
    `${OPEN}redaction: { results: { pack: hipaa-safe-harbor }, arguments: [{ entities: [EMAIL], operator: label }, { entities: [CREDIT_CARD], operator: block }] }`,
  );
  const file = join(folder.path, '..', 'p.test.yaml');
  writeFileSync(
    file,
    `policy: ./sallyport.yaml
tests:
  - name: right
    principal: { roles: [researcher] }
    tool: t
    arguments: { to: a@example.org }
    expect: permit
    answer: { name: Jane Roe, code: E11.9 }
    redacts: { PERSON: label }
    delivers: { name: '[PERSON]', code: E11.9 }
    receives: { to: '[EMAIL]' }
  - name: wrong operator
    principal: { roles: [researcher] }
    tool: t
    expect: permit
    answer: { name: Jane Roe }
    redacts: { PERSON: token }
  - name: wrong text
    principal: { roles: [researcher] }
    tool: t
    expect: permit
    answer: 'write to a@example.org'
    delivers: 'write to a@example.org'
  - name: blocked
    principal: { roles: [researcher] }
    tool: t
    arguments: { card: '4111 1111 1111 1111' }
    expect: permit
`,
  );
  try {
    const outcomes = await runPolicyTests(file);
    expect(outcomes.map(({ passed }) => passed)).toEqual([true, false, false, false]);
    expect(outcomes[3]?.why).toBe(
      'expected permit, got deny: Policy does not let CREDIT_CARD pass in arguments',
    );
    expect(outcomes[1]?.why).toBe('expected to redact [PERSON: token], redacts [PERSON: label]');
  } finally {
    folder.dispose();
  }
});
