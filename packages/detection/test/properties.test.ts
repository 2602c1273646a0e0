import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDetector, RULES } from '../src/index.ts';

const detector = createDetector();
const example = fc.constantFrom(
  ...RULES.flatMap((rule) => rule.examples.ok.map((text) => text.replaceAll(/[⟦⟧]/g, ''))),
);
const units = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 })
  .map((codes) => String.fromCharCode(...codes));
const marks = fc.string({
  unit: fc.constantFrom(...'0123456789ABab@.:-/ ()+_,\u00ad\uff11\u200b\ud835\udfce'),
  maxLength: 60,
});
const text = fc
  .array(fc.oneof(example, units, marks, fc.string()), { maxLength: 6 })
  .map((parts) => parts.join(''));

it('never throws, and answers sorted places inside the text that do not overlap', () => {
  fc.assert(
    fc.property(text, (input) => {
      let last = 0;
      for (const finding of detector.scan(input)) {
        expect(finding.start).toBeGreaterThanOrEqual(last);
        expect(finding.end).toBeGreaterThan(finding.start);
        expect(finding.end).toBeLessThanOrEqual(input.length);
        expect(finding.score).toBeGreaterThanOrEqual(0.5);
        expect(finding.score).toBeLessThanOrEqual(1);
        last = finding.end;
      }
    }),
    { numRuns: 2_000 },
  );
});

it('finds in texts set apart what it finds in each', () => {
  const gap = ` ${'\n'.repeat(128)} `;
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (parts) => {
      const expected = parts.flatMap((part, at) => {
        const before = parts.slice(0, at).reduce((sum, other) => sum + other.length + gap.length, 0);
        return detector
          .scan(part)
          .map((finding) => ({ ...finding, start: finding.start + before, end: finding.end + before }));
      });
      expect(detector.scan(parts.join(gap))).toEqual(expected);
    }),
    { numRuns: 3_000 },
  );
});

it('answers the same for the same text, whatever it read in between', () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      const first = detector.scan(one);
      detector.scan(other);
      expect(detector.scan(one)).toEqual(first);
    }),
  );
});
