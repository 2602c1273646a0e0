import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createBaselineImport, readForeignBaseline } from '../../src/baseline/import-baseline.ts';
import type { RawFinding } from '../../src/scan-finding.ts';
import { finding } from '../report/report-input.ts';

const COMMIT = 'c0ffee'.padEnd(40, '0');
const { fingerprint, ...found } = finding();

function raw(over: Partial<RawFinding> = {}): RawFinding {
  return { ...found, secret: 'value', lineText: 'KEY=value', start: 4, end: 9, ...over };
}

describe('a .gitleaksignore', () => {
  const foreign = readForeignBaseline(
    `# ours\n\nconfig/app.env:generic-api-key:12\n${COMMIT}:old.env:aws-access-token:3\nC:\\gone.env:jwt:1\n`,
  );

  it('is taken over by file and line, and by commit where it has one', () => {
    const both = createBaselineImport(foreign);
    expect(both.keep(raw(), fingerprint)).toBe(true);
    expect(both.keep(raw({ line: 13 }), fingerprint)).toBe(false);
    expect(both.keep(raw({ path: 'old.env', line: 3 }), fingerprint)).toBe(false);
    const commit = { id: COMMIT, date: '2026-01-01T00:00:00Z' };
    expect(both.keep(raw({ path: 'old.env', line: 3, commit }), fingerprint)).toBe(true);
    const { entries, left } = both.result();
    expect(entries).toEqual([
      { fingerprint, path: 'config/app.env', reason: 'ignored by .gitleaksignore' },
      { fingerprint, path: 'old.env', reason: 'ignored by .gitleaksignore' },
    ]);
    expect(left).toEqual([{ label: 'C:\\gone.env:jwt:1', why: 'nothing is found in this line' }]);
  });

  it('of which a line is no entry is refused by its number', () => {
    expect(() => readForeignBaseline('a.env:rule:1\nwhat is this')).toThrow(
      /^line 2 is no entry of a \.gitleaksignore/,
    );
  });
});

describe('a .secrets.baseline', () => {
  const sha1 = createHash('sha1').update('value').digest('hex');
  const item = { type: 'Secret Keyword', hashed_secret: sha1, line_number: 99 };
  const file = (items: readonly object[]): string =>
    JSON.stringify({ version: '1.5.0', results: { 'config/app.env': items } });

  it('is taken over by the hash of the credential, whatever its line', () => {
    const one = createBaselineImport(readForeignBaseline(file([{ ...item, is_secret: false }])));
    expect(one.keep(raw(), fingerprint)).toBe(true);
    expect(one.keep(raw({ secret: 'other', line: 99 }), fingerprint)).toBe(false);
    expect(one.result().entries).toEqual([
      { fingerprint, path: 'config/app.env', reason: 'audited as no secret in .secrets.baseline' },
    ]);
  });

  it('that nobody audited gives entries without a reason', () => {
    const one = createBaselineImport(readForeignBaseline(file([item])));
    one.keep(raw(), fingerprint);
    expect(one.result().entries).toEqual([{ fingerprint, path: 'config/app.env' }]);
  });

  it('says what could not be taken over', () => {
    const none = createBaselineImport(readForeignBaseline(file([item])));
    expect(none.result().left).toEqual([
      {
        label: 'config/app.env:99: Secret Keyword',
        why: 'no credential with this hash is found in the file',
      },
    ]);
  });

  it.each(['{', '{}', '{"results":[{}]}', '{"results":{"a":1}}', '{"results":{"a":[{"type":"x"}]}}'])(
    'is refused where it is none: %s',
    (text) => {
      expect(() => readForeignBaseline(text)).toThrow(/no \.secrets\.baseline/);
    },
  );
});
