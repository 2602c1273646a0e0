import { resolve } from 'node:path';
import type { JournalEntry, PersonalEntry, SinkEntry } from './audit-section.ts';
import type { Layer } from './read-layers.ts';
import type { Settings } from './settings.ts';

/** Where records go, put together from the files of a policy. Paths are absolute. */
export interface AuditPlan {
  readonly file: string | undefined;
  readonly stderr: boolean;
  readonly arguments: 'hash' | 'none' | 'sealed';
  readonly journal: JournalPlan | undefined;
  /** Personal data in records is encrypted, with a key for each person. */
  readonly personal: Required<PersonalEntry> | undefined;
  /** By name; each gets a copy of what is in the journal. */
  readonly sinks: ReadonlyMap<string, SinkEntry>;
}

export interface JournalPlan extends Omit<JournalEntry, 'onFailure' | 'blockSeconds' | 'name'> {
  readonly name: string;
  readonly onFailure: 'deny' | 'block' | 'drop';
  readonly blockSeconds: number;
}

/** Settings of the nearer file win; of a journal, of `personal` and of a sink as a whole. */
export function mergeAudit(layers: readonly Layer[], settings: Settings): AuditPlan {
  const file = settings.pick(['audit', 'file'], ({ audit }) => audit?.file);
  const journal = settings.pick(['audit', 'journal'], ({ audit }) => audit?.journal, folderOf);
  const personal = settings.pick(
    ['audit', 'personal'],
    ({ audit }) => audit?.personal,
    () => 'encrypted, with a key for each person',
  );
  const isOnlyHere = file === undefined && journal === undefined;
  const plan = journal && journalPlan(journal.layer, journal.value);
  return {
    file: file && resolve(file.layer.directory, file.value),
    stderr: settings.pickOr(isOnlyHere, ['audit', 'stderr'], ({ audit }) => audit?.stderr),
    arguments: settings.pickOr('hash', ['audit', 'arguments'], ({ audit }) => audit?.arguments),
    journal: plan,
    personal: personal && personalPlan(personal.layer, personal.value, plan),
    sinks: sinksOf(layers, settings),
  };
}

function folderOf(journal: string | JournalEntry): string {
  return typeof journal === 'string' ? journal : journal.folder;
}

function journalPlan({ directory }: Layer, written: string | JournalEntry): JournalPlan {
  const entry = typeof written === 'string' ? { folder: written } : written;
  return {
    name: 'sallyport',
    onFailure: 'deny',
    blockSeconds: 5,
    ...entry,
    folder: resolve(directory, entry.folder),
  };
}

function personalPlan(
  { directory }: Layer,
  { key, file }: PersonalEntry,
  journal: JournalPlan | undefined,
): Required<PersonalEntry> {
  const place = file === undefined ? resolve(journal?.folder ?? directory, 'personal.keys') : undefined;
  return { key, file: place ?? resolve(directory, file ?? '') };
}

function sinksOf(layers: readonly Layer[], settings: Settings): ReadonlyMap<string, SinkEntry> {
  const sinks = new Map<string, SinkEntry>();
  for (const layer of layers.toReversed()) {
    for (const [name, entry] of Object.entries(layer.file.audit?.sinks ?? {})) {
      sinks.set(name, withPaths(layer, entry));
      settings.note(`audit.sinks.${name}`, `${entry.type}, ${formatOf(entry)}`, layer, [
        'audit',
        'sinks',
        name,
      ]);
    }
  }
  return sinks;
}

/** The format in which a sink gets records unless the policy says so. */
export function formatOf({ format = 'ocsf' }: Pick<SinkEntry, 'format'>): NonNullable<SinkEntry['format']> {
  return format;
}

function withPaths({ directory }: Layer, entry: SinkEntry): SinkEntry {
  const { ca, certificate, file } = entry;
  return {
    ...entry,
    ...(ca !== undefined && { ca: resolve(directory, ca) }),
    ...(certificate !== undefined && { certificate: resolve(directory, certificate) }),
    ...(file !== undefined && { file: resolve(directory, file) }),
  };
}
