import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditRecord } from '../../src/audit-record.ts';
import { createFormatter } from '../../src/formats/create-formatter.ts';
import { hostileAlert, hostileRecord } from './hostile-records.ts';
import { ALERTS, alert, attempt, event, EVENTS, outcome, refused, SAMPLES } from './some-records.ts';

interface EcsDocument {
  readonly event: {
    readonly kind: string;
    readonly category: readonly string[];
    readonly type: readonly string[];
    readonly outcome?: string;
  };
  readonly [name: string]: unknown;
}

const ecs = createFormatter('ecs', { productVersion: '1.2.3' });

/** The types that ECS 9.3 expects of the categories used here, from its page on categorization field values. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  api: [
    'access',
    'admin',
    'allowed',
    'change',
    'creation',
    'deletion',
    'denied',
    'end',
    'info',
    'start',
    'user',
  ],
  authentication: ['start', 'end', 'info'],
  configuration: ['access', 'change', 'creation', 'deletion', 'info'],
  intrusion_detection: ['allowed', 'denied', 'info'],
  process: ['access', 'change', 'end', 'info', 'start'],
};

/** Every field that is written and the type that ECS 9.3 gives it; `mcp` is our own. */
const FIELDS: Readonly<Record<string, 'keyword' | 'long' | 'date' | 'keyword[]'>> = {
  '@timestamp': 'date',
  message: 'keyword',
  'ecs.version': 'keyword',
  'event.id': 'keyword',
  'event.kind': 'keyword',
  'event.category': 'keyword[]',
  'event.type': 'keyword[]',
  'event.code': 'keyword',
  'event.outcome': 'keyword',
  'event.severity': 'long',
  'event.module': 'keyword',
  'event.dataset': 'keyword',
  'event.reason': 'keyword',
  'event.duration': 'long',
  'service.name': 'keyword',
  'service.type': 'keyword',
  'observer.vendor': 'keyword',
  'observer.product': 'keyword',
  'observer.type': 'keyword',
  'observer.version': 'keyword',
  'user.name': 'keyword',
  'user.roles': 'keyword[]',
  'related.user': 'keyword[]',
  'rule.id': 'keyword',
  'rule.name': 'keyword',
  'rule.reference': 'keyword',
  'error.code': 'keyword',
  'gen_ai.operation.name': 'keyword',
  'gen_ai.tool.name': 'keyword',
  'gen_ai.tool.call.id': 'keyword',
  'gen_ai.agent.name': 'keyword',
};

function written(record: AuditRecord): EcsDocument {
  return JSON.parse(ecs.record(record)) as EcsDocument;
}

function leaves(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, member]) =>
    leaves(member, path === '' ? name : `${path}.${name}`),
  );
}

function isOf(type: (typeof FIELDS)[string] | undefined, value: unknown): boolean {
  switch (type) {
    case 'keyword':
      return typeof value === 'string';
    case 'keyword[]':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'long':
      return Number.isSafeInteger(value);
    case 'date':
      return typeof value === 'string' && new Date(value).toISOString() === value;
    case undefined:
      return false;
  }
}

function expectOfEcs(document: EcsDocument): void {
  for (const [path, value] of leaves(document)) {
    if (!path.startsWith('mcp.') && !isOf(FIELDS[path], value)) expect.fail(`not of ECS: ${path}`);
  }
  const { category, type } = document.event;
  for (const name of category) {
    expect(Object.keys(EXPECTED)).toContain(name);
    for (const each of type) expect(EXPECTED[name]).toContain(each);
  }
}

describe('ECS 9.3', () => {
  test('every field is one of ECS and of its type, and every category and type is of the lists', () => {
    for (const record of SAMPLES) expectOfEcs(written(record));
    for (const facts of ALERTS) expectOfEcs(JSON.parse(ecs.alert(facts)) as EcsDocument);
  });

  test('that holds whatever the texts are', () => {
    fc.assert(
      fc.property(hostileRecord, hostileAlert, (record, facts) => {
        expectOfEcs(written(record));
        expectOfEcs(JSON.parse(ecs.alert(facts)) as EcsDocument);
      }),
      { numRuns: 200 },
    );
  });

  test('the version is said', () => {
    expect(written(attempt())).toMatchObject({ ecs: { version: '9.3.0' } });
    expect(ecs.version).toBe('9.3.0');
  });

  test('outcome and type tell what became of a call', () => {
    const of = (record: AuditRecord): unknown => {
      const { category, type, outcome: result } = written(record).event;
      return [...category, ...type, result];
    };
    expect(of(attempt())).toEqual(['api', 'start', 'unknown']);
    expect(of(outcome())).toEqual(['api', 'end', 'allowed', 'success']);
    expect(of(outcome({ method: 'resources/read' }))).toEqual(['api', 'end', 'allowed', 'access', 'success']);
    expect(of(outcome({ status: 'error' }))).toEqual(['api', 'end', 'allowed', 'failure']);
    expect(of(refused('permission_denied'))).toEqual(['api', 'end', 'denied', 'failure']);
    expect(of(refused('unauthenticated'))).toEqual(['authentication', 'start', 'failure']);
  });

  test('a tool call has the fields of gen_ai', () => {
    const { call, target } = attempt();
    expect(written(attempt())['gen_ai']).toEqual({
      operation: { name: 'execute_tool' },
      tool: { name: target, call: { id: call } },
      agent: { name: 'planner' },
    });
    expect(written(outcome({ method: 'prompts/get' }))['gen_ai']).toEqual({ agent: { name: 'planner' } });
  });

  test('the type of a member never depends on the record, so that an index takes all of them', () => {
    const types = new Map<string, string>();
    const seen = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);
    for (const record of [...SAMPLES, ...EVENTS.map((name) => event(name, { count: 'many' }))]) {
      for (const [path, value] of leaves(written(record))) {
        expect(types.get(path) ?? seen(value)).toBe(seen(value));
        types.set(path, seen(value));
      }
    }
  });

  test('an alert is an alert', () => {
    expect(JSON.parse(ecs.alert(alert()))).toMatchObject({
      event: { kind: 'alert', severity: 4 },
      rule: { id: 'rate', reference: 'https://docs.example/runbooks/rate' },
      user: { name: 'alice' },
    });
  });
});
