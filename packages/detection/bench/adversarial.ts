/**
 * R8: a megabyte of each attack text: at most 100 ms, and twice the text at most 2.5 times the time. All are timed once;
 * the slowest are timed again, best of many, at one, two and four megabytes, since a pause of the collector or of the
 * machine falls more often on what takes longer.
 */
import { createDetector, RULES } from '../src/index.ts';
import { attacksOn, commonAttacks } from '../test/adversarial.ts';

const SIZE = 1_000_000;
const AGAIN = Number(process.argv[2] ?? 40);
const ROUNDS = 9;
const detector = createDetector();

function fastest(text: string, rounds: number): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    detector.scan(text);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Through bytes, so that it is one flat string. */
function flat(unit: string, size: number): string {
  const text = unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

const attacks = [...commonAttacks(), ...RULES.flatMap(attacksOn)];
const slowest = attacks
  .map(({ name, unit }) => ({ name, unit, once: fastest(flat(unit, SIZE), 1) }))
  .toSorted((a, b) => b.once - a.once)
  .slice(0, AGAIN);
let over = 0;
let steep = 0;
for (const { name, unit } of slowest) {
  const [once, twice, four] = [1, 2, 4].map((times) => fastest(flat(unit, SIZE * times), ROUNDS)) as [
    number,
    number,
    number,
  ];
  over += once > 100 ? 1 : 0;
  steep += twice / once > 2.5 ? 1 : 0;
  console.log(
    `${once.toFixed(1)} ms, twice x${(twice / once).toFixed(2)}, again x${(four / twice).toFixed(2)}`,
    name,
  );
}
console.log(
  attacks.length,
  'attacks; of the slowest',
  AGAIN,
  'over 100 ms:',
  over,
  '; ratio over 2.5:',
  steep,
);
