/** P4: the scan of 20 MB of mixed tool output, beside JSON.stringify of the envelope and beside regexes in turn. */
import { createDetector, RULES } from '../src/index.ts';
import { SEQUENTIAL } from './sequential.ts';
import { createToolOutput } from './tool-output.ts';

const SIZE = 20_000_000;
const rounds = Number(process.argv[2] ?? 9);
const text = createToolOutput(SIZE);
const wide = `${text.slice(0, SIZE - 1)}\u4e2d`;
const leaves = Array.from({ length: Math.ceil(SIZE / 2000) }, (_, at) =>
  Buffer.from(text.slice(at * 2000, at * 2000 + 2000), 'latin1').toString('latin1'),
);
const detector = createDetector();

const jobs: Readonly<Record<string, () => number>> = {
  stringify: () => JSON.stringify({ content: [{ type: 'text', text }] }).length,
  scan: () => detector.scan(text).length,
  'stringify, leaves of 2,000': () =>
    leaves.reduce((sum, leaf) => sum + JSON.stringify({ content: [{ type: 'text', text: leaf }] }).length, 0),
  'scan, leaves of 2,000': () => leaves.reduce((sum, leaf) => sum + detector.scan(leaf).length, 0),
  'stringify, two bytes': () => JSON.stringify({ content: [{ type: 'text', text: wide }] }).length,
  'scan, two bytes': () => detector.scan(wide).length,
};

/** Every pattern of the rules, and the usual ones for what is matched by hand. */
const all = [
  ...SEQUENTIAL.slice(0, 11),
  ...RULES.flatMap((rule) =>
    rule.forms.flatMap((form) =>
      'pattern' in form ? [new RegExp(`\\b(?:${form.pattern})\\b`, form.ignoreCase ? 'gi' : 'g')] : [],
    ),
  ),
];

const times: Record<string, number[]> = {};
for (let round = -2; round < rounds; round++) {
  for (const [name, job] of Object.entries(jobs)) {
    const start = performance.now();
    job();
    if (round >= 0) (times[name] ??= []).push(performance.now() - start);
  }
}
const inTurn = (regexes: readonly RegExp[]): number => {
  const start = performance.now();
  for (const regex of regexes) text.match(regex);
  return performance.now() - start;
};
const usual = Math.min(inTurn(SEQUENTIAL), inTurn(SEQUENTIAL));
const same = Math.min(inTurn(all), inTurn(all));
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] as number;
for (const [name, values] of Object.entries(times)) {
  console.log(
    name.padEnd(28),
    `${median(values).toFixed(1)} ms`,
    `${(SIZE / 1000 / median(values)).toFixed(0)} MB/s`,
  );
}
const ratio = (a: string, b: string): string =>
  median((times[a] ?? []).map((value, at) => value / (times[b]?.[at] as number))).toFixed(2);
console.log('speed / stringify', ratio('stringify', 'scan'), '(bar 0.65)');
console.log('speed / stringify, leaves', ratio('stringify, leaves of 2,000', 'scan, leaves of 2,000'));
console.log('speed / stringify, two bytes', ratio('stringify, two bytes', 'scan, two bytes'));
const scan = median(times['scan'] ?? []);
console.log(`speed / ${SEQUENTIAL.length} usual regexes in turn`, (usual / scan).toFixed(1));
console.log(
  `speed / ${all.length} regexes in turn, those of the rules`,
  (same / scan).toFixed(1),
  '(bar 10)',
);
console.log('findings', detector.scan(text).length);
