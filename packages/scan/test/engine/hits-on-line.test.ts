import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHitsOnLine } from '../../src/engine/hits-on-line.ts';
import { createOverlapTest } from '../../src/engine/overlaps.ts';

/** Spans in order, none over another. */
const spans = fc
  .array(fc.tuple(fc.nat(4), fc.integer({ min: 1, max: 9 })), { maxLength: 40 })
  .map((steps) => {
    let end = 0;
    return steps.map(([gap, length]) => {
      const start = end + gap;
      end = start + length;
      return { start, end };
    });
  });

const hitOf = (span: { readonly start: number; readonly end: number }) =>
  ({ ...span, rule: 'github-pat', entity: 'ACCESS_TOKEN', score: 1, secret: '' }) as const;

test('a line shows the credentials that reach into it, and no others', () => {
  fc.assert(
    fc.property(spans, fc.nat(60), fc.nat(60), (given, before, length) => {
      fc.pre(given.length > 0);
      const middle = given[given.length >> 1] as (typeof given)[number];
      const from = Math.max(0, middle.start - before);
      const text = 'x'.repeat(middle.start - from + 1 + length);
      const expected = given
        .filter(({ start, end }) => end > from && start < from + text.length)
        .map(({ start, end }) => [Math.max(0, start - from), Math.min(text.length, end - from)]);
      const found = createHitsOnLine(given.map(hitOf))(given.length >> 1, { text, from });
      expect(found).toEqual(expected);
    }),
  );
});

test('of a hundred thousand hits, only those on the line are looked at', () => {
  let looked = 0;
  const hits = Array.from({ length: 100_000 }, (_, at) => hitOf({ start: at * 50, end: at * 50 + 40 }));
  const counted = new Proxy(hits, {
    get: (target, key, receiver) => {
      if (typeof key === 'string' && /^\d+$/.test(key)) looked += 1;
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
  const onLine = createHitsOnLine(counted);
  looked = 0;
  for (let at = 0; at < hits.length; at += 1000) onLine(at, { text: 'x'.repeat(50), from: at * 50 });
  expect(looked).toBeLessThanOrEqual(100 * 3);
});

test('an overlap is told as by looking at all', () => {
  fc.assert(
    fc.property(spans, fc.nat(200), fc.integer({ min: 1, max: 30 }), (given, start, length) => {
      const end = start + length;
      const expected = given.some((other) => other.start < end && start < other.end);
      expect(createOverlapTest(given)({ start, end })).toBe(expected);
    }),
  );
});
