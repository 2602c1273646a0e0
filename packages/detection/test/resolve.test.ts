import { expect, it } from 'vitest';
import type { CompiledRule } from '../src/engine/compiled.ts';
import { Hits } from '../src/engine/hits.ts';
import { createResolver } from '../src/engine/resolve.ts';

const rule = (id: string, order: number): CompiledRule => ({
  id,
  entity: 'EMAIL',
  order,
  secret: false,
  except: undefined,
  validate: undefined,
  costly: false,
  before: -1,
  window: 48,
  label: false,
  unless: -1,
  alone: 0.9,
  invalid: 0,
  context: 0.9,
  contextInvalid: 0,
  threshold: 0.5,
  needsContext: false,
});

/** What is left of hits given as rule, start, end and score. */
function left(
  text: string,
  ...found: readonly (readonly [string, number, number, number])[]
): readonly string[] {
  const hits = new Hits();
  for (const [order, [id, start, end, score]] of found.entries())
    hits.add(rule(id, order), start, end, score);
  return createResolver()(hits, text).map(({ start, end, rule: id }) => `${id} ${text.slice(start, end)}`);
}

it('keeps what the loser covers alone, without the marks around it', () => {
  expect(left('123-45, 678', ['one', 0, 6, 0.9], ['two', 4, 11, 0.8])).toEqual(['one 123-45', 'two 678']);
});

it('makes no finding of what holds no letter or digit', () => {
  expect(left('123-45, .', ['one', 0, 6, 0.9], ['two', 4, 9, 0.8])).toEqual(['one 123-45']);
});

it.each([
  ['full-width digits', '\uff11\uff12\uff13'],
  ['mathematical digits', '\ud835\udfcf\ud835\udfd0'],
  ['letters of other alphabets', '\u4e2d\u6587'],
])('leaves no %s uncovered', (_, piece) => {
  const text = `123-45 ${piece}`;
  expect(left(text, ['one', 0, 6, 0.9], ['two', 4, text.length, 0.8])).toEqual([
    'one 123-45',
    `two ${piece}`,
  ]);
});

it('prefers the higher score, then the longer, then the earlier rule', () => {
  expect(left('12345', ['one', 0, 5, 0.8], ['two', 0, 5, 0.9])).toEqual(['two 12345']);
  expect(left('12345', ['one', 0, 4, 0.9], ['two', 0, 5, 0.9])).toEqual(['two 12345']);
  expect(left('12345', ['one', 0, 5, 0.9], ['two', 0, 5, 0.9])).toEqual(['one 12345']);
});

it('leaves of a rule over itself the first, and of each other what is new', () => {
  const over = [0, 3, 6].map((start): [string, number, number, number] => ['one', start, start + 7, 0.9]);
  expect(left('abcdefghi-jkl', ...over)).toEqual(['one abcdefg', 'one hi', 'one jkl']);
});

it('uncovers nothing when the best stands last, inside, or over all', () => {
  const [one, two] = [
    ['one', 0, 6, 0.8],
    ['two', 3, 9, 0.8],
  ] as const;
  expect(left('abcdefghijkl', one, two, ['best', 5, 12, 0.9])).toEqual(['one abcde', 'best fghijkl']);
  expect(left('abcdefghijkl', one, ['best', 2, 4, 0.9], two)).toEqual([
    'one ab',
    'best cd',
    'one ef',
    'two ghi',
  ]);
  expect(left('abcdefghijkl', ['best', 0, 12, 0.9], one, two)).toEqual(['best abcdefghijkl']);
});

it('settles each run of one text and of the next as if it were the only one', () => {
  const hits = new Hits();
  const resolve = createResolver();
  const twice = [0, 20].flatMap((base): [number, number, number][] => [
    [base, base + 6, 0.8],
    [base + 3, base + 9, 0.9],
  ]);
  const expected = [
    [0, 3],
    [3, 9],
    [20, 23],
    [23, 29],
  ];
  for (const _ of [1, 2]) {
    hits.clear();
    for (const [start, end, score] of twice) hits.add(rule('one', 0), start, end, score);
    expect(resolve(hits, 'a'.repeat(40)).map(({ start, end }) => [start, end])).toEqual(expected);
  }
});

it('settles what others found together with what rules found', () => {
  const hits = new Hits();
  hits.add(rule('one', 0), 4, 10, 0.9);
  hits.add(rule('two', 1), 20, 24, 0.9);
  const other = { entity: 'PERSON', rule: 'other' } as const;
  hits.merge([
    { ...other, start: 0, end: 6, score: 0.8 },
    { ...other, start: 12, end: 16, score: 0.8 },
    { ...other, start: 20, end: 24, score: 0.9 },
  ]);
  expect(createResolver()(hits, 'a'.repeat(30)).map(({ start, end, rule: id }) => [start, end, id])).toEqual([
    [0, 4, 'other'],
    [4, 10, 'one'],
    [12, 16, 'other'],
    [20, 24, 'two'],
  ]);
});
