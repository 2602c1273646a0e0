import { describe, expect, it } from 'vitest';
import {
  decodeEntries,
  encodeEntries,
  NO_ENTRIES,
  withoutName,
  withValue,
} from '../../src/keystore/entries.ts';
import { SecretError } from '../../src/secret-error.ts';

const fail = (code: 'invalid_value', why: string): SecretError => new SecretError(code, 'keystore', why);
const decode = (payload: unknown): ReturnType<typeof decodeEntries> =>
  decodeEntries(Buffer.from(JSON.stringify(payload)), fail as never);
const one = withValue(NO_ENTRIES, 'api-key', Buffer.from('hunter2'), '2026-01-02T03:04:05.678Z');

describe('the entries of a keystore', () => {
  it('are read as they were written, and so is what was removed', () => {
    for (const entries of [NO_ENTRIES, one, withoutName(one, 'api-key')]) {
      expect(decodeEntries(encodeEntries(entries), fail as never)).toEqual(entries);
    }
  });

  it('are read also when nothing says what was removed', () => {
    const { entries } = JSON.parse(encodeEntries(one).toString()) as { entries: unknown };
    expect(decode({ entries })).toEqual(one);
  });

  it('are refused when anything is of another kind, and not quoted', () => {
    for (const payload of [
      null,
      {},
      { entries: {} },
      { entries: [{ name: 'hunter2', created: '', versions: [] }] },
      { entries: [], removed: {} },
      { entries: [], removed: [['hunter2', '1']] },
      { entries: [], removed: [[1, 1]] },
      { entries: [], removed: ['hunter2'] },
    ]) {
      expect(() => decode(payload)).toThrow(/^keystore: the file holds what this version .* a newer one$/);
    }
  });
});
