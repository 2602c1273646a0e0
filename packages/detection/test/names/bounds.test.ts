import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readsLikeProse } from '../../src/engine/prose.ts';
import { createNameContext } from '../../src/names/name-context.ts';
import { createNameTagger } from '../../src/names/name-tagger.ts';
import type { NameTagger } from '../../src/names/name-tagger.ts';

const tagger = createNameTagger();

/** A string that counts how often a unit of it is read. */
function counted(text: string): { readonly text: string; readonly reads: () => number } {
  let reads = 0;
  const spy = {
    length: text.length,
    charCodeAt: (at: number): number => {
      reads++;
      return text.charCodeAt(at);
    },
  };
  return { text: spy as unknown as string, reads: () => reads };
}

function readsOf(work: (text: string) => unknown, text: string): number {
  const spy = counted(text);
  work(spy.text);
  return spy.reads();
}

const piece = fc.oneof(
  fc.constantFrom(
    'Dr. ',
    'Name: ',
    'John ',
    'Smith',
    "'s ",
    ', ',
    '\n',
    '-',
    'van ',
    'J. ',
    '@',
    '/',
    '://',
    'é',
    '\u0301',
    '🙂',
    '\ud800',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

function expectSound(tagger: NameTagger, input: string): void {
  let last = 0;
  for (const { start, end, score } of tagger.find(input, createNameContext())) {
    expect(start).toBeGreaterThanOrEqual(last);
    expect(end).toBeGreaterThan(start);
    expect(end).toBeLessThanOrEqual(input.length);
    expect(score).toBeGreaterThanOrEqual(0.5);
    expect(score).toBeLessThanOrEqual(1);
    last = end;
  }
}

describe('the tagger', () => {
  it('never throws, and gives places in order, inside the text, without overlap', () => {
    fc.assert(
      fc.property(text, (input) => expectSound(tagger, input)),
      { numRuns: 500 },
    );
  });

  it('gives sound places in texts longer than one stretch', () => {
    fc.assert(
      fc.property(text, (input) => expectSound(tagger, `${input} `.repeat(400))),
      { numRuns: 10 },
    );
  });

  it('gives the same answer again, whatever it read in between', () => {
    fc.assert(
      fc.property(text, text, (input, other) => {
        const first = tagger.find(input);
        tagger.find(other);
        expect(tagger.find(input)).toStrictEqual(first);
      }),
    );
  });

  const HOSTILE = [
    "O'",
    'Aa ',
    'J. ',
    'Dr. ',
    'Smith, John, ',
    '://',
    "a's ",
    '-',
    'é\u0301',
    'john smith ',
    'X',
    '/a',
    '\n',
  ];

  it.each(HOSTILE)('reads a text of repeated %j in proportion to its length', (unit) => {
    const once = unit.repeat(Math.ceil(20_000 / unit.length));
    const reads = readsOf((input) => tagger.find(input), once);
    const readsTwice = readsOf((input) => tagger.find(input), once + once);
    expect(reads).toBeLessThan(once.length * 8);
    expect(readsTwice).toBeLessThan(reads * 2.1);
  });

  it('judges a text by its first piece of prose, and reads no unit of it more than twice', () => {
    expect(readsOf(readsLikeProse, 'ab, c '.repeat(200_000))).toBeLessThan(10_000);
    const code = 'a[0],{b:c_d};'.repeat(20_000);
    expect(readsOf(readsLikeProse, code)).toBeLessThanOrEqual(code.length * 2);
  });

  it('remembers a bounded number of names', () => {
    const context = createNameContext();
    const letters = 'abcdefghijklmnopqrst';
    const names = Array.from(
      { length: 8_000 },
      (_, at) => `Dr. X${letters[at % 20]}${letters[((at / 20) % 20) | 0]}${letters[(at / 400) | 0]}o`,
    );
    tagger.find(`${names.join('\n')}\n`, context);
    expect(context.parts.size).toBeGreaterThan(1_000);
    expect(context.parts.size).toBeLessThan(5_000);
  });
});
