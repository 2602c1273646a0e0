import type { SavedFlood } from './flood.ts';
import type { SavedGroup } from './group.ts';
import { isAlert, isCount, isList, isMoreAlerts, isObject } from './is-notice.ts';
import type { SavedRepeat } from './repeats.ts';
import { TriageStateError } from './triage-state-error.ts';

const FORMAT = 'sallyport-triage';
const VERSION = 1;

/** Since the triage began; what was saved is gone on from. */
export interface TriageCounts {
  /** Alerts that came. */
  readonly taken: number;
  /** Alerts that stood in a notice. */
  readonly told: number;
  /** Alerts that a notice counted (`more`). */
  readonly counted: number;
  readonly repeated: number;
  readonly suppressed: number;
  /** Below the least severity that is told. */
  readonly below: number;
  readonly notices: number;
}

const COUNTS = ['taken', 'told', 'counted', 'repeated', 'suppressed', 'below', 'notices'] as const;

/** State of a triage, as JSON. */
export interface SavedTriage {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly clock: number;
  readonly counts: TriageCounts;
  /** The one that was quiet for longest first. */
  readonly groups: readonly SavedGroup[];
  readonly repeats: readonly SavedRepeat[];
  readonly flood: SavedFlood;
}

export function savedTriage(state: Omit<SavedTriage, 'format' | 'version'>): SavedTriage {
  return { format: FORMAT, version: VERSION, ...state };
}

/** @throws TriageStateError for what `savedTriage` did not make */
export function readSavedTriage(saved: unknown): SavedTriage {
  if (!isObject(saved) || saved['format'] !== FORMAT)
    throw new TriageStateError('it is not the state of a triage');
  if (saved['version'] !== VERSION)
    throw new TriageStateError(`it was written by another version of this program, not ${String(VERSION)}`);
  const { clock, counts, groups, repeats, flood } = saved;
  if (!isTime(clock)) throw new TriageStateError('its clock is no time');
  if (!isObject(counts) || !COUNTS.every((name) => isCount(counts[name])))
    throw new TriageStateError('its counts are damaged');
  if (!isList(groups, isSavedGroup)) throw new TriageStateError('its groups are damaged');
  if (!isList(repeats, isSavedRepeat)) throw new TriageStateError('its repeats are damaged');
  if (!isSavedFlood(flood)) throw new TriageStateError('what it folded is damaged');
  return saved as unknown as SavedTriage;
}

function isSavedGroup(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { key, end, rank, waits } = value;
  return typeof key === 'string' && isTimeOrNull(end) && isCount(rank) && isSavedBundle(waits);
}

function isSavedRepeat(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [key, since, rank] = value as readonly unknown[];
  return typeof key === 'string' && isTime(since) && isCount(rank);
}

function isSavedFlood(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { times, end, waits } = value;
  return isList(times, isTime) && isTimeOrNull(end) && isSavedBundle(waits);
}

function isSavedBundle(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { alerts, more, repeated } = value;
  return (
    isList(alerts, isAlert) &&
    isList(more, isMoreAlerts) &&
    // Only what is told can tell what is counted.
    (alerts.length > 0 || more.length === 0) &&
    isCount(repeated)
  );
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

function isTimeOrNull(value: unknown): boolean {
  return value === null || isTime(value);
}
