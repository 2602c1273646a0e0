import { copyFileSync } from 'node:fs';
import { type FileHandle, open as openFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TokenVault } from '../../src/token-vault.ts';
import { fileTokenVault } from '../../src/vault/file/file-token-vault.ts';
import { FakeClock } from './fake-clock.ts';
import { ALICE, Folder, testKey } from './support.ts';

const failure = (): Error => Object.assign(new Error('input/output error'), { code: 'EIO' });

type Method = (this: FileHandle, ...args: unknown[]) => Promise<unknown>;

/** A disk that fails when it is told to, after half of what it was to write. */
class BadDisk {
  #failing: readonly boolean[] = [];
  #calls = 0;
  readonly #prototype: object;
  readonly #sound = new Map<string, Method>();

  constructor(prototype: object) {
    this.#prototype = prototype;
    const fails = (): boolean => {
      this.#calls += 1;
      return this.#failing[this.#calls - 1] === true;
    };
    this.#replace(
      'write',
      (sound) =>
        async function half(bytes, offset, length, position) {
          const bad = fails();
          const done = await sound.call(this, bytes, offset, bad ? Number(length) >> 1 : length, position);
          if (bad) throw failure();
          return done;
        },
    );
    for (const name of ['sync', 'datasync']) {
      this.#replace(
        name,
        (sound) =>
          async function failing() {
            if (fails()) throw failure();
            return sound.call(this);
          },
      );
    }
  }

  #replace(name: string, by: (sound: Method) => Method): void {
    const sound = Reflect.get(this.#prototype, name) as Method;
    this.#sound.set(name, sound);
    Reflect.set(this.#prototype, name, by(sound));
  }

  plan(failing: readonly boolean[]): void {
    this.#failing = failing;
    this.#calls = 0;
  }

  mend(): void {
    this.plan([]);
  }

  dispose(): void {
    for (const [name, sound] of this.#sound) Reflect.set(this.#prototype, name, sound);
  }
}

interface Step {
  readonly what: 'make' | 'erase';
  /** Which of its calls the disk fails. */
  readonly failing: readonly boolean[];
}

/** Erasing fails at each of its calls: two writes, the sync of the file, and that of its folder. */
const EXAMPLES: [Step[]][] = [0, 1, 2, 3, 4].map((calls) => [
  [
    { what: 'make', failing: [] },
    { what: 'make', failing: [] },
    { what: 'erase', failing: [...Array.from({ length: calls }, () => false), true] },
    { what: 'make', failing: [] },
  ],
]);

it('a vault on a disk that fails has what it gave, after every step, and not what it erased', async () => {
  const probe = await openFile(new URL(import.meta.url).pathname);
  const disk = new BadDisk(Object.getPrototypeOf(probe) as object);
  const step: fc.Arbitrary<Step> = fc.record({
    what: fc.constantFrom('make', 'make', 'erase'),
    failing: fc.array(fc.boolean(), { maxLength: 6 }),
  });
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        disk.mend();
        const folder = new Folder();
        const clock = new FakeClock();
        const open = (file: string): Promise<TokenVault> => fileTokenVault({ file, key: testKey(), clock });
        const vault = await open(folder.file);
        const given = new Map<number, string>();
        const erased = new Map<number, string>();
        for (const [index, { what, failing }] of steps.entries()) {
          disk.plan(failing);
          clock.jump(2_000);
          const about = `person ${index}`;
          if (what === 'make') {
            const requests = [0, 1, 2].map((n) => ({ entity: 'NOTE', value: `${about} ${n}`, about }));
            const asked = requests.map((request) => vault.tokensFor(ALICE, [request]));
            const settled = await Promise.allSettled(asked);
            const [first] = settled;
            if (first?.status === 'fulfilled') given.set(index, first.value[0] ?? '');
          } else {
            const [[victim, token] = []] = given;
            if (victim !== undefined && token !== undefined) {
              given.delete(victim);
              const done = await vault.erase({ about: `person ${victim}` }).catch(() => undefined);
              if (done !== undefined) erased.set(victim, token);
            }
          }
          disk.mend();
          for (const moment of ['at once', 'later']) {
            // Whatever has failed, the next attempt is as good as the first.
            if (moment === 'later') {
              clock.jump(2_000);
              await vault.tokensFor(ALICE, [{ entity: 'NOTE', value: `later ${index}` }]);
            }
            // As if the process had been killed here.
            const copy = join(folder.path, `copy ${index} ${moment}`);
            copyFileSync(folder.file, copy);
            const after = await open(copy);
            const values = await after.valuesOf(ALICE, [...given.values()]);
            expect(values).toEqual([...given.keys()].map((each) => `person ${each} 0`));
            const gone = await after.valuesOf(ALICE, [...erased.values()]);
            expect(gone.filter((value) => value !== undefined)).toEqual([]);
            await after.close();
          }
        }
        await vault.close();
        folder.dispose();
      }),
      { numRuns: 60, examples: EXAMPLES },
    );
  } finally {
    disk.dispose();
    await probe.close();
  }
}, 60_000);
