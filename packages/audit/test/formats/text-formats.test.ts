import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertFacts } from '../../src/formats/alert-facts.ts';
import { createFormatter } from '../../src/formats/create-formatter.ts';
import { hostileAlert } from './hostile-records.ts';
import { alert, attempt, event, outcome, refused, SAMPLES } from './some-records.ts';
import { parseCef, parseLeef } from './text-parsers.ts';

const options = { productVersion: '1.2.3' };
const cef = createFormatter('cef', options);
const leef = createFormatter('leef', options);

describe('CEF', () => {
  test('the header is vendor, product, version, a stable code, a title and a severity', () => {
    expect(parseCef(cef.record(refused('permission_denied'))).header).toEqual([
      'CEF:0',
      'Sallyport',
      'Sallyport',
      '1.2.3',
      'refused_permission_denied',
      'Call refused: permission denied',
      '5',
    ]);
  });

  test('a line is what it is documented to be', () => {
    expect(cef.record(event('start', { pid: 1 }))).toBe(
      'CEF:0|Sallyport|Sallyport|1.2.3|start|Sallyport started|1| rt=1795269432123 cat=event sallyportEvent=start ' +
        `destinationServiceName=files cs4Label=policySha256 cs4=${'a'.repeat(64)} cs5Label=detail cs5={"pid":1} ` +
        'externalId=01990000-0000-7000-8000-000000000001 sallyportRecordVersion=1',
    );
  });

  test('the standard’s own escapes are used where it has them', () => {
    const target = 'a|b=c\\d\ne\rf';
    expect(cef.record(attempt({ target }))).toContain(String.raw` cs2=a|b\=c\\d\ne\rf `);
  });

  test('spaces at the ends of a value are visible', () => {
    const line = cef.record(attempt({ target: ' a b ' }));
    expect(line).toContain(' cs2=\u241b0020a b\u241b0020 ');
  });

  test('what the gates did is the action', () => {
    const { redacted: _, ...plain } = outcome();
    const actionOf = (record: Parameters<typeof cef.record>[0]): unknown =>
      parseCef(cef.record(record)).fields.get('act');
    expect(actionOf(attempt())).toBe('observed');
    expect(actionOf(plain)).toBe('allowed');
    expect(actionOf(outcome())).toBe('modified');
    expect(actionOf(refused('rate_limited'))).toBe('denied');
    expect(actionOf(refused('cancelled'))).toBe('cancelled');
    expect(actionOf(event('start'))).toBeUndefined();
  });

  test('the last value is never empty', () => {
    for (const record of SAMPLES) expect(cef.record(record)).toMatch(/ sallyportRecordVersion=1$/);
    expect(cef.alert(alert())).toMatch(/ sallyportQuarantined=false$/);
  });

  test('the keys of a line are alphanumeric, and each stands there once', () => {
    for (const record of SAMPLES) {
      for (const key of parseCef(cef.record(record)).fields.keys()) expect(key).toMatch(/^[A-Za-z0-9]+$/);
    }
  });
});

describe('LEEF 2.0', () => {
  test('a line is what it is documented to be', () => {
    expect(leef.record(event('stop'))).toBe(
      'LEEF:2.0|Sallyport|Sallyport|1.2.3|stop|^|sev=1^msg=Sallyport stopped^devTime=1795269432123^cat=event^event=stop' +
        `^server=files^policy=${'a'.repeat(64)}^recordId=01990000-0000-7000-8000-000000000001^recordVersion=1`,
    );
  });

  test('neither the delimiter nor what lenient parsers read as an escape or a quotation leaves its value', () => {
    expect(leef.record(attempt({ target: '"a^b=c\\' }))).toContain(
      '^resource=\u241b0022a\u241b005eb=c\u241b005c^',
    );
  });

  test('a value has one severity, from 1 to 10', () => {
    for (const record of SAMPLES) {
      expect(Number(parseLeef(leef.record(record)).fields.get('sev'))).toSatisfy(
        (sev: number) => sev >= 1 && sev <= 10,
      );
    }
  });
});

test('a text that is longer than its field is cut and ends with its SHA-256', () => {
  const target = 'x'.repeat(5000);
  const sha256 = createHash('sha256').update(target).digest('hex');
  const inCef = parseCef(cef.record(attempt({ target }))).fields.get('cs2');
  const inLeef = parseLeef(leef.record(attempt({ target }))).fields.get('resource');
  expect(inCef).toBe(`${'x'.repeat(3924)}...(sha256 ${sha256})`);
  expect(inCef).toHaveLength(4000);
  expect(inLeef).toBe(`${'x'.repeat(947)}...(sha256 ${sha256})`);
  expect(inLeef).toHaveLength(1023);
});

test('a list that is longer than its field is replaced by its SHA-256 and size, and stays JSON', () => {
  const roles = Array.from({ length: 500 }, (_, index) => `rôle ${index}`);
  const principal = { ...attempt().principal, roles };
  const json = Buffer.from(JSON.stringify(roles));
  const instead = { sha256: createHash('sha256').update(json).digest('hex'), bytes: json.length };
  const inCef = parseCef(cef.record(attempt({ principal }))).fields.get('spriv') ?? '';
  const inLeef = parseLeef(leef.record(attempt({ principal }))).fields.get('role') ?? '';
  expect(JSON.parse(inCef)).toEqual(instead);
  expect(JSON.parse(inLeef)).toEqual(instead);
});

test('an alert with hostile texts comes back with exactly these texts', () => {
  fc.assert(
    fc.property(hostileAlert, (facts) => {
      const inCef = parseCef(cef.alert(facts)).fields;
      const inLeef = parseLeef(leef.alert(facts)).fields;
      expect(textsOf(inCef, CEF_KEYS)).toEqual(textsOfAlert(facts));
      expect(textsOf(inLeef, LEEF_KEYS)).toEqual(textsOfAlert(facts));
    }),
    { numRuns: 300 },
  );
});

const CEF_KEYS = [
  'externalId',
  'msg',
  'suser',
  'cs2',
  'cs3',
  'cs4',
  'cs1',
  'cs6',
  'cs5',
  'cfp1',
  'rt',
] as const;
const LEEF_KEYS = [
  'alertId',
  'msg',
  'usrName',
  'resource',
  'ruleId',
  'ruleName',
  'measure',
  'runbook',
  'records',
  'observed',
  'devTime',
] as const;

function textsOf(fields: ReadonlyMap<string, string>, keys: readonly string[]): unknown[] {
  return keys.map((key) => fields.get(key));
}

function textsOfAlert(facts: AlertFacts): unknown[] {
  const { id, title, subject, target, rule, measure, runbook, records, time } = facts;
  const numbers = [measure && String(measure.observed), String(Date.parse(time))];
  return [
    id,
    title,
    subject,
    target,
    rule.id,
    rule.name,
    measure?.name,
    runbook,
    JSON.stringify(records),
    ...numbers,
  ];
}
