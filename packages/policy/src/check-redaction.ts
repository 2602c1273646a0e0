import {
  createDetector,
  type DetectorOptions,
  ENTITIES,
  type EntityName,
  SECRET_ENTITIES,
} from '@sallyport/detection';
import { memoryTokenVault, redact } from '@sallyport/redaction';
import { Secret } from '@sallyport/core';
import { compileRedaction, detectorRules, restoreRulesOf, rulesOf } from './compile-redaction.ts';
import { nearest } from './nearest.ts';
import type { Problem } from './problem.ts';
import type { Layer } from './read-layers.ts';
import { listChoices, type RedactionPlan } from './redaction-plan.ts';
import type { DetectionEntry, RedactionSection } from './redaction-section.ts';
import type { Path } from './yaml-source.ts';

const DETECTION_LISTS = ['rules', 'allow'] as const;

/** Compiles what a policy says about redaction, piece by piece, so that each problem has its place. Opens nothing. */
export function checkRedaction(layers: readonly Layer[], plan: RedactionPlan): readonly Problem[] {
  const problems: Problem[] = [];
  const known = knownEntities(plan);
  for (const layer of layers) {
    const section = layer.file.redaction;
    if (section === undefined) continue;
    const complain = (path: Path, message: string, severity: Problem['severity'] = 'error'): void => {
      problems.push({ file: layer.source.file, ...layer.source.at(path), message, severity });
    };
    checkSection(section, { complain, known });
  }
  problems.push(...missingKeys(layers, plan, problems.length > 0));
  return problems;
}

interface Means {
  readonly complain: (path: Path, message: string, severity?: Problem['severity']) => void;
  readonly known: ReadonlySet<string>;
}

function checkSection(section: RedactionSection, { complain, known }: Means): void {
  const attempt = (path: Path, action: () => void): void => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      complain(path, plain(error.message));
    }
  };
  const checkNames = (path: Path, names: readonly string[]): void => {
    for (const name of names) if (!known.has(name)) complain(path, unknownEntity(name, known));
  };
  for (const direction of ['results', 'arguments'] as const) {
    for (const { choice, path } of listChoices(section, direction)) {
      const { entities, operators = {}, except = [] } = choice;
      if (Array.isArray(entities)) checkNames([...path, 'entities'], entities);
      checkNames([...path, 'operators'], Object.keys(operators));
      for (const [index, { entities: excepted = [] }] of except.entries()) {
        checkNames([...path, 'except', index], excepted);
      }
      const all = new Set<string>([choice.operator ?? '', ...Object.values(operators)]);
      if (choice.pack !== undefined && choice.maxDays !== undefined && !all.has('shift'))
        complain([...path, 'maxDays'], '"maxDays" belongs to the operator shift; remove it');
      attempt(path, () => tryRules(rulesOf(choice, direction)));
    }
  }
  for (const [index, entry] of (section.restore ?? []).entries()) {
    const path = ['redaction', 'restore', index];
    checkNames(path, entry.entities ?? []);
    attempt(path, () =>
      redact({
        detector: NOTHING_FOUND,
        rules: [],
        vault: memoryTokenVault(),
        restoreFor: restoreRulesOf(entry),
      }),
    );
  }
  checkDetection(section.detection ?? {}, { attempt, checkNames });
}

function checkDetection(
  detection: DetectionEntry,
  means: {
    readonly attempt: (path: Path, action: () => void) => void;
    readonly checkNames: (path: Path, names: readonly string[]) => void;
  },
): void {
  const at = ['redaction', 'detection'];
  const { thresholds = {}, without = [], allow = [] } = detection;
  means.checkNames([...at, 'thresholds'], Object.keys(thresholds));
  means.attempt([...at, 'without'], () => tryDetector({ without }));
  for (const list of DETECTION_LISTS) {
    for (const [index, entry] of (detection[list] ?? []).entries()) {
      means.attempt([...at, list, index], () => tryDetector({ [list]: [entry] }));
    }
  }
  for (const [index, { entity }] of allow.entries()) {
    if (entity !== undefined) means.checkNames([...at, 'allow', index], [entity]);
  }
}

/** What only the whole of a policy can say: rules with one name, keys that operators need. */
function missingKeys(layers: readonly Layer[], plan: RedactionPlan, isBroken: boolean): readonly Problem[] {
  const [first] = layers;
  if (first === undefined) return [];
  const problem = (path: Path, message: string, severity: Problem['severity'] = 'error'): Problem => {
    const layer = layers.find(({ file }) => file.redaction !== undefined) ?? first;
    return { file: layer.source.file, ...layer.source.at(path), message, severity };
  };
  const at = ['redaction', 'tokens'];
  const { tokens } = plan;
  const problems: Problem[] = [];
  if (tokens.file !== undefined && tokens.redis !== undefined)
    problems.push(problem(at, 'tokens are kept in a file or in Redis; remove one of the two'));
  if (tokens.file === undefined && tokens.redis === undefined && tokens.key !== undefined) {
    problems.push(problem(at, 'a key is for tokens in a file or in Redis; add "file: ./tokens.vault"'));
  }
  if ((tokens.file ?? tokens.redis) !== undefined && tokens.key === undefined) {
    problems.push(
      problem(at, 'what is kept outside of memory is encrypted; add "key: env:NAME", or another reference'),
    );
  }
  if (isBroken) return problems;
  const { needsKey, needsVault } = compileRedaction(plan);
  if (needsKey && plan.key === undefined) {
    const message =
      'hash, shift and surrogate need a key; add "key: env:NAME" under redaction, or another reference';
    problems.push(problem(['redaction'], message));
  }
  if (needsVault && tokens.file === undefined && tokens.redis === undefined) {
    const message =
      'tokens are kept in memory, and mean nothing after a restart; add "tokens: { file: ./tokens.vault, key: env:NAME }"';
    problems.push(problem(['redaction'], message, 'warning'));
  }
  return problems;
}

/** Built-in ones, and those that rules of the policy or of its packs give a name to. */
function knownEntities(plan: RedactionPlan): ReadonlySet<string> {
  return new Set<string>([
    ...ENTITIES,
    ...SECRET_ENTITIES,
    ...detectorRules(plan).map(({ entity }) => entity),
  ]);
}

function unknownEntity(name: string, known: ReadonlySet<string>): string {
  const near = nearest(name, [...known]);
  const advice = near === undefined ? `known are ${[...known].join(', ')}` : `did you mean "${near}"?`;
  return `nothing finds "${name}"; ${advice}`;
}

const NOTHING_FOUND = { entities: new Set<EntityName>(), scan: (): readonly never[] => [] };
const SOME_KEY = 'a key that no value is ever rewritten with';

function tryRules(rules: Parameters<typeof redact>[0]['rules']): void {
  redact({ detector: NOTHING_FOUND, rules, vault: memoryTokenVault(), hmacKey: new Secret(SOME_KEY) });
}

/** No built-in rule is compiled for it. */
function tryDetector(options: DetectorOptions): void {
  createDetector({ ...options, entities: [] });
}

/** Messages of the libraries begin with the place in their options, which is not that of the policy. */
function plain(message: string): string {
  return message.replace(/^(?:(?:rules|restoreFor|allow)\[\d+\][.:]? ?|without: )+/, '').replace(/\.$/, '');
}
