import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatTraceParent, parseTraceParent } from '../src/trace-parent.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const WHOLE = `00-${TRACE}-${SPAN}-01`;

/** The grammar of W3C Trace Context level 2, section 2.2.2, and how later versions are read. */
const ORACLE =
  /^(?:00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})|(?!00|ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-[^]*)?)$/;

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const nearlyHex = (length: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: hex(length) },
    fc.constant('0'.repeat(length)),
    fc.constant('f'.repeat(length)),
    hex(length + 1),
    hex(length - 1),
    hex(length).map((digits) => digits.toUpperCase()),
    fc.string({ minLength: length, maxLength: length }),
  );
const nearly = fc
  .tuple(
    nearlyHex(2),
    nearlyHex(32),
    nearlyHex(16),
    nearlyHex(2),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant('') },
      fc.string({ maxLength: 8 }),
      fc.string().map((s) => `-${s}`),
    ),
    fc.constantFrom('-', '-', '-', '-', '_', ' ', ''),
  )
  .map(([version, trace, span, flags, rest, dash]) => `${version}-${trace}${dash}${span}-${flags}${rest}`);

describe('a traceparent', () => {
  test('is read as the grammar of the standard reads it', () => {
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string()), (value) => {
        const match = value.length > 512 ? null : ORACLE.exec(value);
        const expected = match && {
          traceId: match[1] ?? match[4],
          spanId: match[2] ?? match[5],
          traceFlags: Number.parseInt(match[3] ?? match[6] ?? '', 16) % 4,
        };
        expect(parseTraceParent(value) ?? null).toEqual(expected);
      }),
      { numRuns: 5000 },
    );
  });

  test('that is written is read again as it was', () => {
    fc.assert(
      fc.property(hex(32), hex(16), fc.integer({ min: 0, max: 3 }), (traceId, spanId, traceFlags) => {
        fc.pre(/[1-9a-f]/.test(traceId) && /[1-9a-f]/.test(spanId));
        const parent = { traceId, spanId, traceFlags };
        expect(parseTraceParent(formatTraceParent(parent))).toEqual(parent);
      }),
    );
  });

  test('of a later version is read as far as it is understood', () => {
    const expected = { traceId: TRACE, spanId: SPAN, traceFlags: 1 };
    expect(parseTraceParent(`cc-${TRACE}-${SPAN}-01`)).toEqual(expected);
    expect(parseTraceParent(`cc-${TRACE}-${SPAN}-fd-what-comes`)).toEqual(expected);
    expect(parseTraceParent(`cc-${TRACE}-${SPAN}-01.more`)).toBeUndefined();
    expect(parseTraceParent(`ff-${TRACE}-${SPAN}-01`)).toBeUndefined();
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 1],
    ['a list', [WHOLE]],
    ['an object that becomes a text', { toString: () => WHOLE }],
    ['upper case', WHOLE.toUpperCase()],
    ['a line break behind it', `${WHOLE}\n`],
    ['a space before it', ` ${WHOLE}`],
    ['version 00 with more', `${WHOLE}-00`],
    ['an endless one', `01-${TRACE}-${SPAN}-01-${'a'.repeat(10_000_000)}`],
  ])('is ignored when it is %s', (_, value) => {
    expect(parseTraceParent(value)).toBeUndefined();
  });
});
