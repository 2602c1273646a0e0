import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { lifting, RestrictionFile } from '@sallyport/anomaly';
import { findJournals, readJournals } from '@sallyport/audit';
import { type LogEntry, protect } from '@sallyport/core';
import { LiveGuard } from '@sallyport/policy';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

const ENV = {
  AUDIT_KEY: generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  PERSONAL: randomBytes(32).toString('base64'),
};
const WAIT = { timeout: 15_000, interval: 50 };

const RULE = `title: Somebody tried the tool of the admins
id: 11111111-1111-4111-8111-111111111111
logsource: { product: sallyport, service: audit }
detection:
  selection: { type: outcome, refusal: permission_denied, target: reset }
  condition: selection
level: high
`;

const policyWith = (responses: string, audit = ''): string => `version: 1
identity: { stdio: { subject: ann } }
authorization: { rules: 'p, user:ann, *, tool:look, call, , allow' }
audit:
  journal: { folder: ./trail, key: "env:AUDIT_KEY" }
${audit}alerts:
  rules: [./rules]
  responses: [${responses}]
  sinks: { copy: { type: file, file: ./alerts.jsonl, format: json } }
`;

interface Line {
  readonly type: string;
  readonly event?: string;
  readonly refusal?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

let folder: PolicyFolder;
let log: LogEntry[];
const closers: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  folder = new PolicyFolder();
  mkdirSync(join(folder.directory, 'rules'));
  folder.write('rules/reset.yaml', RULE);
  log = [];
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  folder.dispose();
});

interface Session {
  readonly guard: LiveGuard;
  /** What the client is told: the text of the tool, or of the refusal. */
  readonly call: (tool: string) => Promise<string>;
}

async function session(): Promise<Session> {
  const guard = await LiveGuard.start({
    path: folder.path,
    env: ENV,
    identify: () => ({ subject: 'ann', roles: [], claims: {}, method: 'custom' }),
    log: (entry) => log.push(entry),
  });
  const server = new McpServer({ name: 'test', version: '1.0.0' });
  for (const tool of ['look', 'reset'])
    server.registerTool(tool, {}, () => ({ content: [{ type: 'text', text: `${tool} ran` }] }));
  protect(server, guard);
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(near);
  closers.push(
    () => guard.close(),
    () => client.close(),
  );
  return {
    guard,
    call: (tool) =>
      client.callTool({ name: tool }).then(
        ({ content }) => (content as { text: string }[])[0]?.text ?? '',
        (error: unknown) => (error as Error).message,
      ),
  };
}

async function records(): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of readJournals(await findJournals(join(folder.directory, 'trail'))))
    if (line.kind === 'record') lines.push(line.record);
  return lines;
}

const eventsOf = async (event: string): Promise<Line[]> =>
  (await records()).filter((line) => line.event === event);
const stateFolder = (): string => join(folder.directory, 'trail', '.alerts');
const restrictions = (place = 'trail/.alerts'): RestrictionFile =>
  new RestrictionFile({ folder: join(folder.directory, place) });

async function quarantined({ call }: Session): Promise<string> {
  expect(await call('look')).toBe('look ran');
  expect(await call('reset')).toContain('Not permitted');
  let answer = '';
  await vi.waitFor(async () => {
    answer = await call('look');
    expect(answer).toContain('Quarantined until');
  }, WAIT);
  return answer;
}

