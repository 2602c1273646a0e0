import type { EventRecord } from '../audit-record.ts';
import type { Formatter } from '../formats/formatter.ts';
import { type JournalFs, NODE_FS } from '../journal/journal-fs.ts';
import { type Clock, SYSTEM_CLOCK } from './clock.ts';
import type { ReaderEvent } from './journal-reader.ts';
import type { Receiver } from './receiver.ts';
import type { RecordFilter } from './record-filter.ts';
import type { BreakerState, RetryTimes } from './retry-pace.ts';

/** What happens while records are shipped. Numbers of records, codes and counts; never a value of a record. */
export type ShipperEvent =
  | ReaderEvent
  /** A batch was not accepted and is sent again. */
  | { readonly type: 'send_failed'; readonly code: string; readonly records: number }
  | { readonly type: 'breaker_opened'; readonly code: string }
  | { readonly type: 'breaker_closed' }
  /** The receiver will never take this record; it is in the dead letters. */
  | { readonly type: 'dead_letter'; readonly sequence: number; readonly id: string; readonly reason: string }
  /** So many records, the first and the last of these numbers, are not shipped. They are in the journal. */
  | {
      readonly type: 'dropped';
      readonly why: 'spool_bytes' | 'spool_age' | 'dead_letters_full';
      readonly first: number;
      readonly last: number;
      readonly records: number;
    }
  /**
   * The journal, the cursor or the dead letters cannot be read or written; it is tried again. With `lock` and code
   * `lock_lost` it is not: somebody removed the lock, and may ship under this name. Open another shipper.
   */
  | {
      readonly type: 'disk_failed';
      readonly what: 'journal' | 'cursor' | 'dead_letters' | 'lock';
      readonly code: string;
    }
  /** The cursor is not what was written: shipping begins at the oldest record. */
  | { readonly type: 'cursor_damaged' };

/** How a shipper stands, for telemetry. */
export interface ShipperStatus {
  readonly name: string;
  readonly breaker: BreakerState;
  /** Why the last batch was not accepted; undefined after one that was. */
  readonly lastError: string | undefined;
  /** Records of the journal that are not shipped yet, as of its last checkpoint; those that a filter leaves out count. */
  readonly lagRecords: number;
  /** Seconds since the oldest record was written that waits to be accepted; 0 while none does. */
  readonly lagSeconds: number;
  /** Since the shipper was opened; without checkpoints. */
  readonly shipped: number;
  readonly deadLetters: number;
  readonly dropped: number;
}

export interface ShipperOptions {
  /** Names the cursor, the dead letters and the lock; a-z, 0-9 and dashes. */
  readonly name: string;
  /** The folder of the journal. */
  readonly folder: string;
  readonly receiver: Receiver;
  readonly formatter: Formatter;
  /** Default: every record. */
  readonly filter?: RecordFilter;
  /** A batch has at most so many records. Default: 500. */
  readonly batchRecords?: number;
  /** And so many bytes of lines, unless one record alone has more. Default: 1 MiB. */
  readonly batchBytes?: number;
  /** A batch that is not answered by then is sent again, in milliseconds. Default: 30,000. */
  readonly sendMs?: number;
  /**
   * When the shipper is stopped, the batch in flight and the last checkpoint may take so long together, in milliseconds; after
   * that they are given up, and the next shipper sends them. Default: 1,000.
   */
  readonly stopMs?: number;
  /** How often the journal is looked at while nothing new is in it, in milliseconds. Default: 200. */
  readonly pollMs?: number;
  /** The cursor is written at most so often while records are shipped, in milliseconds. Default: 1,000. */
  readonly saveMs?: number;
  readonly retry?: RetryTimes;
  /** A record that is sent back so often while others of its batches are accepted goes to the dead letters. Default: 10. */
  readonly tries?: number;
  /** While more of the journal waits, the oldest records are dropped. Default: what the journal keeps. */
  readonly spoolBytes?: number;
  /** A record that was written so long ago is dropped, in milliseconds. Default: what the journal keeps. */
  readonly spoolMs?: number;
  /** Default: 64 MiB. */
  readonly deadLetterBytes?: number;
  /**
   * The journal's newest checkpoint is shipped at most so often, in milliseconds, and when the shipper is stopped; whatever
   * the filter says. `Infinity`: never. Default: 60,000.
   */
  readonly checkpointMs?: number;
  /** What the records of checkpoints say. Default: server `sallyport`, and no policy (an empty text). */
  readonly about?: () => Pick<EventRecord, 'server' | 'policy'>;
  readonly onEvent?: (event: ShipperEvent) => void;
  readonly clock?: Clock;
  /** Default: the file system of this machine. */
  readonly fs?: JournalFs;
}

export type ShipperSettings = Required<ShipperOptions>;

/** @throws TypeError for a name or a number that cannot be used */
export function shipperSettings(options: ShipperOptions): ShipperSettings {
  const settings: ShipperSettings = {
    filter: {},
    batchRecords: 500,
    batchBytes: 1024 * 1024,
    sendMs: 30_000,
    stopMs: 1000,
    pollMs: 200,
    saveMs: 1000,
    retry: {},
    tries: 10,
    spoolBytes: Infinity,
    spoolMs: Infinity,
    deadLetterBytes: 64 * 1024 * 1024,
    checkpointMs: 60_000,
    about: () => ({ server: 'sallyport', policy: '' }),
    onEvent: () => undefined,
    clock: SYSTEM_CLOCK,
    fs: NODE_FS,
    ...options,
  };
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(settings.name))
    throw new TypeError('The name of a receiver has to be of a-z, 0-9 and dashes, such as soc-syslog.');
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === 'number' && !(value > 0))
      throw new TypeError(`${name} of a receiver has to be a number over 0.`);
  }
  return settings;
}
