import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  createDetector,
  createPersonDetector,
  type Detector,
  ENTITIES,
  RULES,
  SECRET_ENTITIES,
  SECRET_RULES,
} from '@sallyport/detection';
import { type Attack, attacksOn, commonAttacks } from '../packages/detection/test/adversarial.ts';
import type { Row } from './row.ts';

/**
 * Every attack is timed at this length; those that seem slow again, because V8 had compiled little when the first of them
 * were; and the slowest at a megabyte and at two.
 */
const SHORT = 32_768;
const LONG = 1_000_000;
const SEEMING_SLOW = 160;
const SLOWEST = 16;
const SHORT_ROUNDS = 2;
const ROUNDS = 5;
/** Rounds are added, so many times at most, while a bar is missed: a minimum of more is nearer to the truth. */
const MORE = 2;
const BAR_MS = 100;
const BAR_RATIO = 2.5;

/** Texts that look like names, for the tagger. */
const NAMES: readonly Attack[] = [
  'Aa Bb Cc ',
  'Jo Li\n',
  'May Jo 1 ',
  'J. R. ',
  'Li, Jo; ',
  'name: Jo Li\n',
  'Dr. Jane Roe met John Smith. ',
].map((unit) => ({ name: JSON.stringify(unit), unit }));

interface Kind {
  readonly what: string;
  readonly detector: () => Detector;
  readonly attacks: () => readonly Attack[];
}

const personal = (): readonly Attack[] => [...commonAttacks(), ...RULES.flatMap(attacksOn)];
const KINDS: readonly Kind[] = [
  { what: 'rules for personal data', detector: () => createDetector(), attacks: personal },
  {
    what: 'these and rules for secrets',
    detector: () => createDetector({ entities: [...ENTITIES, ...SECRET_ENTITIES] }),
    attacks: () => [...personal(), ...SECRET_RULES.flatMap(attacksOn)],
  },
  {
    what: 'rules for personal data with names in prose',
    detector: () => createDetector({ proseDetector: createPersonDetector() }),
    attacks: () => [...personal(), ...NAMES],
  },
];

const CHILD = 'SALLYPORT_R8';
const { [CHILD]: child } = process.env;
const kind = child === undefined ? undefined : KINDS[Number(child)];
if (kind !== undefined) process.send?.(measure(kind), () => process.exit(0));

/**
 * R8: every rule is attacked with texts made from its own data; the slowest are timed, and again at twice the length. Each
 * kind of detector has a process of its own: two of them in one lose what V8 makes of one.
 */
export async function r8(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const index of KINDS.keys()) rows.push(...(await alone(index)));
  return rows;
}

function alone(index: number): Promise<readonly Row[]> {
  const made = fork(fileURLToPath(import.meta.url), {
    execArgv: process.execArgv,
    env: { ...process.env, [CHILD]: String(index) },
  });
  return new Promise((resolve, reject) => {
    made.on('message', (found) => resolve(found as readonly Row[]));
    made.on('exit', (code) =>
      reject(new Error(`A child of the bench R8 ended with code ${code ?? 'unknown'}.`)),
    );
  });
}

interface Timed {
  readonly name: string;
  readonly once: number;
  readonly ratio: number;
}

function measure({ what, detector: create, attacks: list }: Kind): readonly Row[] {
  const detector = create();
  const attacks = [...new Map(list().map((attack) => [attack.unit, attack])).values()];
  const seeming = slowestOf(detector, attacks, SHORT_ROUNDS).slice(0, SEEMING_SLOW);
  const slowest = slowestOf(detector, seeming, ROUNDS)
    .slice(0, SLOWEST)
    .map((attack) => timed(detector, attack));
  const most = slowest.reduce((a, b) => (b.once > a.once ? b : a));
  const steepest = slowest.reduce((a, b) => (b.ratio > a.ratio ? b : a));
  const row = (metric: string, worst: Timed, value: number, unit: string, bar: number): Row => ({
    id: 'R8',
    metric: `${metric} of ${attacks.length} attacks on ${what}: ${ruleOf(worst.name)}`,
    value,
    unit,
    peer: 'the bar',
    peerValue: bar,
    ratio: value / bar,
    bar: `<= ${bar} ${unit}`.trimEnd(),
    holds: value <= bar,
  });
  return [
    row('slowest scan of 1 MB (least of several)', most, most.once, 'ms', BAR_MS),
    row(
      `time of 2 MB over time of 1 MB, worst of the ${SLOWEST} slowest`,
      steepest,
      steepest.ratio,
      '',
      BAR_RATIO,
    ),
  ];
}

function slowestOf(detector: Detector, attacks: readonly Attack[], rounds: number): readonly Attack[] {
  return attacks
    .map((attack) => ({ attack, time: fastest(detector, flat(attack.unit, SHORT), rounds) }))
    .toSorted((a, b) => b.time - a.time)
    .map(({ attack }) => attack);
}

function timed(detector: Detector, { name, unit }: Attack): Timed {
  const [text, twice] = [flat(unit, LONG), flat(unit, LONG * 2)];
  let [once, double] = [Infinity, Infinity];
  for (let more = 0; more <= MORE; more += 1) {
    once = Math.min(once, fastest(detector, text, ROUNDS));
    double = Math.min(double, fastest(detector, twice, ROUNDS));
    if (once <= BAR_MS && double / once <= BAR_RATIO) break;
  }
  return { name, once, ratio: double / once };
}

/**
 * In milliseconds, the least of some rounds; of each the lesser of the time on the clock and that of the processor, threads
 * of the collector included: then it counts little what else the machine does.
 */
function fastest(detector: Detector, text: string, rounds: number): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const [used, start] = [process.cpuUsage(), performance.now()];
    detector.scan(text);
    const clock = performance.now() - start;
    const { user, system } = process.cpuUsage(used);
    best = Math.min(best, clock, (user + system) / 1000);
  }
  return best;
}

/** What stands before the colon is the id of the rule; a text of no rule is named by itself. */
function ruleOf(name: string): string {
  return name.startsWith('"') ? name : name.slice(0, name.indexOf(':'));
}

/**
 * With one unit that takes two bytes, and so all of them do: V8 is slower with such a text, and one letter makes any text
 * such. Read from JSON, as every call is: then V8 holds it itself at any length. A string of a `Buffer` with more than a
 * million units stands outside its heap, where each look at it costs twice as much, and 2 MB would not compare with 1 MB.
 */
function flat(unit: string, size: number): string {
  const text = unit.repeat(Math.ceil(size / unit.length)).slice(0, size - 1);
  return String(JSON.parse(JSON.stringify(`${text}\u4e2d`)));
}