describe('a policy whose alerts put somebody in quarantine', () => {
  beforeEach(() => {
    folder.write(
      'sallyport.yaml',
      policyWith("{ rule: 'Somebody tried *', quarantine: subject, minutes: 30 }"),
    );
  });

  test('refuses the next calls with the reason, tells the sink, and records all three', async () => {
    const one = await session();
    expect(await quarantined(one)).toMatch(
      /alert Somebody tried the tool of the admins, [0-9A-Z]{8}\); ask an admin/,
    );
    const copy = join(folder.directory, 'alerts.jsonl');
    await vi.waitFor(
      () => expect(readFileSync(copy, 'utf8')).toContain('Somebody tried the tool of the admins'),
      WAIT,
    );
    await vi.waitFor(async () => expect(await eventsOf('restriction_began')).toHaveLength(1), WAIT);
    const [alert] = await eventsOf('alert_raised');
    expect(alert?.detail).toMatchObject({
      severity: 'high',
      subject: 'ann',
      target: 'reset',
      response: 'quarantine',
    });
    const [began] = await eventsOf('restriction_began');
    expect(began?.detail).toMatchObject({
      kind: 'quarantine',
      subject: 'ann',
      alert: alert?.detail?.['alert'],
    });
    expect((await records()).some(({ refusal }) => refusal === 'quarantined')).toBe(true);
    expect(log.filter(({ event }) => event === 'alert_raised')).toHaveLength(1);
  });

  test('lets the calls run again when an admin lifts it, and records that', async () => {
    const one = await session();
    await quarantined(one);
    await vi.waitFor(async () => expect(await eventsOf('restriction_began')).toHaveLength(1), WAIT);
    await restrictions().update(lifting('all'));
    await vi.waitFor(async () => expect(await one.call('look')).toBe('look ran'), WAIT);
    await vi.waitFor(async () => expect(await eventsOf('restriction_lifted')).toHaveLength(1), WAIT);
  });

  test('keeps it over a restart and over a new policy', async () => {
    const one = await session();
    await quarantined(one);
    folder.write('sallyport.yaml', `${policyWith('')}bounds: { gateSeconds: 20 }\n`);
    expect(await one.guard.reload()).toBe(true);
    expect(await one.call('look')).toContain('Quarantined until');
    for (const close of closers.splice(0).toReversed()) await close();
    const two = await session();
    expect(await two.call('look')).toContain('Quarantined until');
  });

  test('tells what was lifted while nobody ran', async () => {
    const one = await session();
    await quarantined(one);
    await vi.waitFor(async () => expect(await eventsOf('restriction_began')).toHaveLength(1), WAIT);
    for (const close of closers.splice(0).toReversed()) await close();
    await restrictions().update(lifting('all'));
    const two = await session();
    expect(await two.call('look')).toBe('look ran');
    await vi.waitFor(async () => expect(await eventsOf('restriction_lifted')).toHaveLength(1), WAIT);
    expect(await eventsOf('restriction_began')).toHaveLength(1);
  });

  test('keeps it where a new policy has its folder elsewhere, and says so', async () => {
    const one = await session();
    await quarantined(one);
    folder.write('sallyport.yaml', policyWith('').replace('alerts:\n', 'alerts:\n  folder: ./elsewhere\n'));
    expect(await one.guard.reload()).toBe(true);
    expect(await one.call('look')).toContain('Quarantined until');
    expect(log.some(({ event }) => event === 'restrictions_moved')).toBe(true);
  });

  test('ends with the section, which is told and recorded', async () => {
    const one = await session();
    await quarantined(one);
    const text = policyWith('');
    folder.write('sallyport.yaml', text.slice(0, text.indexOf('alerts:')));
    expect(await one.guard.reload()).toBe(true);
    expect(await one.call('look')).toBe('look ran');
    const told = log.filter(({ detail }) => detail?.['why'] === 'no_alerts');
    expect(told).toHaveLength(1);
    expect(told[0]?.message).toContain('what was restricted (1) is not any longer');
    await vi.waitFor(async () => expect(await eventsOf('watch_failed')).not.toHaveLength(0), WAIT);
  });

  test('tells of restrictions also where what was told before is damaged, and says that it is', async () => {
    mkdirSync(join(stateFolder(), 'told'), { recursive: true });
    writeFileSync(join(stateFolder(), 'told', 'restrictions.json'), '{"restrictions":[null],"approvals":[]}');
    const one = await session();
    await quarantined(one);
    await vi.waitFor(async () => expect(await eventsOf('restriction_began')).toHaveLength(1), WAIT);
    expect(
      log.some(({ event, detail }) => event === 'watch_failed' && detail?.['what'] === 'restrictions'),
    ).toBe(true);
  });

  test('ends with its guard, also when a new policy came a moment before', async () => {
    const one = await session();
    await quarantined(one);
    folder.write('sallyport.yaml', `${policyWith('')}bounds: { gateSeconds: 20 }\n`);
    expect(await one.guard.reload()).toBe(true);
    for (const close of closers.splice(0).toReversed()) await close();
    const locks = ['watch.lock', 'teller.lock'].flatMap((name) => readdirSync(join(stateFolder(), name)));
    expect(locks).toEqual([]);
  });

  test('refuses everything while nobody can tell what is restricted', async () => {
    const one = await session();
    expect(await one.call('look')).toBe('look ran');
    mkdirSync(stateFolder(), { recursive: true });
    writeFileSync(join(stateFolder(), 'restrictions.json'), '{"restrictions": [');
    await vi.waitFor(async () => expect(await one.call('look')).toContain('Nobody can tell'), WAIT);
    expect(log.some(({ event }) => event === 'restrictions_unreadable')).toBe(true);
  });

  test('does so also where records know people by pseudonyms, and names nobody', async () => {
    folder.write(
      'sallyport.yaml',
      policyWith(
        "{ rule: 'Somebody tried *', quarantine: subject, minutes: 30 }",
        '  personal: { key: "env:PERSONAL" }\n',
      ),
    );
    const one = await session();
    await quarantined(one);
    await vi.waitFor(async () => expect(await eventsOf('restriction_began')).toHaveLength(1), WAIT);
    const [began] = await eventsOf('restriction_began');
    expect(began?.detail?.['subject']).toMatch(/^subject:[a-z2-7]{26}$/);
    expect(JSON.stringify(await records())).not.toContain('"ann"');
    expect(readFileSync(join(stateFolder(), 'restrictions.json'), 'utf8')).not.toContain('"ann"');
  });
});

