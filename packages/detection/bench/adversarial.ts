/** R8: a megabyte of each attack text: at most 100 ms, and twice the text at most 2.5 times the time. */
import { createDetector } from '../src/index.ts';
import { attacks } from '../test/adversarial.ts';

const SIZE = 1_000_000;
const detector = createDetector();

function fastest(text: string): number {
  let best = Infinity;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    detector.scan(text);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function flat(unit: string, size: number): string {
  return Buffer.from(unit.repeat(Math.ceil(size / unit.length)).slice(0, size), 'utf16le').toString(
    'utf16le',
  );
}

const rows = attacks().map(([name, unit]) => {
  const once = fastest(flat(unit, SIZE));
  return { name, once, ratio: fastest(flat(unit, SIZE * 2)) / once };
});
const slowest = rows.toSorted((a, b) => b.once - a.once).slice(0, 12);
for (const row of slowest) console.log(`${row.once.toFixed(1)} ms`, `x${row.ratio.toFixed(2)}`, row.name);
const steep = rows.filter((row) => row.ratio > 2.5 && row.once > 5);
console.log(
  rows.length,
  'attacks; over 100 ms:',
  rows.filter((row) => row.once > 100).length,
  '; ratio over 2.5:',
  steep,
);
