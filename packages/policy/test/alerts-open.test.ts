import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RestrictionBook } from '@sallyport/anomaly';
import type { AlertFacts, AuditRecord } from '@sallyport/audit';
import { type LogEntry, Secret } from '@sallyport/core';
import {
  checkPolicy,
  compileAlerts,
  LiveGuard,
  loadPolicy,
  type Policy,
  sendTestAlert,
} from '@sallyport/policy';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PolicyFolder } from '../../../test/support/policy-file.ts';
import { type OpenedAlerts, openAlerts } from '../src/open-alerts.ts';

const BEFORE = `version: 1
authorization: { rules: 'p, role:user, *, tool:*, call' }
audit: { journal: { folder: ./audit, key: "env:K" } }
alerts:
`;
const RULE = `title: Something was refused
id: 0f7bb2a4-6a1f-4a55-9f7e-4a1c1a0b8f11
name: refused
logsource: { product: sallyport, service: audit }
detection:
  selection: { type: outcome, status: refused }
  condition: selection
level: medium
runbook: docs/runbooks/denials.md
`;

/** A receiver over HTTP that keeps what it is sent. */
class Hook {
  readonly requests: { readonly url: string; readonly body: string; readonly authorization: string }[] = [];
  status = 200;
  #server: Server | undefined;

  async start(): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.requests.push({
          url: request.url ?? '',
          body: Buffer.concat(chunks).toString(),
          authorization: request.headers.authorization ?? '',
        });
        response.writeHead(this.status).end('ok');
      });
    });
    this.#server = server;
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}

let folder: PolicyFolder;
let hook: Hook;
let url: string;
let opened: OpenedAlerts | undefined;
beforeEach(async () => {
  folder = new PolicyFolder();
  mkdirSync(join(folder.directory, 'rules'));
  folder.write('rules/refused.yaml', RULE);
  hook = new Hook();
  url = await hook.start();
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  hook.stop();
  folder.dispose();
});

async function policyOf(alerts: string): Promise<Policy> {
  folder.write('sallyport.yaml', `${BEFORE}${alerts}`);
  return loadPolicy(folder.path, { readyMade: 'policies' });
}

const refused = (minute: number, tool = 'erase'): AuditRecord =>
  ({
    v: 1,
    id: `01990000-0000-7000-8000-0000000000${String(minute).padStart(2, '0')}`,
    time: `2026-11-21T12:${String(minute).padStart(2, '0')}:00.000Z`,
    server: 'files',
    policy: 'f'.repeat(64),
    type: 'outcome',
    call: '01990000-0000-7000-8000-00000000c000',
    direction: 'inbound',
    kind: 'request',
    method: 'tools/call',
    target: tool,
    principal: { subject: 'alice', method: 'token' },
    status: 'refused',
    refusal: 'permission_denied',
    durationMs: 1,
  }) as unknown as AuditRecord;

function raise(made: {
  readonly lookout: OpenedAlerts['service']['lookout'];
}): ReturnType<ReturnType<OpenedAlerts['service']['lookout']>['observe']> {
  return made.lookout(0).observe(refused(1));
}

