import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SigmaRules } from '@sallyport/anomaly';
import type { AuditRecord } from '@sallyport/audit';
import { compiled, messages, outcome, rule } from './records.ts';

const DETECTION = { selection: { status: 'refused' }, condition: 'selection' };

describe('a document', () => {
  test.each([
    [null, /is no rule/],
    [{ title: 'x', filter: {} }, /filters are not supported/],
    [{ action: 'global' }, /Sigma 1/],
    [rule(DETECTION, { title: undefined }), /has no title/],
    [rule(DETECTION, { id: 'one' }), /no UUID/],
    [rule(DETECTION, { id: undefined }), /neither id nor name/],
    [rule(DETECTION, { level: 'hihg' }), /did you mean "high"\?/],
    [rule(DETECTION, { status: 'done' }), /none of/],
    [rule(DETECTION, { taxonomy: 'ecs' }), /not known here/],
    [rule(DETECTION, { tags: ['attack'] }), /is no tag/],
    [rule(DETECTION, { tags: 'attack.t1110' }), /no list/],
    [rule(DETECTION, { levl: 'high' }), /did you mean "level"\?/],
    [rule(DETECTION, { logsource: { product: 'windows', service: 'audit' } }), /for other records/],
    [rule(DETECTION, { logsource: { category: 'webserver', product: 'sallyport' } }), /says nothing about/],
    [rule(DETECTION, { logsource: { service: 'audit' } }), /names no product/],
    [rule(DETECTION, { logsource: undefined }), /is missing/],
    [rule('selection'), /no mapping/],
    [rule({ condition: 'selection' }), /no selection/],
    [rule({ selection: { status: 'ok' } }), /no condition/],
    [rule({ ...DETECTION, timeframe: '5m' }), /Sigma 1/],
    [rule({ ...DETECTION, condition: 5 }), /no text/],
    [rule(DETECTION, { correlation: {} }), /beside a correlation/],
    [rule(DETECTION, { status: 'deprecated' }), /does not run/],
  ])('%j is told what to write instead', (document, message) => {
    expect(messages(document).join('\n')).toMatch(message);
  });

  test('all problems come at once, with their places', () => {
    const value = rule(
      { selection: { tarqet: 'x', 'status|contain': 'y' }, condition: 'selection and filter' },
      { level: 'hi', tags: ['x'] },
    );
    const place = (path: readonly (string | number)[]): { line: number; column: number } => ({
      line: path.length + 1,
      column: 3,
    });
    const { rules, problems } = SigmaRules.compile([{ file: 'a.yaml', value, place }]);
    expect(rules.list).toEqual([]);
    expect(problems.map(({ path, line }) => `${path}:${line}`)).toEqual([
      'level:2',
      'tags[0]:3',
      'detection.selection.tarqet:4',
      'detection.selection.status|contain:4',
      'detection.condition:3',
    ]);
  });

  test('two rules cannot have one id', () => {
    expect(messages(rule(DETECTION), rule(DETECTION))).toEqual([
      'id: is taken by a rule in test.yaml; write another one',
    ]);
  });

  test('members of its own do no harm', () => {
    expect(messages(rule(DETECTION, { 'x-owner': 'soc' }))).toEqual([]);
  });

  test('a rule with a problem does not keep the others from working', () => {
    const good = rule(DETECTION, { id: '7e8cbd1f-9f53-4d0c-8d8f-1f1a5a3f0a09' });
    const { rules } = SigmaRules.compile([
      { file: 'a.yaml', value: rule({}) },
      { file: 'b.yaml', value: good },
    ]);
    expect(rules.observe(outcome({ status: 'refused' }))).toHaveLength(1);
  });
});

describe('whatever is written', () => {
  const word = fc.constantFrom(
    'title',
    'id',
    'name',
    'logsource',
    'product',
    'service',
    'detection',
    'correlation',
    'condition',
    'selection',
    'type',
    'rules',
    'group-by',
    'timespan',
    'target|re',
    'target|contains',
    'status',
    'a',
    '*',
    '1 of them',
    '(',
    'event_count',
    'sallyport',
    'audit',
    '1m',
    'gte',
    'selection and not a',
    '__proto__',
    'constructor',
    '%x%',
    '[a-',
    '(a|b)*c{2,3}$',
    '10.0.0.0/8',
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      word,
      fc.string(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(word, fc.string()), tie('any'), { maxKeys: 6 }),
    ),
  })).any;

  test('compiling tells problems, and never throws', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), value, (documents, detection) => {
        const { rules } = SigmaRules.compile(
          [...documents, rule(detection)].map((one) => ({ file: 'x', value: one })),
        );
        expect(rules.observe(outcome())).toBeInstanceOf(Array);
      }),
      { numRuns: 500 },
    );
  });

  test('one item compiles or is told, and never throws', () => {
    const modifiers = fc.subarray(
      [
        'contains',
        'all',
        're',
        'i',
        'cidr',
        'base64',
        'wide',
        'windash',
        'expand',
        'neq',
        'gte',
        'exists',
        'fieldref',
        'hour',
      ],
      { maxLength: 3 },
    );
    const field = fc.constantFrom('target', 'error', 'time', 'principal.roles', 'detail.x', 'result.bytes');
    fc.assert(
      fc.property(field, modifiers, value, (name, more, one) => {
        const document = rule({ selection: { [[name, ...more].join('|')]: one }, condition: 'selection' });
        const { rules, problems } = SigmaRules.compile([{ file: 'x', value: document }]);
        expect(rules.list.length === 1 || problems.length > 0).toBe(true);
        expect(rules.observe(outcome()).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });

  test('a record of any form is looked at, and never throws', () => {
    const rules = compiled([
      rule({
        a: { 'redacted.entity': 'EMAIL', 'redacted.count|gt': 1 },
        b: { 'principal.roles|contains': 'adm', 'detail.x': 5 },
        c: { 'time|hour|gte': 3, 'wouldRefuse.code': 'internal' },
        d: { 'target|re': 'a+b', 'time.weekday': 3 },
        condition: '1 of them',
      }),
    ]);
    const part = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.array(fc.string()),
      fc.constant(undefined),
    );
    const record = fc.record(
      {
        type: part,
        time: part,
        target: part,
        principal: fc.record({ roles: part, subject: part }),
        detail: fc.record({ x: part }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(record, (one) => {
        expect(rules.observe(one as unknown as AuditRecord).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
