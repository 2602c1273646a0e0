import { Bundle, type SavedBundle } from './bundle.ts';

export interface SavedGroup {
  readonly key: string;
  readonly end: number | null;
  readonly rank: number;
  readonly waits: SavedBundle;
}

/** A notice of a group tells so many alerts at most. */
const MOST = 100;

/** Alerts that belong together, and the window in which they are collected. */
export class Group {
  readonly key: string;
  readonly waits: Bundle;
  /** When the window ends, in milliseconds since the epoch. Undefined: none is open, and the next alert is told at once. */
  end: number | undefined;
  /** The highest that was told in the window. */
  rank: number;

  constructor(key: string, saved?: SavedGroup) {
    this.key = key;
    this.waits = new Bundle(MOST, saved?.waits);
    this.end = saved?.end ?? undefined;
    this.rank = saved?.rank ?? 0;
  }

  save(): SavedGroup {
    return { key: this.key, end: this.end ?? null, rank: this.rank, waits: this.waits.save() };
  }
}
