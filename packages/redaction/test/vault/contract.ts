import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isToken } from '../../src/token-shape.ts';
import type { TokenScope, TokenVault } from '../../src/token-vault.ts';
import { MAX_VALUE_BYTES } from '../../src/vault/vault-options.ts';
import { ALICE, BOB, codeOf, DAY, failureOf, HOUR } from './support.ts';

/** A place for vaults of 24 hours. */
export interface VaultRig {
  /** Opens the vault: the same one again, where it outlives its process. */
  open(): Promise<TokenVault>;
  /** Lets time pass. */
  advance(ms: number): Promise<void>;
  /** Another vault that knows nothing of the first. */
  openOther(): Promise<TokenVault>;
  /** Whether tokens are still there when it is opened again. */
  readonly outlives: boolean;
  dispose(): Promise<void>;
}

const EMAIL = 'EMAIL';
const ODD_VALUES: readonly (readonly [string, string])[] = [
  ['empty', ''],
  ['of one space', ' '],
  ['with a zero in it', 'a\0b'],
  ['with other scripts', 'Grüße, 漢字, عربى, 🔑👩‍👩‍👧'],
  ['with half a character', 'a\uD83Db'],
  ['with the other half', 'a\uDD11b'],
  ['with a byte order mark', '\uFEFFvalue'],
  ['of 64 KB', 'long value '.repeat(5958)],
  ['of a megabyte', 'x'.repeat(MAX_VALUE_BYTES)],
];

