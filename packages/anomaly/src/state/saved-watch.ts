import {
  type Learned,
  type SAVED_FORMAT,
  type SAVED_VERSION,
  type WatchHead,
  watchParts,
} from './watch-parts.ts';

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
  /** `whose`: a principal, or from -1 down a server; one below the last server: forgotten. */
  readonly evidence: readonly SavedTrace[];
}

export interface SavedServer {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly calls: number;
  readonly states: States;
  readonly everybody: SavedProfile;
  readonly tools: readonly SavedTool[];
}

export type SavedTool = readonly [name: string, users: number, calls: number, states: States];
export type SavedTrace = readonly [record: string, whose: number, time: number, traits: number];

export interface SavedProfile {
  readonly first: number;
  readonly last: number;
  readonly calls: number;
  readonly states: States;
  readonly told: States;
}

export interface SavedPrincipal extends SavedProfile {
  readonly subject: string;
  readonly server: number;
  readonly resident: boolean;
}

export function saveWatch(learned: Learned, cursor: unknown): SavedWatch {
  let head: WatchHead | undefined;
  const servers: (Omit<SavedServer, 'tools'> & { readonly tools: SavedTool[] })[] = [];
  const principals: SavedPrincipal[] = [];
  const evidence: SavedTrace[] = [];
  for (const part of watchParts(learned)) {
    if (part[0] === 'watch') head = part[1];
    else if (part[0] === 'server') servers.push({ ...part[1], tools: [] });
    else if (part[0] === 'tool') servers.at(-1)?.tools.push(part[1]);
    else if (part[0] === 'principal') principals.push(part[1]);
    else evidence.push(...part[1]);
  }
  if (head === undefined) throw new Error('There is always a head.');
  return { ...head, cursor: cursor ?? null, servers, principals, evidence };
}
