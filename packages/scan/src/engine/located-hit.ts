import type { RawFinding } from '../scan-finding.ts';

/** A raw finding without what only the caller knows: where the text comes from. */
export type LocatedHit = Omit<RawFinding, 'path' | 'source' | 'commit'>;
