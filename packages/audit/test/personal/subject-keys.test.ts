import {
  copyFileSync,
  linkSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HEAD_BYTES } from '../../src/personal/key-frames.ts';
import { SubjectKeys } from '../../src/personal/subject-keys.ts';
import { FaultyFs } from '../journal/faulty-fs.ts';
import { KeyBench, MASTER, masterOf } from './support.ts';

const NAME = 'ann.example';
const ENTRY_BYTES = 8 + 12 + 192 + 16;

describe('the keys of people', () => {
  let bench: KeyBench;
  beforeEach(() => {
    bench = new KeyBench();
  });
  afterEach(() => bench.dispose());

  test('a person has one pseudonym, also after a restart, and another one than everybody else', async () => {
    const keys = await bench.open();
    const { pseudonym } = await keys.keyOf(NAME);
    expect(pseudonym).toMatch(/^subject:[a-z2-7]{26}$/);
    expect((await keys.keyOf('ben')).pseudonym).not.toBe(pseudonym);
    await keys.close();
    const again = await bench.open();
    expect((await again.keyOf(NAME)).pseudonym).toBe(pseudonym);
    expect(again.people).toBe(2);
  });

  test('a key that is in memory is given at once', async () => {
    const keys = await bench.open();
    const made = await keys.keyOf(NAME);
    expect(keys.keyOf(NAME)).toBe(made);
  });

  test('many calls of one new person make one entry', async () => {
    const keys = await bench.open();
    const all = await Promise.all(Array.from({ length: 50 }, async () => keys.keyOf(NAME)));
    expect(new Set(all.map(({ pseudonym }) => pseudonym)).size).toBe(1);
    expect(keys.people).toBe(1);
  });

  test('any name comes back as it was, however it is written', async () => {
    const keys = await bench.open({ cached: 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 60 }), { minLength: 1, maxLength: 8 }),
        async (names) => {
          const made = await Promise.all(names.map(async (name) => keys.keyOf(name)));
          expect(new Set(made.map(({ pseudonym }) => pseudonym)).size).toBe(names.length);
          for (const [nth, { pseudonym }] of made.entries()) {
            const found = await keys.find(pseudonym);
            expect(found?.state === 'known' && found.key.name).toBe(names[nth]);
            expect(await keys.pseudonymOf(names[nth] ?? '')).toBe(pseudonym);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('two broken halves of a character are two people', async () => {
    const keys = await bench.open();
    const [one, other] = [await keys.keyOf('\ud800'), await keys.keyOf('\udbff')];
    expect(one.pseudonym).not.toBe(other.pseudonym);
    const found = await keys.find(one.pseudonym);
    expect(found).toMatchObject({ state: 'known', key: { name: '\ud800' } });
  });

  test('whoever has the file learns neither names nor pseudonyms, nor how long a name is', async () => {
    const keys = await bench.open();
    const { pseudonym } = await keys.keyOf(NAME);
    const short = statSync(bench.file).size;
    expect(bench.holds(NAME)).toBe(false);
    expect(bench.holds(pseudonym.slice(8))).toBe(false);
    await keys.keyOf('a name that is quite a bit longer');
    expect(statSync(bench.file).size - short).toBe(ENTRY_BYTES);
    expect(short).toBe(HEAD_BYTES + 2 * ENTRY_BYTES);
  });

  test('the file is for its owner alone, also one that was open to others', async () => {
    await bench.open();
    expect(statSync(bench.file).mode & 0o777).toBe(0o600);
    writeFileSync(join(bench.root, 'copy'), readFileSync(bench.file), { mode: 0o644 });
    await bench.open({ file: join(bench.root, 'copy') });
    expect(statSync(join(bench.root, 'copy')).mode & 0o777).toBe(0o600);
  });

  test('what is asked for to search makes nobody', async () => {
    const keys = await bench.open();
    expect(await keys.pseudonymOf(NAME)).toBeUndefined();
    expect(await keys.find('subject:aaaaaaaaaaaaaaaaaaaaaaaaaa')).toBeUndefined();
    expect(keys.people).toBe(0);
  });

  test('a name that is too long is refused, and the one beside it is not', async () => {
    const keys = await bench.open();
    const [long, longest] = [keys.keyOf('x'.repeat(8193)), keys.keyOf('\ud800'.repeat(8192))];
    await expect(long).rejects.toMatchObject({ code: 'bad_subject' });
    expect((await longest).name).toHaveLength(8192);
  });

  test('no more people are kept than may be', async () => {
    const keys = await bench.open({ maxPeople: 1 });
    await keys.keyOf(NAME);
    await expect(keys.keyOf('ben')).rejects.toMatchObject({ code: 'full' });
    expect((await keys.keyOf(NAME)).name).toBe(NAME);
  });

  describe('erased', () => {
    test('nothing of a person is left, and it comes back as somebody else', async () => {
      const keys = await bench.open();
      await keys.keyOf('ben');
      const { pseudonym, since } = await keys.keyOf(NAME);
      expect(await keys.erase({ subject: NAME })).toEqual({ pseudonym, since, overwritten: true });
      expect(await keys.find(pseudonym)).toEqual({ state: 'erased', at: expect.any(Number) as number });
      expect(await keys.pseudonymOf(NAME)).toBeUndefined();
      expect((await keys.keyOf(NAME)).pseudonym).not.toBe(pseudonym);
      await keys.close();
      const again = await bench.open();
      expect(await again.find(pseudonym)).toMatchObject({ state: 'erased' });
      expect((await again.keyOf('ben')).name).toBe('ben');
    });

    test('the entry is overwritten in the old file, for whoever still has that one', async () => {
      const keys = await bench.open();
      await keys.keyOf(NAME);
      const old = join(bench.root, 'old');
      const before = readFileSync(bench.file);
      linkSync(bench.file, old);
      await keys.erase({ subject: NAME });
      const entry = readFileSync(old).subarray(-ENTRY_BYTES);
      expect(entry.equals(before.subarray(-ENTRY_BYTES))).toBe(false);
      await expect(bench.open({ file: old })).rejects.toMatchObject({ code: 'altered' });
    });

    test('somebody who is not there is not erased, and nobody twice', async () => {
      const keys = await bench.open();
      expect(await keys.erase({ subject: NAME })).toBeUndefined();
      const { pseudonym } = await keys.keyOf(NAME);
      expect(await keys.erase({ pseudonym })).toMatchObject({ pseudonym });
      expect(await keys.erase({ pseudonym })).toBeUndefined();
    });

    test('an erasure by another process is noticed in time, also by a person that is in memory', async () => {
      let elapsed = 0;
      const keys = await bench.open({ elapsed: () => elapsed });
      const other = await bench.open();
      const { pseudonym } = await keys.keyOf(NAME);
      await other.erase({ subject: NAME });
      elapsed = 999;
      expect(keys.keyOf(NAME)).toMatchObject({ pseudonym });
      elapsed = 1000;
      expect((await keys.keyOf(NAME)).pseudonym).not.toBe(pseudonym);
      expect(await keys.find(pseudonym)).toMatchObject({ state: 'erased' });
    });

    test('an entry that another process overwrote in the open file is not taken for a forgery', async () => {
      const keys = await bench.open({ elapsed: () => 0, cached: 1 });
      const { pseudonym } = await keys.keyOf(NAME);
      await keys.keyOf('ben');
      await (await bench.open()).erase({ subject: NAME });
      expect((await keys.keyOf(NAME)).pseudonym).not.toBe(pseudonym);
    });

    test('a restored backup brings a person back until it is erased again by its pseudonym', async () => {
      const keys = await bench.open();
      const { pseudonym } = await keys.keyOf(NAME);
      const backup = join(bench.root, 'backup');
      copyFileSync(bench.file, backup);
      await keys.erase({ subject: NAME });
      const restored = await bench.open({ file: backup });
      expect(await restored.erase({ pseudonym })).toMatchObject({ pseudonym });
      expect(await restored.pseudonymOf(NAME)).toBeUndefined();
    });

    test('what a crash left of a rewrite is overwritten and removed by the next one', async () => {
      const keys = await bench.open();
      await keys.keyOf(NAME);
      const left = `${bench.file}.next`;
      copyFileSync(bench.file, left);
      linkSync(left, join(bench.root, 'blocks'));
      const before = readFileSync(left);
      await keys.erase({ subject: NAME });
      expect(readdirSync(dirname(bench.file))).not.toContain('personal.keys.next');
      expect(readFileSync(join(bench.root, 'blocks')).equals(before)).toBe(false);
    });
  });

  describe('of others', () => {
    test('somebody whom another process added has the same pseudonym here', async () => {
      const [keys, other] = [await bench.open(), await bench.open()];
      const { pseudonym } = await other.keyOf(NAME);
      expect((await keys.keyOf(NAME)).pseudonym).toBe(pseudonym);
      expect((await keys.keyOf('ben')).pseudonym).toBe((await other.keyOf('ben')).pseudonym);
    });

    test('a reader sees who is added and erased, and writes nothing', async () => {
      await expect(bench.open({ readOnly: true })).rejects.toMatchObject({ code: 'not_found' });
      const keys = await bench.open();
      const { pseudonym } = await keys.keyOf(NAME);
      const reader = await bench.open({ readOnly: true, recheckMs: 0 });
      rmSync(`${bench.file}.lock`, { recursive: true });
      expect(await reader.find(pseudonym)).toMatchObject({ state: 'known' });
      expect(await reader.pseudonymOf('ben')).toBeUndefined();
      await expect(reader.keyOf('ben')).rejects.toMatchObject({ code: 'read_only' });
      await expect(reader.erase({ subject: NAME })).rejects.toMatchObject({ code: 'read_only' });
      expect(readdirSync(dirname(bench.file))).toEqual(['personal.keys']);
      const later = await keys.keyOf('ben');
      expect(await reader.pseudonymOf('ben')).toBe(later.pseudonym);
      await keys.erase({ subject: NAME });
      expect(await reader.find(pseudonym)).toMatchObject({ state: 'erased' });
    });

    test('a writer that is in the way for too long is told, and nobody is made', async () => {
      const keys = await bench.open({ lockWaitMs: 0 });
      const lock = join(`${bench.file}.lock`, 'writer-other.lock');
      writeFileSync(lock, '{}');
      await expect(keys.keyOf(NAME)).rejects.toMatchObject({ code: 'locked' });
      rmSync(lock);
      expect((await keys.keyOf(NAME)).name).toBe(NAME);
    });
  });

  describe('that were altered', () => {
    const people = ['ann', 'ben', 'eve'];
    const flipped = (at: number): Buffer => {
      const bytes = readFileSync(bench.file);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(bench.file, bytes);
      return bytes;
    };
    beforeEach(async () => {
      const keys = await bench.open();
      for (const name of people) await keys.keyOf(name);
      await keys.close();
    });

    test('any byte of an entry that was changed is told by the number of its frame', async () => {
      const whole = readFileSync(bench.file);
      for (let at = HEAD_BYTES; at < whole.length; at += 7) {
        flipped(at);
        const frame = Math.floor((at - HEAD_BYTES) / ENTRY_BYTES);
        const error = await bench.open().catch((error: unknown) => error as Error);
        expect(error).toMatchObject({ code: 'altered' });
        expect((error as Error).message).toContain(`frame ${frame} was changed`);
        writeFileSync(bench.file, whole);
      }
    });

    test.each([
      ['two entries that changed places', (a: Buffer, b: Buffer, c: Buffer) => [a, c, b]],
      ['an entry that was left out', (a: Buffer, _: Buffer, c: Buffer) => [a, c]],
      ['an entry that stands twice', (a: Buffer, b: Buffer, c: Buffer) => [a, b, b, c]],
    ])('%s are refused', async (_, edit) => {
      const bytes = readFileSync(bench.file);
      const from = HEAD_BYTES + ENTRY_BYTES;
      const entries = people.map((_, nth) =>
        bytes.subarray(from + nth * ENTRY_BYTES, from + (nth + 1) * ENTRY_BYTES),
      ) as [Buffer, Buffer, Buffer];
      writeFileSync(bench.file, Buffer.concat([bytes.subarray(0, from), ...edit(...entries)]));
      await expect(bench.open()).rejects.toMatchObject({ code: 'altered' });
    });

    test('two frames whose bodies changed places are refused, whatever their checksums say', async () => {
      const bytes = readFileSync(bench.file);
      const [one, two] = [2, 3].map((nth) => HEAD_BYTES + nth * ENTRY_BYTES + 8) as [number, number];
      const body = Buffer.from(bytes.subarray(one, one + ENTRY_BYTES - 8));
      bytes.copy(bytes, one, two, two + ENTRY_BYTES - 8);
      body.copy(bytes, two);
      writeFileSync(bench.file, bytes);
      await expect(bench.open()).rejects.toMatchObject({ code: 'altered' });
    });

    test('an entry of an older file is refused in a newer one', async () => {
      const old = readFileSync(bench.file);
      const keys = await bench.open();
      await keys.erase({ subject: 'eve' });
      await keys.close();
      const bytes = readFileSync(bench.file);
      old.copy(bytes, bytes.length - ENTRY_BYTES, old.length - ENTRY_BYTES);
      writeFileSync(bench.file, bytes);
      await expect(bench.open()).rejects.toMatchObject({ code: 'altered' });
    });

    test('a file in use is not given up for an older copy, a shorter one, or none', async () => {
      const keys = await bench.open({ recheckMs: 0 });
      const older = readFileSync(bench.file);
      await keys.erase({ subject: 'ben' });
      const current = readFileSync(bench.file);
      rmSync(bench.file);
      writeFileSync(bench.file, older, { mode: 0o600 });
      await expect(keys.keyOf('ann')).rejects.toMatchObject({ code: 'altered' });
      rmSync(bench.file);
      await expect(keys.keyOf('ann')).rejects.toMatchObject({ code: 'altered' });
      expect(readdirSync(dirname(bench.file))).not.toContain('personal.keys');
      writeFileSync(bench.file, current, { mode: 0o600 });
      expect((await keys.keyOf('ann')).name).toBe('ann');
      truncateSync(bench.file, current.length - ENTRY_BYTES);
      await expect(keys.keyOf('ann')).rejects.toMatchObject({ code: 'altered' });
    });

    test('another file, and another master key, are told apart', async () => {
      const other = masterOf(`${MASTER}.`);
      await expect(bench.open({ key: other })).rejects.toMatchObject({
        code: 'wrong_key',
        message: expect.stringContaining('audit.personal.key') as string,
      });
      writeFileSync(bench.file, 'something else');
      await expect(bench.open()).rejects.toMatchObject({ code: 'altered' });
    });

    test('no message has a name in it', async () => {
      flipped(HEAD_BYTES + 2 * ENTRY_BYTES);
      const error = await bench.open().catch((error: unknown) => error as Error);
      for (const name of people) expect((error as Error).message).not.toMatch(new RegExp(`\\b${name}\\b`));
    });
  });

  test.each(['short', 'a'.repeat(40)])('a master key that may be a passphrase is refused', async (text) => {
    await expect(bench.open({ key: masterOf(text) })).rejects.toMatchObject({ code: 'weak_key' });
  });

  test.each([{ cached: 0 }, { maxPeople: 0 }, { lockWaitMs: -1 }, { recheckMs: Number.NaN }])(
    'options that make no sense are told: %j',
    async (options) => {
      await expect(bench.open(options)).rejects.toThrow(TypeError);
    },
  );

  describe('after a crash', () => {
    test('what is left of an entry is passed over, and written over', async () => {
      const keys = await bench.open();
      const { pseudonym } = await keys.keyOf(NAME);
      await keys.keyOf('ben');
      await keys.close();
      const whole = readFileSync(bench.file);
      const start = whole.length - ENTRY_BYTES;
      for (const kept of [1, 7, 8, 20, ENTRY_BYTES - 1]) {
        writeFileSync(bench.file, whole.subarray(0, start + kept));
        const again = await bench.open();
        expect(again.people).toBe(1);
        expect((await again.keyOf(NAME)).pseudonym).toBe(pseudonym);
        await again.keyOf('eve');
        await again.close();
        expect((await bench.open()).people).toBe(2);
      }
    });

    test('so is a frame of many people, and nothing of it stays behind what comes next', async () => {
      const keys = await bench.open();
      await keys.keyOf(NAME);
      await Promise.all(Array.from({ length: 20 }, async (_, nth) => keys.keyOf(`other ${nth}`)));
      await keys.close();
      truncateSync(bench.file, statSync(bench.file).size - 50);
      const again = await bench.open();
      expect(again.people).toBe(1);
      await again.keyOf('eve');
      await again.close();
      expect((await bench.open()).people).toBe(2);
    });

    test('so are blocks that were never written', async () => {
      const keys = await bench.open();
      await keys.keyOf(NAME);
      await keys.keyOf('ben');
      await keys.close();
      const whole = readFileSync(bench.file);
      for (const zeros of [16, 100, ENTRY_BYTES, ENTRY_BYTES + 100]) {
        const length = Math.max(whole.length, whole.length - ENTRY_BYTES + zeros);
        const torn = Buffer.alloc(length);
        whole.copy(torn, 0, 0, whole.length - Math.min(zeros, ENTRY_BYTES));
        writeFileSync(bench.file, torn);
        const again = await bench.open();
        expect(again.people).toBe(1);
        await again.keyOf('eve');
        await again.close();
      }
    });
  });

  describe('on a disk that fails', () => {
    test.each(['write', 'sync'] as const)(
      'a person is not made, and is when it works again (%s)',
      async (what) => {
        const fs = new FaultyFs();
        const keys = await bench.open({ fs });
        const { pseudonym } = await keys.keyOf(NAME);
        fs.fails = (operation, path) => (operation === what && path === bench.file ? 'EIO' : undefined);
        await expect(keys.keyOf('ben')).rejects.toMatchObject({ code: 'unavailable' });
        fs.fails = () => undefined;
        fs.done.length = 0;
        const ben = await keys.keyOf('ben');
        // What a failed write left is not relied on.
        expect(fs.done).toContain('sync personal.keys.next');
        expect((await keys.keyOf(NAME)).pseudonym).toBe(pseudonym);
        await keys.close();
        const again = await bench.open();
        expect((await again.keyOf('ben')).pseudonym).toBe(ben.pseudonym);
        expect(again.people).toBe(2);
      },
    );

    test('an erasure that fails has erased nobody', async () => {
      const fs = new FaultyFs();
      const keys = await bench.open({ fs });
      const { pseudonym } = await keys.keyOf(NAME);
      fs.fails = (operation, path) => (operation === 'sync' && path.endsWith('.next') ? 'ENOSPC' : undefined);
      await expect(keys.erase({ subject: NAME })).rejects.toMatchObject({ code: 'unavailable' });
      fs.fails = () => undefined;
      expect((await keys.keyOf(NAME)).pseudonym).toBe(pseudonym);
      expect(await keys.erase({ subject: NAME })).toMatchObject({ pseudonym });
    });

    test('a file that cannot be looked at gives no key, also none that is in memory', async () => {
      const keys = await bench.open({ recheckMs: 0 });
      await keys.keyOf(NAME);
      rmSync(dirname(bench.file), { recursive: true });
      await expect(keys.keyOf(NAME)).rejects.toMatchObject({ name: 'SubjectKeysError' });
    });

    test('a file that is new is made durable before it is used: itself, then its name', async () => {
      const fs = new FaultyFs();
      await SubjectKeys.open({ file: bench.file, key: masterOf(MASTER), fs }).then((keys) => keys.close());
      const steps = fs.done.filter((step) => !step.includes('.lock'));
      const [written, named] = [steps.indexOf('sync personal.keys.next'), steps.indexOf('syncFolder keys')];
      expect(written).toBeGreaterThan(-1);
      expect(named).toBeGreaterThan(written);
    });
  });

  test('closed keys give nothing', async () => {
    const keys = await bench.open();
    await keys.keyOf(NAME);
    await keys.close();
    await expect(keys.keyOf(NAME)).rejects.toMatchObject({ code: 'closed' });
    await expect(keys.find('subject:aaaaaaaaaaaaaaaaaaaaaaaaaa')).rejects.toMatchObject({ code: 'closed' });
  });
});
