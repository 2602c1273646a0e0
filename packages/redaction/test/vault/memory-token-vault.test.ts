import { writeHeapSnapshot } from 'node:v8';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memoryTokenVault } from '../../src/vault/memory-token-vault.ts';
import { TOKEN_BYTES } from '../../src/token-shape.ts';
import { tokenVaultContract } from './contract.ts';
import { FakeClock } from './fake-clock.ts';
import { ALICE, BOB, codeOf, DAY, Folder, HOUR } from './support.ts';

tokenVaultContract('memory', () => {
  const clock = new FakeClock();
  return Promise.resolve({
    open: () => Promise.resolve(memoryTokenVault({ clock })),
    openOther: () => Promise.resolve(memoryTokenVault({ clock })),
    advance: (ms) => Promise.resolve(clock.advance(ms)),
    outlives: false,
    dispose: () => Promise.resolve(),
  });
});

const requests = (from: number, to: number): { entity: string; value: string }[] =>
  Array.from({ length: to - from }, (_, index) => ({ entity: 'MRN', value: `MRN-${from + index}` }));

describe('a full vault', () => {
  it('refuses new values, forgets none that it has, and takes more when their time is over', async () => {
    const clock = new FakeClock();
    const vault = memoryTokenVault({ clock, maxTokens: 10, maxTokensPerScope: 10 });
    const tokens = await vault.tokensFor(ALICE, requests(0, 10));
    expect(await codeOf(vault.tokensFor(ALICE, requests(10, 11)))).toBe('full');
    expect(await codeOf(vault.tokensFor(BOB, requests(0, 1)))).toBe('full');
    expect(await vault.tokensFor(ALICE, requests(0, 10))).toEqual(tokens);
    expect(await vault.valuesOf(ALICE, tokens)).toEqual(requests(0, 10).map(({ value }) => value));
    clock.jump(DAY);
    expect(await vault.tokensFor(BOB, requests(0, 10))).toHaveLength(10);
    await vault.close();
  });

  it('takes more when something was erased', async () => {
    const vault = memoryTokenVault({ maxTokens: 10, maxTokensPerScope: 10 });
    await vault.tokensFor(ALICE, requests(0, 10));
    await vault.erase({ scope: ALICE });
    expect(await vault.tokensFor(BOB, requests(0, 10))).toHaveLength(10);
    await vault.close();
  });

  it('is not filled by one scope', async () => {
    const vault = memoryTokenVault({ maxTokens: 10 });
    expect(await codeOf(vault.tokensFor(ALICE, requests(0, 6)))).toBe('full');
    expect(await vault.tokensFor(BOB, requests(0, 5))).toHaveLength(5);
    await vault.close();
  });

  it('counts bytes, of values and of whom they tell about', async () => {
    const vault = memoryTokenVault({ maxBytes: 200_000 });
    const large = { entity: 'NOTE', value: 'x'.repeat(150_000) };
    await vault.tokensFor(ALICE, [large]);
    expect(await codeOf(vault.tokensFor(ALICE, [{ entity: 'NOTE', value: 'y'.repeat(60_000) }]))).toBe(
      'full',
    );
    const about = async (): Promise<void> => {
      for (let n = 0; n < 1_000; n += 1) await vault.tokensFor(ALICE, [{ ...large, about: `patient ${n}` }]);
    };
    expect(await codeOf(about())).toBe('full');
    await vault.close();
  });
});

describe('the memory vault', () => {
  it('leaves no timer behind when it is closed', async () => {
    const clock = new FakeClock();
    const vault = memoryTokenVault({ clock });
    for (let hours = 0; hours < 3; hours += 1) clock.advance(HOUR);
    expect(clock.waiting).toBe(1);
    await vault.close();
    expect(clock.waiting).toBe(0);
  });

  it('makes another token when chance gives one that is there', async () => {
    let calls = 0;
    const random = (bytes: number): Uint8Array => {
      if (bytes === TOKEN_BYTES) calls += 1;
      return new Uint8Array(bytes).fill(calls < 6 ? 7 : 8);
    };
    const vault = memoryTokenVault({ random });
    const tokens = await vault.tokensFor(ALICE, requests(0, 2));
    expect(new Set(tokens).size).toBe(2);
    expect(await vault.valuesOf(ALICE, tokens)).toEqual(['MRN-0', 'MRN-1']);
    await vault.close();
  });

  it('has no value in a heap snapshot', async () => {
    const folder = new Folder();
    const vault = memoryTokenVault();
    // Made of parts, so that the value itself is not a constant of this program.
    const parts = ['qu', 'ux', '47', '11'];
    const make = (): string => Buffer.from(parts.join('-')).toString('utf8');
    const [token] = await vault.tokensFor(ALICE, [{ entity: 'MRN', value: make() }]);
    const snapshot = readFileSync(writeHeapSnapshot(join(folder.path, 'heap')), 'utf8');
    expect(existsSync(join(folder.path, 'heap'))).toBe(true);
    expect(snapshot).toContain(token);
    expect(snapshot).not.toContain(make());
    folder.dispose();
    await vault.close();
  });

  it.each([
    { ttlMs: 0 },
    { ttlMs: 1.5 },
    { maxTokens: -1 },
    { maxBytes: Number.NaN },
    { maxTokensPerScope: 0 },
  ])('refuses options that mean nothing: %j', (options) => {
    expect(() => memoryTokenVault(options)).toThrow(TypeError);
  });
});
