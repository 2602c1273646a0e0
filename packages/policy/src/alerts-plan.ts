import { join, resolve } from 'node:path';
import type { DetectorId, LearningOptions, ResponseEntry, ToolKinds } from '@sallyport/anomaly';
import type {
  AlertSinkEntry,
  AlertsSection,
  AllowEntry,
  DetectorEntry,
  Severity,
  SuppressEntry,
} from './alerts-section.ts';
import type { AuditPlan } from './audit-plan.ts';
import type { Problem } from './problem.ts';
import type { Layer } from './read-layers.ts';
import type { Settings } from './settings.ts';

/** What a policy says about alerts, put together from its files. Paths are absolute. */
export interface AlertsPlan extends MergedAlerts {
  /** The policy's own Sigma files; its digest is also of what they said. Absolute paths. */
  readonly ruleFiles: readonly string[];
  /** The folder of the ready-made rules; undefined where they are not wanted. */
  readonly readyMadeRules: string | undefined;
}

/** The same, before rule files are read. */
export interface MergedAlerts {
  /** Where is kept what was learned, told and restricted. */
  readonly folder: string;
  readonly learning: LearningOptions;
  readonly detectors: Readonly<Partial<Record<DetectorId, DetectorEntry>>>;
  readonly tools: ToolKinds;
  readonly allow: readonly AllowEntry[];
  readonly rules: readonly RulesPlace[];
  readonly placeholders: Readonly<Record<string, readonly string[]>>;
  readonly severities: Readonly<Record<string, Severity>>;
  /** Alerts below it are in the trail, and no sink is told. */
  readonly least: Severity;
  readonly suppress: readonly SuppressEntry[];
  readonly repeatMinutes: number;
  readonly groupMinutes: number;
  /** Undefined where pages are named as they are shipped. */
  readonly runbooks: string | undefined;
  readonly responses: readonly ResponseEntry[];
  readonly never: readonly string[];
  readonly sinks: ReadonlyMap<string, AlertSinkEntry>;
}

/** Sigma rules that a policy names. */
export interface RulesPlace {
  /** A file or a folder; undefined for the ready-made ones. */
  readonly path: string | undefined;
  /** Where the policy names it; undefined where nothing does. */
  readonly at: Pick<Problem, 'file' | 'line' | 'column'> | undefined;
}

const READY_MADE_RULES = 'ready-made';

/**
 * Undefined where no file has the section. Settings of the nearer file win, those of a detector and of a sink as a whole;
 * what lists hold is added, that of the nearer file first.
 */
export function mergeAlerts(
  layers: readonly Layer[],
  settings: Settings,
  { journal }: AuditPlan,
): MergedAlerts | undefined {
  const sections = layers.flatMap((layer) => {
    const { alerts } = layer.file;
    return alerts === undefined ? [] : [{ layer, alerts }];
  });
  const [nearest] = sections;
  if (nearest === undefined) return undefined;
  const folder = settings.pick(['alerts', 'folder'], ({ alerts }) => alerts?.folder);
  const runbooks = settings.pick(['alerts', 'runbooks'], ({ alerts }) => alerts?.runbooks);
  if (folder === undefined)
    settings.origins.push({
      setting: 'alerts.folder',
      value: '.alerts, beside the journals',
      at: 'default',
    });
  return {
    folder:
      folder === undefined
        ? join(journal?.folder ?? nearest.layer.directory, '.alerts')
        : resolve(folder.layer.directory, folder.value),
    learning: {
      days: settings.pickOr(7, ['alerts', 'learning', 'days'], ({ alerts }) => alerts?.learning?.days),
      calls: settings.pickOr(30, ['alerts', 'learning', 'calls'], ({ alerts }) => alerts?.learning?.calls),
      serverDays: settings.pickOr(
        3,
        ['alerts', 'learning', 'serverDays'],
        ({ alerts }) => alerts?.learning?.serverDays,
      ),
      serverCalls: settings.pickOr(
        500,
        ['alerts', 'learning', 'serverCalls'],
        ({ alerts }) => alerts?.learning?.serverCalls,
      ),
    },
    detectors: byName(sections, settings, 'detectors', describeDetector),
    tools: toolsOf(settings),
    allow: added(sections, settings, 'allow', describeMembers),
    rules: rulesOf(sections, settings),
    placeholders: byName(sections, settings, 'placeholders', (values) => values.join(', ')),
    severities: byName(sections, settings, 'severities', (severity) => severity),
    least: settings.pickOr('medium', ['alerts', 'least'], ({ alerts }) => alerts?.least),
    suppress: added(sections, settings, 'suppress', describeMembers),
    repeatMinutes: settings.pickOr(60, ['alerts', 'repeatMinutes'], ({ alerts }) => alerts?.repeatMinutes),
    groupMinutes: settings.pickOr(10, ['alerts', 'groupMinutes'], ({ alerts }) => alerts?.groupMinutes),
    runbooks: runbooks?.value,
    responses: added(sections, settings, 'responses', describeMembers),
    never: added(sections, settings, 'never', (pattern) => pattern),
    sinks: sinksOf(sections, settings),
  };
}

