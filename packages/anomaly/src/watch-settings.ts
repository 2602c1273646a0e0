import type { AlertFacts } from '@sallyport/audit';
import { onlyKnown, orZero, positive } from './checks.ts';
import type { Detector } from './detector.ts';
import { DETECTOR_IDS, type DetectorId } from './detector-id.ts';
import { ALL_DETECTORS } from './detectors/all-detectors.ts';
import { DAY, HOUR } from './durations.ts';
import { patternTest, toolTraits } from './tool-kinds.ts';
import type { Allowance, DetectorOptions, WatchOptions } from './watch-options.ts';

/** Options, checked, with every default filled in. */
export interface WatchSettings {
  readonly detectors: readonly Detector[];
  readonly severity: (detector: Detector) => AlertFacts['severity'];
  readonly isAllowed: (about: AllowedFacts) => boolean;
  readonly traitsOf: (tool: string) => number;
  readonly learnMs: number;
  readonly learnCalls: number;
  readonly serverLearnMs: number;
  readonly serverLearnCalls: number;
  readonly refractoryMs: number;
  readonly remindMs: number;
  readonly maxPrincipals: number;
  readonly maxServers: number;
  readonly runbooks: string;
}

interface AllowedFacts {
  readonly detector: DetectorId;
  readonly server: string;
  readonly subject: string | undefined;
  readonly target: string | undefined;
  readonly client: string | undefined;
}

const SEVERITIES: ReadonlySet<unknown> = new Set(['low', 'medium', 'high', 'critical']);
const TOP = [
  'learning',
  'detectors',
  'allow',
  'tools',
  'refractoryMs',
  'remindMs',
  'maxPrincipals',
  'maxServers',
  'runbooks',
];
const PATTERNS = ['server', 'subject', 'target', 'client'] as const;

/** @throws TypeError that says what to write instead */
export function settingsOf(options: WatchOptions): WatchSettings {
  onlyKnown(options, TOP, 'the options of a watch');
  const { learning = {}, detectors = {}, allow = [], tools = {} } = options;
  onlyKnown(learning, ['days', 'calls', 'serverDays', 'serverCalls'], 'learning');
  onlyKnown(tools, ['sensitive', 'sending', 'administrative'], 'tools');
  onlyKnown(detectors, DETECTOR_IDS, 'detectors');
  for (const id of DETECTOR_IDS) checkDetector(id, detectors[id] ?? {});
  if (!Array.isArray(allow)) throw new TypeError("allow is a list: write [{ subject: 'backup-*' }].");
  const allowances = allow.map(allowanceTest);
  const refractoryMs = positive(options.refractoryMs ?? 6 * HOUR, 'refractoryMs');
  return {
    detectors: DETECTOR_IDS.filter((id) => detectors[id]?.on !== false).map((id) =>
      ALL_DETECTORS[id]({ tolerance: detectors[id]?.tolerance ?? 1 }),
    ),
    severity: ({ id, severity }) => detectors[id]?.severity ?? severity,
    isAllowed: (about) => allowances.some((agrees) => agrees(about)),
    traitsOf: toolTraits(tools),
    learnMs: positive(learning.days ?? 7, 'learning.days') * DAY,
    learnCalls: positive(learning.calls ?? 30, 'learning.calls'),
    serverLearnMs: orZero(learning.serverDays ?? 3, 'learning.serverDays') * DAY,
    serverLearnCalls: orZero(learning.serverCalls ?? 500, 'learning.serverCalls'),
    refractoryMs,
    remindMs: Math.max(refractoryMs, positive(options.remindMs ?? 7 * DAY, 'remindMs')),
    maxPrincipals: positive(options.maxPrincipals ?? 100_000, 'maxPrincipals'),
    maxServers: positive(options.maxServers ?? 1000, 'maxServers'),
    runbooks: options.runbooks ?? 'docs/runbooks/',
  };
}

function checkDetector(id: DetectorId, given: DetectorOptions): void {
  onlyKnown(given, ['on', 'tolerance', 'severity'], `detectors.${id}`);
  const { on = true, tolerance = 1, severity = 'low' } = given;
  if (typeof on !== 'boolean') throw new TypeError(`detectors.${id}.on must be true or false.`);
  if (!(tolerance >= 0.1 && tolerance <= 100))
    throw new TypeError(
      `detectors.${id}.tolerance must be a number from 0.1 to 100; to hear nothing of it write on: false.`,
    );
  if (!SEVERITIES.has(severity))
    throw new TypeError(`detectors.${id}.severity must be low, medium, high or critical.`);
}

function allowanceTest(allowance: Allowance, at: number): (about: AllowedFacts) => boolean {
  const where = `allow[${String(at)}]`;
  onlyKnown(allowance, ['detector', ...PATTERNS], where);
  const { detector } = allowance;
  if (Object.keys(allowance).length === 0)
    throw new TypeError(
      `${where} is empty, and would allow everything: name a detector, server, subject, target or client.`,
    );
  if (detector !== undefined && !DETECTOR_IDS.includes(detector))
    throw new TypeError(`${where}.detector must be one of ${DETECTOR_IDS.join(', ')}.`);
  const tests = PATTERNS.filter((member) => allowance[member] !== undefined).map((member) => ({
    member,
    test: patternTest(allowance[member], `${where}.${member}`),
  }));
  return (about) =>
    (detector === undefined || detector === about.detector) &&
    tests.every(({ member, test }) => {
      const text = about[member];
      return text !== undefined && test(text);
    });
}