describe('a policy with alerts and no journal', () => {
  beforeEach(() => {
    folder.write(
      'sallyport.yaml',
      `version: 1
authorization: { rules: 'p, user:ann, *, tool:look, call, , allow' }
audit: { file: ./audit.jsonl }
alerts:
  folder: ./alerts
  rules: [./rules]
  responses: [{ rule: 'Somebody tried *', quarantine: subject, minutes: 30 }]
  sinks: { copy: { type: file, file: ./alerts.jsonl, format: json } }
`,
    );
  });
  const lines = (): string => readFileSync(join(folder.directory, 'audit.jsonl'), 'utf8');

  test('watches what this process records, and does and tells the same', async () => {
    const one = await session();
    await quarantined(one);
    const copy = join(folder.directory, 'alerts.jsonl');
    await vi.waitFor(() => expect(readFileSync(copy, 'utf8')).toContain('Somebody tried'), WAIT);
    await vi.waitFor(() => expect(lines()).toContain('"restriction_began"'), WAIT);
    expect(lines()).toContain('"alert_raised"');
  });

  test('watches in each of several processes, whose quarantine is one', async () => {
    const one = await session();
    const two = await session();
    expect(await two.call('look')).toBe('look ran');
    await quarantined(one);
    await vi.waitFor(async () => expect(await two.call('look')).toContain('Quarantined until'), WAIT);
    await restrictions('alerts').update(lifting('all'));
    await vi.waitFor(async () => expect(await two.call('look')).toBe('look ran'), WAIT);
    await quarantined(two);
  });
});

describe('a policy with alerts', () => {
  test('only tells, where no response is written', async () => {
    folder.write('sallyport.yaml', policyWith(''));
    const { call } = await session();
    expect(await call('reset')).toContain('Not permitted');
    await vi.waitFor(async () => expect(await eventsOf('alert_raised')).toHaveLength(1), WAIT);
    expect(await call('look')).toBe('look ran');
  });

  test('says who watches in the trail', async () => {
    folder.write('sallyport.yaml', policyWith(''));
    await session();
    await vi.waitFor(async () => expect(await eventsOf('watch_started')).toHaveLength(1), WAIT);
  });

  test('asks for an approval where the response says so', async () => {
    folder.write(
      'sallyport.yaml',
      policyWith("{ rule: 'Somebody tried *', approval: subject, minutes: 30 }"),
    );
    const one = await session();
    expect(await one.call('reset')).toContain('Not permitted');
    await vi.waitFor(async () => expect(await one.call('look')).toContain('Needs approval'), WAIT);
  });
});
