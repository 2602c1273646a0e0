import type { Detector } from '../detector.ts';
import type { Evidence } from './evidence.ts';
import type { PrincipalTable } from './principal-table.ts';
import type { Profile } from './profile.ts';

export const SAVED_FORMAT = 'sallyport-watch';
export const SAVED_VERSION = 1;

type States = readonly (readonly number[] | null)[];

/** What `Watch.save` gives: JSON values only. Names of principals stand in it as they do in records; keep it as you keep those. */
export interface SavedWatch {
  readonly format: typeof SAVED_FORMAT;
  readonly version: typeof SAVED_VERSION;
  readonly cursor: unknown;
  /** Time of the last record, in milliseconds since the epoch. */
  readonly clock: number;
  readonly evicted: number;
  /** In the order in which states stand. */
  readonly detectors: readonly string[];
  readonly servers: readonly SavedServer[];
  /** Those that were not seen for the longest time first; passers-by, then residents. */
  readonly principals: readonly SavedPrincipal[];
  /** `[record, whose, time, traits]`: a principal, or from -1 down a server; one below the last server: forgotten. */
  readonly evidence: readonly (readonly [string, number, number, number])[];
}

interface SavedServer {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly calls: number;
  readonly states: States;
  readonly everybody: SavedProfile;
  /** `[name, users, calls, states]`. */
  readonly tools: readonly (readonly [string, number, number, States])[];
}

interface SavedProfile {
  readonly first: number;
  readonly last: number;
  readonly calls: number;
  readonly states: States;
  readonly told: States;
}

interface SavedPrincipal extends SavedProfile {
  readonly subject: string;
  readonly server: number;
  readonly resident: boolean;
}

export interface Learned {
  readonly detectors: readonly Detector[];
  readonly table: PrincipalTable;
  readonly evidence: Evidence;
  readonly clock: number;
}

export function saveWatch({ detectors, table, evidence, clock }: Learned, cursor: unknown): SavedWatch {
  const count = detectors.length;
  const servers = new Map([...table.tenants.values()].map((tenant, at) => [tenant, at]));
  const principals = new Map<Profile, number>();
  const saved: SavedPrincipal[] = [];
  for (const list of [table.passing, table.residents])
    for (const profile of list) {
      principals.set(profile, saved.length);
      const server = servers.get(profile.tenant) ?? 0;
      const { subject, resident } = profile;
      saved.push({ subject, server, resident, ...savedProfile(profile, count) });
    }
  return {
    format: SAVED_FORMAT,
    version: SAVED_VERSION,
    cursor: cursor ?? null,
    clock,
    evicted: table.evicted,
    detectors: detectors.map(({ id }) => id),
    servers: [...servers.keys()].map(({ name, first, last, calls, states, everybody, tools }) => ({
      name,
      first,
      last,
      calls,
      states: copied(states, count),
      everybody: savedProfile(everybody, count),
      tools: [...tools.values()].map((tool) => [
        tool.name,
        tool.users,
        tool.calls,
        copied(tool.states, count),
      ]),
    })),
    principals: saved,
    evidence: [...evidence].map(({ id, profile, time, traits }) => {
      const whose = principals.get(profile) ?? -1 - (servers.get(profile.tenant) ?? servers.size);
      return [id, whose, time, traits];
    }),
  };
}

function savedProfile({ first, last, calls, states, told }: Profile, count: number): SavedProfile {
  return { first, last, calls, states: copied(states, count), told: copied(told, count) };
}

/** Copies, so that what was saved does not change while the watch goes on; one entry for each detector. */
function copied(states: readonly (readonly number[] | undefined)[], count: number): (number[] | null)[] {
  return Array.from({ length: count }, (_, n) => states[n]?.slice() ?? null);
}
