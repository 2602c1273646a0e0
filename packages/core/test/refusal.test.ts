import { describe, expect, it } from 'vitest';
import { Refusal, REFUSAL_CODES } from '@sallyport/core';

describe('Refusal', () => {
  it('keeps every code of its own outside the range that JSON-RPC reserves, but for the three JSON-RPC defines', () => {
    const reserved = Object.entries(REFUSAL_CODES).filter(([, code]) => code >= -32768 && code <= -32000);
    expect(reserved.map(([name]) => name)).toEqual(['invalid_request', 'method_not_found', 'invalid_params']);
  });

  it('turns a foreign error into internal and shows none of its text on the wire', () => {
    const refusal = Refusal.from(new Error('password is hunter2'));
    expect(refusal.code).toBe('internal');
    expect(JSON.stringify(refusal.toRpcError())).not.toContain('hunter2');
    expect((refusal.cause as Error).message).toContain('hunter2');
  });

  it('passes a refusal through as it is', () => {
    const refusal = Refusal.notPermitted();
    expect(Refusal.from(refusal)).toBe(refusal);
  });

  it.each([undefined, null, 0, 'text', { code: 'permission_denied' }])(
    'refuses whatever is thrown',
    (thrown) => {
      expect(Refusal.from(thrown).toRpcError().code).toBe(500);
    },
  );

  it('says its code in the data, beside what the layer added', () => {
    const refusal = new Refusal('rate_limited', 'Too many calls.', { data: { retryAfterSeconds: 3 } });
    expect(refusal.toRpcError()).toEqual({
      code: 429,
      message: 'Too many calls.',
      data: { retryAfterSeconds: 3, refusal: 'rate_limited' },
    });
  });
});