describe('what a policy says about alerts', () => {
  const OWN = '  rules: [./rules]\n  detectors: {}\n';

  it('is what watches: a rule, its severity and its runbook', async () => {
    const { alerts } = await policyOf(
      `${OWN}  severities: { refused: high }\n  runbooks: https://wiki.example/\n`,
    );
    const made = await compileAlerts(alerts as NonNullable<typeof alerts>);
    expect(made.problems).toEqual([]);
    expect(raise(made)).toEqual([
      expect.objectContaining({
        fate: 'told',
        alert: expect.objectContaining({
          severity: 'high',
          runbook: 'https://wiki.example/denials.md',
          subject: 'alice',
          target: 'erase',
        }) as AlertFacts,
      }),
    ]);
  });

  it('names rules in suppress, least and responses as it likes: by name, title or id', async () => {
    const answered = async (more: string): Promise<unknown> => {
      const { alerts } = await policyOf(OWN + more);
      const [raised] = raise(await compileAlerts(alerts as NonNullable<typeof alerts>));
      return [raised?.fate, raised?.reason, raised?.response?.kind];
    };
    expect(await answered('  suppress: [{ rule: refused, reason: known }]\n')).toEqual([
      'suppressed',
      'known',
      undefined,
    ]);
    expect(
      await answered(
        "  suppress: [{ server: files, weekly: { from: '11:00', to: '13:00' }, reason: noon }]\n",
      ),
    ).toEqual(['suppressed', 'noon', undefined]);
    expect(await answered('  least: high\n')).toEqual(['below', undefined, undefined]);
    expect(await answered('  severities: { refused: low }\n')).toEqual(['below', undefined, undefined]);
    expect(await answered('  severities: { refused: low }\n  least: low\n')).toEqual([
      'told',
      undefined,
      undefined,
    ]);
    expect(await answered('  responses: [{ rule: refused, quarantine: subject }]\n')).toEqual([
      'told',
      undefined,
      'quarantine',
    ]);
    expect(
      await answered(
        '  severities: { refused: critical }\n  responses: [{ severity: critical, approval: target }]\n',
      ),
    ).toEqual(['told', undefined, 'approval']);
    expect(
      await answered('  responses: [{ rule: "Something*", quarantine: subject }]\n  never: [ali*]\n'),
    ).toEqual(['told', 'The plan never restricts what the alert is about.', undefined]);
  });

  it('allows and turns off what it says', async () => {
    const { alerts } = await policyOf(
      "  rules: []\n  detectors: { call-rate: off, denials: { tolerance: 3, severity: low } }\n  allow: [{ subject: 'a*', reason: b }]\n  learning: { days: 1, calls: 5 }\n",
    );
    const made = await compileAlerts(alerts as NonNullable<typeof alerts>);
    expect(made.lookout(0).observe(refused(1))).toEqual([]);
  });

  it('has each lookout begin anew', async () => {
    const counted = `title: Twice refused
id: 3f7bb2a4-6a1f-4a55-9f7e-4a1c1a0b8f12
correlation: { type: event_count, rules: [refused], group-by: [server], timespan: 1h, condition: { gte: 2 } }
level: high
`;
    folder.write('rules/refused.yaml', `${RULE}---\n${counted}`);
    const { alerts } = await policyOf(OWN);
    const made = await compileAlerts(alerts as NonNullable<typeof alerts>);
    const [one, other] = [made.lookout(0), made.lookout(0)];
    expect(one.observe(refused(1))).toEqual([]);
    expect(other.observe(refused(2))).toEqual([]);
    expect(other.observe(refused(3))).toHaveLength(1);
  });
});

