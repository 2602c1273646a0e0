import { expect, it } from 'vitest';
import { createPersonDetector } from '../../src/index.ts';

const detector = createPersonDetector();
const found = (text: string): string[] => detector.find(text).map(({ start, end }) => text.slice(start, end));

it.each([
  ['Her daughter Anna Whitfield-Brown called yesterday.', ['Anna Whitfield-Brown']],
  ['Mrs. Whitfield-Brown came with Jean-Luc Picard.', ['Whitfield-Brown', 'Jean-Luc Picard']],
  ['Please contact Emily Johnson-based on her file.', ['Emily Johnson']],
])('takes both halves of a double name in %j', (text, names) => {
  expect(found(text)).toEqual(names);
});

it('gives findings in order that do not overlap', () => {
  const text = 'Anna-Maria-Luisa-Josefa and Anna Smith-Mary Jones-Ann Smith met Dr. Roe-Jane Roe.';
  let last = 0;
  for (const { start, end } of detector.find(text)) {
    expect(start).toBeGreaterThanOrEqual(last);
    expect(end).toBeGreaterThan(start);
    last = end;
  }
  expect(last).toBeGreaterThan(0);
});
