import type { FeedCursor } from './feed-cursor.ts';
import type { Lookout } from './lookout.ts';
import type { LookoutFile } from './lookout-file.ts';
import { cursorOf } from './open-feed.ts';
import type { StreamCursor } from './record-stream.ts';
import { LookoutStateError } from './saved-lookout.ts';
import type { ShiftSettings } from './shift.ts';
import { Slices } from './slices.ts';

/** What a watch goes on from. */
export interface Restored {
  readonly lookout: Lookout;
  /** Undefined where there was nothing, or nothing that could be used. */
  readonly cursor: FeedCursor | StreamCursor | undefined;
  /** Whether nothing was ever saved. */
  readonly isFirst: boolean;
}

/** Puts aside what cannot be used, and tells of it. @throws an error of the system when it cannot be read */
export async function restored(file: LookoutFile, settings: ShiftSettings): Promise<Restored> {
  const { lookout, clock, sliceMs, tellSinceMs, troubles } = settings;
  const tellSince = clock.now() - tellSinceMs;
  try {
    const before = lookout(tellSince);
    const reader = before.restoreParts();
    const isThere = await file.load((part) => reader.take(part), new Slices(clock, sliceMs));
    if (!isThere) return { lookout: before, cursor: undefined, isFirst: true };
    const cursor = cursorOf(settings, reader.end());
    if (cursor === undefined)
      throw new LookoutStateError('it does not say where it stands in what is watched');
    return { lookout: before, cursor, isFirst: false };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof LookoutStateError)) throw error;
    const why = error instanceof SyntaxError ? 'it is no JSON, or not all of it is there' : error.message;
    troubles.tell({ type: 'state_damaged', file: await file.setAside(clock.now()), why });
    return { lookout: lookout(tellSince), cursor: undefined, isFirst: false };
  }
}
