import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type CallFacts,
  imposing,
  lifting,
  type Restriction,
  RestrictionBook,
  type RestrictionsUnreadable,
} from '@sallyport/anomaly';
import { MINUTE, ResponseBench, START } from './response-bench.ts';

let bench: ResponseBench;
beforeEach(() => {
  bench = new ResponseBench();
});
afterEach(() => bench.dispose());

const ALICE: CallFacts = { subject: 'alice', server: 'ehr', target: 'export' };
const quarantine = (subject: string, minutes = 60): ReturnType<typeof imposing> =>
  imposing({ kind: 'quarantine', of: { subject }, minutes });

/** What the book should answer, by looking at every restriction. */
function oracle(restrictions: readonly Restriction[], facts: CallFacts, now: number): string | undefined {
  const standing = restrictions.filter(({ of, until }) => {
    if (Date.parse(until) <= now) return false;
    if ('subject' in of) return of.subject === facts.subject || of.subject === facts.pseudonym;
    return of.server === facts.server && (!('target' in of) || of.target === facts.target);
  });
  return standing.some(({ kind }) => kind === 'quarantine') ? 'quarantine' : standing[0]?.kind;
}

describe('a book', () => {
  test('of an empty folder is clear', async () => {
    const book = await bench.book();
    expect(book.isClear).toBe(true);
    expect(book.standing(ALICE, bench.now)).toBeUndefined();
  });

  test('knows its own writes at once', async () => {
    const book = await bench.book();
    const { restriction } = await book.update(quarantine('alice'));
    expect(book.isClear).toBe(false);
    expect(book.standing(ALICE, bench.now)).toEqual(restriction);
    expect(book.standing({ ...ALICE, subject: 'bob' }, bench.now)).toBeUndefined();
    await book.update(lifting('all'));
    expect(book.isClear).toBe(true);
  });

  test('knows the writes of others when it looks, which it does by itself', async () => {
    const [book, watching] = [await bench.book(), await bench.book({ refreshMs: 5 })];
    await bench.file().update(quarantine('alice'));
    expect(book.isClear).toBe(true);
    await book.refresh();
    expect(book.standing(ALICE, bench.now)).toMatchObject({ kind: 'quarantine' });
    await vi.waitFor(() => expect(watching.isClear).toBe(false), 10_000);
    rmSync(bench.file().path);
    await book.refresh();
    expect(book.isClear).toBe(true);
  });

  test('forgets a restriction by the clock, without looking', async () => {
    const book = await bench.book();
    await book.update(quarantine('alice', 1));
    expect(book.standing(ALICE, START + MINUTE - 1)).toBeDefined();
    expect(book.standing(ALICE, START + MINUTE)).toBeUndefined();
  });

  test('tells of each change of what is restricted, and of nothing else', async () => {
    const told: number[] = [];
    const book = await bench.book({ onChange: (restrictions) => told.push(restrictions.length) });
    await book.refresh();
    await book.update(quarantine('alice'));
    await book.refresh();
    await book.update(quarantine('alice'));
    await bench.file().update(quarantine('bob'));
    await book.refresh();
    expect(told).toEqual([0, 1, 2]);
  });

  test('is not undone by a slower look at what was there before its own write', async () => {
    const book = await bench.book();
    for (let round = 0; round < 20; round += 1) {
      const looks = [book.refresh(), book.update(quarantine(`s${round}`)), book.refresh()];
      await looks[1];
      expect(book.standing({ ...ALICE, subject: `s${round}` }, bench.now)).toBeDefined();
      await Promise.all(looks);
      expect(book.standing({ ...ALICE, subject: `s${round}` }, bench.now)).toBeDefined();
    }
  });

  test('answers as somebody would who reads every restriction', async () => {
    const names = fc.constantFrom('a', 'b', 'subject:abcdefghijklmnopqrstuvwxyz');
    const of = fc.oneof(
      names.map((subject) => ({ subject })),
      names.map((server) => ({ server })),
      fc.record({ server: names, target: names }),
    );
    const restriction = fc.record({
      kind: fc.constantFrom('quarantine', 'approval'),
      of,
      minutes: fc.integer({ min: 1, max: 5 }),
    }) as fc.Arbitrary<Parameters<typeof imposing>[0]>;
    const asked = fc.record({
      subject: names,
      pseudonym: fc.option(names, { nil: undefined }),
      server: names,
      target: fc.option(names, { nil: undefined }),
    });
    const book = await bench.book();
    await fc.assert(
      fc.asyncProperty(
        fc.array(restriction, { maxLength: 8 }),
        fc.array(asked, { minLength: 5, maxLength: 20 }),
        fc.integer({ min: 0, max: 6 }),
        async (wishes, calls, minutes) => {
          await book.update(lifting('all'));
          for (const wish of wishes) await book.update(imposing(wish));
          const now = START + minutes * MINUTE;
          for (const facts of calls) {
            const found = book.standing(facts, now);
            const expected = oracle(book.restrictions.restrictions, facts, now);
            expect(typeof found === 'object' ? found.kind : found).toBe(expected);
          }
        },
      ),
      { numRuns: 30 },
    );
  }, 60_000);
});

describe('a file that cannot be read', () => {
  const damage = (): void => writeFileSync(bench.file().path, '{');

  test('refuses everything, is told once, and again only after it was mended', async () => {
    const told: RestrictionsUnreadable[] = [];
    const book = await bench.book({ onTrouble: (error) => told.push(error) });
    mkdirSync(bench.folder);
    for (let round = 1; round <= 2; round += 1) {
      damage();
      await book.refresh();
      await book.refresh();
      expect(book.isClear).toBe(false);
      expect(book.standing(ALICE, bench.now)).toBe('unavailable');
      expect(told).toHaveLength(round);
      rmSync(bench.file().path);
      await book.refresh();
      expect(book.isClear).toBe(true);
      expect(book.standing(ALICE, bench.now)).toBeUndefined();
    }
    expect(told[0]?.message).toContain('every call is refused');
  });

  test('from the beginning is no reason not to start, and refuses everything', async () => {
    mkdirSync(bench.folder);
    damage();
    const told: unknown[] = [];
    const book = await bench.book({ onTrouble: (error) => told.push(error) });
    expect(book.standing(ALICE, bench.now)).toBe('unavailable');
    expect(told).toHaveLength(1);
  });

  test('or a write that fails, leaves what is known in force', async () => {
    const book = await bench.book();
    await book.update(quarantine('alice'));
    damage();
    await expect(book.update(quarantine('bob'))).rejects.toThrow('damaged');
    expect(book.standing(ALICE, bench.now)).toMatchObject({ kind: 'quarantine' });
  });

  test('because of the system says which error it had', async () => {
    mkdirSync(bench.folder, { recursive: true });
    // A link that leads to itself, since tests may run with every right.
    symlinkSync('restrictions.json', bench.file().path);
    const told: string[] = [];
    await bench.book({ onTrouble: ({ message }) => told.push(message) });
    expect(told).toEqual([expect.stringContaining('ELOOP')]);
  });

  test('because it is no file says that', async () => {
    mkdirSync(bench.file().path, { recursive: true });
    const told: string[] = [];
    await bench.book({ onTrouble: ({ message }) => told.push(message) });
    expect(told).toEqual([expect.stringContaining('it is no file')]);
  });
});

test('a book keeps no process alive', async () => {
  const book = await RestrictionBook.open({ folder: bench.folder, refreshMs: 1000 });
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
  book.close();
  expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout')).toEqual(timers);
});