interface Placed {
  readonly layer: Layer;
  readonly alerts: AlertsSection;
}

type Listed = 'allow' | 'suppress' | 'responses' | 'never';
type Item<Key extends Listed> = NonNullable<AlertsSection[Key]>[number];

function added<Key extends Listed>(
  sections: readonly Placed[],
  settings: Settings,
  key: Key,
  describe: (item: Item<Key>) => string,
): readonly Item<Key>[] {
  return sections.flatMap(({ layer, alerts }) => {
    const items = (alerts[key] ?? []) as readonly Item<Key>[];
    for (const [index, item] of items.entries())
      settings.note(`alerts.${key}`, describe(item), layer, ['alerts', key, index]);
    return items;
  });
}

type Named = 'detectors' | 'placeholders' | 'severities';
type Value<Key extends Named> = NonNullable<NonNullable<AlertsSection[Key]>[keyof AlertsSection[Key]]>;

function byName<Key extends Named>(
  sections: readonly Placed[],
  settings: Settings,
  key: Key,
  describe: (value: Value<Key>) => string,
): NonNullable<AlertsSection[Key]> {
  const found = new Map<string, Value<Key>>();
  for (const { layer, alerts } of sections) {
    for (const [name, value] of Object.entries(alerts[key] ?? {}) as [string, Value<Key>][]) {
      if (found.has(name)) continue;
      found.set(name, value);
      settings.note(`alerts.${key}.${name}`, describe(value), layer, ['alerts', key, name]);
    }
  }
  return Object.fromEntries(found) as NonNullable<AlertsSection[Key]>;
}

function toolsOf(settings: Settings): ToolKinds {
  const kinds = ['sensitive', 'sending', 'administrative'] as const;
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const at = ['alerts', 'tools', kind];
      const picked = settings.pick(
        at,
        ({ alerts }) => alerts?.tools?.[kind],
        (patterns) => patterns.join(', '),
      );
      return picked === undefined ? [] : [[kind, picked.value]];
    }),
  );
}

function rulesOf(sections: readonly Placed[], settings: Settings): readonly RulesPlace[] {
  if (sections.every(({ alerts }) => alerts.rules === undefined)) {
    settings.origins.push({ setting: 'alerts.rules', value: READY_MADE_RULES, at: 'default' });
    return [{ path: undefined, at: undefined }];
  }
  const places = new Map<string, RulesPlace>();
  for (const { layer, alerts } of sections) {
    for (const [index, name] of (alerts.rules ?? []).entries()) {
      const path = name === READY_MADE_RULES ? undefined : resolve(layer.directory, name);
      if (places.has(path ?? '')) continue;
      const at = ['alerts', 'rules', index];
      places.set(path ?? '', { path, at: { file: layer.source.file, ...layer.source.at(at) } });
      settings.note('alerts.rules', name, layer, at);
    }
  }
  return [...places.values()];
}

function sinksOf(sections: readonly Placed[], settings: Settings): ReadonlyMap<string, AlertSinkEntry> {
  const sinks = new Map<string, AlertSinkEntry>();
  for (const { layer, alerts } of sections.toReversed()) {
    for (const [name, entry] of Object.entries(alerts.sinks ?? {})) {
      sinks.set(name, withPaths(layer, entry));
      const { type, format, least } = entry;
      const words = [type, format, least && `from ${least}`].filter((word) => word !== undefined);
      settings.note(`alerts.sinks.${name}`, words.join(', '), layer, ['alerts', 'sinks', name]);
    }
  }
  return sinks;
}

function withPaths({ directory }: Layer, entry: AlertSinkEntry): AlertSinkEntry {
  const { ca, certificate, file } = entry;
  return {
    ...entry,
    ...(ca !== undefined && { ca: resolve(directory, ca) }),
    ...(certificate !== undefined && { certificate: resolve(directory, certificate) }),
    ...(file !== undefined && { file: resolve(directory, file) }),
  };
}

function describeDetector(entry: DetectorEntry): string {
  return entry === 'off' ? entry : describeMembers(entry);
}

/** `rule read-then-send, quarantine subject, minutes 60`. */
function describeMembers(entry: object): string {
  return Object.entries(entry)
    .map(
      ([member, value]) => `${member} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    )
    .join(', ');
}
