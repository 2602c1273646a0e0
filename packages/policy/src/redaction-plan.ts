import { resolve } from 'node:path';
import type { SecretRef } from './policy-file.ts';
import type { Layer } from './read-layers.ts';
import type {
  DetectionEntry,
  DetectionRule,
  RedactionChoice,
  RedactionChoices,
  RedactionSection,
  RestoreEntry,
  TokensEntry,
} from './redaction-section.ts';
import type { Settings } from './settings.ts';
import type { Path } from './yaml-source.ts';

/** What a policy says about redaction, put together from its files, before it is compiled. */
export interface RedactionPlan {
  /** In the order in which they are asked; those of the file itself before those of what it extends. */
  readonly choices: readonly PlacedChoice[];
  readonly restore: readonly RestoreEntry[];
  readonly tokens: TokensPlan;
  /** Key of `hash`, `shift` and `surrogate`. */
  readonly key: SecretRef | undefined;
  /** Arguments that name the person whom a call is about. */
  readonly about: readonly string[];
  /** Whether names of persons are looked for in prose, where PERSON is rewritten at all. */
  readonly names: boolean;
  readonly detection: DetectionEntry;
}

export interface PlacedChoice {
  readonly direction: 'arguments' | 'results';
  readonly choice: RedactionChoice;
  /** `sallyport.yaml:12`. */
  readonly at: string;
}

export interface TokensPlan {
  /** Absolute path. */
  readonly file: string | undefined;
  readonly redis: SecretRef | undefined;
  readonly key: SecretRef | undefined;
  readonly ttlHours: number;
  /** The claim that names the tenant. */
  readonly tenant: string | undefined;
}

const DIRECTIONS = ['results', 'arguments'] as const;
const HOURS = 24;

/** Undefined where no file has the section. Choices, tools that restore, allowed values and rules of all files are added. */
export function mergeRedaction(layers: readonly Layer[], settings: Settings): RedactionPlan | undefined {
  const sections = layers.flatMap((layer) => {
    const section = layer.file.redaction;
    return section === undefined ? [] : [{ layer, section }];
  });
  if (sections.length === 0) return undefined;
  const choices = sections.flatMap(({ layer, section }) => choicesOf(layer, section, settings));
  const { tokens, key } = keysOf(settings);
  return {
    choices,
    restore: sections.flatMap(({ layer, section }) => {
      for (const [index, { tools }] of (section.restore ?? []).entries()) {
        settings.note('redaction.restore', tools.join(', '), layer, ['redaction', 'restore', index]);
      }
      return section.restore ?? [];
    }),
    tokens,
    key,
    about: settings.pick(['redaction', 'about'], ({ redaction }) => redaction?.about)?.value ?? [],
    names: settings.pickOr(true, ['redaction', 'names'], ({ redaction }) => redaction?.names),
    detection: detectionOf(
      sections.flatMap(({ section }) => section.detection ?? []),
      settings,
    ),
  };
}

/** The entries of one direction with the way to each, whether there is a list of them or only one. */
export function listChoices(
  section: RedactionSection,
  direction: 'arguments' | 'results',
): readonly { readonly choice: RedactionChoice; readonly path: Path }[] {
  const written: RedactionChoices | undefined = section[direction];
  if (written === undefined) return [];
  if (!isList(written)) return [{ choice: written, path: ['redaction', direction] }];
  return written.map((choice, index) => ({ choice, path: ['redaction', direction, index] }));
}

function isList(choices: RedactionChoices): choices is readonly RedactionChoice[] {
  return Array.isArray(choices);
}

function choicesOf(layer: Layer, section: RedactionSection, settings: Settings): PlacedChoice[] {
  return DIRECTIONS.flatMap((direction) =>
    listChoices(section, direction).map(({ choice, path }) => {
      settings.note(`redaction.${direction}`, describe(choice), layer, path);
      return { direction, choice, at: `${layer.source.file}:${layer.source.at(path).line}` };
    }),
  );
}

function describe({ pack, entities, operator, roles, exceptRoles, tools, except }: RedactionChoice): string {
  const what = pack ?? entities ?? [];
  const words = [`${[what].flat().join(', ')}${operator === undefined ? '' : ` -> ${operator}`}`];
  if (roles !== undefined) words.push(`for ${roles.join(', ')}`);
  if (exceptRoles !== undefined) words.push(`not for ${exceptRoles.join(', ')}`);
  if (tools !== undefined) words.push(`in ${tools.join(', ')}`);
  if (except !== undefined)
    words.push(`${except.length} ${except.length === 1 ? 'exception' : 'exceptions'}`);
  return words.join('; ');
}

function describeTokens({ file, redis, key, ttlHours = HOURS, tenant }: TokensEntry): string {
  const place = file ?? (redis === undefined ? 'in memory' : 'Redis');
  const words = [place, `${ttlHours} hours`];
  if (key !== undefined) words.push(`key ${[key].flat().join(', ')}`);
  if (tenant !== undefined) words.push(`tenant claim ${tenant}`);
  return words.join('; ');
}

function keysOf(settings: Settings): Pick<RedactionPlan, 'tokens' | 'key'> {
  const at = ['redaction', 'tokens'];
  const tokens = settings.pick(at, ({ redaction }) => redaction?.tokens, describeTokens);
  const file = tokens?.value.file;
  return {
    tokens: {
      file: tokens && file !== undefined ? resolve(tokens.layer.directory, file) : undefined,
      redis: tokens?.value.redis,
      key: tokens?.value.key,
      ttlHours: tokens?.value.ttlHours ?? HOURS,
      tenant: tokens?.value.tenant,
    },
    key: settings.pick(['redaction', 'key'], ({ redaction }) => redaction?.key)?.value,
  };
}

/** @param entries those of the file itself first */
function detectionOf(entries: readonly DetectionEntry[], settings: Settings): DetectionEntry {
  const locales = settings.pick(
    ['redaction', 'detection', 'locales'],
    (file) => file.redaction?.detection?.locales,
  );
  const threshold = settings.pick(
    ['redaction', 'detection', 'threshold'],
    (file) => file.redaction?.detection?.threshold,
  );
  const thresholds = Object.assign({}, ...entries.toReversed().map((entry) => entry.thresholds)) as Record<
    string,
    number
  >;
  for (const layer of settings.layers) {
    const { rules = [], allow = [] } = layer.file.redaction?.detection ?? {};
    for (const [index, { id, entity }] of rules.entries())
      settings.note(`redaction.detection.rules ${id}`, `finds ${entity}`, layer, [
        'redaction',
        'detection',
        'rules',
        index,
      ]);
    if (allow.length > 0)
      settings.note('redaction.detection.allow', `${allow.length} values`, layer, [
        'redaction',
        'detection',
        'allow',
      ]);
  }
  return {
    ...(locales !== undefined && { locales: locales.value }),
    ...(threshold !== undefined && { threshold: threshold.value }),
    thresholds,
    without: entries.flatMap((entry) => entry.without ?? []),
    allow: entries.flatMap((entry) => entry.allow ?? []),
    rules: uniqueRules(entries.flatMap((entry) => entry.rules ?? [])),
  };
}

/** A rule of the file itself stands in place of one that has the same id in what it extends. */
function uniqueRules(rules: readonly DetectionRule[]): readonly DetectionRule[] {
  const byId = new Map<string, DetectionRule>();
  for (const rule of rules) if (!byId.has(rule.id)) byId.set(rule.id, rule);
  return [...byId.values()];
}
