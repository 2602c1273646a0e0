import {
  createDetector,
  createPersonDetector,
  type Detector,
  ENTITIES,
  type Rule,
  RULES,
  SECRET_ENTITIES,
  SECRET_RULES,
} from '@sallyport/detection';
import { type Attack, attacksOn, commonAttacks } from '../packages/detection/test/adversarial.ts';
import type { Row } from './row.ts';

const SIZE = 1_000_000;
const SLOWEST = 25;
const ROUNDS = 7;
const BAR_MS = 100;
const BAR_RATIO = 2.5;

/** Texts that look like names, for the tagger. */
const NAMES: readonly Attack[] = [
  'Aa Bb Cc ',
  'Jo Li\n',
  'May Jo 1 ',
  'J. R. ',
  'Dr. Jane Roe met John Smith. ',
].map((unit) => ({ name: JSON.stringify(unit), unit }));

/** R8: every rule is attacked with texts made from its own data; the slowest are timed, and again at twice the length. */
export function r8(): Promise<Row[]> {
  const personal = [...commonAttacks(), ...RULES.flatMap(attacksOn)];
  const secret = SECRET_RULES.flatMap((rule: Rule) => attacksOn(rule));
  return Promise.resolve([
    ...measure('rules for personal data', createDetector(), personal),
    ...measure(
      'these and rules for secrets',
      createDetector({ entities: [...ENTITIES, ...SECRET_ENTITIES] }),
      [...personal, ...secret],
    ),
    ...measure('these with names in prose', createDetector({ proseDetector: createPersonDetector() }), [
      ...personal,
      ...NAMES,
    ]),
  ]);
}

function measure(what: string, detector: Detector, attacks: readonly Attack[]): Row[] {
  const slowest = attacks
    .map(({ unit }) => ({ unit, once: fastest(detector, flat(unit, SIZE), 1) }))
    .toSorted((a, b) => b.once - a.once)
    .slice(0, SLOWEST)
    .map(({ unit }) => {
      const once = fastest(detector, flat(unit, SIZE), ROUNDS);
      return { once, ratio: fastest(detector, flat(unit, SIZE * 2), ROUNDS) / once };
    });
  const most = Math.max(...slowest.map(({ once }) => once));
  const steepest = Math.max(...slowest.map(({ ratio }) => ratio));
  const row = (metric: string, value: number, unit: string, bar: number): Row => ({
    id: 'R8',
    metric: `${metric}, ${attacks.length} attacks on ${what}`,
    value,
    unit,
    peer: 'the bar',
    peerValue: bar,
    ratio: value / bar,
    bar: `<= ${bar} ${unit}`.trimEnd(),
    holds: value <= bar,
  });
  return [
    row('slowest scan of 1 MB', most, 'ms', BAR_MS),
    row('time of 2 MB over time of 1 MB, the worst', steepest, '', BAR_RATIO),
  ];
}

function fastest(detector: Detector, text: string, rounds: number): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
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
