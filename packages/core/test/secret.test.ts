import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '@sallyport/core';

describe('Secret', () => {
  const secret = new Secret('hunter2');

  it.each([
    ['String()', String(secret)],
    ['a template', `${secret}`],
    ['concatenation', '' + secret],
    ['JSON', JSON.stringify({ secret })],
    ['inspect', inspect(secret)],
    ['inspect, nested and hidden', inspect({ a: [{ secret }] }, { depth: 9, showHidden: true })],
    ['spread', inspect({ ...secret })],
    ['own keys', Reflect.ownKeys(secret).join()],
    ['an error message', new Error(`failed with ${secret}`).message],
  ])('shows nothing of its value through %s', (_, shown) => {
    expect(shown).not.toContain('hunter2');
  });

  it('gives its value to whoever asks by name', () => {
    expect(secret.reveal()).toBe('hunter2');
  });
});
