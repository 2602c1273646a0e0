import { type AllowEntry, readAllowList } from './allow-list.ts';
import { type AnyRule, compileRules } from './engine/compile.ts';
import { readsLikeProse } from './engine/prose.ts';
import { createResolver } from './engine/resolve.ts';
import { createScanner } from './engine/scanner.ts';
import { ENTITIES, type EntityName, SECRET_ENTITIES } from './entity.ts';
import type { Finding } from './finding.ts';
import type { ProseDetector } from './prose-detector.ts';
import { type Locale, LOCALES } from './rule.ts';
import { RULES } from './rules/index.ts';
import { SECRET_RULES } from './rules/secrets/index.ts';
import { readUserRule, type UserRule } from './user-rule.ts';

export interface DetectorOptions {
  /**
   * What to look for. Default: `ENTITIES`, and those of `rules`. The rules of secrets take part where one of
   * `SECRET_ENTITIES` stands here.
   */
  readonly entities?: readonly EntityName[];
  /** Ids of built-in rules to leave out. Default: none. */
  readonly without?: readonly string[];
  /** Packs of national rules. Default: all. Rules that belong to no country always apply. */
  readonly locales?: readonly Locale[];
  /** The least score of a finding, from 0 to 1. Default 0.5. */
  readonly threshold?: number;
  /** The same for single entities. */
  readonly thresholds?: Readonly<Partial<Record<EntityName, number>>>;
  /** Values that are no findings. Default: none. */
  readonly allow?: readonly AllowEntry[];
  /** Rules of one's own. Default: none. */
  readonly rules?: readonly UserRule[];
  /** How far before a match a context word may stand, in code units, for every rule. Default: each rule's own. */
  readonly contextWindow?: number;
  /** Asked about texts with two words in a row. Default: none, and then no PERSON is found. */
  readonly proseDetector?: ProseDetector;
}

/** Finds things in text. It holds buffers of its own, and no text once `scan` has returned. */
export interface Detector {
  /** Every entity that this detector may find. */
  readonly entities: ReadonlySet<EntityName>;
  /** Sorted by place, none over another; one empty array, always the same, when there is nothing. Never throws. */
  scan(text: string): readonly Finding[];
  /**
   * What kinds of units the text of the last `scan` has: the `HAS_` bits, `HAS_ANYTHING` where that is not known. To ask
   * costs less than to look at the text again. A detector that gives another a changed text to scan leaves it out.
   */
  kindsOfLast?(): number;
}

const NOTHING: readonly Finding[] = Object.freeze([]);
const DEFAULT_THRESHOLD = 0.5;

/**
 * Compiles the rules once; the detector applies them.
 *
 * @throws TypeError for an option that cannot be used, with what to write instead
 */
export function createDetector(options: DetectorOptions = {}): Detector {
  const { program, entities, threshold } = readOptions(options);
  const scanner = createScanner(program);
  const resolve = createResolver();
  const allowed = readAllowList(options.allow ?? []);
  const prose = options.proseDetector;
  const leasts = new Map(Array.from(entities, (entity): [EntityName, number] => [entity, threshold(entity)]));
  const isWanted = ({ entity, score }: Finding): boolean => score >= (leasts.get(entity) ?? Infinity);
  // Made where they are asked for, and not for each text: most texts are short, and nothing is in them.
  const isOtherIn =
    (text: string) =>
    ({ entity, start, end }: Pick<Finding, 'entity' | 'start' | 'end'>): boolean =>
      allowed === undefined || !allowed(entity, text.slice(start, end));
  const namesIn = (text: string): readonly Finding[] => {
    const isOther = isOtherIn(text);
    const names = onlyThose(prose?.find(text) ?? NOTHING, (name) => isWanted(name) && isOther(name));
    return areApart(names) ? names : names.toSorted((a, b) => a.start - b.start);
  };
  return {
    entities,
    kindsOfLast: () => scanner.kindsOfLast(),
    scan: (text) => {
      const hits = scanner.scan(text);
      if (allowed !== undefined) hits.keep(isOtherIn(text));
      const names = prose !== undefined && readsLikeProse(text) ? namesIn(text) : NOTHING;
      if (names.length > 0) {
        if (hits.length === 0 && areApart(names)) return names;
        hits.merge(names);
      }
      return hits.length === 0 ? NOTHING : resolve(hits, text);
    },
  };
}

/** Most often all: then no other array is made. */
function onlyThose(findings: readonly Finding[], passes: (finding: Finding) => boolean): readonly Finding[] {
  return findings.every(passes) ? findings : findings.filter(passes);
}

/** Sorted, and none over another: then there is nothing to resolve. */
function areApart(findings: readonly Finding[]): boolean {
  return findings.every(({ start }, at) => at === 0 || (findings[at - 1] as Finding).end <= start);
}

function readOptions(options: DetectorOptions): {
  readonly program: ReturnType<typeof compileRules>;
  readonly entities: ReadonlySet<EntityName>;
  readonly threshold: (entity: EntityName) => number;
} {
  const users = (options.rules ?? []).map(readUserRule);
  const usual = [...ENTITIES, ...users.map((user) => user.rule.entity)];
  const known = new Set<string>([...usual, ...SECRET_ENTITIES]);
  const entities = new Set<EntityName>(options.entities ?? usual);
  for (const name of [...entities, ...Object.keys(options.thresholds ?? {})]) {
    if (!known.has(name))
      throw new TypeError(`No rule finds "${name}"; write one of ${[...known].join(', ')}.`);
  }
  const locales = new Set<Locale>(options.locales ?? LOCALES);
  for (const locale of locales) {
    if (!LOCALES.includes(locale))
      throw new TypeError(`There is no pack "${locale}"; write one of ${LOCALES.join(', ')}.`);
  }
  const ids = new Set<string>([...RULES, ...SECRET_RULES].map((rule) => rule.id));
  const without = new Set(options.without);
  for (const id of without) {
    if (!ids.has(id))
      throw new TypeError(`without: there is no rule "${id}"; RULES.md and SECRETS.md list them.`);
  }
  for (const { rule } of users) {
    if (ids.has(rule.id))
      throw new TypeError(`Two rules are named "${rule.id}"; give each a name of its own.`);
    ids.add(rule.id);
  }
  for (const value of [options.threshold, ...Object.values(options.thresholds ?? {})]) {
    if (value !== undefined && !(value >= 0 && value <= 1))
      throw new TypeError('A threshold has to be a number from 0 to 1.');
  }
  const window = options.contextWindow;
  if (window !== undefined && !(Number.isInteger(window) && window >= 0 && window <= 1000)) {
    throw new TypeError('contextWindow has to be a whole number from 0 to 1000.');
  }
  const threshold = (entity: EntityName): number =>
    options.thresholds?.[entity] ?? options.threshold ?? DEFAULT_THRESHOLD;
  const secrets = options.entities === undefined ? [] : SECRET_RULES;
  const rules: AnyRule[] = [...RULES, ...secrets].filter(
    (rule) =>
      entities.has(rule.entity) &&
      !without.has(rule.id) &&
      (rule.locale === undefined || locales.has(rule.locale)),
  );
  const own = users.filter((user) => entities.has(user.rule.entity));
  for (const user of own) if (user.pass === undefined) rules.push(user.rule);
  const passes = own.flatMap((user) => (user.pass === undefined ? [] : [{ rule: user.rule, ...user.pass }]));
  return { program: compileRules(rules, { threshold, window, passes }), entities, threshold };
}