/** What holds for every token vault. */
export function tokenVaultContract(name: string, makeRig: () => Promise<VaultRig>): void {
  describe(`${name}, as a token vault`, () => {
    let rig: VaultRig;
    let vault: TokenVault;
    beforeEach(async () => {
      rig = await makeRig();
      vault = await rig.open();
    });
    afterEach(async () => {
      await vault.close();
      await rig.dispose();
    });

    const tokenOf = async (
      scope: TokenScope,
      value: string,
      entity = EMAIL,
      about?: string,
    ): Promise<string> => {
      const request = about === undefined ? { entity, value } : { entity, value, about };
      const [token] = await vault.tokensFor(scope, [request]);
      return token ?? '';
    };
    const valueOf = async (scope: TokenScope, token: string): Promise<string | undefined> => {
      const values = await vault.valuesOf(scope, [token]);
      expect(values).toHaveLength(1);
      return values[0];
    };

    it('gives a value a token of its entity, and the value back for it', async () => {
      const token = await tokenOf(ALICE, 'ann@example.org');
      expect(isToken(token)).toBe(true);
      expect(token.startsWith('[EMAIL_')).toBe(true);
      expect(await valueOf(ALICE, token)).toBe('ann@example.org');
    });

    it('gives the same value the same token, also twice in one batch', async () => {
      const first = await tokenOf(ALICE, 'ann@example.org');
      const request = { entity: EMAIL, value: 'ann@example.org' };
      const fresh = { entity: EMAIL, value: 'new@example.org' };
      const [again, ...others] = await vault.tokensFor(ALICE, [request, fresh, request, fresh]);
      expect(again).toBe(first);
      expect(others[1]).toBe(first);
      expect(others[0]).toBe(others[2]);
      expect(others[0]).not.toBe(first);
    });

    it('gives another subject, tenant or entity another token', async () => {
      const scopes = [ALICE, BOB, { tenant: 'other', subject: 'alice' }, { tenant: '', subject: 'alice' }];
      const tokens = await Promise.all(scopes.map((scope) => tokenOf(scope, '4111111111111111')));
      tokens.push(await tokenOf(ALICE, '4111111111111111', 'ACCOUNT'));
      expect(new Set(tokens).size).toBe(5);
    });

    it('keeps scopes apart whose names run into one another', async () => {
      const token = await tokenOf({ tenant: 'ab', subject: 'c' }, 'value');
      expect(await tokenOf({ tenant: 'a', subject: 'bc' }, 'value')).not.toBe(token);
      expect(await valueOf({ tenant: 'a', subject: 'bc' }, token)).toBeUndefined();
    });

    it('never derives a token from its value', async () => {
      const other = await rig.openOther();
      try {
        const [token] = await other.tokensFor(ALICE, [{ entity: EMAIL, value: 'ann@example.org' }]);
        expect(await tokenOf(ALICE, 'ann@example.org')).not.toBe(token);
        expect(await valueOf(ALICE, token ?? '')).toBeUndefined();
      } finally {
        await other.close();
      }
    });

    it('has no value for a token of another scope, an unknown one, or none at all', async () => {
      const token = await tokenOf(ALICE, 'ann@example.org');
      const tokens = ['[EMAIL_000000000000000]', token, '', 'no token', '__proto__', token.slice(1, -1)];
      expect(await vault.valuesOf(BOB, tokens)).toEqual(Array.from(tokens, () => undefined));
      const values = await vault.valuesOf(ALICE, tokens);
      expect(values.filter((value) => value !== undefined)).toEqual(['ann@example.org']);
    });

    it('answers nothing to nothing', async () => {
      expect(await vault.tokensFor(ALICE, [])).toEqual([]);
      expect(await vault.valuesOf(ALICE, [])).toEqual([]);
    });

    it.each(ODD_VALUES)('gives back a value %s', async (_, value) => {
      const token = await tokenOf(ALICE, value);
      expect((await valueOf(ALICE, token)) === value).toBe(true);
      expect(await tokenOf(ALICE, value)).toBe(token);
    });

    it('gives back any text at all', async () => {
      const text = fc.string({
        unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(text, { maxLength: 8 }), async (values) => {
          const requests = values.map((value) => ({ entity: 'NOTE', value }));
          const tokens = await vault.tokensFor(ALICE, requests);
          expect(await vault.valuesOf(ALICE, tokens)).toEqual(values);
          expect(new Set(tokens).size).toBe(new Set(values).size);
        }),
        { numRuns: 60 },
      );
    });

    it('refuses a value that is too long, and does not quote it', async () => {
      const error = await failureOf(tokenOf(ALICE, 'hunter2'.repeat(MAX_VALUE_BYTES / 7 + 1)));
      expect(error.code).toBe('too_large');
      expect(error.message).not.toContain('hunter2');
    });

    it('refuses an entity that cannot stand in a token', async () => {
      await expect(tokenOf(ALICE, 'value', 'no entity')).rejects.toThrow(TypeError);
    });

    it('gives callers that come at the same time with one new value one token', async () => {
      const tokens = await Promise.all(
        Array.from({ length: 64 }, (_, index) => tokenOf(ALICE, `value ${index % 4}`)),
      );
      expect(new Set(tokens).size).toBe(4);
      expect(await vault.valuesOf(ALICE, tokens.slice(0, 4))).toEqual([0, 1, 2, 3].map((n) => `value ${n}`));
    });

    it('holds ten thousand values', async () => {
      const requests = Array.from({ length: 10_000 }, (_, index) => ({
        entity: 'MRN',
        value: `MRN-${index}`,
      }));
      const tokens = await vault.tokensFor(ALICE, requests);
      expect(new Set(tokens).size).toBe(10_000);
      expect(await vault.tokensFor(ALICE, requests)).toEqual(tokens);
      const values = await vault.valuesOf(ALICE, tokens);
      expect(values).toEqual(requests.map(({ value }) => value));
    });

    it('has no value when the time is over, and then another token', async () => {
      const token = await tokenOf(ALICE, 'ann@example.org');
      await rig.advance(DAY - HOUR);
      expect(await valueOf(ALICE, token)).toBe('ann@example.org');
      await rig.advance(HOUR);
      expect(await valueOf(ALICE, token)).toBeUndefined();
      expect(await tokenOf(ALICE, 'ann@example.org')).not.toBe(token);
    });

    it('counts the time anew when the value is met again', async () => {
      const token = await tokenOf(ALICE, 'ann@example.org');
      const once = await tokenOf(ALICE, 'once@example.org');
      for (let day = 0; day < 4; day += 1) {
        await rig.advance(DAY * 0.75);
        expect(await tokenOf(ALICE, 'ann@example.org')).toBe(token);
      }
      expect(await valueOf(ALICE, token)).toBe('ann@example.org');
      expect(await valueOf(ALICE, once)).toBeUndefined();
    });

    it('forgets a scope, and no other', async () => {
      const [hers, his] = [await tokenOf(ALICE, 'x@example.org'), await tokenOf(BOB, 'x@example.org')];
      await tokenOf(ALICE, 'y@example.org', EMAIL, 'patient 1');
      expect(await vault.erase({ scope: ALICE })).toBe(2);
      expect(await vault.erase({ scope: ALICE })).toBe(0);
      expect(await valueOf(ALICE, hers)).toBeUndefined();
      expect(await valueOf(BOB, his)).toBe('x@example.org');
      expect(await tokenOf(ALICE, 'x@example.org')).not.toBe(hers);
    });

    it('forgets whom a value tells about, in every scope, and nobody else', async () => {
      const hers = await tokenOf(ALICE, '1980-01-01', 'DOB', 'patient 1');
      const his = await tokenOf(BOB, '1980-01-01', 'DOB', 'patient 1');
      const other = await tokenOf(ALICE, '1981-01-01', 'DOB', 'patient 2');
      const nobody = await tokenOf(ALICE, '1982-01-01', 'DOB');
      expect(await vault.erase({ about: 'patient 1' })).toBe(2);
      expect(await vault.erase({ about: 'patient 1' })).toBe(0);
      expect(await valueOf(ALICE, hers)).toBeUndefined();
      expect(await valueOf(BOB, his)).toBeUndefined();
      expect(await vault.valuesOf(ALICE, [other, nobody])).toEqual(['1981-01-01', '1982-01-01']);
    });

    it('forgets a value that tells about several, for each of them', async () => {
      const token = await tokenOf(ALICE, 'Springfield', 'CITY');
      for (const about of ['patient 1', 'patient 2']) {
        expect(await tokenOf(ALICE, 'Springfield', 'CITY', about)).toBe(token);
      }
      expect(await vault.erase({ about: 'patient 2' })).toBe(1);
      expect(await valueOf(ALICE, token)).toBeUndefined();
      expect(await vault.erase({ about: 'patient 1' })).toBe(0);
    });

    it('forgets, of a scope, only whom it is told to', async () => {
      const hers = await tokenOf(ALICE, '1980-01-01', 'DOB', 'patient 1');
      const his = await tokenOf(BOB, '1980-01-01', 'DOB', 'patient 1');
      const other = await tokenOf(ALICE, '1981-01-01', 'DOB', 'patient 2');
      expect(await vault.erase({ scope: ALICE, about: 'patient 1' })).toBe(1);
      expect(await vault.valuesOf(ALICE, [hers, other])).toEqual([undefined, '1981-01-01']);
      expect(await valueOf(BOB, his)).toBe('1980-01-01');
    });

    it('forgets many at once', async () => {
      const requests = Array.from({ length: 1_000 }, (_, index) => ({
        entity: 'MRN',
        value: `MRN-${index}`,
        about: `patient ${index % 2}`,
      }));
      const tokens = await vault.tokensFor(ALICE, requests);
      await vault.tokensFor(BOB, requests);
      expect(await vault.erase({ scope: ALICE, about: 'patient 1' })).toBe(500);
      const left = await vault.valuesOf(ALICE, tokens);
      expect(left.filter((value) => value !== undefined)).toHaveLength(500);
      expect(await vault.erase({ about: 'patient 0' })).toBe(1_000);
      expect(await vault.erase({ scope: BOB })).toBe(500);
    });

    it('forgets nothing when it is not told what', async () => {
      const token = await tokenOf(ALICE, 'ann@example.org');
      expect(await vault.erase({})).toBe(0);
      expect(await valueOf(ALICE, token)).toBe('ann@example.org');
    });

    it('does what a list would do, whatever is asked in whatever order', async () => {
      const scope = fc.constantFrom(ALICE, BOB);
      const text = fc.constantFrom('a', 'b', 'c', 'd');
      const step = fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({ make: fc.array(fc.tuple(text, text), { maxLength: 4 }), scope }),
        },
        {
          weight: 2,
          arbitrary: fc.record({ erase: fc.record({ about: text, scope }, { requiredKeys: [] }) }),
        },
        { weight: 1, arbitrary: fc.constantFrom('reopen' as const, 'tomorrow' as const) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const list: { scope: TokenScope; value: string; abouts: string[]; token: string }[] = [];
          const forget = (goes: (entry: (typeof list)[0]) => boolean): number => {
            const before = list.length;
            list.splice(0, before, ...list.filter((entry) => !goes(entry)));
            return before - list.length;
          };
          await vault.erase({ scope: ALICE });
          await vault.erase({ scope: BOB });
          for (const one of steps) {
            if (one === 'tomorrow') {
              await rig.advance(DAY);
              forget(() => true);
            } else if (one === 'reopen') {
              await vault.close();
              vault = await rig.open();
              if (!rig.outlives) forget(() => true);
            } else if ('make' in one) {
              const requests = one.make.map(([value, about]) => ({ entity: 'NOTE', value, about }));
              const tokens = await vault.tokensFor(one.scope, requests);
              for (const [index, { value, about }] of requests.entries()) {
                const token = tokens[index] ?? '';
                const known = list.find((entry) => entry.scope === one.scope && entry.value === value);
                if (known === undefined) list.push({ scope: one.scope, value, abouts: [about], token });
                else {
                  expect(token).toBe(known.token);
                  known.abouts.push(about);
                }
              }
            } else {
              const { erase } = one;
              const forgotten =
                erase.scope === undefined && erase.about === undefined
                  ? 0
                  : forget(
                      (entry) =>
                        (erase.scope === undefined || entry.scope === erase.scope) &&
                        (erase.about === undefined || entry.abouts.includes(erase.about)),
                    );
              expect(await vault.erase(erase)).toBe(forgotten);
            }
            for (const each of [ALICE, BOB]) {
              const values = await vault.valuesOf(
                each,
                list.map(({ token }) => token),
              );
              expect(values).toEqual(list.map((entry) => (entry.scope === each ? entry.value : undefined)));
            }
          }
        }),
        { numRuns: 30 },
      );
    });

    it('rejects everything when it is closed', async () => {
      const token = await tokenOf(ALICE, 'ann@example.org');
      await vault.close();
      await vault.close();
      expect(await codeOf(vault.tokensFor(ALICE, [{ entity: EMAIL, value: 'x' }]))).toBe('closed');
      expect(await codeOf(vault.tokensFor(ALICE, []))).toBe('closed');
      expect(await codeOf(vault.valuesOf(ALICE, [token]))).toBe('closed');
      expect(await codeOf(vault.erase({ scope: ALICE }))).toBe('closed');
    });

    it('does after a restart what it is meant to do', async () => {
      const kept = await tokenOf(ALICE, 'kept@example.org', EMAIL, 'patient 1');
      const erased = await tokenOf(ALICE, 'erased@example.org', EMAIL, 'patient 2');
      await tokenOf(ALICE, 'kept@example.org', EMAIL, 'patient 3');
      await vault.erase({ about: 'patient 2' });
      await vault.close();
      vault = await rig.open();
      expect(await valueOf(ALICE, kept)).toBe(rig.outlives ? 'kept@example.org' : undefined);
      expect(await valueOf(ALICE, erased)).toBeUndefined();
      expect(await valueOf(BOB, kept)).toBeUndefined();
      expect((await tokenOf(ALICE, 'kept@example.org')) === kept).toBe(rig.outlives);
      expect(await vault.erase({ about: 'patient 3' })).toBe(rig.outlives ? 1 : 0);
      await rig.advance(DAY);
      expect(await valueOf(ALICE, kept)).toBeUndefined();
    });
  });
}
