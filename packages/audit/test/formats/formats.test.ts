import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditRecord } from '../../src/audit-record.ts';
import { createFormatter } from '../../src/formats/create-formatter.ts';
import { RECORD_MEMBERS } from '../../src/formats/record-members.ts';
import { recordOf, ROWS } from './formats-page.ts';
import { hostileAlert, hostileRecord } from './hostile-records.ts';
import { ocsfProblems, type Values } from './ocsf-validator.ts';
import { ALERTS, attempt, event, outcome, SAMPLES } from './some-records.ts';

const NAMES = ['ocsf', 'ecs', 'cef', 'leef', 'json'] as const;
const TABLED = ['ocsf', 'ecs', 'cef', 'leef'] as const;
const options = { productVersion: '1.2.3' };

describe('FORMATS.md', () => {
  test('names every member of a record', () => {
    expect(ROWS.map(({ member }) => member).sort()).toEqual(Object.keys(RECORD_MEMBERS).sort());
  });

  test('names no field for two members of one record', () => {
    for (const name of TABLED) {
      const paths = ROWS.flatMap(({ fields }) => fields[name].paths);
      expect(new Set(paths).size).toBe(paths.length);
    }
  });
});

describe.each(TABLED)('%s', (name) => {
  const formatter = createFormatter(name, options);

  test('a record is taken apart by the table, and is the same record', () => {
    for (const record of SAMPLES) expect(recordOf(name, formatter.record(record))).toEqual(record);
  });

  test('a record with hostile texts in every field comes back with exactly these texts', () => {
    fc.assert(
      fc.property(hostileRecord, (record) => {
        expect(recordOf(name, formatter.record(record))).toEqual(record);
      }),
      { numRuns: 500 },
    );
  });

  test('a value that a record should not hold is not written', () => {
    const value = 'canary of a value';
    const known = outcome();
    const { principal } = known;
    const record = {
      ...known,
      params: { value },
      principal: { ...principal, claims: { value } },
    } as AuditRecord;
    expect(formatter.record(record)).toBe(formatter.record(known));
  });
});

describe.each(NAMES)('%s', (name) => {
  const formatter = createFormatter(name, options);

  test('hostile texts stay on one line of valid Unicode', () => {
    fc.assert(
      fc.property(hostileRecord, hostileAlert, (record, facts) => {
        for (const line of [formatter.record(record), formatter.alert(facts)]) {
          expect(line).not.toMatch(/[\n\r\0]/);
          expect(Buffer.from(line).toString()).toBe(line);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('only CEF and LEEF are no JSON, and show no control character at all', () => {
    fc.assert(
      fc.property(hostileRecord, (record) => {
        const line = formatter.record(record);
        if (formatter.json) expect(() => JSON.parse(line) as unknown).not.toThrow();
        else expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: 200 },
    );
    expect(formatter.json).toBe(name !== 'cef' && name !== 'leef');
  });

  test('very long texts in every field are kept, or cut with their digest, and the line ends', () => {
    const long = `${'x'.repeat(99_999)}\u{1f600}`;
    const roles = Array.from({ length: 1000 }, (_, index) => `role ${index}`);
    const principal = { subject: long, roles, client: long, actor: long, method: long };
    const record = outcome({ server: long, method: long, target: long, principal });
    const line = formatter.record(record);
    if (formatter.json) expect(line).toContain(long);
    else {
      expect(line.length).toBeLessThan(16_000);
      expect(line).toMatch(/x\.\.\.\(sha256 [0-9a-f]{64}\)/);
    }
  });

  test('a time that is none does not stop a record', () => {
    expect(() => formatter.record({ ...attempt(), time: 'never' })).not.toThrow();
    expect(() => formatter.record({ ...outcome(), time: 'never' })).not.toThrow();
  });
});

test('plain JSON is the record as the journal holds it', () => {
  const json = createFormatter('json', options);
  for (const record of SAMPLES) expect(json.record(record)).toBe(JSON.stringify(record));
  fc.assert(
    fc.property(hostileRecord, (record) => {
      expect(JSON.parse(json.record(record))).toEqual(record);
    }),
  );
});

test('OCSF is valid by the schema whatever the texts are', () => {
  const ocsf = createFormatter('ocsf', options);
  fc.assert(
    fc.property(hostileRecord, hostileAlert, (record, facts) => {
      expect(ocsfProblems(JSON.parse(ocsf.record(record)) as Values)).toEqual([]);
      expect(ocsfProblems(JSON.parse(ocsf.alert(facts)) as Values)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('the version of the product cannot leave its field', () => {
  const versions = { productVersion: '1|2\n^"3=\ud800' };
  for (const name of NAMES) {
    const formatter = createFormatter(name, versions);
    const line = formatter.record(event('start'));
    expect(line).not.toContain('\n');
    if (name !== 'json') expect(recordOf(name, line)).toEqual(event('start'));
    for (const facts of ALERTS) expect(formatter.alert(facts)).not.toContain('\n');
  }
});
