import { type FeedCursor, parseCursor } from './feed-cursor.ts';
import { JournalFeed } from './journal-feed.ts';
import type { RecordFeed } from './ports.ts';
import { isStreamCursor, type StreamCursor } from './record-stream.ts';
import type { Restored } from './restored.ts';
import type { ShiftSettings } from './shift.ts';

/** The stream, or the journals from where they were read to. */
export function openFeed(settings: ShiftSettings, { cursor, isFirst }: Restored): RecordFeed {
  const { stream, journals = '', fs, clock, pollMs, fromNow, troubles } = settings;
  if (stream !== undefined) return stream;
  return new JournalFeed({
    folder: journals,
    cursor: cursor !== undefined && 'journals' in cursor ? cursor : undefined,
    fromNow: isFirst && fromNow,
    pollMs,
    fs,
    elapsed: () => clock.elapsed(),
    onProblem: (problem) => troubles.tell({ type: 'unread', problem }),
  });
}

/** A saved cursor, of what is watched now; undefined for any other. */
export function cursorOf(
  { stream }: Pick<ShiftSettings, 'stream'>,
  saved: unknown,
): FeedCursor | StreamCursor | undefined {
  if (stream === undefined) return parseCursor(saved);
  return isStreamCursor(saved) ? saved : undefined;
}
