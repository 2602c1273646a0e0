import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_FS } from '@sallyport/audit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Lookout } from '../../src/index.ts';
import { cutLists, joinPart } from '../../src/lookout/cut-lists.ts';
import { fileLines } from '../../src/lookout/file-lines.ts';
import { LookoutFile } from '../../src/lookout/lookout-file.ts';
import { Slices } from '../../src/lookout/slices.ts';
import { by, call, MONDAY, refused } from '../some-records.ts';
import { Places, PretendClock, someRules } from './support.ts';

let places: Places;
beforeEach(() => {
  places = new Places();
  mkdirSync(places.state);
});
afterEach(() => places.dispose());

/** A clock that each look at it costs a millisecond. */
function slow(): PretendClock {
  const clock = new PretendClock();
  clock.step = 1;
  return clock;
}

/** Knows many principals, groups of a correlation and alerts that wait. */
function learned(principals: number): Lookout {
  const lookout = new Lookout({ rules: someRules() });
  for (let n = 0; n < principals; n += 1) {
    lookout.observe(call(MONDAY + n, by(`subject-${String(n)}`)));
    const refusal = refused(MONDAY + n, 'permission_denied', `hidden-${String(n)}`);
    lookout.observe({ ...refusal, id: `refused-${String(n)}`, ...by(`subject-${String(n)}`) });
  }
  return lookout;
}

describe('the file of a state', () => {
  test('is written and read in slices, however many principals there are', async () => {
    const file = new LookoutFile(places.state);
    const before = learned(1000);
    const [writing, reading] = [slow(), slow()];
    await file.save(before.saveParts({ at: 1 }), new Slices(writing, 3));
    const lines = readFileSync(join(places.state, 'watch.json'), 'utf8').trimEnd().split('\n');
    // The head, each principal, evidence, groups, alerts and repeats, in parts.
    expect(lines.length).toBeGreaterThan(1000 + 2000 / 64 + 3 * (1000 / 16));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(32 * 1024);
    const after = new Lookout({ rules: someRules() });
    const reader = after.restoreParts();
    expect(await file.load((part) => reader.take(part), new Slices(reading, 3))).toBe(true);
    expect(reader.end()).toEqual({ at: 1 });
    expect(after.save({ at: 1 })).toEqual(before.save({ at: 1 }));
    // Each part looks at the clock once, so that a slice has three of them.
    for (const { turns } of [writing, reading])
      expect(turns).toBeGreaterThanOrEqual(Math.floor(lines.length / 4));
  });

  test('stays what it was when it cannot be written to its end', async () => {
    const file = new LookoutFile(places.state);
    const slices = new Slices(new PretendClock(), 3);
    await file.save([1, 2], slices);
    const failing = function* (): Generator {
      yield 3;
      throw new Error('no');
    };
    await expect(file.save(failing(), slices)).rejects.toThrow('no');
    const parts: unknown[] = [];
    await file.load((part) => parts.push(part), slices);
    expect(parts).toEqual([1, 2]);
  });

  test('that is not there is nothing, and one that is no JSON is an error', async () => {
    const file = new LookoutFile(places.state);
    const slices = new Slices(new PretendClock(), 3);
    expect(await file.load(() => undefined, slices)).toBe(false);
    writeFileSync(join(places.state, 'watch.json'), '[1]\n[2');
    await expect(file.load(() => undefined, slices)).rejects.toThrow(SyntaxError);
    expect(existsSync(join(places.state, 'watch.json'))).toBe(true);
  });
});

describe('lines of a file', () => {
  test('are what they were written as, wherever what is read at a time ends', async () => {
    const path = join(places.state, 'lines');
    const line = fc.oneof(
      fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' ')),
      fc.nat(400_000).map((length) => 'é'.repeat(length)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), fc.boolean(), async (lines, ends) => {
        writeFileSync(path, lines.join('\n') + (ends ? '\n' : ''));
        const file = await NODE_FS.open(path, 'read');
        const got: string[] = [];
        for await (const one of fileLines(file)) got.push(one);
        await file.close();
        // An empty line without an end is no line.
        expect(got).toEqual(!ends && lines.at(-1) === '' ? lines.slice(0, -1) : lines);
      }),
      { numRuns: 40 },
    );
  });
});

describe('an object in parts', () => {
  test('is the same when they are put together again', () => {
    const list = fc.array(fc.jsonValue(), { maxLength: 200 });
    const value = fc.oneof(fc.dictionary(fc.string(), fc.oneof(fc.jsonValue(), list)), fc.jsonValue(), list);
    fc.assert(
      fc.property(value, (given) => {
        const [first, ...more] = [...cutLists('triage', given)].map(
          (part) => JSON.parse(JSON.stringify(part)) as unknown[],
        );
        const joined = first?.[1];
        for (const [, member, elements] of more) expect(joinPart(joined, member, elements)).toBe(true);
        expect(joined).toEqual(JSON.parse(JSON.stringify(given)));
      }),
    );
  });

  test('takes nothing that belongs nowhere', () => {
    for (const open of [undefined, null, 'x', {}, { a: 1 }]) expect(joinPart(open, 'a', [])).toBe(false);
    for (const member of ['__proto__', 'toString', 7]) expect(joinPart({}, member, [])).toBe(false);
    expect(joinPart({ a: [] }, 'a', {})).toBe(false);
  });
});
