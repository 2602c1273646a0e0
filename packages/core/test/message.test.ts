import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify } from '@sallyport/core';

describe('classify', () => {
  it.each([
    ['request', { jsonrpc: '2.0', id: 1, method: 'ping' }],
    ['request', { jsonrpc: '2.0', id: 'a', method: 'tools/call', params: {} }],
    ['notification', { jsonrpc: '2.0', method: 'notifications/initialized' }],
    ['response', { jsonrpc: '2.0', id: 1, result: {} }],
    ['response', { jsonrpc: '2.0', id: 1, error: { code: -32601, message: 'no' } }],
    ['response', { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'no' } }],
  ])('knows a %s', (kind, message) => {
    expect(classify(message).kind).toBe(kind);
  });

  it.each([
    ['a request that is a response too', { jsonrpc: '2.0', id: 1, method: 'tools/call', result: {} }],
    [
      'a request that is an error too',
      { jsonrpc: '2.0', id: 1, method: 'ping', error: { code: 1, message: '' } },
    ],
    ['a response that is both', { jsonrpc: '2.0', id: 1, result: {}, error: { code: 1, message: '' } }],
    ['a batch', [{ jsonrpc: '2.0', id: 1, method: 'ping' }]],
    ['params by position', { jsonrpc: '2.0', id: 1, method: 'ping', params: [1] }],
    ['a null id', { jsonrpc: '2.0', id: null, method: 'ping' }],
    ['a fractional id', { jsonrpc: '2.0', id: 1.5, method: 'ping' }],
    ['a tool call without an id', { jsonrpc: '2.0', method: 'tools/call', params: {} }],
    ['another version', { jsonrpc: '1.0', id: 1, method: 'ping' }],
    ['no version', { id: 1, method: 'ping' }],
    ['a method that is no string', { jsonrpc: '2.0', id: 1, method: 7 }],
    ['a result that is no object', { jsonrpc: '2.0', id: 1, result: 'x' }],
    ['an error without a code', { jsonrpc: '2.0', id: 1, error: { message: 'x' } }],
    ['nothing of the kind', { jsonrpc: '2.0', id: 1 }],
    ['null', null],
    ['a string', 'ping'],
  ])('does not accept %s', (_, message) => {
    expect(classify(message).kind).toBe('invalid');
  });

  it('says exactly one kind for any JSON value, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(['request', 'notification', 'response', 'invalid']).toContain(classify(value).kind);
      }),
    );
  });
});
