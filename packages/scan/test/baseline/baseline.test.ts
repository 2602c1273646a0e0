import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addFindings, createBaseline } from '../../src/baseline/baseline.ts';
import { BaselineError, readBaseline, writeBaseline } from '../../src/baseline/baseline-file.ts';
import { HOSTILE_NAMES } from '../report/report-input.ts';

const A = `v1:github-pat:${'0a'.repeat(16)}`;
const B = `v1:npm-token:${'0b'.repeat(16)}`;

const entries = fc.array(
  fc.record(
    {
      fingerprint: fc.constantFrom(A, B),
      path: fc.oneof(fc.constantFrom(...HOSTILE_NAMES), fc.string({ unit: 'grapheme', minLength: 1 })),
      reason: fc.constantFrom('a test', 'see #12: 100 % made up', 'v1:x'),
    },
    { requiredKeys: ['fingerprint'] },
  ),
);

describe('a baseline', () => {
  it('is written as it was read, whatever the names of files', () => {
    fc.assert(
      fc.property(entries, (given) => {
        const wellFormed = given.map((entry) =>
          entry.path === undefined
            ? entry
            : { ...entry, path: entry.path.replaceAll(/\p{Surrogate}/gu, '\uFFFD') },
        );
        const text = writeBaseline(wellFormed);
        const read = readBaseline(text);
        expect(new Set(read.map(({ fingerprint, path }) => `${fingerprint} ${path}`))).toEqual(
          new Set(wellFormed.map(({ fingerprint, path }) => `${fingerprint} ${path}`)),
        );
        expect(writeBaseline(read)).toBe(text);
      }),
    );
  });

  it('is sorted, one entry a line, and keeps reasons; without one it says so', () => {
    const text = writeBaseline([
      { fingerprint: B, path: 'b c.env' },
      { fingerprint: A, reason: 'of a test\nserver' },
      { fingerprint: B, path: 'b c.env', reason: 'known' },
    ]);
    expect(text.split('\n').slice(1)).toEqual([`${A} # of a test server`, `${B} b%20c.env # known`, '']);
    expect(writeBaseline([{ fingerprint: A }])).toContain(`${A} # unreviewed\n`);
    expect(readBaseline(`${A} # unreviewed`)).toEqual([{ fingerprint: A }]);
    expect(readBaseline(A)).toEqual([{ fingerprint: A }]);
  });

  it('takes comments, empty lines and any line end', () => {
    expect(readBaseline(`\uFEFF# ours\r\n\r\n  ${A} a.env # x\r\n`)).toEqual([
      { fingerprint: A, path: 'a.env', reason: 'x' },
    ]);
  });

  it('of which a line is no entry is refused, by its number and without what it holds', () => {
    for (const line of ['<<<<<<< HEAD', 'v1:github-pat:abc', `${A} a b # x`, 'v2:x:y', 'pa55word'])
      expect(() => readBaseline(`# ours\n${line}`)).toThrow(/^line 2 of the baseline is no entry/);
    expect(() => readBaseline('pa55word')).toThrow(BaselineError);
    expect(() => readBaseline('pa55word')).not.toThrow(/pa55word/);
  });
});

describe('an entry', () => {
  it('covers a credential wherever it stands, or in its file only', () => {
    const baseline = createBaseline([{ fingerprint: A }, { fingerprint: B, path: 'b.env' }]);
    expect(baseline.covers(A, 'any.env')).toEqual({ fingerprint: A });
    expect(baseline.covers(B, 'b.env')).toBeDefined();
    expect(baseline.covers(B, 'other.env')).toBeUndefined();
  });

  it('covers no other credential on the same line of the same file', () => {
    expect(createBaseline([{ fingerprint: A, path: 'a.env' }]).covers(B, 'a.env')).toBeUndefined();
  });

  it('that nothing was found for is unused; one without a reason is unreviewed', () => {
    const baseline = createBaseline([{ fingerprint: A, reason: 'x' }, { fingerprint: B }]);
    baseline.covers(A, 'a.env');
    expect(baseline.unused()).toEqual([{ fingerprint: B }]);
    expect(baseline.unreviewed()).toEqual([{ fingerprint: B }]);
  });
});

it('findings are added once, and what is there keeps its reasons', () => {
  const before = [{ fingerprint: A, reason: 'x' }];
  const found = [
    { fingerprint: A, path: 'a.env' },
    { fingerprint: B, path: 'b.env' },
    { fingerprint: B, path: 'b.env' },
  ];
  expect(addFindings(before, found)).toEqual([...before, { fingerprint: B, path: 'b.env' }]);
});
