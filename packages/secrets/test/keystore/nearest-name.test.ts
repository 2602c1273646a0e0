import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestName } from '../../src/keystore/nearest-name.ts';

describe('the name that may have been meant', () => {
  it.each([
    ['api-kye', 'api-key'],
    ['apikey', 'api-key'],
    ['api-keys', 'api-key'],
    ['API-KEY', 'api-key'],
    ['d-b', 'db'],
    ['db', undefined],
    ['other', undefined],
    ['api-key-two', undefined],
    ['', undefined],
  ])('for %j is %j', (unknown, meant) => {
    expect(
      nearestName(
        unknown,
        ['payments/key', 'api-key', 'db', 'x'].filter((name) => name !== unknown),
      ),
    ).toBe(meant);
  });

  it('is the nearest of several', () => {
    expect(nearestName('session-key', ['session-kez', 'Session-key', 'session-ke'])).toBe('Session-key');
    expect(nearestName('session-key', [])).toBeUndefined();
  });

  it('is found whichever character of a long name is mistaken, missing or too many', () => {
    const names = fc.stringMatching(/^[a-z]{6,20}$/);
    const slip = fc.constantFrom('#', '');
    fc.assert(
      fc.property(names, fc.nat(), slip, fc.boolean(), (name, at, put, takes) => {
        const index = at % name.length;
        const slipped = name.slice(0, index) + put + name.slice(index + (takes ? 1 : 0));
        expect(nearestName(slipped, ['something/else/entirely', name])).toBe(name);
      }),
    );
  });
});
