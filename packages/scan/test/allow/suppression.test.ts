import { expect, test } from 'vitest';
import { readScanAllow } from '../../src/allow/scan-allow.ts';
import { createSuppression } from '../../src/allow/suppression.ts';
import { createBaseline } from '../../src/baseline/baseline.ts';
import type { RawFinding } from '../../src/scan-finding.ts';
import { finding } from '../report/report-input.ts';

const MARK = ['sallyport', 'allow'].join(':');
const { fingerprint: known, ...found } = finding();
const unknown = known.replace('0123', '3210');

function raw(over: Partial<RawFinding> = {}): RawFinding {
  return { ...found, secret: 'value', lineText: 'KEY=value', start: 4, end: 9, ...over };
}

test('what nothing covers is reported, and each of the others is counted once, by what covers it', () => {
  const baseline = createBaseline([{ fingerprint: known, reason: 'known' }]);
  const allow = readScanAllow([{ reason: 'fixtures', paths: ['test/'] }]);
  const suppression = createSuppression({ allow, allowEntries: 1, baseline });
  const marked = raw({ lineText: `KEY=value # ${MARK} github-pat` });
  expect(suppression.keep(raw(), unknown)).toBe(true);
  expect(suppression.keep(raw(), known)).toBe(false);
  expect(suppression.keep(marked, unknown)).toBe(false);
  expect(suppression.keep(raw({ path: 'test/a.env' }), unknown)).toBe(false);
  expect(suppression.keep(raw({ lineText: `KEY=value # ${['gitleaks', 'allow'].join(':')}` }), unknown)).toBe(
    false,
  );
  expect(suppression.counts()).toEqual({
    baseline: 1,
    marks: { sallyport: 1, gitleaks: 1, 'detect-secrets': 0 },
    marksWithoutReason: 1,
    allow: [1],
  });
});

test('an entry of the baseline is used though a mark covers the same', () => {
  const baseline = createBaseline([{ fingerprint: known }]);
  const suppression = createSuppression({ allow: readScanAllow([]), allowEntries: 0, baseline });
  suppression.keep(raw({ lineText: `KEY=value # ${MARK} * a test` }), known);
  expect(baseline.unused()).toEqual([]);
  expect(suppression.counts()).toMatchObject({ baseline: 0, marks: { sallyport: 1 } });
});

test('marks count for nothing where they are to be overlooked', () => {
  const options = { allow: readScanAllow([]), allowEntries: 0, baseline: createBaseline([]), marks: false };
  expect(createSuppression(options).keep(raw({ lineText: `KEY=value # ${MARK} * a test` }), known)).toBe(
    true,
  );
});