describe('the alerts of a policy, once they are open', () => {
  let log: LogEntry[];
  let recorded: string[];
  let rotate: (() => void)[];
  let token: string;

  async function open(alerts: string, book?: RestrictionBook): Promise<OpenedAlerts> {
    const policy = await policyOf(alerts);
    log = [];
    recorded = [];
    rotate = [];
    token = 'Bearer first';
    opened = await openAlerts(policy.alerts as NonNullable<Policy['alerts']>, {
      secret: (reference) =>
        reference === 'env:CHAT'
          ? Promise.resolve(new Secret(`${url}/services/T0`))
          : Promise.resolve(new Secret(token)),
      watch: (_, listener) => {
        rotate.push(listener);
        return () => undefined;
      },
      record: (event) => recorded.push(event),
      log: (entry) => log.push(entry),
      ...(book !== undefined && { book }),
    });
    return opened;
  }

  const AM = (): string =>
    `  rules: [./rules]\n  groupMinutes: 0.001\n  sinks:\n    oncall: { type: alertmanager, url: '${url}', authorization: 'env:AM', dangerouslyWithoutTls: true }\n`;

  it('reach a sink with its credentials, also after these have changed', async () => {
    const { service, sinks } = await open(AM());
    service.onState('watching');
    const lookout = service.lookout(0);
    for (const notice of lookout.observe(refused(1))[0]?.notices ?? []) await service.put(notice);
    await vi.waitFor(() => expect(hook.requests).toHaveLength(1));
    token = 'Bearer second';
    for (const listener of rotate) listener();
    for (const notice of lookout.observe(refused(2, 'other'))[0]?.notices ?? []) await service.put(notice);
    await vi.waitFor(() => expect(hook.requests).toHaveLength(2));
    expect(hook.requests.map(({ url: path, authorization }) => [path, authorization])).toEqual([
      ['/api/v2/alerts', 'Bearer first'],
      ['/api/v2/alerts', 'Bearer second'],
    ]);
    expect((await sinks.status()).map(({ name, sent }) => [name, sent])).toEqual([['oncall', 2]]);
  });

  it('reach only sinks that want their severity', async () => {
    const { service } = await open(
      `  rules: [./rules]\n  sinks:\n    chat: { type: slack, url: 'env:CHAT', least: high, dangerouslyWithoutTls: true }\n    copy: { type: file, file: ./alerts.jsonl, format: json }\n`,
    );
    const [raised] = service.lookout(0).observe(refused(1));
    for (const notice of raised?.notices ?? []) await service.put(notice);
    const copy = join(folder.directory, 'alerts.jsonl');
    await vi.waitFor(() => expect(readFileSync(copy, 'utf8')).toContain('Something was refused'));
    expect(hook.requests).toEqual([]);
  });

  it('wait in a file while a sink is away, and are sent by whoever watches next', async () => {
    hook.status = 503;
    const first = await open(AM());
    const [raised] = first.service.lookout(0).observe(refused(1));
    for (const notice of raised?.notices ?? []) await first.service.put(notice);
    await first.close();
    expect(existsSync(join(folder.directory, 'audit', '.alerts', 'outbox-oncall.jsonl'))).toBe(true);
    hook.status = 200;
    hook.requests.length = 0;
    const next = await open(AM());
    next.service.onState('standby');
    await next.sinks.settle();
    expect(hook.requests).toEqual([]);
    next.service.onState('watching');
    await vi.waitFor(() => expect(hook.requests).toHaveLength(1));
  });

  it('reach every other sink when the outbox of one cannot be opened, and that one when it can be again', async () => {
    const two = `  rules: [./rules]
  groupMinutes: 0.001
  sinks:
    gone: { type: file, file: ./gone.jsonl, format: json }
    copy: { type: file, file: ./alerts.jsonl, format: json }
`;
    const outbox = join(folder.directory, 'audit', '.alerts', 'outbox-gone.jsonl');
    mkdirSync(outbox, { recursive: true });
    const { service } = await open(two);
    service.onState('watching');
    const lookout = service.lookout(0);
    for (const notice of lookout.observe(refused(1))[0]?.notices ?? []) await service.put(notice);
    const copy = join(folder.directory, 'alerts.jsonl');
    await vi.waitFor(() => expect(readFileSync(copy, 'utf8')).toContain('Something was refused'));
    expect(log.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^alert sink gone: what waits for it cannot be written \(damaged\)/),
      expect.stringContaining('alert sink gone'),
    ]);
    expect(recorded).toEqual(['alert_sink_failed', 'alert_dropped']);
    rmSync(outbox, { recursive: true });
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 5000);
    for (const notice of lookout.observe(refused(2, 'other'))[0]?.notices ?? []) await service.put(notice);
    vi.restoreAllMocks();
    const gone = join(folder.directory, 'gone.jsonl');
    await vi.waitFor(() => expect(readFileSync(gone, 'utf8')).toContain('Something was refused'));
    expect(recorded).toEqual(['alert_sink_failed', 'alert_dropped']);
  });

  it('are asked for again where no other sink has them', async () => {
    mkdirSync(join(folder.directory, 'audit', '.alerts', 'outbox-oncall.jsonl'), { recursive: true });
    const { service } = await open(AM());
    const [notice] = service.lookout(0).observe(refused(1))[0]?.notices ?? [];
    if (notice === undefined) throw new Error('There should be one.');
    await expect(service.put(notice)).rejects.toMatchObject({ code: 'damaged' });
    expect(recorded).toEqual(['alert_sink_failed']);
  });

  it('restrict what they are about', async () => {
    const book = await RestrictionBook.open({ folder: join(folder.directory, 'audit', '.alerts') });
    const { service } = await open(
      '  rules: [./rules]\n  responses: [{ rule: refused, quarantine: subject, minutes: 5 }]\n',
      book,
    );
    const [raised] = service.lookout(0).observe(refused(1));
    if (raised?.response === undefined) throw new Error('It should have a response.');
    await service.restrict?.(raised.response, raised.alert);
    book.close();
    expect(book.restrictions.restrictions).toEqual([
      expect.objectContaining({ kind: 'quarantine', of: { subject: 'alice' } }),
    ]);
  });

  it('go on without a rule that cannot be used, which is told and recorded', async () => {
    folder.write('rules/broken.yaml', RULE.replace('level: medium', 'level: odd'));
    const { problems } = await open('  rules: [./rules]\n');
    expect(problems.length).toBeGreaterThan(0);
    expect(recorded).toEqual(['watch_failed']);
    expect(log.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^rules that cannot be used are left out: .*broken\.yaml:\d+:\d+ .*policy lint/),
    ]);
  });

  it('tell why a sink has no credentials', async () => {
    const policy = await policyOf(AM());
    const told: string[] = [];
    opened = await openAlerts(policy.alerts as NonNullable<Policy['alerts']>, {
      secret: () => Promise.reject(new Error('env:AM has no value; set it')),
      watch: () => () => undefined,
      record: () => undefined,
      log: ({ message }) => told.push(message),
    });
    opened.service.onState('watching');
    await vi.waitFor(() => expect(told).toEqual(['alert sink oncall: env:AM has no value; set it']));
  });
});

