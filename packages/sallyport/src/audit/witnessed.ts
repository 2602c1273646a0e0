import { join } from 'node:path';
import { headedSegments, rootAt, visible } from '@sallyport/audit';
import { style } from '../terminal.ts';
import type { ClosedFolder } from './open-journals.ts';
import type { Sighting } from './sightings.ts';
import type { JournalVerdict } from './verify-journals.ts';

/** A journal that is not what another one saw. */
export type Disagreement = Sighting &
  (
    | { readonly verdict: 'truncated'; readonly why: 'missing' }
    /** It holds only `holds` records. */
    | { readonly verdict: 'truncated'; readonly why: 'shorter'; readonly holds: number }
    | { readonly verdict: 'tampered'; readonly why: 'origin' | 'root' }
  );

/**
 * Compares what was seen of the journals of a folder with what was found there. Sightings have to be older than the
 * verdicts: a journal that is being written grows.
 */
export async function disagreements(
  folder: string,
  sightings: readonly Sighting[],
  found: { readonly verdicts: readonly JournalVerdict[]; readonly closed: readonly ClosedFolder[] },
): Promise<readonly Disagreement[]> {
  const all: Disagreement[] = [];
  for (const sighting of sightings) {
    const { journal } = sighting;
    if (found.closed.some((closed) => holds(closed, journal))) continue;
    const verdict = found.verdicts.find((each) => each.journal === journal);
    const place = join(folder, journal);
    if (verdict === undefined || verdict.verdict === 'unreadable') {
      if (await isGone(place)) all.push({ ...sighting, verdict: 'truncated', why: 'missing' });
    } else {
      const disagreement = await disagreementWith(sighting, verdict, place);
      if (disagreement !== undefined) all.push(disagreement);
    }
  }
  return all;
}

/** What is wrong with these is told already, and they are known only up to there. */
const TOLD: ReadonlySet<JournalVerdict['verdict']> = new Set<JournalVerdict['verdict']>([
  'tampered',
  'gap',
  'truncated',
  'unknown_key',
]);

type Read = Exclude<JournalVerdict, { readonly verdict: 'unreadable' }>;

async function disagreementWith(
  sighting: Sighting,
  verdict: Read,
  place: string,
): Promise<Disagreement | undefined> {
  if (TOLD.has(verdict.verdict)) return undefined;
  const { origin, size } = verdict;
  if (origin !== sighting.origin) return { ...sighting, verdict: 'tampered', why: 'origin' };
  if (size < sighting.size) return { ...sighting, verdict: 'truncated', why: 'shorter', holds: size };
  // Undefined where those records were pruned.
  const root = await rootAt(place, sighting.size);
  const isOther = root !== undefined && root !== sighting.root;
  return isOther ? { ...sighting, verdict: 'tampered', why: 'root' } : undefined;
}

/** Whether nothing can be said of a journal, since it could not be read. */
function holds({ name, irregular }: ClosedFolder, journal: string): boolean {
  return name === journal || (irregular === undefined && journal.startsWith(`${name}/`));
}

/** One that began after the folder was looked into is there. */
async function isGone(place: string): Promise<boolean> {
  return headedSegments(place).then(
    (segments) => segments.length === 0,
    () => false,
  );
}

/** For people: a headline, and below it what was seen. */
export function disagreementText(disagreement: Disagreement): string {
  const { journal, by, time, size } = disagreement;
  const { headline, meaning } = inWords(disagreement);
  const seen = `with at least ${size} record${size === 1 ? '' : 's'} was seen by ${visible(by)} at ${visible(time)}`;
  return `${visible(journal)}: ${style.red(headline)}\n  ${visible(journal)} ${seen}. ${meaning}`;
}

function inWords(disagreement: Disagreement): { readonly headline: string; readonly meaning: string } {
  switch (disagreement.why) {
    case 'missing':
      return { headline: 'MISSING', meaning: 'It is not here any more.' };
    case 'shorter':
      return { headline: 'TRUNCATED', meaning: `It holds ${disagreement.holds} now.` };
    case 'origin':
      return { headline: 'TAMPERED', meaning: 'Another journal stands in its place.' };
    case 'root':
      return { headline: 'TAMPERED', meaning: 'Those records are not the ones that stand here.' };
  }
}
