import { isJsonObject } from '@sallyport/core';
import { isPseudonym } from './pseudonym.ts';

/** What a file of subject keys holds; several of them are one frame. */
export type KeyEntry = FileEntry | PersonEntry | ErasedEntry;

/** The first one: about the file itself. */
interface FileEntry {
  readonly type: 'file';
  /** One more whenever the file is written anew, so that an older copy can be told. */
  readonly generation: number;
}

export interface PersonEntry {
  readonly type: 'person';
  readonly pseudonym: string;
  /** 32 bytes, base64url. */
  readonly key: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** What is left of a person: no name, no key, and nothing that was made from either. */
interface ErasedEntry {
  readonly type: 'erased';
  readonly pseudonym: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** In UTF-16 units. As JSON it fits into a frame, whatever it is. */
export const LONGEST_NAME = 8192;
/** To decrypt one frame for many entries is what makes a file with very many people quick to open. */
export const MOST_IN_FRAME = 32;
const MOST_BYTES = 60_000;
/** Of an entry without its name, at most. */
const ENTRY_BYTES = 256;
/** Of a UTF-16 unit, at most: `\u0000`. */
const UNIT_BYTES = 6;

/** Undefined for what another version wrote. */
export function parseKeyEntries(value: unknown): readonly KeyEntry[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_IN_FRAME) return undefined;
  const entries: KeyEntry[] = [];
  for (const item of value) {
    const entry = parseKeyEntry(item);
    if (entry === undefined) return undefined;
    entries.push(entry);
  }
  return entries;
}

/** The entries, as many together as fit into a frame. */
export async function* inFrames(
  entries: AsyncIterable<KeyEntry> | Iterable<KeyEntry>,
): AsyncGenerator<readonly KeyEntry[], void, undefined> {
  let frame: KeyEntry[] = [];
  let bytes = 0;
  for await (const entry of entries) {
    const size = ENTRY_BYTES + (entry.type === 'person' ? entry.name.length * UNIT_BYTES : 0);
    if (frame.length === MOST_IN_FRAME || bytes + size > MOST_BYTES) {
      yield frame;
      frame = [];
      bytes = 0;
    }
    frame.push(entry);
    bytes += size;
  }
  if (frame.length > 0) yield frame;
}

function parseKeyEntry(value: unknown): KeyEntry | undefined {
  if (!isJsonObject(value)) return undefined;
  const { type, generation, pseudonym, key, name, since, at } = value;
  if (type === 'file') return typeof generation === 'number' ? { type, generation } : undefined;
  if (typeof pseudonym !== 'string' || !isPseudonym(pseudonym)) return undefined;
  if (type === 'erased') return typeof at === 'number' ? { type, pseudonym, at } : undefined;
  if (type !== 'person' || typeof key !== 'string' || typeof name !== 'string') return undefined;
  return typeof since === 'number' ? { type, pseudonym, key, name, since } : undefined;
}
