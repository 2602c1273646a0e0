import type { Detector } from '../detector.ts';
import type { Evidence, Trace } from './evidence.ts';
import type { PrincipalTable } from './principal-table.ts';
import type { Profile } from './profile.ts';
import type {
  SavedPrincipal,
  SavedProfile,
  SavedServer,
  SavedTool,
  SavedTrace,
  SavedWatch,
} from './saved-watch.ts';
import type { Tenant } from './tenant.ts';

export const SAVED_FORMAT = 'sallyport-watch';
export const SAVED_VERSION = 1;

/** Traces in one part. */
const TOGETHER = 64;

export interface Learned {
  readonly detectors: readonly Detector[];
  readonly table: PrincipalTable;
  readonly evidence: Evidence;
  readonly clock: number;
}

/**
 * What a watch learned, in parts that are small each: the head comes first, a server before its tools, all servers before
 * principals, and evidence last.
 */
export type WatchPart =
  | readonly ['watch', WatchHead]
  | readonly ['server', Omit<SavedServer, 'tools'>]
  /** Of the server before it. */
  | readonly ['tool', SavedTool]
  | readonly ['principal', SavedPrincipal]
  | readonly ['evidence', readonly SavedTrace[]];

export type WatchHead = Pick<SavedWatch, 'format' | 'version' | 'clock' | 'evicted' | 'detectors'>;

/** Copies; what is learned must not change before the last part was taken. */
export function* watchParts({
  detectors,
  table,
  evidence,
  clock,
}: Learned): Generator<WatchPart, void, undefined> {
  const ids = detectors.map(({ id }) => id);
  const { evicted } = table;
  yield ['watch', { format: SAVED_FORMAT, version: SAVED_VERSION, clock, evicted, detectors: ids }];
  const servers = new Map<Tenant, number>();
  for (const tenant of table.tenants.values()) {
    servers.set(tenant, servers.size);
    const { name, first, last, calls, states, everybody } = tenant;
    const ofAll = { states: copied(states, ids.length), everybody: savedProfile(everybody, ids.length) };
    yield ['server', { name, first, last, calls, ...ofAll }];
    for (const tool of tenant.tools.values())
      yield ['tool', [tool.name, tool.users, tool.calls, copied(tool.states, ids.length)]];
  }
  const witnesses = new Set([...evidence].map(({ profile }) => profile));
  const places = new Map<Profile, number>();
  let place = 0;
  for (const list of [table.passing, table.residents])
    for (const profile of list) {
      if (witnesses.has(profile)) places.set(profile, place);
      place += 1;
      const { subject, resident, tenant } = profile;
      const server = servers.get(tenant) ?? 0;
      yield ['principal', { subject, server, resident, ...savedProfile(profile, ids.length) }];
    }
  const whose = ({ profile }: Trace): number =>
    places.get(profile) ?? -1 - (servers.get(profile.tenant) ?? servers.size);
  let traces: SavedTrace[] = [];
  for (const trace of evidence) {
    traces.push([trace.id, whose(trace), trace.time, trace.traits]);
    if (traces.length < TOGETHER) continue;
    yield ['evidence', traces];
    traces = [];
  }
  if (traces.length > 0) yield ['evidence', traces];
}

function savedProfile({ first, last, calls, states, told }: Profile, count: number): SavedProfile {
  return { first, last, calls, states: copied(states, count), told: copied(told, count) };
}

/** One entry for each detector. */
function copied(states: readonly (readonly number[] | undefined)[], count: number): (number[] | null)[] {
  const all: (number[] | null)[] = [];
  for (let n = 0; n < count; n++) all.push(states[n]?.slice() ?? null);
  return all;
}