describe('a guard whose policy has alerts', () => {
  const STARTS = `title: A guard started
id: 5f7bb2a4-6a1f-4a55-9f7e-4a1c1a0b8f13
logsource: { product: sallyport, service: audit }
detection:
  selection: { type: event, event: start }
  condition: selection
level: high
`;

  it('has what stands in its journal watched, told to the sinks, and the state of that beside the journals', async () => {
    folder.write('rules/starts.yaml', STARTS);
    folder.write(
      'sallyport.yaml',
      `version: 1
authorization: { rules: 'p, role:user, *, tool:*, call' }
audit: { journal: ./audit }
alerts:
  rules: [./rules]
  groupMinutes: 0.001
  sinks: { oncall: { type: alertmanager, url: '${url}', dangerouslyWithoutTls: true } }
`,
    );
    const guard = await LiveGuard.start({ path: folder.path });
    await vi.waitFor(() => expect(hook.requests.length).toBeGreaterThan(0), 10_000);
    await guard.close();
    const [sent] = hook.requests;
    expect(JSON.parse(sent?.body ?? '[]')).toEqual([
      expect.objectContaining({
        labels: expect.objectContaining({
          alertname: expect.stringContaining('started') as string,
        }) as object,
      }),
    ]);
    expect(existsSync(join(folder.directory, 'audit', '.alerts', 'watch.json'))).toBe(true);
  });
});

describe('a test alert', () => {
  const SINKS = (): string => `  rules: []
  sinks:
    oncall: { type: alertmanager, url: '${url}', authorization: 'env:AM', dangerouslyWithoutTls: true }
    chat: { type: slack, url: 'env:CHAT', least: critical, dangerouslyWithoutTls: true }
    gone: { type: otlp, url: 'http://127.0.0.1:1', dangerouslyWithoutTls: true }
    copy: { type: file, file: ./alerts.jsonl }
`;
  const env = (): Record<string, string> => ({ AM: 'Bearer am', CHAT: `${url}/services/T0/B0/x` });
  const log = (): void => undefined;

  it('goes through every sink, says that it is a test, and shows what each answered', async () => {
    const tested = await sendTestAlert(await policyOf(SINKS()), { env: env(), log });
    expect(tested.map(({ sink, type, accepted }) => [sink, type, accepted])).toEqual([
      ['oncall', 'alertmanager', true],
      ['chat', 'slack', true],
      ['gone', 'otlp', false],
      ['copy', 'file', true],
    ]);
    expect(tested[2]?.why).toMatch(/^ECONNREFUSED: /);
    expect(hook.requests).toHaveLength(2);
    for (const { body } of hook.requests) expect(body).toContain('TEST');
    expect(readFileSync(join(folder.directory, 'alerts.jsonl'), 'utf8')).toContain('nothing has to be done');
  });

  it('can be for one sink', async () => {
    const policy = await policyOf(SINKS());
    expect(await sendTestAlert(policy, { env: env(), log, sink: 'copy' })).toHaveLength(1);
    expect(hook.requests).toEqual([]);
    await expect(sendTestAlert(policy, { env: env(), log, sink: 'cpoy' })).rejects.toThrow(
      'the policy has no sink "cpoy" for alerts; there are oncall, chat, gone, copy',
    );
  });

  it('says which credentials are missing, and nothing of those that are there', async () => {
    const tested = await sendTestAlert(await policyOf(SINKS()), { env: {}, log, sink: 'chat' });
    expect(tested).toEqual([
      {
        sink: 'chat',
        type: 'slack',
        accepted: false,
        why: expect.stringMatching(/^no_credentials: env:CHAT/) as string,
      },
    ]);
  });

  it('needs a sink', async () => {
    const policy = await policyOf('  rules: []\n');
    await expect(sendTestAlert(policy, { env: {}, log })).rejects.toThrow(
      /has no sink for alerts; add "alerts:/,
    );
  });
});

describe('references of alert sinks', () => {
  it('are looked up and checked as all others are', async () => {
    folder.write(
      'sallyport.yaml',
      `${BEFORE}  sinks:
    chat: { type: slack, url: [env:CHAT, keystore:chat] }
    soar: { type: webhook, url: 'https://soar.example', secret: 'vault://kv/soar#key' }
`,
    );
    const { problems } = await checkPolicy(folder.path);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^vault:\/\/kv\/soar#key: secrets.providers has no vault/),
    ]);
    const { secrets } = await policyOf(
      '  sinks: { chat: { type: slack, url: [env:CHAT, keystore:chat] } }\n',
    );
    expect(secrets.references).toContainEqual({
      reference: ['env:CHAT', 'keystore:chat'],
      use: 'alerts.sinks.chat.url',
      at: expect.stringMatching(/sallyport.yaml:5$/) as string,
    });
  });
});
