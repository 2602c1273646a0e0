import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metaToSend } from '../src/meta-to-send.ts';
import { parseBaggage } from '../src/received-baggage.ts';
import { receivedContext } from '../src/received-context.ts';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const SPAN = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };

describe('the context of a caller', () => {
  test('has the state and the baggage that came beside the traceparent', () => {
    const received = receivedContext({
      _meta: {
        traceparent: TRACEPARENT,
        tracestate: 'rojo=1,congo=2',
        baggage: 'team=a%20b;kind=x, other=1',
      },
    });
    expect(received?.span).toMatchObject({ isRemote: true, traceFlags: 1 });
    expect(received?.span.traceState?.serialize()).toBe('rojo=1,congo=2');
    expect(received?.baggage?.getAllEntries().map(([key, { value }]) => [key, value])).toEqual([
      ['team', 'a b'],
      ['other', '1'],
    ]);
  });

  test('is nothing without a valid traceparent, whatever else there is', () => {
    expect(receivedContext({ _meta: { tracestate: 'rojo=1', baggage: 'a=1' } })).toBeUndefined();
    expect(receivedContext({ _meta: { traceparent: 'x', baggage: 'a=1' } })).toBeUndefined();
  });

  test.each([
    ['a state that is too long', { tracestate: `a=${'1'.repeat(511)}` }],
    ['a state of nonsense', { tracestate: 'no state' }],
    ['a state that is no text', { tracestate: { a: 1 } }],
    ['baggage that is too long', { baggage: `a=${'1'.repeat(8192)}` }],
    ['baggage of too many members', { baggage: Array.from({ length: 65 }, (_, i) => `k${i}=1`).join(',') }],
    ['baggage with a line break', { baggage: 'a=1\r\nx: y' }],
    ['baggage with half an escape', { baggage: 'a=%E0%A4%A' }],
    ['baggage without a value', { baggage: 'a' }],
    ['baggage that is no text', { baggage: ['a=1'] }],
  ])('goes without %s', (_, beside) => {
    const received = receivedContext({ _meta: { traceparent: TRACEPARENT, ...beside } });
    expect(received?.span.traceState).toBeUndefined();
    expect(received?.baggage).toBeUndefined();
  });

  test('is never an error, and never large, whatever `_meta` is', () => {
    const hostile = fc.oneof(
      fc.anything({ withNullPrototype: true, withBigInt: true }),
      fc.record(
        {
          traceparent: fc.oneof(fc.constant(TRACEPARENT), fc.anything()),
          tracestate: fc.oneof(fc.string({ maxLength: 2000 }), fc.anything()),
          baggage: fc.oneof(fc.string({ maxLength: 10_000 }), fc.anything()),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(hostile, (meta) => {
        const received = receivedContext({ _meta: meta });
        expect((received?.span.traceState?.serialize() ?? '').length).toBeLessThanOrEqual(512);
        expect(received?.baggage?.getAllEntries().length ?? 0).toBeLessThanOrEqual(64);
      }),
      { numRuns: 1000 },
    );
  });

  test('has baggage whose keys cannot be mistaken for members of an object', () => {
    const baggage = parseBaggage('__proto__=1,constructor=2');
    expect(baggage?.getEntry('__proto__')?.value).toBe('1');
    expect(baggage?.getEntry('constructor')?.value).toBe('2');
  });
});

describe('the `_meta` to send on', () => {
  test('has our own span instead of the received one, and keeps the rest', () => {
    const params = {
      _meta: { traceparent: TRACEPARENT, tracestate: 'rojo=1', baggage: 'a=1', progressToken: 7 },
    };
    expect(metaToSend(params, SPAN)).toEqual({
      traceparent: `00-${SPAN.traceId}-${SPAN.spanId}-01`,
      baggage: 'a=1',
      progressToken: 7,
    });
    expect(params._meta.traceparent).toBe(TRACEPARENT);
  });

  test('is made where there is none', () => {
    expect(metaToSend({ name: 'x' }, SPAN)).toEqual({ traceparent: `00-${SPAN.traceId}-${SPAN.spanId}-01` });
  });

  test('carries no baggage that is not well-formed', () => {
    expect(metaToSend({ _meta: { baggage: 'a=1\r\nx: y' } }, SPAN)).not.toHaveProperty('baggage');
  });

  test('is left alone where it is no object', () => {
    expect(metaToSend({ _meta: 'x' }, SPAN)).toBeUndefined();
    expect(metaToSend({ _meta: [1] }, SPAN)).toBeUndefined();
    expect(metaToSend({ _meta: null }, SPAN)).toBeUndefined();
  });
});
