import { type AuditRecord, type FoundJournal, readJournals } from '@sallyport/audit';

/** How a journal stood when another process of the same folder began: its event `journal_seen`. */
export interface Sighting {
  /** The path of the journal below the folder of all. */
  readonly journal: string;
  /** First line of its checkpoints. */
  readonly origin: string;
  /** How many records its last checkpoint covered. */
  readonly size: number;
  /** Of that checkpoint, hexadecimal. */
  readonly root: string;
  /** The journal that says so. */
  readonly by: string;
  /** When it was written: RFC 3339. */
  readonly time: string;
}

/** As the gateway names its journals: a server and a number. */
const PLACE = /^(?!\.{1,2}\/)[^/]+\/[0-9]+$/;
const WRITTEN = '"event":"journal_seen"';

/**
 * What the journals of a folder tell of each other: of each the one with the most records. One in the place of another, with
 * another origin, does not make forget that one. Journals that cannot be read tell what they can.
 *
 * @param journals by their paths below the folder of all; one that is the folder itself, or was put elsewhere, tells nothing
 */
export async function sightingsIn(
  journals: readonly FoundJournal[],
  onProgress?: (done: number, total: number) => void,
): Promise<readonly Sighting[]> {
  const sightings = new Map<string, Sighting>();
  const mayMatch = (body: Buffer): boolean => body.includes(WRITTEN);
  for (const journal of journals.filter(({ name }) => PLACE.test(name))) {
    try {
      for await (const line of readJournals([journal], { mayMatch, ...(onProgress && { onProgress }) })) {
        const seen = line.kind === 'record' ? sightingOf(line.record, journal.name) : undefined;
        if (seen === undefined) continue;
        const key = JSON.stringify([seen.journal, seen.origin]);
        if ((sightings.get(key)?.size ?? 0) < seen.size) sightings.set(key, seen);
      }
    } catch {
      // What is wrong with it is its own verdict.
    }
  }
  return [...sightings.values()];
}

/** @returns undefined for any other record, and for one whose members are not what they should be */
function sightingOf(record: AuditRecord, by: string): Sighting | undefined {
  if (record.type !== 'event' || record.event !== 'journal_seen') return undefined;
  const { journal, origin, size, root } = (record.detail ?? {}) as Readonly<Record<string, unknown>>;
  const isSound =
    typeof journal === 'string' &&
    PLACE.test(journal) &&
    typeof origin === 'string' &&
    typeof size === 'number' &&
    Number.isSafeInteger(size) &&
    typeof root === 'string';
  return isSound ? { journal, origin, size, root, by, time: record.time } : undefined;
}
