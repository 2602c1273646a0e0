import type { Fail } from './derive-key.ts';

/** One value that was stored under a name. */
export interface EntryVersion {
  /** Counts from 1 under each name. */
  readonly version: number;
  /** When it was stored; ISO 8601, UTC. */
  readonly changed: string;
  readonly value: Buffer;
}

export interface Entry {
  readonly name: string;
  /** When the name was first stored; ISO 8601, UTC. */
  readonly created: string;
  /** Newest first; at least one, at most `KEPT_VERSIONS`. */
  readonly versions: readonly [EntryVersion, ...EntryVersion[]];
}

export interface Entries {
  readonly byName: ReadonlyMap<string, Entry>;
  /** The last version of names that were removed: a number that a reference pins never means another value. */
  readonly removed: ReadonlyMap<string, number>;
}

export const NO_ENTRIES: Entries = { byName: new Map(), removed: new Map() };

/** How many values of a name are kept. */
const KEPT_VERSIONS = 3;

/** The entries with a new newest value under a name. */
export function withValue(entries: Entries, name: string, value: Buffer, now: string): Entries {
  const before = entries.byName.get(name);
  const kept = before?.versions.slice(0, KEPT_VERSIONS - 1) ?? [];
  const last = kept[0]?.version ?? entries.removed.get(name) ?? 0;
  const version = { version: last + 1, changed: now, value };
  const entry: Entry = { name, created: before?.created ?? now, versions: [version, ...kept] };
  return { ...entries, byName: new Map(entries.byName).set(name, entry) };
}

export function withoutName(entries: Entries, name: string): Entries {
  const byName = new Map(entries.byName);
  const removed = new Map(entries.removed);
  const last = byName.get(name)?.versions[0].version;
  if (last !== undefined) removed.set(name, last);
  byName.delete(name);
  return { byName, removed };
}

/** What is encrypted: JSON, with each value as base64. */
export function encodeEntries(entries: Entries): Buffer {
  const list = [...entries.byName.values()].map(({ name, created, versions }) => ({
    name,
    created,
    versions: versions.map(({ version, changed, value }) => ({
      version,
      changed,
      value: value.toString('base64'),
    })),
  }));
  return Buffer.from(JSON.stringify({ entries: list, removed: [...entries.removed] }));
}

/**
 * @throws SecretError `invalid_value`. What was decrypted was written by somebody who has the passphrase, but perhaps not by
 *   this program.
 */
export function decodeEntries(plain: Buffer, fail: Fail): Entries {
  try {
    const payload = JSON.parse(plain.toString('utf8')) as Record<string, unknown>;
    const read = listOf(payload['entries']).map(entryOf);
    const byName = new Map(read.map((entry) => [entry.name, entry]));
    const removed = new Map(listOf(payload['removed'] ?? []).map(removedOf));
    if (byName.size === read.length) return { byName, removed };
  } catch {
    // The parser's own message would quote the payload.
  }
  throw fail(
    'invalid_value',
    'the file holds what this version of Sallyport does not understand; use a newer one',
  );
}

function entryOf(value: unknown): Entry {
  const { name, created, versions } = value as Record<string, unknown>;
  const [newest, ...older] = listOf(versions).map(versionOf);
  if (newest === undefined) throw new TypeError('no version');
  return { name: textOf(name), created: textOf(created), versions: [newest, ...older] };
}

function versionOf(item: unknown): EntryVersion {
  const { version, changed, value } = item as Record<string, unknown>;
  return {
    version: numberOf(version),
    changed: textOf(changed),
    value: Buffer.from(textOf(value), 'base64'),
  };
}

function removedOf(item: unknown): readonly [string, number] {
  const [name, last] = listOf(item);
  return [textOf(name), numberOf(last)];
}

function numberOf(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw new TypeError('no version');
  return value as number;
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('no list');
  return value;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('no text');
  return value;
}
