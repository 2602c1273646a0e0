import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenVault } from '../../src/token-vault.ts';
import { fileTokenVault } from '../../src/vault/file/file-token-vault.ts';
import { readVaultFile } from '../../src/vault/file/read-vault-file.ts';
import { HEADER_BYTES } from '../../src/vault/file/vault-frames.ts';
import { recordsOf } from '../../src/vault/file/vault-record.ts';
import { TokenVaultError } from '../../src/vault/token-vault-error.ts';
import { masterKey } from '../../src/vault/vault-key.ts';
import { ALICE, codeOf, Folder, testKey } from './support.ts';

const VALUES = ['one', 'two', 'three', 'a value that is somewhat longer than the others', 'five', 'six'];

let folder: Folder;
let tokens: string[];
/** The whole file, and where the frame of each value ends in it. */
let whole: Buffer;
let ends: number[];

const open = (): Promise<TokenVault> => fileTokenVault({ file: folder.file, key: testKey(), lockWaitMs: 0 });

beforeEach(async () => {
  folder = new Folder();
  tokens = [];
  ends = [];
  const vault = await open();
  for (const value of VALUES) {
    tokens.push(...(await vault.tokensFor(ALICE, [{ entity: 'NOTE', value, about: value }])));
    ends.push(statSync(folder.file).size);
  }
  await vault.close();
  whole = readFileSync(folder.file);
});
afterEach(() => folder.dispose());

/** The tokens that a reader finds in these bytes, or the code of its error. */
async function found(bytes: Buffer): Promise<readonly string[] | string> {
  writeFileSync(folder.file, bytes);
  const seen: string[] = [];
  try {
    await readVaultFile(folder.file, await masterKey(testKey()), randomBytes, (records) => {
      for (const record of recordsOf(records)) seen.push(record.token);
    });
    return seen;
  } catch (error) {
    if (error instanceof TokenVaultError) return error.code;
    throw error;
  }
}

const durableAt = (cut: number): readonly string[] =>
  tokens.slice(0, ends.filter((end) => end <= cut).length);

describe('a file that was cut off', () => {
  it('gives exactly what was whole, wherever it was cut', async () => {
    for (let cut = HEADER_BYTES; cut <= whole.length; cut += 1) {
      expect(await found(whole.subarray(0, cut))).toEqual(durableAt(cut));
    }
  });

  it('is refused when not even its header is whole', async () => {
    for (let cut = 0; cut < HEADER_BYTES; cut += 1)
      expect(await found(whole.subarray(0, cut))).toBe('altered');
    expect(await codeOf(open())).toBe('altered');
  });

  it('gives exactly what was whole when blocks after it were never written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: HEADER_BYTES, max: whole.length }),
        fc.integer({ min: 16, max: 9_000 }),
        async (cut, zeros) => {
          const bytes = Buffer.concat([whole.subarray(0, cut), Buffer.alloc(zeros)]);
          expect(await found(bytes)).toEqual(durableAt(cut));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('can be used and written again, and what is written then is there', async () => {
    for (const cut of [ends[3] ?? 0, (ends[3] ?? 0) + 1, (ends[4] ?? 0) - 1, HEADER_BYTES + 5]) {
      writeFileSync(folder.file, whole.subarray(0, cut));
      const vault = await open();
      const [added] = await vault.tokensFor(ALICE, [{ entity: 'NOTE', value: 'added' }]);
      await vault.close();
      const again = await open();
      const values = await again.valuesOf(ALICE, [...tokens, added ?? '']);
      expect(values.filter((value) => value !== undefined)).toEqual([
        ...VALUES.slice(0, durableAt(cut).length),
        'added',
      ]);
      await again.close();
    }
  });
});

describe('a file that was altered', () => {
  it('is refused, whichever bit of it', async () => {
    for (let at = 0; at < whole.length; at += 1) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      expect(await found(bytes)).toMatch(/^(?:altered|wrong_key)$/);
    }
  });

  it('is refused, and left as it is', async () => {
    const places = fc.uniqueArray(fc.nat({ max: whole.length - 1 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(places, fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = Buffer.from(whole);
        for (const place of at) bytes[place] = (bytes[place] ?? 0) ^ change;
        writeFileSync(folder.file, bytes);
        expect(await codeOf(open())).toMatch(/^(?:altered|wrong_key)$/);
        expect(readFileSync(folder.file).equals(bytes)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  const frame = (index: number): Buffer => whole.subarray(ends[index - 1] ?? HEADER_BYTES, ends[index]);
  const file = (...frames: Buffer[]): Buffer => Buffer.concat([whole.subarray(0, HEADER_BYTES), ...frames]);

  it('is refused when a frame was taken out, put in again, or put elsewhere', async () => {
    expect(await found(file(frame(0), frame(1)))).toEqual(tokens.slice(0, 2));
    expect(await found(file(frame(1)))).toBe('altered');
    expect(await found(file(frame(0), frame(2), frame(3)))).toBe('altered');
    expect(await found(file(frame(0), frame(0)))).toBe('altered');
    expect(await found(file(frame(1), frame(0)))).toBe('altered');
  });

  it('is refused when something follows that is no frame', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 12, maxLength: 200 }), async (junk) => {
        fc.pre(junk.some((byte, index) => byte !== 0 && index >= 11));
        expect(await found(Buffer.concat([whole, junk]))).toBe('altered');
      }),
      { numRuns: 100 },
    );
  });

  it('is refused when a frame is from the same vault before something was erased', async () => {
    writeFileSync(folder.file, whole);
    const vault = await open();
    expect(await vault.erase({ about: 'one' })).toBe(1);
    await vault.close();
    const after = readFileSync(folder.file);
    expect(await found(Buffer.concat([after.subarray(0, HEADER_BYTES), frame(0)]))).toBe('altered');
    expect(await found(Buffer.concat([after, frame(1)]))).toBe('altered');
  });

  it('is refused when it is something else', async () => {
    expect(await found(Buffer.from('{"not":"a vault, but long enough to be one of them, and more"}'))).toBe(
      'altered',
    );
  });
});

describe('records', () => {
  it('that are none are refused, and never read past their end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          for (const record of recordsOf(Buffer.from(bytes))) expect(record.token.length).toBeLessThan(256);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
