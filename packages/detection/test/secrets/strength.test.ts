import { expect, it } from 'vitest';
import { looksChosen, looksRandom } from '../../src/rules/secrets/strength.ts';

it('takes a word with a number, and a name in camelCase, for no secret', () => {
  for (const value of ['configuration1', 'someLongIdentifier2', 'ABCDEFGHIJKLMNOP12']) {
    expect(looksRandom(value), value).toBe(false);
    expect(looksChosen(value), value).toBe(false);
  }
});

it('takes mixed letters and digits for a secret', () => {
  expect(looksRandom('k9Vq2mZr7TxWb4LhNc8P')).toBe(true);
  expect(looksChosen('tr0ub4dor&3')).toBe(true);
});

it('reads a long word with a number behind it in one way, and not in as many as it has letters', () => {
  expect(looksRandom(`${'x'.repeat(480)}2154317`)).toBe(false);
  expect(looksRandom(`${'Xx'.repeat(240)}2154317`)).toBe(false);
});
